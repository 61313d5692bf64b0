import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evenArrivals } from '../../../src/traffic/arrivals/arrivals.ts';
import {
  type Stage,
  secondsOfStages,
  stagesPace,
  visitsOfStages,
} from '../../../src/traffic/arrivals/stages.ts';
import { ROUNDING, take } from './take.ts';

const stage = (durationSeconds: number, fromRate: number, toRate = fromRate): Stage => ({
  durationSeconds,
  fromRate,
  toRate,
});
const arrive = (...stages: Stage[]) => take(evenArrivals(stagesPace(stages)), 100_000);

describe('stages', () => {
  it('at one rate are what constant arrivals are', () => {
    expect(arrive(stage(2, 4))).toEqual([0, 250, 500, 750, 1000, 1250, 1500, 1750]);
    expect(arrive(stage(1, 2), stage(1, 4))).toEqual([0, 500, 1000, 1250, 1500, 1750]);
  });

  it('that rise have the k-th visit where the area below the line is k', () => {
    // From 0 to 8 a second in 2 s: 2 t² visits.
    expect(arrive(stage(2, 0, 8))).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map(visits => expect.closeTo(Math.sqrt(visits / 2) * 1000, 2)),
    );
  });

  it('that fall are those that rise, seen from the end', () => {
    const up = arrive(stage(10, 2, 9));
    const down = arrive(stage(10, 9, 2));
    // 55 visits: the k-th of one is the one before which 55 − k of the other have come.
    expect(down.slice(1)).toEqual(
      up
        .slice(1)
        .map(atMs => expect.closeTo(10_000 - atMs, 2))
        .reverse(),
    );
  });

  it('of 1 s at 10/s and 2 s from 10/s to 40/s are 60 visits, 10 and 20 and 30 in their seconds', () => {
    const times = arrive(stage(1, 10), stage(2, 10, 40));
    const inSecond = (second: number) => times.filter(atMs => Math.floor(atMs / 1000) === second).length;
    // The line has come to 25 a second after one: 17.5 visits, of which the first comes at once.
    expect([times.length, inSecond(0), inSecond(1), inSecond(2)]).toEqual([60, 10, 18, 32]);
  });

  it.each([
    [[stage(300, 100 / 60), stage(600, 100 / 60, 600 / 60)], 4000],
    [[stage(600, 100 / 60)], 1000],
    [[stage(86_400, 20_000 / 86_400)], 20_000],
    [[stage(7, 1 / 7), stage(7, 1 / 7), stage(7, 1 / 7)], 3],
    [[stage(0.1, 3), stage(0.2, 3)], 1],
  ])('come to whole numbers without one too many: %j', (stages, visits) => {
    expect(visitsOfStages(stages)).toBeCloseTo(visits, 0);
    expect(arrive(...stages)).toHaveLength(visits);
  });

  it('without visits are a pause, at the beginning and between others', () => {
    expect(arrive(stage(5, 0), stage(1, 2), stage(10, 0), stage(1, 2), stage(3, 0))).toEqual([
      5000, 5500, 16_000, 16_500,
    ]);
  });

  const rate = fc.oneof(
    fc.constant(0),
    fc.double({ min: 0.01, max: 50, noNaN: true }),
    fc.integer({ min: 1, max: 3000 }).map(each => each / 60),
  );
  const anyStages = fc.array(
    fc.record({
      durationSeconds: fc.oneof(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0.1, max: 60, noNaN: true }),
      ),
      fromRate: rate,
      toRate: rate,
    }),
    { minLength: 1, maxLength: 6 },
  );

  it('never decrease, end in time, and have each visit when its number has come', () => {
    fc.assert(
      fc.property(anyStages, stages => {
        const times = arrive(...stages);
        const endMs = secondsOfStages(stages) * 1000;
        expect(times).toHaveLength(Math.ceil(visitsOfStages(stages)));
        expect(times).toEqual(times.toSorted((one, other) => one - other));
        expect(times.at(-1) ?? 0).toBeLessThanOrEqual(endMs + ROUNDING);
        // Half a microsecond of rounding is at most so many visits.
        const errors = times.map((atMs, visits) => Math.abs(visitsOfStages(stages, atMs / 1000) - visits));
        expect(Math.max(0, ...errors)).toBeLessThan(0.001);
      }),
      { numRuns: 100 },
    );
  });

  it('cut short have the visits of the time before', () => {
    fc.assert(
      fc.property(anyStages, fc.double({ min: 0, max: 1, noNaN: true }), (stages, part) => {
        const untilSeconds = secondsOfStages(stages) * part;
        const before = visitsOfStages(stages, untilSeconds);
        const times = arrive(...stages).filter(atMs => atMs < untilSeconds * 1000);
        expect(Math.abs(times.length - before)).toBeLessThanOrEqual(1.001);
      }),
    );
  });
});
