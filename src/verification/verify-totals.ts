import { setTimeout as sleep } from 'node:timers/promises';
import { localDay, zoneOf } from '../base/zone.ts';
import type { ReportingClient } from '../matomo/reporting/reporting-client.ts';
import type { SiteTotals, TargetReport, VerifiedFigure, VerifiedTarget } from '../run/report.ts';
import type { Visit } from '../traffic/visit.ts';
import { differs } from './figure-sheet.ts';
import { type ForeignSearch, foreignVisits } from './foreign-visits.ts';
import type { HitFates } from './hit-fates.ts';
import { dayText, type PlannedTotals, plannedTotals } from './planned-totals.ts';
import { readSiteTotals } from './site-totals.ts';
import type { ProgressListener } from './verification-progress.ts';
import type { VerifiedSite } from './verified-site.ts';

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
  const planned = plannedTotals(request.visits(), request.fates, zoneOf(request.site.timezone));
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

/** Reads the totals until all that was accepted is in them, or it has waited long enough. */
async function afterRun(planned: PlannedTotals, request: TotalsRequest): Promise<SiteTotals> {
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
  planned: PlannedTotals,
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
  const foreign = await foreignVisits(
    request.client,
    searchFor(planned, hasMore, after, request),
    request.visits(),
    request.signal,
  );
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

/** Where a site has more visits than planned, others may be dated as early as the run's own. */
function searchFor(
  { firstEpochSeconds }: PlannedTotals,
  hasMore: boolean,
  after: SiteTotals,
  { before, report, site }: TotalsRequest,
): ForeignSearch {
  const beganEpochSeconds = Math.floor(Date.parse(before.at) / 1000);
  return {
    siteId: report.siteId,
    zone: zoneOf(site.timezone),
    beganEpochSeconds,
    fromEpochSeconds: hasMore ? Math.min(beganEpochSeconds, firstEpochSeconds) : beganEpochSeconds,
    toEpochSeconds: Math.ceil(Date.parse(after.at) / 1000),
  };
}

/** Whether the hits whose answer never came can be the whole difference. */
function isBetween({ accepted, withOpen }: PlannedTotals, figures: readonly VerifiedFigure[]): boolean {
  return figures.every(({ name, recorded }) => {
    const [one, other] = [accepted.get(name) ?? 0, withOpen.get(name) ?? 0];
    return recorded >= Math.min(one, other) - 0.005 && recorded <= Math.max(one, other) + 0.005;
  });
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
