import { QUARTER_SECONDS, type Zone } from '../../base/zone.ts';
import type { Pace } from './pace.ts';

/** 1970-01-01 was a Thursday, and weeks begin on Monday. */
const HOURS_BEFORE_THURSDAY = 72;
const SLICE_MS = QUARTER_SECONDS * 1000;
/** What is nearer to the end of a slice than arrivals are rounded is in the next: that may be an hour without visits. */
const ROUNDED_MS = 0.0005;

/** Where a curve stands when a run begins, and what it is to come to. */
export interface CurveSetting {
  /** The zone whose hours count. */
  readonly zone: Zone;
  readonly startEpochMs: number;
  /** The mean over all weights: over a day of 24 hours, or a week of 168. */
  readonly visitsPerSecond: number;
}

/**
 * A rate that follows the hours of the day or the week, all through an hour the same. The clock on the wall counts: an
 * hour that is skipped has no visits, one that is repeated has its share twice, and days of 23 and 25 hours have so much
 * less and more.
 *
 * @param weights of the hours of a day from 00:00, or of a week from Monday 00:00
 * @throws RangeError where no weight is above 0
 */
export function curvePace(
  weights: readonly number[],
  { zone, startEpochMs, visitsPerSecond }: CurveSetting,
): Pace {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  if (!(sum > 0)) throw new RangeError('a curve without a weight above 0 has no visits');
  const weightMsPerVisit = (sum / weights.length) * (1000 / visitsPerSecond);
  const weightAt = (ms: number) => {
    const epochSeconds = Math.floor((startEpochMs + ms) / 1000);
    const localHours = Math.floor((epochSeconds + zone.offsetSeconds(epochSeconds)) / 3600);
    return weights[(localHours + HOURS_BEFORE_THURSDAY) % weights.length] as number;
  };
  // The slice of time that the last answer lies in: within one neither hour nor offset changes.
  let beginMs = 0;
  let endMs = SLICE_MS - (startEpochMs % SLICE_MS);
  let weight = weightAt(0);
  /** Weight times ms before the slice: sums of whole numbers, which stay exact. */
  let before = 0;
  return {
    msOf(visits) {
      const wanted = visits * weightMsPerVisit;
      while (weight === 0 || wanted >= before + weight * (endMs - beginMs - ROUNDED_MS)) {
        before += weight * (endMs - beginMs);
        beginMs = endMs;
        endMs += SLICE_MS;
        weight = weightAt(beginMs);
      }
      return beginMs + Math.max(0, wanted - before) / weight;
    },
  };
}

/** How much higher the highest hour is than the mean. */
export function peakOf(weights: readonly number[]): number {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return (Math.max(...weights) * weights.length) / sum;
}
