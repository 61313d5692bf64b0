import { setTimeout as sleep } from 'node:timers/promises';
import { localDay, zoneOf } from '../base/zone.ts';
import type { ReportingClient } from '../matomo/reporting/reporting-client.ts';
import { ReportingError } from '../matomo/reporting/reporting-error.ts';
import type { SiteTotals, TargetReport, VerifiedFigure, VerifiedTarget } from '../run/report.ts';
import type { Visit } from '../traffic/visit.ts';
import { expectedVisit } from './expected-visit.ts';
import { differs } from './figure-sheet.ts';
import type { HitFates } from './hit-fates.ts';
import { PlannedSums } from './planned-sums.ts';
import { readLog } from './recorded-log.ts';
import { readSiteTotals } from './site-totals.ts';
import type { ProgressListener } from './verification-progress.ts';
import type { VerifiedSite } from './verified-site.ts';
import { VisitsSoFar } from './visits-so-far.ts';

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 15_000;

export interface TotalsRequest {
  readonly report: TargetReport;
  readonly before: SiteTotals;
  readonly isShard: boolean;
  readonly visits: () => Iterable<Visit>;
  readonly fates: HitFates;
  readonly client: ReportingClient;
  readonly site: VerifiedSite;
  readonly waitMs: number;
  readonly progress?: ProgressListener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Compares the change of a site's totals with the plan: for runs too large to be listed.
 *
 * @throws ReportingError
 */
export async function verifyTotals(request: TotalsRequest): Promise<VerifiedTarget> {
  const planned = plannedOf(request);
  const { before } = request;
  const started = planned.days.find(
    day => before.days[day] === undefined && day <= dayOf(before.at, request.site),
  );
  if (started !== undefined) {
    return notComparable(
      request.report,
      `what the site had recorded on ${started} before the run is not known, because it was not asked about that day`,
      [],
    );
  }
  const created = dayText(localDay(zoneOf(request.site.timezone), request.site.createdEpochSeconds));
  if (planned.days.some(day => day < created)) {
    return notComparable(
      request.report,
      `the site was made on ${created}, and reports show nothing of the days before, which some visits are dated to: list the visits instead (--method visits)`,
      [],
    );
  }
  const after = await afterRun(planned, request);
  const figures = comparedWith(planned.accepted, changeOf(before, after, planned.days));
  if (!figures.some(differs))
    return verified(request.report, 'equal', null, figures, { recorded: 0, lost: planned.openHits });
  if (planned.openHits > 0) {
    const withOpen = comparedWith(planned.withOpen, changeOf(before, after, planned.days));
    if (!withOpen.some(differs)) {
      return verified(request.report, 'equal', null, withOpen, { recorded: planned.openHits, lost: 0 });
    }
  }
  const reason = await reasonOfDoubt(planned, figures, after, request);
  return reason === undefined
    ? verified(request.report, 'different', null, figures, { recorded: 0, lost: 0 })
    : notComparable(request.report, reason, figures);
}

interface Planned {
  /** Days of the site's zone, in order. */
  readonly days: readonly string[];
  readonly firstEpochSeconds: number;
  readonly lastEpochSeconds: number;
  /** By figure: what was accepted, and the same with all hits whose answer never came. */
  readonly accepted: ReadonlyMap<string, number>;
  readonly withOpen: ReadonlyMap<string, number>;
  readonly openHits: number;
}

function plannedOf({ visits, fates, site }: TotalsRequest): Planned {
  const zone = zoneOf(site.timezone);
  const days = new Set<number>();
  const [accepted, withOpen] = [new PlannedSums(zone), new PlannedSums(zone)];
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  let openHits = 0;
  let refusals = fates.refusedInDoubt;
  const soFar = { accepted: new VisitsSoFar(), withOpen: new VisitsSoFar() };
  for (const visit of visits()) {
    const fate = fates.of(visit.index, visit.hits.length);
    for (const [at, one] of fate.entries()) {
      // Of the hits in doubt so many were refused; which ones, totals do not tell.
      if (one === 'open' && !(fates.isInDoubt(visit.index, at) && refusals-- > 0)) openHits++;
    }
    const sure = expectedVisit(
      soFar.accepted.seen(visit),
      fate.map(one => one === 'accepted'),
      false,
    );
    const most = expectedVisit(
      soFar.withOpen.seen(visit),
      fate.map(one => one !== 'lost'),
      false,
    );
    if (sure !== undefined) {
      accepted.add(visit, sure);
      soFar.accepted.add(visit, 1);
    }
    if (most === undefined) continue;
    soFar.withOpen.add(visit, 1);
    withOpen.add(visit, most);
    first = Math.min(first, most.firstEpochSeconds);
    last = Math.max(last, most.lastEpochSeconds);
    days.add(localDay(zone, most.firstEpochSeconds)).add(localDay(zone, most.lastEpochSeconds));
  }
  return {
    days: [...days].sort((one, other) => one - other).map(dayText),
    firstEpochSeconds: first,
    lastEpochSeconds: last,
    accepted: accepted.figures(),
    withOpen: withOpen.figures(),
    openHits,
  };
}

/** Reads the totals until all that was accepted is in them, or it has waited long enough. */
async function afterRun(planned: Planned, request: TotalsRequest): Promise<SiteTotals> {
  const { before, client, report, site, waitMs, progress, signal } = request;
  const giveUpMs = Date.now() + waitMs;
  const expected = planned.accepted.get('visits') ?? 0;
  let pauseMs = FIRST_PAUSE_MS;
  for (;;) {
    const after = await readSiteTotals(client, report.siteId, planned.days);
    const found = changeOf(before, after, planned.days).get('visits') ?? 0;
    const isQueued = site.isQueued || report.hits.unconfirmed > 0;
    const leftMs = giveUpMs - Date.now();
    // Fresh totals are those of the log: only what is queued is still to come.
    const mayChange = found < expected && (!after.isFresh || isQueued);
    progress?.({
      target: report.name,
      stage: mayChange ? 'waiting' : 'reading',
      found: Math.max(0, Math.min(found, expected)),
      expected,
      leftMs: mayChange ? Math.max(0, leftMs) : null,
    });
    if (!mayChange || leftMs <= 0 || signal?.aborted) return after;
    await sleep(Math.min(pauseMs, leftMs), undefined, { signal }).catch(() => undefined);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

/** What was added on these days; a day that was still to come had nothing. */
function changeOf(
  before: SiteTotals,
  after: SiteTotals,
  days: readonly string[],
): ReadonlyMap<string, number> {
  const change = new Map<string, number>();
  for (const day of days) {
    for (const [name, value] of Object.entries(after.days[day] ?? {})) {
      change.set(name, (change.get(name) ?? 0) + value - (before.days[day]?.[name] ?? 0));
    }
  }
  return change;
}

/** Figures that the totals have; those of a plan that are not mentioned in it are 0. */
function comparedWith(
  plan: ReadonlyMap<string, number>,
  change: ReadonlyMap<string, number>,
): VerifiedFigure[] {
  return [...change]
    .map(([name, recorded]) => ({
      name,
      planned: plan.get(name) ?? 0,
      recorded: Math.round(recorded * 100) / 100,
    }))
    .filter(({ name, planned, recorded }) => {
      // Goals that our pages happen to meet are the site's own affair; types of referrers that nobody has are no news.
      if (name === 'goalConversions') return planned > 0;
      if (name.startsWith('goal ') || name.startsWith('revenue of goal ')) return plan.has(name);
      return !(name.startsWith('referrer ') || name === 'users') || planned !== 0 || recorded !== 0;
    });
}

/** Why a difference says nothing about the server; undefined where it does. */
async function reasonOfDoubt(
  planned: Planned,
  figures: readonly VerifiedFigure[],
  after: SiteTotals,
  request: TotalsRequest,
): Promise<string | undefined> {
  if (!request.before.isFresh) {
    return 'the totals from before the run may be older than it: the server tells what it had processed some time before. List the visits instead (--method visits)';
  }
  if (!after.isFresh) {
    return 'the server may still tell what it had processed before the end of the run: it keeps its reports for up to 15 minutes or more. Verify again later, or list the visits (--method visits)';
  }
  const [visits] = figures.filter(({ name }) => name === 'visits');
  const hasMore = visits !== undefined && visits.recorded > visits.planned;
  const foreign = await foreignVisits(planned, hasMore, after, request);
  const asWell = request.isShard ? ', such as other shards’' : '';
  if (foreign !== undefined && foreign.since > 0) {
    return `the site had ${counted(foreign.since)} of others during the run${asWell}: list the run's own instead (--method visits)`;
  }
  if (foreign !== undefined && hasMore && foreign.dated > 0) {
    return `the site has ${counted(foreign.dated)} of others that are dated between the run's${asWell} and may have come with it: list its own instead (--method visits)`;
  }
  if (foreign === undefined && hasMore) {
    return 'the site has more visits than were planned, and its log, which would tell whose they are, is switched off';
  }
  if (planned.openHits > 0 && isBetween(planned, figures)) {
    return `what became of the ${planned.openHits} hits whose answer never came cannot be told from totals: list the visits instead (--method visits)`;
  }
  return undefined;
}

/** Whether the hits whose answer never came can be the whole difference. */
function isBetween({ accepted, withOpen }: Planned, figures: readonly VerifiedFigure[]): boolean {
  return figures.every(({ name, recorded }) => {
    const [one, other] = [accepted.get(name) ?? 0, withOpen.get(name) ?? 0];
    return recorded >= Math.min(one, other) - 0.005 && recorded <= Math.max(one, other) + 0.005;
  });
}

/** Visits of others, by the time of their last action. */
interface ForeignVisits {
  /** Since the totals from before the run were read. */
  readonly since: number;
  /** In the time that the run's visits are dated in, which begins earlier. */
  readonly dated: number;
}

/** Undefined where the server shows no log. */
async function foreignVisits(
  planned: Planned,
  hasMore: boolean,
  after: SiteTotals,
  request: TotalsRequest,
): Promise<ForeignVisits | undefined> {
  const { before, client, report, site, signal } = request;
  const beganEpochSeconds = Math.floor(Date.parse(before.at) / 1000);
  const window = {
    siteId: report.siteId,
    zone: zoneOf(site.timezone),
    fromEpochSeconds: hasMore ? Math.min(beganEpochSeconds, planned.firstEpochSeconds) : beganEpochSeconds,
    toEpochSeconds: Math.ceil(Date.parse(after.at) / 1000),
  };
  // Not by the tag that begins them: other shards and other targets at this site have it too, and logged-in visitors not.
  const own = new Set<string>();
  for (const { visitorId } of request.visits()) own.add(visitorId);
  const since = new Set<number>();
  const dated = new Set<number>();
  try {
    for await (const page of readLog(client, window, { withActions: false, signal })) {
      for (const { visitorId, idVisit, lastActionTimestamp } of page) {
        if (!own.has(visitorId)) (lastActionTimestamp < beganEpochSeconds ? dated : since).add(idVisit);
      }
    }
  } catch (error) {
    if (error instanceof ReportingError && error.kind === 'told') return undefined;
    throw error;
  }
  return { since: since.size, dated: dated.size };
}

function counted(visits: number): string {
  return `${visits} visit${visits === 1 ? '' : 's'}`;
}

function verified(
  { name }: TargetReport,
  result: VerifiedTarget['result'],
  reason: string | null,
  figures: readonly VerifiedFigure[],
  settled: { readonly recorded: number; readonly lost: number },
): VerifiedTarget {
  return {
    name,
    result,
    reason,
    figures,
    differences: figures.filter(differs),
    names: [],
    causes: [],
    visits: [],
    visitsLeftOut: 0,
    settled: { ...settled, hits: [] },
  };
}

function notComparable(
  report: TargetReport,
  reason: string,
  figures: readonly VerifiedFigure[],
): VerifiedTarget {
  return verified(report, 'not-comparable', reason, figures, { recorded: 0, lost: 0 });
}

function dayOf(at: string, { timezone }: VerifiedSite): string {
  return dayText(localDay(zoneOf(timezone), Math.floor(Date.parse(at) / 1000)));
}

function dayText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
