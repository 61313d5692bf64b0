import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Purpose, randomStream } from '../../../src/base/random.ts';
import { zoneOf } from '../../../src/base/zone.ts';
import { weekCurve } from '../../../src/data/week-curve.ts';
import { evenArrivals, poissonArrivals } from '../../../src/traffic/arrivals/arrivals.ts';
import { bounded } from '../../../src/traffic/arrivals/bounded.ts';
import { curvePace, peakOf } from '../../../src/traffic/arrivals/curve.ts';
import { chiSquare, worstOf } from '../../base/chi-square.ts';
import { epochSecondsOf, localTime } from '../../base/local-time.ts';
import { midnights } from '../../base/midnights.ts';
import { take } from './take.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface Given {
  readonly weights: readonly number[];
  readonly zone?: string;
  readonly start: string;
  readonly visitsPerDay?: number;
}

function paceOf({ weights, zone = 'Europe/Stockholm', start, visitsPerDay = 20_000 }: Given) {
  return curvePace(weights, {
    zone: zoneOf(zone),
    startEpochMs: epochSecondsOf(start) * 1000,
    visitsPerSecond: visitsPerDay / 86_400,
  });
}

/** Visits of each hour on the wall, as the runtime tells it: `2026-03-29 03`. */
function byHour(times: readonly number[], { zone = 'Europe/Stockholm', start }: Given): Map<string, number> {
  const counts = new Map<string, number>();
  for (const atMs of times) {
    const hour = localTime(zone, Math.floor(epochSecondsOf(start) + atMs / 1000)).slice(0, 13);
    counts.set(hour, (counts.get(hour) ?? 0) + 1);
  }
  return counts;
}

/** 0 to 167 of `2026-03-29 03`. */
function hourOfWeek(hour: string): number {
  const day = (new Date(`${hour.slice(0, 10)}T00:00:00Z`).getUTCDay() + 6) % 7;
  return day * 24 + Number(hour.slice(11));
}

const dayCurve = Array.from({ length: 24 }, (_, hour) => 1 + hour);

describe('the hourly shares of 20,000 visits', () => {
  const week = { weights: weekCurve, start: '2026-05-03T22:00:00Z', visitsPerDay: 20_000 / 7 };

  it('follow the weights of a week', () => {
    const times = take(evenArrivals(paceOf(week)), 20_000);
    const counts = byHour(times, week);
    expect(counts.size).toBe(168);
    const seen = weekCurve.map(() => 0);
    for (const [hour, count] of counts) seen[hourOfWeek(hour)] = count;
    expect(chiSquare(seen, weekCurve)).toBeLessThan(worstOf(167));
    // Not by chance: no hour is off by more than a visit at each end of it.
    const unit = 20_000 / weekCurve.reduce((sum, weight) => sum + weight, 0);
    for (const [hour, weight] of weekCurve.entries()) {
      expect(Math.abs((seen[hour] ?? 0) - weight * unit)).toBeLessThanOrEqual(1);
    }
  });

  it('follow them with Poisson gaps, too', () => {
    const arrivals = poissonArrivals(paceOf(week), randomStream(5, Purpose.Arrivals, 0));
    const seen = weekCurve.map(() => 0);
    for (const [hour, count] of byHour(take(arrivals, 19_000), week)) seen[hourOfWeek(hour)] = count;
    // 19,000 end before the week does, or chance would bring some into the next: only the hours they fill are compared.
    const whole = seen.findLastIndex(count => count > 0);
    expect(whole).toBeGreaterThan(140);
    const statistic = chiSquare(seen.slice(0, whole), weekCurve.slice(0, whole));
    expect(statistic).toBeLessThan(worstOf(whole - 1));
    expect(statistic).toBeGreaterThan(worstOf(whole - 1) / 4);
  });

  it.each([
    [
      'the day of 23 hours',
      '2026-03-28T23:00:00Z',
      '2026-03-29',
      23,
      dayCurve.map((w, h) => (h === 2 ? 0 : w)),
    ],
    [
      'the day of 25 hours',
      '2026-10-24T22:00:00Z',
      '2026-10-25',
      25,
      dayCurve.map((w, h) => (h === 2 ? 2 * w : w)),
    ],
  ])('follow them on %s of Europe/Stockholm', (_, start, date, hours, expected) => {
    const sum = (weights: readonly number[]) => weights.reduce((all, weight) => all + weight, 0);
    // At this rate the day has 20,000: less than the mean day by its skipped hour, or more by the repeated one.
    const day = { weights: dayCurve, start, visitsPerDay: (20_000 * sum(dayCurve)) / sum(expected) };
    const times = take(evenArrivals(paceOf(day)), 20_000);
    const counts = byHour(times, day);
    expect([...counts.keys()].every(hour => hour.startsWith(date))).toBe(true);
    const seen = dayCurve.map((_, hour) => counts.get(`${date} ${String(hour).padStart(2, '0')}`) ?? 0);
    expect(seen[2] === 0).toBe(hours === 23);
    const there = expected.flatMap((weight, hour) => (weight > 0 ? [hour] : []));
    expect(
      chiSquare(
        there.map(hour => seen[hour] ?? 0),
        there.map(hour => expected[hour] ?? 0),
      ),
    ).toBeLessThan(worstOf(there.length - 1));
    expect(times.at(-1)).toBeLessThan(hours * HOUR_MS);
    expect(times.at(-1)).toBeGreaterThan((hours - 0.01) * HOUR_MS);
  });

  it('are those of each pass through the repeated hour alike', () => {
    const day = { weights: dayCurve, start: '2026-10-24T22:00:00Z' };
    const times = take(evenArrivals(paceOf(day)), 20_000);
    const between = (from: number, to: number) =>
      times.filter(atMs => atMs >= from * HOUR_MS && atMs < to * HOUR_MS).length;
    // 02:00 to 03:00 are the third and the fourth hour of this day.
    expect(Math.abs(between(2, 3) - between(3, 4))).toBeLessThanOrEqual(1);
  });
});

describe('the rate of a curve', () => {
  const anyWeights = fc
    .tuple(fc.constantFrom(24, 168), fc.infiniteStream(fc.nat(100)))
    .map(([length, stream]) =>
      [...stream.take(length)].map((weight, at) => (at === 9 ? weight + 1 : weight)),
    );

  it('is the mean of a week without a change of clocks, whenever it begins', () => {
    fc.assert(
      fc.property(
        anyWeights,
        fc.nat(7 * 86_400),
        fc.integer({ min: 1, max: 5000 }),
        (weights, begin, perDay) => {
          const pace = curvePace(weights, {
            zone: zoneOf('Europe/Stockholm'),
            startEpochMs: (epochSecondsOf('2026-05-04T00:00:00Z') + begin) * 1000,
            visitsPerSecond: perDay / 86_400,
          });
          const week = bounded(evenArrivals(pace), { visits: undefined, durationMs: 7 * DAY_MS });
          expect(Math.abs(take(week, 1_000_000).length - 7 * perDay)).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is that of the mean day where hours of a day are given, so that 23 hours have less', () => {
    const visitsOn = (start: string, hours: number) =>
      take(
        bounded(evenArrivals(paceOf({ weights: dayCurve, start, visitsPerDay: 3000 })), {
          visits: undefined,
          durationMs: hours * HOUR_MS,
        }),
        10_000,
      ).length;
    // The weights are 1 to 24, 300 in all, and that of the hour from 02:00 is 3: ten visits a weight.
    expect(visitsOn('2026-05-04T22:00:00Z', 24)).toBe(3000);
    expect(visitsOn('2026-03-28T23:00:00Z', 23)).toBe(2970);
    expect(visitsOn('2026-10-24T22:00:00Z', 25)).toBe(3030);
  });

  it('begins in the middle of an hour with what is left of it', () => {
    const weights = dayCurve.map((_, hour) => (hour === 10 ? 1 : 0));
    // 24 visits in the one hour, evenly: one every 150 s.
    const pace = paceOf({ weights, zone: 'UTC', start: '2026-05-04T10:55:00Z', visitsPerDay: 24 });
    expect(take(evenArrivals(pace), 4)).toEqual([0, 150_000, 23 * HOUR_MS + 300_000, 23 * HOUR_MS + 450_000]);
  });

  it('is nothing in an hour without weight: the next visit waits for the hour that has one', () => {
    const weights = dayCurve.map((_, hour) => (hour === 12 ? 5 : 0));
    const pace = paceOf({ weights, zone: 'Asia/Kathmandu', start: '2026-05-04T00:00:00Z', visitsPerDay: 2 });
    // Noon there is at 06:15 UTC.
    expect(take(evenArrivals(pace), 4).map(atMs => atMs / HOUR_MS)).toEqual([6.25, 6.75, 30.25, 30.75]);
  });

  it('never lets visits go back, in any zone, over any change of clocks', () => {
    fc.assert(
      fc.property(fc.constantFrom(...midnights), anyWeights, ({ zone, epochSeconds }, weights) => {
        const pace = curvePace(weights, {
          zone: zoneOf(zone),
          startEpochMs: epochSeconds * 1000 - DAY_MS + 0.5,
          visitsPerSecond: 0.002,
        });
        const times = take(evenArrivals(pace), 400);
        expect(times).toEqual(times.toSorted((one, other) => one - other));
        for (const atMs of times) {
          const hour = localTime(zone, Math.floor(epochSeconds - 86_400 + (atMs + 0.5) / 1000)).slice(0, 13);
          expect(weights[hourOfWeek(hour) % weights.length]).toBeGreaterThan(0);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is none where there is no weight', () => {
    expect(() => paceOf({ weights: dayCurve.map(() => 0), start: '2026-05-04T00:00:00Z' })).toThrow(
      RangeError,
    );
  });

  it('has its peak above the mean', () => {
    expect(peakOf([1, 1, 1, 1])).toBe(1);
    expect(peakOf([0, 0, 3, 1])).toBe(3);
  });
});

describe('the built-in week', () => {
  const days = Array.from({ length: 7 }, (_, day) => weekCurve.slice(day * 24, day * 24 + 24));
  const mean = weekCurve.reduce((sum, weight) => sum + weight, 0) / 168;
  const busiest = (day: readonly number[], from: number, to: number) => {
    const hours = day.slice(from, to);
    return from + hours.indexOf(Math.max(...hours));
  };

  it('has an hour for each of a week', () => expect(weekCurve).toHaveLength(168));

  it('is quiet at night', () => {
    for (const day of days) for (const weight of day.slice(1, 6)) expect(weight).toBeLessThan(mean / 3);
  });

  it('has a peak at lunch and another in the evening, from Monday to Thursday and on Sunday', () => {
    for (const day of days.slice(0, 4)) {
      expect(busiest(day, 6, 16)).toBe(12);
      expect(busiest(day, 16, 24)).toBe(20);
    }
    expect(busiest(days[6] ?? [], 6, 15)).toBe(12);
    expect(busiest(days[6] ?? [], 15, 24)).toBe(20);
  });

  it('begins later at the weekend', () => {
    for (const day of days.slice(5)) {
      for (const hour of [6, 7, 8, 9]) expect(day[hour]).toBeLessThan(days[0]?.[hour] ?? 0);
    }
  });
});
