import type { TargetConfig } from '../delivery/target-config.ts';
import { peakOf } from '../traffic/arrivals/curve.ts';
import type { Layout } from '../traffic/recurrences.ts';
import { leastGapSeconds, visitsInReach } from '../traffic/return-gaps.ts';
import { arrivalRate, secondsAtMost } from './expectation.ts';
import { trafficOf } from './planning.ts';
import type { RunConfig } from './run-config.ts';

/** Beyond this a visitor would be dated back a long way for few. */
const MOST_VISITS = 8;

/** Hits a visit may have besides its pageviews, roughly: a longer one only makes its visitor's next visit wait. */
const OTHER_HITS = 5;

/**
 * How the visits of targets that have their visitors in common are laid out; undefined where nobody comes again. It follows
 * from the configuration alone, so that all shards and a later verification find the same.
 *
 * @param lane positions of the targets; all have the same visits, or the first of them all
 */
export function returnLayout(config: RunConfig, lane: readonly number[]): Layout | undefined {
  const planned = config.targets[lane[0] ?? 0] as TargetConfig;
  const share = trafficOf(config, planned).returning?.share ?? 0;
  if (share === 0) return undefined;
  return config.clock === 'real' ? realLayout(config, planned, share) : datedLayout(config, lane, share);
}

/** Visits the lane will have; infinite where nothing says. */
export function visitsOfLane(config: RunConfig, lane: readonly number[]): number {
  const target = config.targets[lane[0] ?? 0] as TargetConfig;
  const rate = arrivalRate(config, target);
  const seconds = secondsAtMost(config) ?? Number.POSITIVE_INFINITY;
  const inTime = rate === 'max' ? Number.POSITIVE_INFINITY : rate * seconds;
  return Math.min(config.visits ?? Number.POSITIVE_INFINITY, inTime) * laneShare(config, target);
}

/**
 * Under the compressed clock visits of one visitor are sent so far apart that the next is hardly ever due before the
 * one before has ended, but not so far that a short run has none.
 */
function datedLayout(config: RunConfig, lane: readonly number[], share: number): Layout | undefined {
  const rows = Math.min(
    MOST_VISITS,
    ...config.targets.map(of => visitsInReach(trafficOf(config, of), zonesAvoided(config))),
  );
  if (rows < 2) return undefined;
  const atOnce = Math.max(
    ...lane.map(position => visitsAtOnce(config, config.targets[position] as TargetConfig)),
  );
  const most = Math.max(1, Math.floor(visitsOfLane(config, lane) / (2 * rows)));
  return { share, rows, columns: Math.min(Math.max(4, Math.ceil(2 * atOnce)), most), leastMs: undefined };
}

/** Visits in flight at a target, roughly. */
function visitsAtOnce(config: RunConfig, target: TargetConfig): number {
  const rate = arrivalRate(config, target);
  if (rate === 'max') return target.concurrency;
  const hits = trafficOf(config, target).pageviews.max + OTHER_HITS;
  const inFlight = rate * laneShare(config, target) * hits * config.pauseSeconds.max;
  return Math.min(inFlight, target.concurrency);
}

/** Under the real clock a visitor comes again when the time has passed that Matomo wants between two visits. */
function realLayout(config: RunConfig, target: TargetConfig, share: number): Layout | undefined {
  const traffic = trafficOf(config, target);
  const seconds = leastGapSeconds(traffic, zonesAvoided(config));
  const rate = arrivalRate(config, target);
  if (rate === 'max') return undefined;
  const most = rate * peakOfRate(config, rate) * laneShare(config, target) * seconds;
  // Where gaps are random, as many more as it takes that hardly any come sooner.
  const columns = config.arrivals?.gaps === 'random' ? most + 3 * Math.sqrt(most) : most;
  return {
    share,
    rows: Number.POSITIVE_INFINITY,
    columns: Math.max(1, Math.ceil(columns)),
    leastMs: seconds * 1000,
  };
}

/** How much higher the highest rate is than the mean. */
function peakOfRate({ arrivals }: RunConfig, rate: number): number {
  switch (arrivals?.over?.kind) {
    case 'curve':
      return peakOf(arrivals.over.weights);
    case 'stages':
      return (
        Math.max(...arrivals.over.stages.map(({ fromRate, toRate }) => Math.max(fromRate, toRate))) / rate
      );
    case undefined:
      return 1;
  }
}

/** Under `mirror` the midnights of all zones are avoided, and which those are is not known yet. */
export function zonesAvoided({ distribution, targets }: RunConfig): number {
  return distribution === 'mirror' ? targets.length : 1;
}

/** Of the arrivals that a target gets its visits from, how many are its own. */
function laneShare({ distribution, targets }: RunConfig, { weight }: TargetConfig): number {
  return distribution === 'split' ? weight / targets.reduce((sum, target) => sum + target.weight, 0) : 1;
}
