import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zoneOf } from '../../../src/base/zone.ts';
import { type Arrivals, constantArrivals } from '../../../src/traffic/arrivals/arrivals.ts';
import { bounded } from '../../../src/traffic/arrivals/bounded.ts';
import { cutByDay, pausedByDay } from '../../../src/traffic/arrivals/daily-cap.ts';
import { epochSecondsOf, localDate } from '../../base/local-time.ts';
import { type Midnight, midnights } from '../../base/midnights.ts';
import { ROUNDING, take } from './take.ts';

function paused(arrivals: Arrivals, visitsPerDay: number, zone: string, startEpochMs: number): Arrivals {
  return pausedByDay(arrivals, { visitsPerDay, zone: zoneOf(zone), startEpochMs });
}

describe('arrivals paused by day', () => {
  /** A run that begins in the days before a midnight, some of them days on which the clocks change. */
  const anyCapped = fc.record({
    midnight: fc.constantFrom(...midnights),
    beforeMs: fc.integer({ min: 0, max: 3 * 86_400_000 }),
    visitsPerDay: fc.integer({ min: 1, max: 60 }),
    spacingSeconds: fc.integer({ min: 20, max: 20_000 }),
  });

  interface Capped {
    readonly midnight: Midnight;
    readonly beforeMs: number;
    readonly visitsPerDay: number;
    readonly spacingSeconds: number;
  }

  /** Each arrival as its moment and the date it falls on. */
  function arrive({ midnight, beforeMs, visitsPerDay, spacingSeconds }: Capped) {
    const { zone } = midnight;
    const startMs = midnight.epochSeconds * 1000 - beforeMs;
    const arrivals = paused(constantArrivals(1 / spacingSeconds), visitsPerDay, zone, startMs);
    return take(arrivals, 100).map(atMs => ({
      atMs,
      date: localDate(zone, Math.floor((startMs + atMs) / 1000)),
      dateBefore: localDate(zone, Math.floor((startMs + atMs) / 1000) - 1),
    }));
  }

  it('are never more than the cap on a calendar day of the zone', () => {
    fc.assert(
      fc.property(anyCapped, capped => {
        const byDate = new Map<string, number>();
        for (const { date } of arrive(capped)) byDate.set(date, (byDate.get(date) ?? 0) + 1);
        expect(Math.max(...byDate.values())).toBeLessThanOrEqual(capped.visitsPerDay);
      }),
      { numRuns: 200 },
    );
  });

  it('keep their spacing, and pause only on a full day, until its midnight', () => {
    fc.assert(
      fc.property(anyCapped, capped => {
        const spacingMs = capped.spacingSeconds * 1000;
        const arrived = arrive(capped);
        let today = 1;
        for (const [at, { atMs, date, dateBefore }] of arrived.entries()) {
          const before = arrived[at - 1];
          if (before === undefined) continue;
          const gapMs = atMs - before.atMs;
          if (Math.abs(gapMs - spacingMs) > 2 * ROUNDING) {
            expect(gapMs).toBeLessThan(86_400_000 * 2);
            expect(today).toBe(capped.visitsPerDay);
            expect(dateBefore).not.toBe(date);
            expect((capped.midnight.epochSeconds * 1000 - capped.beforeMs + atMs) % 1000).toBe(0);
          }
          today = date === before.date ? today + 1 : 1;
        }
      }),
      { numRuns: 200 },
    );
  });

  it('are as without a cap while the cap is not reached', () => {
    const start = epochSecondsOf('2026-03-28T12:00:00Z') * 1000;
    const capped = paused(constantArrivals(1 / 3600), 25, 'Europe/Stockholm', start);
    expect(take(capped, 200)).toEqual(take(constantArrivals(1 / 3600), 200));
  });

  it('resume at midnight and take the day from there', () => {
    const start = epochSecondsOf('2026-05-04T20:00:00Z') * 1000;
    const capped = paused(constantArrivals(1 / 3600), 3, 'UTC', start);
    const hours = take(capped, 7).map(atMs => 20 + atMs / 3_600_000);
    expect(hours).toEqual([20, 21, 22, 24, 25, 26, 48]);
  });

  it('count visits, not time, when bounded', () => {
    const capped = paused(constantArrivals(1), 10, 'UTC', 0);
    expect(take(bounded(capped, { visits: 25, durationMs: undefined }), 100)).toHaveLength(25);
  });
});

describe('arrivals cut by day', () => {
  const day = 86_400_000;

  it('lose what is beyond a full day, and go on with what belongs to the next', () => {
    const cut = cutByDay(constantArrivals(1 / 3600), {
      visitsPerDay: 3,
      zone: zoneOf('UTC'),
      startEpochMs: 0,
    });
    expect(take(cut, 7).map(atMs => atMs / 3_600_000)).toEqual([0, 1, 2, 24, 25, 26, 48]);
  });

  it('are those of each calendar day of the zone that come first', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...midnights),
        fc.integer({ min: 1, max: 40 }),
        ({ zone, epochSeconds }, cap) => {
          const startEpochMs = epochSeconds * 1000 - day;
          const all = take(constantArrivals(1 / 1800), 200);
          const dateOf = (atMs: number) => localDate(zone, Math.floor((startEpochMs + atMs) / 1000));
          const ofDate = new Map<string, number>();
          const expected = all.filter(atMs => {
            const before = ofDate.get(dateOf(atMs)) ?? 0;
            ofDate.set(dateOf(atMs), before + 1);
            return before < cap;
          });
          const cut = cutByDay(constantArrivals(1 / 1800), {
            visitsPerDay: cap,
            zone: zoneOf(zone),
            startEpochMs,
          });
          expect(take(cut, expected.length)).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('end where the others end', () => {
    const some = bounded(constantArrivals(1), { visits: 5, durationMs: undefined });
    const cut = cutByDay(some, { visitsPerDay: 3, zone: zoneOf('UTC'), startEpochMs: 0 });
    expect(take(cut, 100)).toEqual([0, 1000, 2000]);
    expect(cut.next()).toBeUndefined();
  });
});
