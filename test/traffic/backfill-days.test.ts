import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstSecond, localDay, zoneOf } from '../../src/base/zone.ts';
import { weekCurve } from '../../src/data/week-curve.ts';
import { backfillDays, type DaysSetting, dayNumber, momentsIn } from '../../src/traffic/backfill-days.ts';

const plain: DaysSetting = {
  firstDay: '2026-03-20',
  lastDay: '2026-04-18',
  visitsPerDay: 200,
  maxVisits: undefined,
  growthPerWeek: 0,
  weights: undefined,
};

const zones = [
  'UTC',
  'Europe/Stockholm',
  'America/Santiago',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'UTC-3.5',
];

const anySetting = fc.record({
  firstDay: fc.integer({ min: 18_000, max: 20_500 }).map(textOf),
  count: fc.integer({ min: 1, max: 60 }),
  visitsPerDay: fc.integer({ min: 1, max: 300 }),
  growthPerWeek: fc.constantFrom(0, 0.02, -0.1, 1),
  weights: fc.constantFrom(undefined, weekCurve),
  maxVisits: fc.option(fc.integer({ min: 1, max: 2000 }), { nil: undefined }),
});

function textOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

describe('the days of a backfill', () => {
  it('have exactly the visits that are asked for', () => {
    const days = backfillDays(plain);
    expect(days.dates).toHaveLength(30);
    expect([days.dates[0], days.dates[29]]).toEqual(['2026-03-20', '2026-04-18']);
    expect(days.dates.map((_, day) => days.visitsOf(day))).toEqual(new Array(30).fill(200));
  });

  it('end where the most visits are reached', () => {
    const days = backfillDays({ ...plain, maxVisits: 450 });
    expect(days.dates.map((_, day) => days.visitsOf(day)).slice(0, 4)).toEqual([200, 200, 50, 0]);
    expect(days.visits).toBe(450);
  });

  it('grow from week to week', () => {
    const days = backfillDays({ ...plain, growthPerWeek: 0.1 });
    expect([0, 6, 7, 13, 14, 28].map(day => days.visitsOf(day))).toEqual([200, 200, 220, 220, 242, 293]);
  });

  it('follow the days of a week by its curve, which leaves the week as large', () => {
    const days = backfillDays({ ...plain, weights: weekCurve });
    const week = days.dates.slice(0, 7).map((_, day) => days.visitsOf(day));
    expect(week.reduce((sum, visits) => sum + visits)).toBe(1400);
    // A Friday, then the weekend, then a Monday.
    expect(week[1]).toBeLessThan(week[3] as number);
  });

  it('are told by the clock of each zone, in order, and on the day they are counted for', () => {
    fc.assert(
      fc.property(anySetting, fc.constantFrom(...zones), ({ count, ...some }, name) => {
        const setting = { ...some, lastDay: textOf(dayNumber(some.firstDay) + count - 1) };
        const zone = zoneOf(name);
        const days = backfillDays(setting);
        const momentOf = momentsIn(zone, days, setting);
        const counts = new Array(count).fill(0);
        const misplaced: number[] = [];
        let last = Number.NEGATIVE_INFINITY;
        for (let index = 0; index < days.visits; index++) {
          const moment = momentOf(index);
          const day = localDay(zone, moment) - dayNumber(setting.firstDay);
          if (moment < last || day !== days.dayOf(index)) misplaced.push(index);
          last = moment;
          counts[day]++;
        }
        expect(misplaced).toEqual([]);
        expect(counts).toEqual(days.dates.map((_, day) => days.visitsOf(day)));
      }),
      { numRuns: 60 },
    );
  });

  it('end now where the last is today', () => {
    const zone = zoneOf('Europe/Stockholm');
    const latest = firstSecond(zone, dayNumber('2026-04-18')) + 3600;
    const days = backfillDays(plain);
    const momentOf = momentsIn(zone, days, plain, latest);
    expect(momentOf(days.visits - 1)).toBeLessThan(latest);
    expect(momentOf(days.visits - 200)).toBeGreaterThanOrEqual(latest - 3600);
    // The days before are not touched.
    expect(momentOf(days.visits - 201)).toBe(momentsIn(zone, days, plain)(days.visits - 201));
  });

  it('do not exist out of the calendar', () => {
    expect(() => backfillDays({ ...plain, lastDay: '2026-03-19' })).toThrow(RangeError);
    expect(() => backfillDays({ ...plain, firstDay: 'soon' })).toThrow(RangeError);
  });
});
