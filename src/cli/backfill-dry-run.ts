import { type BackfillConfig, backfillVisits } from '../run/backfill/backfill-plan.ts';
import type { PlannedVisit } from '../run/plan-walk.ts';
import { datesOf, refuseUndatable, type TargetDates } from '../run/planning.ts';
import type { TextStream } from './context.ts';
import { printPlan } from './dry-run.ts';

/** Prints what a backfill would send, target after target and oldest first, or the totals alone. Sends nothing. */
export async function dryRunBackfill(
  config: BackfillConfig,
  { summaryOnly, stdout }: { summaryOnly: boolean; stdout: TextStream },
): Promise<void> {
  const startEpochMs = Date.now();
  const latestEpochSeconds = Math.floor(startEpochMs / 1000);
  const dates = datesOf(config, []).map(date => ({ ...date, latestEpochSeconds }));
  refuseUndatable(config, dates, startEpochMs);
  const visits = plannedOf(config, dates, startEpochMs);
  await printPlan(config, { startEpochMs, dates, visits, summaryOnly, stdout });
}

function* plannedOf(
  config: BackfillConfig,
  dates: readonly TargetDates[],
  startEpochMs: number,
): Generator<PlannedVisit> {
  for (const at of config.targets.keys()) {
    for (const { index, recurrence, momentSeconds } of backfillVisits(config, dates, at)) {
      yield { position: at, index, startMs: momentSeconds * 1000 - startEpochMs, recurrence };
    }
  }
}
