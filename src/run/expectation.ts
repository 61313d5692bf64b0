import type { TargetConfig } from '../delivery/target-config.ts';
import { shardSize } from '../traffic/shard.ts';
import type { RunConfig } from './run-config.ts';

/** Under `mirror` and `independent` rates and numbers of visits are each target's, otherwise they are totals. */
export function isPerTarget({ distribution }: RunConfig): boolean {
  return distribution === 'mirror' || distribution === 'independent';
}

/** Visits a second of the arrivals that a target gets its visits from. */
export function arrivalRate(config: RunConfig, target: TargetConfig): number | 'max' {
  return config.distribution === 'independent'
    ? (target.visitsPerSecond ?? config.visitsPerSecond)
    : config.visitsPerSecond;
}

/** The arrivals of a run: one for each target where they are each target's own, else one that all share. */
function arrivalRates(config: RunConfig): readonly (number | 'max')[] {
  const sharing = isPerTarget(config) ? config.targets : config.targets.slice(0, 1);
  return sharing.map(target => arrivalRate(config, target));
}

/** Visits a second that are offered over all targets; null where one has no schedule. */
export function offeredVisitsPerSecond(config: RunConfig): number | null {
  return shared(config, arrivalRates(config));
}

/** What is offered to one target while all are up. */
export function offeredToTarget(config: RunConfig, target: TargetConfig): number | null {
  const rate = arrivalRate(config, target);
  if (rate === 'max') return null;
  switch (config.distribution) {
    case 'mirror':
    case 'independent':
      return shared(config, [rate]);
    case 'failover':
      return shared(config, [target === config.targets[0] ? rate : 0]);
    case 'split': {
      const weights = config.targets.reduce((sum, { weight }) => sum + weight, 0);
      return shared(config, [(rate * target.weight) / weights]);
    }
  }
}

/** The sum of rates, of which a shard has its part; null where one is `max`. */
function shared({ shard }: RunConfig, rates: readonly (number | 'max')[]): number | null {
  let whole = 0;
  for (const rate of rates) {
    if (rate === 'max') return null;
    whole += rate;
  }
  return Number((whole / (shard?.count ?? 1)).toPrecision(9));
}

/** Visits of the whole plan, over all targets; null where it has no end, or one that only time tells. */
export function countOfPlannedVisits(config: RunConfig): number | null {
  const { visits, durationSeconds, maxVisitsPerDay, shard } = config;
  let whole = 0;
  for (const rate of arrivalRates(config)) {
    const inTime =
      durationSeconds === undefined || rate === 'max' || maxVisitsPerDay !== undefined
        ? Number.POSITIVE_INFINITY
        : Math.ceil(rate * durationSeconds);
    whole += shardSize(shard, Math.min(visits ?? Number.POSITIVE_INFINITY, inTime));
  }
  return Number.isFinite(whole) ? whole : null;
}
