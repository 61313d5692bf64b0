import type { Random } from '../../base/random.ts';
import { type Pace, steadyPace } from './pace.ts';

/** When visits begin. Lazy and pure: it holds no clock, and asking ahead changes nothing. */
export interface Arrivals {
  /** ms from the start of the run, never decreasing; undefined after the last. */
  next(): number | undefined;
}

/** The k-th visit, counted from 0, at the moment the pace has come to k: as evenly as the pace allows. */
export function evenArrivals(pace: Pace): Arrivals {
  let visits = 0;
  return { next: () => roundMs(pace.msOf(visits++)) };
}

/** One visit every 1 / rate seconds, the first at once. The k-th is k / rate exactly: no error adds up. */
export function constantArrivals(visitsPerSecond: number): Arrivals {
  return evenArrivals(steadyPace(visitsPerSecond));
}

/**
 * A Poisson process, as visitors are who know nothing of each other: gaps are exponential with a mean of one visit of
 * the pace, the one before the first visit too. Where the pace changes, so does the mean.
 *
 * @param random nobody else draws from it
 */
export function poissonArrivals(pace: Pace, random: Random): Arrivals {
  let visits = 0;
  return {
    next() {
      visits -= Math.log(1 - random.unit());
      return roundMs(pace.msOf(visits));
    },
  };
}

/** Whole microseconds: finer than any timer, and short to read in a plan. */
export function roundMs<T extends number | undefined>(ms: T): T | number {
  return ms === undefined ? ms : Math.round(ms * 1000) / 1000;
}
