import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Purpose, randomStream } from '../../../src/base/random.ts';
import {
  type Arrivals,
  constantArrivals,
  evenArrivals,
  poissonArrivals,
} from '../../../src/traffic/arrivals/arrivals.ts';
import { bounded } from '../../../src/traffic/arrivals/bounded.ts';
import { steadyPace } from '../../../src/traffic/arrivals/pace.ts';
import { type Stage, stagesPace, visitsOfStages } from '../../../src/traffic/arrivals/stages.ts';
import { chiSquare, worstBy } from '../../base/chi-square.ts';
import { ROUNDING, take } from './take.ts';

const anyRate = fc.oneof(
  fc.double({ min: 0.001, max: 1000, noNaN: true }),
  fc.constantFrom(1000 / 86_400, 20_000 / 86_400, 1 / 3, 7, 100),
);

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

describe('Poisson arrivals', () => {
  const poisson = (visitsPerSecond: number, seed: number): Arrivals =>
    poissonArrivals(steadyPace(visitsPerSecond), randomStream(seed, Purpose.Arrivals, 0));

  it('never decrease, and are the same with the same seed only', () => {
    fc.assert(
      fc.property(anyRate, fc.nat(), (rate, seed) => {
        const times = take(poisson(rate, seed), 200);
        expect(times).toEqual(times.toSorted((one, other) => one - other));
        expect(times).toEqual(take(poisson(rate, seed), 200));
        expect(times).not.toEqual(take(poisson(rate, seed + 1), 200));
      }),
      { numRuns: 50 },
    );
  });

  const seconds = take(poisson(5, 1), 100_000).map(atMs => atMs / 1000);

  it('have exponential gaps, the one before the first too: as many in each sixteenth of the distribution', () => {
    const sixteenths = new Array<number>(16).fill(0);
    for (const [at, second] of seconds.entries()) {
      const gap = second - (seconds[at - 1] ?? 0);
      const sixteenth = Math.floor((1 - Math.exp(-5 * gap)) * 16);
      sixteenths[sixteenth] = (sixteenths[sixteenth] ?? 0) + 1;
    }
    expect(chiSquare(sixteenths, new Array<number>(16).fill(1))).toBeLessThan(worstBy[15]);
  });

  it('come in numbers a second that a Poisson distribution has', () => {
    const whole = Math.floor(seconds.at(-1) ?? 0);
    const perSecond = new Array<number>(whole).fill(0);
    for (const second of seconds) {
      if (second < whole) perSecond[Math.floor(second)] = (perSecond[Math.floor(second)] ?? 0) + 1;
    }
    // 0 and 1 together, 2 to 9 alone, 10 and more together: ten cells.
    const cells = new Array<number>(10).fill(0);
    for (const count of perSecond) {
      const cell = Math.min(9, Math.max(0, count - 1));
      cells[cell] = (cells[cell] ?? 0) + 1;
    }
    const shares = Array.from({ length: 30 }, (_, count) => (Math.exp(-5) * 5 ** count) / factorial(count));
    const shareOf = (from: number, to: number) =>
      shares.slice(from, to).reduce((sum, share) => sum + share, 0);
    const expected = [shareOf(0, 2), ...shares.slice(2, 10), shareOf(10, 30)];
    expect(chiSquare(cells, expected)).toBeLessThan(worstBy[9]);
  });

  it('tell nothing of the next gap by the last: pairs of short and long ones are equally many', () => {
    const isLong = seconds.map((second, at) => second - (seconds[at - 1] ?? 0) > Math.LN2 / 5);
    const pairs = [0, 0, 0, 0];
    for (let at = 1; at < isLong.length; at += 2) {
      const pair = (isLong[at - 1] ? 2 : 0) + (isLong[at] ? 1 : 0);
      pairs[pair] = (pairs[pair] ?? 0) + 1;
    }
    expect(chiSquare(pairs, [1, 1, 1, 1])).toBeLessThan(worstBy[3]);
  });

  it('follow a rate that changes, and end with it', () => {
    const stages: Stage[] = [
      { durationSeconds: 1000, fromRate: 10, toRate: 10 },
      { durationSeconds: 1000, fromRate: 0, toRate: 40 },
    ];
    const arrivals = poissonArrivals(stagesPace(stages), randomStream(3, Purpose.Arrivals, 0));
    const times = take(arrivals, 1_000_000).map(atMs => atMs / 1000);
    expect(arrivals.next()).toBeUndefined();
    const quarters = [0, 1, 2, 3].map(quarter => {
      const isWithin = (second: number) => Math.floor(second / 500) === quarter;
      return times.filter(isWithin).length;
    });
    expect(chiSquare(quarters, [5000, 5000, 5000, 15_000])).toBeLessThan(worstBy[3]);
    // Itself a Poisson number: five standard deviations of √30,000.
    expect(Math.abs(times.length - visitsOfStages(stages))).toBeLessThan(5 * Math.sqrt(30_000));
  });
});

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}

describe('even arrivals', () => {
  it('are one for each whole visit that a pace comes to', () => {
    const squares = { msOf: (visits: number) => visits ** 2 };
    expect(take(evenArrivals(squares), 5)).toEqual([0, 1, 4, 9, 16]);
  });
});
