import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** A seeded stream of random numbers; no draw allocates. */
export interface Random {
  /** 0 to 2^32 − 1. */
  uint32(): number;
  /** 0 ≤ x < 1, in steps of 2^−32. */
  unit(): number;
  /** Whole; both ends belong. The bias is below (max − min) / 2^32. */
  integer(min: number, max: number): number;
  /** min ≤ x < max, or both where they are equal. */
  between(min: number, max: number): number;
  chance(probability: number): boolean;
}

/** What a stream is for. Streams of different purposes are independent, so that one more draw in one moves no other. */
export const Purpose = {
  Visitor: 1,
  Visit: 2,
  Comparison: 3,
  Arrivals: 4,
  Extra: 5,
  Funnel: 6,
  Return: 7,
  Gaps: 8,
} as const;
export type Purpose = (typeof Purpose)[keyof typeof Purpose];

/**
 * The stream that belongs to (seed, purpose, number), the same on any machine.
 *
 * @param seed whole, 0 to 2^53 − 1
 * @param number whole, 0 to 2^53 − 1; for example a visit's index
 */
export function randomStream(seed: number, purpose: Purpose, number: number): Random {
  let a = mix32(seed >>> 0, 0x9e3779b9);
  a = mix32(a ^ Math.floor(seed / 0x1_0000_0000), 0x85ebca6b);
  a = mix32(a ^ purpose, 0xc2b2ae35);
  a = mix32(a ^ (number >>> 0), 0x27d4eb2f);
  a = mix32(a ^ Math.floor(number / 0x1_0000_0000), 0x165667b1);
  // Two runs through the words: 64 bits that tell (seed, purpose, number) apart, spread over the 128 of the state.
  let b = mix32((number >>> 0) ^ 0x6a09e667, seed >>> 0);
  b = mix32(b ^ a, purpose);
  const c = mix32(a ^ 0x3c6ef372, b);
  const d = mix32(b ^ 0xa54ff53a, c);
  return new Stream(xoroshiro128plusFromState([a, b, c, d | 1]));
}

/** MurmurHash3's finaliser over `value` and a salt: every input bit changes about half of the output bits. */
export function mix32(value: number, salt: number): number {
  let h = (value + salt) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

class Stream implements Random {
  readonly #generator: RandomGenerator;

  constructor(generator: RandomGenerator) {
    this.#generator = generator;
  }

  uint32(): number {
    return this.#generator.next() >>> 0;
  }

  unit(): number {
    return (this.#generator.next() >>> 0) / 0x1_0000_0000;
  }

  integer(min: number, max: number): number {
    return min + Math.floor(this.unit() * (max - min + 1));
  }

  between(min: number, max: number): number {
    return min + this.unit() * (max - min);
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }
}

/**
 * Prepares drawing one of `rows` by weight. A draw takes one random number, and a binary search among the few rows that a
 * number as large can mean: in a table of thousands most steps of a search would be to memory that is not at hand.
 *
 * @throws RangeError where no row has a weight above 0
 */
export function weighted<T>(rows: readonly T[], weight: (row: T) => number): (random: Random) => T {
  const drawn = rows.filter(row => weight(row) > 0);
  const sums = new Float64Array(drawn.length);
  let total = 0;
  drawn.forEach((row, at) => {
    total += weight(row);
    sums[at] = total;
  });
  if (total === 0) throw new RangeError('nothing to draw from: no weight is above 0');
  const count = drawn.length;
  // Of that many equal parts of the whole, the row in which each begins.
  const firstOfPart = new Uint32Array(count + 1);
  for (let part = 1, row = 0; part <= count; part++) {
    const start = (part / count) * total;
    while (row < count - 1 && (sums[row] as number) <= start) row++;
    firstOfPart[part] = row;
  }
  return random => {
    const unit = random.unit();
    const wanted = unit * total;
    const part = Math.floor(unit * count);
    let low = firstOfPart[part] as number;
    let high = firstOfPart[part + 1] as number;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] as number) > wanted) high = middle;
      else low = middle + 1;
    }
    return drawn[low] as T;
  };
}
