import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Purpose, type Random, randomStream } from '../../src/base/random.ts';
import { FEWEST_PAIRS } from '../../src/run/paired-bootstrap.ts';
import { type Measured, unpairedBootstrap } from '../../src/run/unpaired-bootstrap.ts';

const stream = (number: number) => randomStream(7, Purpose.Comparison, number);
const TRIALS = 200;

const times = (amounts: readonly number[]): Measured[] => amounts.map(amount => ({ amount, base: 1 }));

const anySeries = fc.array(
  fc.record({ amount: fc.double({ min: 0.1, max: 1e6, noNaN: true }), base: fc.integer({ min: 1, max: 9 }) }),
  {
    minLength: FEWEST_PAIRS,
    maxLength: 60,
  },
);

/** A latency of about 20 with a long tail, of which some stays from one slice to the next. */
function noise(random: Random, length: number, staying = 0): Measured[] {
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit());
  let level = normal();
  return times(
    Array.from({ length }, () => {
      level = staying * level + Math.sqrt(1 - staying ** 2) * normal();
      return 20 * Math.exp(0.5 * level);
    }),
  );
}

const slower = (series: readonly Measured[], factor: number) =>
  series.map(({ amount, base }) => ({ amount: amount * factor, base }));

/** Of 200 times two runs: how often they are called different. */
function foundDifferent(lengths: readonly [number, number], staying: number, factor: number): number {
  let found = 0;
  for (let trial = 0; trial < TRIALS; trial++) {
    const random = randomStream(trial, Purpose.Visit, lengths[0]);
    const [first, second] = lengths.map(length => noise(random, length, staying));
    const verdict = unpairedBootstrap(first ?? [], slower(second ?? [], factor), stream(trial))?.verdict;
    if (verdict !== 'same') found++;
  }
  return found;
}

describe('the unpaired bootstrap', () => {
  it.each([
    [12, 12],
    [12, 60],
    [60, 60],
  ])('mistakes independent noise for a difference at most one time in 20: %d slices and %d', (one, other) => {
    expect(foundDifferent([one, other], 0, 1)).toBeLessThanOrEqual(13);
  });

  it('does so hardly more often where noise lasts', () => {
    expect(foundDifferent([60, 60], 0.5, 1)).toBeLessThanOrEqual(22);
  });

  it('finds what is half as slow again, in a minute', () => {
    expect(foundDifferent([60, 60], 0, 1.5)).toBeGreaterThanOrEqual(190);
  });

  it('never calls runs different that are steady and equal, and always those twice as slow', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 1e6, noNaN: true }),
        fc.integer({ min: 12, max: 80 }),
        fc.nat(),
        (value, length, number) => {
          const steady = times(new Array<number>(length).fill(value));
          // Sums of the same number are the same but for their last digits.
          const few = steady.slice(0, 12);
          expect(unpairedBootstrap(steady, few, stream(number), 1e-9)?.verdict).toBe('same');
          const found = unpairedBootstrap(steady, slower(steady, 2), stream(number));
          expect(found?.verdict).toBe('more');
          for (const end of found?.interval ?? []) expect(end).toBeCloseTo(2, 6);
          expect(unpairedBootstrap(slower(steady, 2), steady, stream(number))?.verdict).toBe('less');
        },
      ),
      { numRuns: 15 },
    );
  });

  it('gives an interval around the ratio of the means, and the same one again for the same stream', () => {
    fc.assert(
      fc.property(anySeries, fc.nat(), (series, number) => {
        const found = unpairedBootstrap(series, slower(series, 3), stream(number));
        const [low = Number.NaN, high = Number.NaN] = found?.interval ?? [];
        expect(low).toBeLessThanOrEqual(3 * (1 + 1e-9));
        expect(high).toBeGreaterThanOrEqual(3 * (1 - 1e-9));
        expect(unpairedBootstrap(series, slower(series, 3), stream(number))).toEqual(found);
      }),
      { numRuns: 20 },
    );
  });

  it('weighs slices by what was counted in them', () => {
    // One error in ten hits a slice, and now and then a slice of a hundred hits without any.
    const mixed = Array.from({ length: 60 }, (_, at) =>
      at % 2 === 0 ? { amount: 1, base: 10 } : { amount: 0, base: 90 },
    );
    const even = Array.from({ length: 60 }, () => ({ amount: 1, base: 100 }));
    expect(unpairedBootstrap(even, mixed, stream(1))?.verdict).toBe('same');
  });

  it('takes one bad moment for no difference, and many for one', () => {
    const calm = times(new Array<number>(60).fill(0));
    const bad = (moments: number) =>
      times(Array.from({ length: 60 }, (_, at) => (at % Math.floor(60 / moments) === 0 ? 5 : 0)));
    expect(unpairedBootstrap(calm, bad(1), stream(1))).toEqual({ interval: null, verdict: 'same' });
    expect(unpairedBootstrap(calm, bad(12), stream(1))?.verdict).toBe('more');
    expect(unpairedBootstrap(calm, calm, stream(1))?.verdict).toBe('same');
  });

  it('says nothing where one has fewer than 12 slices', () => {
    expect(unpairedBootstrap(noise(stream(1), 11), noise(stream(2), 60), stream(3))).toBeUndefined();
    expect(unpairedBootstrap(noise(stream(1), 60), [], stream(3))).toBeUndefined();
  });
});
