import { expect } from 'vitest';
import type { CollectorTotals } from '../../src/collector/state.ts';
import type { HitCounts, Report, ReportedPlan, VisitCounts } from '../../src/run/report.ts';
import { type FaultServer, hitsIn, type Meaning, type ReceivedRequest } from './fault-server.ts';

/** Every planned hit and visit has exactly one outcome, in each target and in all, and every loss is named. */
export function expectWholeAccount(report: Report): void {
  for (const { plan, visits, hits } of [report, ...report.targets]) {
    expect(hits.unaccounted).toBe(0);
    expect(hits.planned).toBe(plan.hits);
    expect(settledHits(hits)).toBe(hits.planned);
    expect(visits.planned).toBe(plan.visits);
    expect(endedVisits(visits)).toBe(visits.planned);
  }
  const { sources, devices, browsers, systems } = report.visitors;
  for (const kinds of [sources, devices, browsers, systems]) expect(sumOf(kinds)).toBe(report.plan.visits);
  // Without a schedule nothing was due; else all that was planned was, in one slice or another.
  for (const { due } of report.series.slice(0, 1)) {
    if (due !== null)
      expect(report.series.reduce((sum, point) => sum + (point.due ?? 0), 0)).toBe(report.plan.visits);
  }
  for (const { hits, errors, exceptions, exceptionsLeftOut } of report.targets) {
    const lost = hits.planned - hits.accepted;
    expect(errors.reduce((sum, error) => sum + error.count, 0)).toBe(lost);
    const doubted = exceptions.filter(({ outcome }) => outcome === 'accepted').length;
    expect(exceptions.length - doubted + exceptionsLeftOut).toBe(lost);
  }
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function settledHits({ accepted, rejected, failed, unknown, skipped }: HitCounts): number {
  return accepted + rejected + failed + unknown + skipped;
}

function endedVisits({ completed, partial, failed, dropped, skipped }: VisitCounts): number {
  return completed + partial + failed + dropped + skipped;
}

const figures = [
  'visits',
  'actions',
  'bounces',
  'visitSeconds',
  'pageviews',
  'events',
  'searches',
  'outlinks',
  'downloads',
  'contents',
  'orders',
  'carts',
  'goalConversions',
] as const satisfies readonly (keyof CollectorTotals & keyof ReportedPlan)[];

/** What was recorded is what was planned, in every figure both know. */
export function expectRecordedAsPlanned(recorded: CollectorTotals, plan: ReportedPlan): void {
  const of = (row: CollectorTotals | ReportedPlan) =>
    Object.fromEntries(figures.map(figure => [figure, row[figure]]));
  expect(of(recorded)).toEqual(of(plan));
  expect(recorded.revenue).toBeCloseTo(plan.revenue, 2);
}

/** Loss by cause: `{ HTTP_400: 3 }`. */
export function causes(report: Report): Record<string, number> {
  return Object.fromEntries(
    report.targets.flatMap(({ errors }) => errors.map(({ code, count }) => [code, count])),
  );
}

/**
 * The report says of every hit what the server's own record of its requests and answers says, and nothing that may
 * have been processed was sent again. For runs whose every hit came to the server or was skipped.
 */
export function expectAsServed(report: Report, server: FaultServer): void {
  const served = { accepted: 0, rejected: 0, failed: 0, unknown: 0 };
  for (const sendings of sendingsOf(server)) {
    const last = sendings.at(-1);
    if (last === undefined) continue;
    for (const earlier of sendings.slice(0, -1)) expect(meaning(earlier)).toBe('again');
    expect(sendings.filter(isRolledBack).length).toBeLessThanOrEqual(2);
    expect(sendings.filter(request => !isRolledBack(request)).length).toBeLessThanOrEqual(4);
    const means = meaning(last);
    served[means === 'again' ? 'failed' : means] += hitsIn(last).length;
  }
  const { accepted, rejected, failed, unknown } = report.hits;
  expect({ accepted, rejected, failed, unknown }).toEqual(served);
}

/** Requests that are the same are one that was sent again. */
function sendingsOf({ tracking }: FaultServer): ReceivedRequest[][] {
  const groups = new Map<string, ReceivedRequest[]>();
  for (const request of tracking) {
    const key = `${request.method} ${request.path} ${request.body}`;
    groups.set(key, [...(groups.get(key) ?? []), request]);
  }
  return [...groups.values()];
}

/** A bulk that was rolled back may go out again. */
function meaning(request: ReceivedRequest): Meaning {
  const { answer } = request;
  if (answer === undefined) return 'unknown';
  return isRolledBack(request) ? 'again' : answer.means;
}

function isRolledBack(request: ReceivedRequest): boolean {
  return isBulk(request) && request.answer?.name === 'rolled back';
}

function isBulk({ body }: ReceivedRequest): boolean {
  return body.startsWith('{');
}

/** No visitor is in two requests at once. */
export function expectOneAfterAnother({ tracking }: FaultServer): void {
  const busyUntilMs = new Map<string, number>();
  for (const request of tracking) {
    for (const visitor of new Set(hitsIn(request).map(hit => hit.get('cid') ?? ''))) {
      expect(request.atMs).toBeGreaterThanOrEqual(busyUntilMs.get(visitor) ?? 0);
      busyUntilMs.set(visitor, request.endedMs ?? Number.POSITIVE_INFINITY);
    }
  }
}
