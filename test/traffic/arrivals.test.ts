import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zoneOf } from '../../src/base/zone.ts';
import { type Arrivals, bounded, cappedByDay, constantArrivals } from '../../src/traffic/arrivals.ts';
import { epochSecondsOf, localDate } from '../base/local-time.ts';
import { type Midnight, midnights } from '../base/midnights.ts';

const anyRate = fc.oneof(
  fc.double({ min: 0.001, max: 1000, noNaN: true }),
  fc.constantFrom(1000 / 86_400, 20_000 / 86_400, 1 / 3, 7, 100),
);
/** What rounding to microseconds may cost, in ms. */
const ROUNDING = 0.000_51;

function take(arrivals: Arrivals, count: number): number[] {
  const taken: number[] = [];
  while (taken.length < count) {
    const atMs = arrivals.next();
    if (atMs === undefined) break;
    taken.push(atMs);
  }
  return taken;
}

describe('constant arrivals', () => {
  it('begin at once', () => {
    fc.assert(fc.property(anyRate, rate => constantArrivals(rate).next() === 0));
  });

  it('have the k-th at k / rate, never later than the one after', () => {
    fc.assert(
      fc.property(anyRate, rate => {
        const times = take(constantArrivals(rate), 300);
        const errors = times.map((atMs, k) => Math.abs(atMs - (k * 1000) / rate));
        expect(Math.max(...errors)).toBeLessThan(ROUNDING);
        expect(times).toEqual(times.toSorted((one, other) => one - other));
      }),
    );
  });

  it.each([20_000 / 86_400, 1 / 3, 7, 99.9])('do not drift over a million: %d a second', rate => {
    const arrivals = constantArrivals(rate);
    let worst = 0;
    for (let k = 0; k < 1_000_000; k++) {
      worst = Math.max(worst, Math.abs((arrivals.next() ?? 0) - (k * 1000) / rate));
    }
    expect(worst).toBeLessThan(ROUNDING);
  });
});

describe('bounded arrivals', () => {
  it('are at most so many, and then none for ever', () => {
    fc.assert(
      fc.property(anyRate, fc.nat(200), (rate, visits) => {
        const arrivals = bounded(constantArrivals(rate), { visits, durationMs: undefined });
        expect(take(arrivals, 1000)).toEqual(take(constantArrivals(rate), visits));
        expect([arrivals.next(), arrivals.next()]).toEqual([undefined, undefined]);
      }),
    );
  });

  it('never begin at the end of the time or after it, and leave none before it out', () => {
    fc.assert(
      fc.property(anyRate, fc.integer({ min: 1, max: 100 }), (rate, spacings) => {
        const durationMs = (spacings * 1000) / rate;
        const arrivals = bounded(constantArrivals(rate), { visits: undefined, durationMs });
        const times = take(arrivals, 1000);
        expect(times.every(atMs => atMs < durationMs)).toBe(true);
        expect(times).toEqual(take(constantArrivals(rate), 1000).filter(atMs => atMs < durationMs));
        expect(arrivals.next()).toBeUndefined();
      }),
    );
  });

  it('end by whichever bound comes first', () => {
    const with1 = bounded(constantArrivals(1), { visits: 3, durationMs: 10_000 });
    const with2 = bounded(constantArrivals(1), { visits: 30, durationMs: 2000 });
    expect(take(with1, 50)).toEqual([0, 1000, 2000]);
    expect(take(with2, 50)).toEqual([0, 1000]);
  });

  it('go on for ever without bounds', () => {
    const endless = bounded(constantArrivals(1), { visits: undefined, durationMs: undefined });
    expect(take(endless, 10_000)).toHaveLength(10_000);
  });
});

describe('arrivals capped by day', () => {
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
    const arrivals = cappedByDay(constantArrivals(1 / spacingSeconds), visitsPerDay, zoneOf(zone), startMs);
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
    const capped = cappedByDay(constantArrivals(1 / 3600), 25, zoneOf('Europe/Stockholm'), start);
    expect(take(capped, 200)).toEqual(take(constantArrivals(1 / 3600), 200));
  });

  it('resume at midnight and take the day from there', () => {
    const start = epochSecondsOf('2026-05-04T20:00:00Z') * 1000;
    const capped = cappedByDay(constantArrivals(1 / 3600), 3, zoneOf('UTC'), start);
    const hours = take(capped, 7).map(atMs => 20 + atMs / 3_600_000);
    expect(hours).toEqual([20, 21, 22, 24, 25, 26, 48]);
  });

  it('count visits, not time, when bounded', () => {
    const capped = cappedByDay(constantArrivals(1), 10, zoneOf('UTC'), 0);
    expect(take(bounded(capped, { visits: 25, durationMs: undefined }), 100)).toHaveLength(25);
  });
});
