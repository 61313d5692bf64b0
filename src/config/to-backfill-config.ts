import type { BackfillConfig } from '../run/backfill/backfill-plan.ts';
import type { BackfillWindow } from '../run/backfill/backfill-window.ts';
import { arrivalShape } from './arrivals.ts';
import type { LoadedConfig } from './load.ts';
import { type EmbeddedCollector, toRunConfig } from './to-run-config.ts';

/** All a backfill depends on: a run without a schedule, and the days it fills. */
export function toBackfillConfig(
  loaded: LoadedConfig,
  window: BackfillWindow,
  collector?: EmbeddedCollector,
): BackfillConfig {
  const { values, settings } = loaded;
  const isFlag = settings.some(({ leaf, origin }) => leaf.path === 'seed' && origin.kind === 'flag');
  const seed = isFlag ? values.seed : (values.backfill.seed ?? values.seed);
  const config = toRunConfig(
    { ...loaded, values: { ...values, seed, stages: undefined } },
    { command: 'backfill', ...(collector && { collector }) },
  );
  const { arrivals: _, ...unscheduled } = config;
  const arrivals = arrivalShape({ ...values, stages: undefined });
  return {
    ...unscheduled,
    ...(arrivals && { arrivals }),
    clock: 'backfill',
    startEpochMs: undefined,
    shard: undefined,
    visits: undefined,
    durationSeconds: undefined,
    maxVisitsPerDay: undefined,
    visitsPerSecond: values.backfill.rate ?? 'max',
    backfill: window,
    effective: { ...config.effective, backfill: effectiveWindow(loaded, window) },
  };
}

/** The days themselves: tomorrow `daysBack` are others. */
function effectiveWindow({ values: { backfill } }: LoadedConfig, window: BackfillWindow) {
  const { daysBack: _, days: __, enabled: ___, seed: ____, growth, rate, ...others } = backfill;
  return {
    ...others,
    growth: growth === 0 ? 0 : `${Number((growth * 100).toPrecision(12))}%/week`,
    rate: typeof rate === 'number' ? `${rate}/s` : (rate ?? null),
    from: window.firstDay,
    to: window.lastDay,
    daysBack: null,
    days: null,
    maxVisits: window.maxVisits ?? 0,
  };
}
