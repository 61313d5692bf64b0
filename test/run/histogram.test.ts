import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram } from '../../src/run/histogram.ts';

/** From less than a microsecond to more than a histogram holds apart. */
const time = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: 0, max: 60_000, noNaN: true }),
  fc.double({ min: 0, max: 3_000_000, noNaN: true }),
);
const times = fc.array(time, { minLength: 1, maxLength: 300 });
/** 35 minutes: longer times count as that, but for the largest of all. */
const LONGEST_MS = 2 ** 31 / 1000;

function histogramOf(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

describe('a histogram', () => {
  it('gives each percentile within 1/64 of the exact one, or within the microsecond it counts in', () => {
    fc.assert(
      fc.property(times, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const sorted = values.toSorted((a, b) => a - b);
        const exact = Math.min(
          sorted[Math.max(0, Math.ceil(values.length * share) - 1)] ?? Number.NaN,
          LONGEST_MS,
        );
        const given = histogramOf(values).percentile(share) ?? Number.NaN;
        expect(Math.abs(given - exact)).toBeLessThanOrEqual(Math.max(exact / 64, 0.001));
      }),
    );
  });

  it('counts what does not exceed a bound, where that is within 1/64 or a microsecond of the one given', () => {
    fc.assert(
      fc.property(times, fc.array(time, { minLength: 1, maxLength: 20 }), (values, unsorted) => {
        const bounds = unsorted.toSorted((a, b) => a - b);
        const counts = histogramOf(values).countsUpTo(bounds);
        const below = (bound: number) => values.filter(value => Math.min(value, LONGEST_MS) <= bound).length;
        for (const [at, bound] of bounds.entries()) {
          const slack = Math.max(bound / 64, 0.001);
          expect(counts[at]).toBeGreaterThanOrEqual(below(bound - slack));
          expect(counts[at]).toBeLessThanOrEqual(below(bound + slack));
          expect(counts[at]).toBeGreaterThanOrEqual(counts[at - 1] ?? 0);
        }
        expect(histogramOf(values).countsUpTo([4_000_000])).toEqual([values.length]);
      }),
    );
  });

  it('knows count, mean and largest exactly', () => {
    fc.assert(
      fc.property(times, values => {
        const given = histogramOf(values).distribution();
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        expect(given?.max).toBeCloseTo(Math.max(...values), 2);
        expect(Math.abs((given?.mean ?? Number.NaN) - mean)).toBeLessThanOrEqual(0.001 + mean * 1e-9);
        expect(histogramOf(values).count).toBe(values.length);
      }),
    );
  });

  it('has percentiles that never fall and never exceed the largest', () => {
    fc.assert(
      fc.property(times, values => {
        const { p50, p90, p95, p99, max } = histogramOf(values).distribution() ?? never();
        expect([p50, p90, p95, p99, max]).toEqual([p50, p90, p95, p99, max].toSorted((a, b) => a - b));
      }),
    );
  });

  it('adds up to what recording everything in one gives', () => {
    fc.assert(
      fc.property(fc.array(times, { maxLength: 5 }), parts => {
        const sum = Histogram.sum(parts.map(histogramOf));
        const whole = histogramOf(parts.flat());
        expect(buckets(sum)).toEqual(buckets(whole));
        expect(sum.count).toBe(whole.count);
        expect(sum.distribution()?.max).toBe(whole.distribution()?.max);
        expect(sum.distribution()?.mean ?? 0).toBeCloseTo(whole.distribution()?.mean ?? 0, 2);
      }),
    );
  });

  it('is the same after it was written and read', () => {
    fc.assert(
      fc.property(times, values => {
        const text = histogramOf(values).serialise();
        const read = Histogram.parse(text);
        expect(read.serialise()).toBe(text);
        expect(read.count).toBe(values.length);
        const [before, after] = [histogramOf(values).distribution(), read.distribution()];
        expect(after).toMatchObject({
          p50: before?.p50,
          p90: before?.p90,
          p95: before?.p95,
          p99: before?.p99,
          max: before?.max,
        });
      }),
    );
  });

  it('is empty before anything is recorded', () => {
    for (const empty of [new Histogram(), Histogram.sum([]), Histogram.parse(new Histogram().serialise())]) {
      expect(empty.count).toBe(0);
      expect(empty.percentile(0.5)).toBeNull();
      expect(empty.distribution()).toBeNull();
    }
  });

  it('takes a negative time, which a clock can give, for 0', () => {
    expect(histogramOf([-5, -0.1]).distribution()).toMatchObject({ p50: 0, max: 0, mean: 0 });
  });

  it.each([
    '',
    'v1',
    'v2 1 1 3:1',
    'v1 x 1 3:1',
    'v1 1 1 3',
    'v1 1 1 3:0',
    'v1 1 1 -3:1',
    'v1 1 1 3:1.5',
    'v1 1 1 3.5:1',
    'v1 1 1 99999:1',
    'v1 1 1 3:1:1',
    'v1 1 1 3:1 3:1',
    'v1  ',
  ])('is not read from another text: %j', text => {
    expect(() => Histogram.parse(text)).toThrow(RangeError);
  });
});

function buckets(histogram: Histogram): string[] {
  return histogram.serialise().split(' ').slice(3);
}

function never(): never {
  throw new Error('nothing was recorded');
}
