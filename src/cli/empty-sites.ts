import type { SiteTotals } from '../run/report.ts';
import type { RunConfig } from '../run/run-config.ts';

const DAY_MS = 86_400_000;

/**
 * What the sites of a collector hold that was just started: nothing, on any day that visits of a run can be dated to,
 * in any zone. Thus a run too large to be listed is verified by its totals.
 */
export function emptySites({ targets }: RunConfig, nowEpochMs: number): ReadonlyMap<string, SiteTotals> {
  const days = [-2, -1, 0, 1].map(day => new Date(nowEpochMs + day * DAY_MS).toISOString().slice(0, 10));
  const totals: SiteTotals = {
    at: new Date(nowEpochMs).toISOString(),
    isFresh: true,
    days: Object.fromEntries(days.map(day => [day, {}])),
  };
  return new Map(targets.map(({ name }) => [name, totals] as const));
}
