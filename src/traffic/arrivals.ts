import { localDay, nextMidnight, type Zone } from '../base/zone.ts';

/** When visits begin. Lazy and pure: it holds no clock, and asking ahead changes nothing. */
export interface Arrivals {
  /** ms from the start of the run, never decreasing; undefined after the last. */
  next(): number | undefined;
}

/** Where arrivals end; both undefined: never. */
export interface Bounds {
  readonly visits: number | undefined;
  readonly durationMs: number | undefined;
}

/** One visit every 1 / rate seconds, the first at once. The k-th is k / rate exactly: no error adds up. */
export function constantArrivals(visitsPerSecond: number): Arrivals {
  let index = 0;
  return { next: () => roundMs((index++ * 1000) / visitsPerSecond) };
}

/** At most so many, and none that begins at `durationMs` or later. */
export function bounded(arrivals: Arrivals, { visits, durationMs }: Bounds): Arrivals {
  let left = visits ?? Number.POSITIVE_INFINITY;
  return {
    next() {
      if (left <= 0) return undefined;
      const atMs = arrivals.next();
      if (atMs === undefined || (durationMs !== undefined && atMs >= durationMs)) {
        left = 0;
        return undefined;
      }
      left--;
      return atMs;
    },
  };
}

/**
 * At most `visitsPerDay` in a calendar day of `zone`: then arrivals pause until its next midnight and go on
 * there as they would have gone on before it.
 */
export function cappedByDay(
  arrivals: Arrivals,
  visitsPerDay: number,
  zone: Zone,
  startEpochMs: number,
): Arrivals {
  let pausedMs = 0;
  let day = Number.NaN;
  let today = 0;
  return {
    next() {
      const atMs = arrivals.next();
      if (atMs === undefined) return undefined;
      const epochSeconds = Math.floor((startEpochMs + atMs + pausedMs) / 1000);
      const itsDay = localDay(zone, epochSeconds);
      if (itsDay !== day) {
        day = itsDay;
        today = 0;
      }
      if (today === visitsPerDay) {
        const midnight = nextMidnight(zone, epochSeconds);
        pausedMs = midnight * 1000 - startEpochMs - atMs;
        day = localDay(zone, midnight);
        today = 0;
      }
      today++;
      return roundMs(atMs + pausedMs);
    },
  };
}

/** Whole microseconds: finer than any timer, and short to read in a plan. */
function roundMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
