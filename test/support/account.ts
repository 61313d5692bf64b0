import { expect } from 'vitest';
import type { CollectorTotals } from '../../src/collector/state.ts';
import type { HitCounts, Report, ReportedPlan, VisitCounts } from '../../src/run/report.ts';

/** Every planned hit and visit has exactly one outcome, in each target and in all, and every loss is named. */
export function expectWholeAccount(report: Report): void {
  for (const { plan, visits, hits } of [report, ...report.targets]) {
    expect(hits.unaccounted).toBe(0);
    expect(hits.planned).toBe(plan.hits);
    expect(settledHits(hits)).toBe(hits.planned);
    expect(visits.planned).toBe(plan.visits);
    expect(endedVisits(visits)).toBe(visits.planned);
  }
  for (const { hits, errors, exceptions, exceptionsLeftOut } of report.targets) {
    const lost = hits.planned - hits.accepted;
    expect(errors.reduce((sum, error) => sum + error.count, 0)).toBe(lost);
    const doubted = exceptions.filter(({ outcome }) => outcome === 'accepted').length;
    expect(exceptions.length - doubted + exceptionsLeftOut).toBe(lost);
  }
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
