import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Purpose, type Random, randomStream, weighted } from '../../src/base/random.ts';
import { chiSquare, tally, worstBy } from './chi-square.ts';

const anySeed = fc.maxSafeNat();
const anyNumber = fc.maxSafeNat();
const anyPurpose = fc.constantFrom(...Object.values(Purpose));
const anyStream = fc.tuple(anySeed, anyPurpose, anyNumber);

const draws = (random: Random, count: number) => Array.from({ length: count }, () => random.uint32());

describe('a random stream', () => {
  it('is always the same for the same seed, purpose and number', () => {
    fc.assert(
      fc.property(anyStream, stream => {
        expect(draws(randomStream(...stream), 20)).toEqual(draws(randomStream(...stream), 20));
      }),
    );
  });

  it('differs where the seed, the purpose or the number differs', () => {
    fc.assert(
      fc.property(anyStream, anyStream, (one, other) => {
        fc.pre(one.some((part, at) => part !== other[at]));
        expect(draws(randomStream(...one), 4)).not.toEqual(draws(randomStream(...other), 4));
      }),
    );
  });

  it.each([
    ['seeds', 1, 2 ** 32 + 1],
    ['seeds', 0, 2 ** 52],
    ['seeds', Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 1],
  ])('tells %s %i and %i apart, bits beyond the 32nd included', (_, one, other) => {
    const first = (seed: number, number: number) => draws(randomStream(seed, Purpose.Visit, number), 4);
    expect(first(one, 0)).not.toEqual(first(other, 0));
    expect(first(0, one)).not.toEqual(first(0, other));
  });

  it('is not moved by draws from another stream', () => {
    const alone = draws(randomStream(5, Purpose.Visit, 9), 10);
    const [drawn, beside] = [randomStream(5, Purpose.Visit, 9), randomStream(5, Purpose.Visitor, 9)];
    const mixed = Array.from({ length: 10 }, () => {
      beside.uint32();
      return drawn.uint32();
    });
    expect(mixed).toEqual(alone);
  });
});

describe('a draw', () => {
  it('is always a whole number of 32 bits', () => {
    fc.assert(
      fc.property(anyStream, stream => {
        for (const drawn of draws(randomStream(...stream), 50)) {
          expect(Number.isInteger(drawn) && drawn >= 0 && drawn < 2 ** 32).toBe(true);
        }
      }),
    );
  });

  it('of a unit is always at least 0 and below 1', () => {
    fc.assert(
      fc.property(anyStream, stream => {
        const random = randomStream(...stream);
        for (let at = 0; at < 50; at++) {
          const drawn = random.unit();
          expect(drawn >= 0 && drawn < 1).toBe(true);
        }
      }),
    );
  });

  it('of an integer is always whole and inside both ends', () => {
    const ends = fc.tuple(
      fc.integer({ min: -1_000_000, max: 1_000_000 }),
      fc.integer({ min: 0, max: 1_000_000 }),
    );
    fc.assert(
      fc.property(anyStream, ends, (stream, [min, more]) => {
        const random = randomStream(...stream);
        for (let at = 0; at < 20; at++) {
          const drawn = random.integer(min, min + more);
          expect(Number.isInteger(drawn) && drawn >= min && drawn <= min + more).toBe(true);
        }
      }),
    );
  });

  it('of an integer reaches both ends', () => {
    const random = randomStream(1, Purpose.Visit, 0);
    const drawn = new Set(Array.from({ length: 200 }, () => random.integer(3, 6)));
    expect(drawn).toEqual(new Set([3, 4, 5, 6]));
  });

  it('between two numbers is always inside them, also where they are equal', () => {
    const ends = fc.tuple(
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      fc.double({ min: 0, max: 1e6, noNaN: true }),
    );
    fc.assert(
      fc.property(anyStream, ends, (stream, [min, more]) => {
        const drawn = randomStream(...stream).between(min, min + more);
        expect(drawn >= min && drawn <= min + more).toBe(true);
      }),
    );
  });

  it('by chance never happens with probability 0 and always with 1', () => {
    fc.assert(
      fc.property(anyStream, stream => {
        const random = randomStream(...stream);
        for (let at = 0; at < 50; at++) {
          expect(random.chance(0)).toBe(false);
          expect(random.chance(1)).toBe(true);
        }
      }),
    );
  });
});

describe('draws are even', () => {
  const times = 100_000;
  const even = (cells: number) => new Array<number>(cells).fill(1);

  it('within one stream', () => {
    const random = randomStream(2024, Purpose.Visit, 0);
    const seen = tally(10, times, () => random.integer(0, 9));
    expect(chiSquare(seen, even(10))).toBeLessThan(worstBy[9]);
  });

  it.each(Object.entries(Purpose))('over the first draws of the streams of all numbers: %s', (_, purpose) => {
    const seen = tally(16, times, number => randomStream(7, purpose, number).uint32() >>> 28);
    expect(chiSquare(seen, even(16))).toBeLessThan(worstBy[15]);
  });

  it('over the first draws of the streams of all seeds', () => {
    const seen = tally(16, times, seed => randomStream(seed, Purpose.Visit, 0).uint32() >>> 28);
    expect(chiSquare(seen, even(16))).toBeLessThan(worstBy[15]);
  });

  it('over pairs of draws of neighbouring streams', () => {
    const first = (number: number) => randomStream(11, Purpose.Visit, number).uint32() >>> 30;
    const seen = tally(16, times / 2, pair => first(pair * 2) * 4 + first(pair * 2 + 1));
    expect(chiSquare(seen, even(16))).toBeLessThan(worstBy[15]);
  });

  it.each([0.05, 0.3, 0.5, 0.97])('by chance: %d happens as often as it says', probability => {
    const random = randomStream(3, Purpose.Visit, 1);
    const seen = tally(2, times, () => (random.chance(probability) ? 1 : 0));
    expect(chiSquare(seen, [1 - probability, probability])).toBeLessThan(worstBy[1]);
  });
});

describe('a weighted draw', () => {
  it('takes each row by its weight', () => {
    const weights = [0.5, 1, 2, 3, 5, 8, 13, 21, 34, 55];
    const draw = weighted([...weights.keys()], row => weights[row] ?? 0);
    const random = randomStream(99, Purpose.Visit, 0);
    expect(
      chiSquare(
        tally(10, 100_000, () => draw(random)),
        weights,
      ),
    ).toBeLessThan(worstBy[9]);
  });

  it('is the first row up to which there is more than the number says', () => {
    const rows = fc.array(fc.double({ min: 1e-9, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });
    const numbers = fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(rows, numbers, (weights, uint32s) => {
        const draw = weighted([...weights.keys()], row => weights[row] ?? 0);
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        // Where a table of as many parts as rows would be wrong first: at the ends of its parts.
        const ends = weights.map((_, part) => Math.round((part / weights.length) * 2 ** 32));
        const around = ends.flatMap(end => [Math.max(0, end - 1), end, end + 1]);
        for (const unit of [...around, 2 ** 32 - 1, ...uint32s].map(uint32 => uint32 / 2 ** 32)) {
          let sum = 0;
          const row = weights.findIndex(weight => {
            sum += weight;
            return sum > unit * total;
          });
          expect(draw({ unit: () => unit } as Random)).toBe(row < 0 ? weights.length - 1 : row);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('never takes a row without weight', () => {
    const rows = fc
      .array(fc.constantFrom(0, 0, -1, 1, 5), { minLength: 1, maxLength: 12 })
      .filter(weights => weights.some(weight => weight > 0));
    fc.assert(
      fc.property(anyStream, rows, (stream, weights) => {
        const random = randomStream(...stream);
        const draw = weighted([...weights.keys()], row => weights[row] ?? 0);
        for (let at = 0; at < 30; at++) expect(weights[draw(random)]).toBeGreaterThan(0);
      }),
    );
  });

  it('always takes one random number, so that the rows do not move what is drawn after', () => {
    fc.assert(
      fc.property(anyStream, fc.integer({ min: 1, max: 50 }), (stream, rows) => {
        const [weightedly, plainly] = [randomStream(...stream), randomStream(...stream)];
        weighted(new Array(rows).fill('row'), () => 1)(weightedly);
        plainly.uint32();
        expect(weightedly.uint32()).toBe(plainly.uint32());
      }),
    );
  });

  it('cannot be made where no row has a weight', () => {
    expect(() => weighted([], () => 1)).toThrow(RangeError);
    expect(() => weighted(['row'], () => 0)).toThrow(RangeError);
  });
});
