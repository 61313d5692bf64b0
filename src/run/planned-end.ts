import { shardSize } from '../traffic/shard.ts';
import type { ArrivalStream } from './arrival-stream.ts';
import { endByTime, isPerTarget } from './expectation.ts';
import type { StopReason } from './report.ts';
import type { RunConfig } from './run-config.ts';
import type { TargetRun } from './target-run.ts';

/** What ended a plan that was not stopped. */
export function plannedEnd(
  config: RunConfig,
  targets: readonly TargetRun[],
  streams: readonly ArrivalStream[],
): StopReason {
  const { visits, shard } = config;
  // Without a schedule a target that stays down is given up with what it had left.
  if (targets.some(target => target.undrawnVisits !== 0)) return 'lost-targets';
  const byTime = endByTime(config);
  if (visits === undefined) return byTime ?? 'plan-end';
  if (byTime === undefined) return 'visits';
  if (streams.length > 0) return streams.every(stream => stream.drawnVisits < visits) ? byTime : 'visits';
  const planned = targets.map(target => target.ledger.visits.planned);
  const began = isPerTarget(config) ? Math.max(...planned) : planned.reduce((sum, one) => sum + one, 0);
  return began < shardSize(shard, visits) ? byTime : 'visits';
}
