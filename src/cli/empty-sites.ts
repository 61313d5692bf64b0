import { datesOf } from '../run/planning.ts';
import type { SiteTotals } from '../run/report.ts';
import type { RunConfig } from '../run/run-config.ts';

const DAY_MS = 86_400_000;

/**
 * What the sites of a collector hold that was just started: nothing, on any day that visits of a run can be dated to,
 * in any zone. Thus a run too large to be listed is verified by its totals.
 */
export function emptySites(config: RunConfig, nowEpochMs: number): ReadonlyMap<string, SiteTotals> {
  const at = new Date(nowEpochMs).toISOString();
  return new Map(
    datesOf(config, []).map(({ reachSeconds = 0 }, position) => {
      const reached = Math.max(2, Math.ceil(reachSeconds / 86_400) + 1);
      const days = Array.from({ length: reached + 2 }, (_, day) =>
        new Date(nowEpochMs + (day - reached) * DAY_MS).toISOString().slice(0, 10),
      );
      const totals: SiteTotals = { at, isFresh: true, days: Object.fromEntries(days.map(day => [day, {}])) };
      return [config.targets[position]?.name ?? '', totals] as const;
    }),
  );
}
