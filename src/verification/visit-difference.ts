import { type ComparedDetail, comparedDetails } from './details.ts';
import type { RecordedVisit } from './recorded-visit.ts';
import type { VisitFacts, VisitNames } from './visit-facts.ts';

type Told = string | number | null;

/** Of one visit: what changes every hit of a long one is told by the first. */
const TOLD_DETAILS = 20;

/** What is compared of a visit, and how a report tells it. */
const told = {
  actions: facts => facts.actions,
  pageviews: facts => facts.pageviews,
  events: facts => facts.events,
  searches: facts => facts.searches,
  outlinks: facts => facts.outlinks,
  downloads: facts => facts.downloads,
  contents: facts => facts.contents,
  contentInteractions: facts => facts.contentInteractions,
  orders: facts => facts.orders,
  carts: facts => facts.carts,
  goalConversions: facts => facts.goalConversions,
  revenue: facts => facts.revenueCents / 100,
  discount: facts => facts.discountCents / 100,
  visitSeconds: facts => facts.seconds,
  visitNumber: facts => facts.visitNumber ?? null,
  firstActionAt: facts => isoTime(facts.firstEpochSeconds),
  lastActionAt: facts => isoTime(facts.lastEpochSeconds),
  referrer: facts => facts.referrerType ?? null,
  country: facts => facts.country ?? null,
} as const satisfies Record<string, (facts: VisitFacts) => Told>;

const toldNames = {
  referrerName: names => names.referrerName ?? null,
  device: names => names.device ?? null,
  browser: names => names.browser ?? null,
  os: names => names.os ?? null,
} as const satisfies Record<keyof VisitNames, (names: VisitNames) => Told>;

/** What tells visits of one visitor apart, where there are more or fewer of them than one. */
const outline = ['actions', 'orders', 'visitSeconds', 'firstActionAt', 'lastActionAt'] as const;

/** Planned and recorded side by side: only what differs, or an outline where the number of visits does. */
export interface SideBySide {
  readonly planned: Readonly<Record<string, Told>>;
  readonly recorded: readonly Readonly<Record<string, Told>>[];
}

/**
 * How what is recorded of a visit differs from what was to be recorded. Undefined where it does not.
 *
 * @param expected undefined: nothing
 * @param strict whether names from the server's own lists count
 * @param ofHits what its hits and their rows tell beyond that they are there
 */
export function visitDifference(
  expected: VisitFacts | undefined,
  recorded: readonly RecordedVisit[],
  strict: boolean,
  ofHits: readonly ComparedDetail[] = [],
): SideBySide | undefined {
  const [only, ...more] = recorded;
  if (expected === undefined && only === undefined) return undefined;
  if (expected === undefined || only === undefined || more.length > 0) {
    return {
      planned: expected === undefined ? {} : outlineOf(expected),
      recorded: recorded.map(({ facts }) => outlineOf(facts)),
    };
  }
  const planned: Record<string, Told> = {};
  const got: Record<string, Told> = {};
  for (const [name, of] of Object.entries(told)) {
    const [left, right] = [of(expected), of(only.facts)];
    // What one side does not say cannot differ; goals that our pages happen to meet are the site's own affair.
    if (left === right || left === null || (name === 'goalConversions' && left === 0)) continue;
    if (name === 'visitNumber' && right === null) continue;
    planned[name] = left;
    got[name] = right;
  }
  if (strict) {
    for (const [name, of] of Object.entries(toldNames)) {
      const [left, right] = [of(expected.names), of(only.facts.names)];
      if (left === right || left === null) continue;
      planned[name] = left;
      got[name] = right;
    }
  }
  const details = [...comparedDetails(expected.details, only.facts.details), ...ofHits];
  for (const detail of details.filter(({ isSame }) => !isSame).slice(0, TOLD_DETAILS)) {
    planned[detail.name] = detail.planned;
    got[detail.name] = detail.recorded;
  }
  return Object.keys(planned).length === 0 ? undefined : { planned, recorded: [got] };
}

function outlineOf(facts: VisitFacts): Record<string, Told> {
  return Object.fromEntries(outline.map(name => [name, told[name](facts)]));
}

function isoTime(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toISOString().replace('.000Z', 'Z');
}
