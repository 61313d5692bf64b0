import { Failure } from '../base/failure.ts';
import type { Report, TargetReport, Verification } from '../run/report.ts';
import type { VerifyRequest } from './verify-run.ts';

/** More visits than these are compared by totals, where there are some from before the run. */
export const MOST_LISTED_VISITS = 10_000;

/** @throws Failure where totals are asked for and those from before the run are not there */
export function methodOf({
  method,
  report,
}: Pick<VerifyRequest, 'method' | 'report'>): Verification['method'] {
  if (method === 'visits') return method;
  if (method === 'auto') {
    const isLarge = report.targets.some(target => recordedVisits(target) > MOST_LISTED_VISITS);
    return isLarge && hasTotals(report) ? 'totals' : 'visits';
  }
  const without = report.targets.filter(({ totalsBefore }) => totalsBefore === null).map(({ name }) => name);
  if (without.length === 0) return method;
  throw new Failure('USAGE', `the report has no totals from before the run of ${without.join(', ')}`, {
    hint: 'List the visits instead (--method visits). A run keeps the totals where a token lets it ask for them before the first hit.',
  });
}

/** Those from before the run, of every target. */
export function hasTotals({ targets }: Report): boolean {
  return targets.every(({ totalsBefore }) => totalsBefore !== null);
}

/** Visits of which something may be recorded. */
function recordedVisits({ visits: { planned, failed, dropped, skipped } }: TargetReport): number {
  return planned - failed - dropped - skipped;
}
