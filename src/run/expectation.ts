import type { TargetConfig } from '../delivery/target-config.ts';
import { type Stage, secondsOfStages, stagesPace, visitsOfStages } from '../traffic/arrivals/stages.ts';
import type { RunConfig } from './run-config.ts';

/** Under `mirror` and `independent` rates and numbers of visits are each target's, otherwise they are totals. */
export function isPerTarget({ distribution }: RunConfig): boolean {
  return distribution === 'mirror' || distribution === 'independent';
}

/** After how many seconds a run ends whatever has come; undefined: it is not time that ends it. */
export function secondsAtMost({ arrivals, durationSeconds, maxVisitsPerDay }: RunConfig): number | undefined {
  // The cap of a day puts stages off, to days that are not known.
  if (arrivals?.over?.kind !== 'stages' || maxVisitsPerDay !== undefined) return durationSeconds;
  return Math.min(durationSeconds ?? Number.POSITIVE_INFINITY, secondsOfStages(arrivals.over.stages));
}

/** What ends a plan where its number of visits does not; undefined: nothing. */
export function endByTime({ arrivals, durationSeconds }: RunConfig): 'plan-end' | 'duration' | undefined {
  if (arrivals?.over?.kind === 'stages') {
    const isWhole = durationSeconds === undefined || durationSeconds >= secondsOfStages(arrivals.over.stages);
    if (isWhole) return 'plan-end';
  }
  return durationSeconds === undefined ? undefined : 'duration';
}

/** Whether a plan ends by itself. */
export function hasEnd(config: RunConfig): boolean {
  return config.visits !== undefined || endByTime(config) !== undefined;
}

/** Visits a second, on the mean, of the arrivals that a target gets its visits from. */
export function arrivalRate(config: RunConfig, target: TargetConfig): number | 'max' {
  if (config.arrivals?.over?.kind === 'stages') return rateOfStages(config.arrivals.over.stages, config);
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
      return shared(config, [target.name === config.targets[0]?.name ? rate : 0]);
    case 'split': {
      const weights = config.targets.reduce((sum, { weight }) => sum + weight, 0);
      return shared(config, [(rate * target.weight) / weights]);
    }
  }
}

/**
 * Connections that one target wants at once while all are up: one for each visit of the first tenth of a second, or for
 * each body that they fill.
 */
export function firstConnections(config: RunConfig, target: TargetConfig): number {
  const rate = offeredToTarget(config, target);
  const atOnce =
    rate === null ? target.concurrency : Math.ceil(rate / 10 / (config.shard?.thread?.count ?? 1));
  const together = target.transport === 'bulk' ? target.batchSize : 1;
  return Math.ceil(Math.min(atOnce, config.visits ?? Number.POSITIVE_INFINITY) / together);
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

/** What stages come to on the mean until they end, or a bound of the run does. */
function rateOfStages(stages: readonly Stage[], { visits, durationSeconds }: RunConfig): number {
  const seconds = Math.min(durationSeconds ?? Number.POSITIVE_INFINITY, secondsOfStages(stages));
  const inTime = visitsOfStages(stages, seconds);
  if (visits === undefined || visits >= inTime) return inTime / seconds;
  return visits === 0 ? 0 : (visits * 1000) / (stagesPace(stages).msOf(visits) ?? Number.POSITIVE_INFINITY);
}

/** Visits until time is up; infinite where that is no bound, null where it is one and cannot be told beforehand. */
export function visitsInTime(config: RunConfig, rate: number | 'max'): number | null {
  const { arrivals, durationSeconds, maxVisitsPerDay } = config;
  if (arrivals?.gaps === 'random' || arrivals?.over?.kind === 'curve') {
    return secondsAtMost(config) === undefined ? Number.POSITIVE_INFINITY : null;
  }
  // What is put off from one day to the next may come in time or not.
  const seconds = maxVisitsPerDay === undefined ? durationSeconds : undefined;
  if (arrivals?.over?.kind === 'stages') return Math.ceil(visitsOfStages(arrivals.over.stages, seconds));
  return seconds === undefined || rate === 'max' ? Number.POSITIVE_INFINITY : Math.ceil(rate * seconds);
}
