import { localDay, nextMidnight, type Zone } from '../../base/zone.ts';
import { type Arrivals, roundMs } from './arrivals.ts';

/** At most so many visits in a calendar day of a zone. */
export interface DailyCap {
  readonly visitsPerDay: number;
  readonly zone: Zone;
  readonly startEpochMs: number;
}

/** Arrivals pause on a full day until its next midnight and go on there as they would have gone on before it. */
export function pausedByDay(arrivals: Arrivals, { visitsPerDay, zone, startEpochMs }: DailyCap): Arrivals {
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

/** What is beyond a full day does not come: for arrivals that belong to an hour of the day and cannot be put off. */
export function cutByDay(arrivals: Arrivals, { visitsPerDay, zone, startEpochMs }: DailyCap): Arrivals {
  let day = Number.NaN;
  let today = 0;
  return {
    next() {
      for (let atMs = arrivals.next(); atMs !== undefined; atMs = arrivals.next()) {
        const itsDay = localDay(zone, Math.floor((startEpochMs + atMs) / 1000));
        if (itsDay !== day) {
          day = itsDay;
          today = 0;
        }
        if (today === visitsPerDay) continue;
        today++;
        return atMs;
      }
      return undefined;
    },
  };
}
