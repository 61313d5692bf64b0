import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram } from '../../src/run/histogram.ts';
import { type Slice, TimeSeries } from '../../src/run/time-series.ts';

const MOST_POINTS = 600;

function slice(endSeconds: number, more: Partial<Slice> = {}): Slice {
  const latency = new Histogram();
  latency.record(10);
  return {
    endSeconds,
    seconds: 1,
    due: 4,
    begun: 3,
    visits: 2,
    hits: 7,
    failed: 1,
    latency,
    lateness: latency,
    inFlight: 3,
    ...more,
  };
}

function seriesOf(slices: number, seconds = 1): TimeSeries {
  const series = new TimeSeries();
  const same = slice(0, { seconds });
  for (let at = 1; at <= slices; at++) series.add({ ...same, endSeconds: at * seconds });
  return series;
}

function sum(points: readonly { readonly hits: number }[]): number {
  return points.reduce((all, { hits }) => all + hits, 0);
}

describe('a time series', () => {
  it('has a point for each of the first slices', () => {
    expect(seriesOf(5).points()).toHaveLength(5);
    expect(seriesOf(5).points()[4]).toEqual({
      at: 5,
      seconds: 1,
      due: 4,
      begun: 3,
      visits: 2,
      hits: 7,
      failed: 1,
      p50: 10,
      p95: 10,
      p99: 10,
      latenessP99: 10,
      inFlight: 3,
    });
  });

  it.each([
    ['an hour', 3600, 1],
    ['an hour and a second', 3601, 1],
    ['a week, cut every twenty seconds', 30_240, 20],
  ])('stays bounded and loses nothing: %s', (_, slices, seconds) => {
    const points = seriesOf(slices, seconds).points();
    expect(points.length).toBeLessThanOrEqual(MOST_POINTS);
    expect(points.length).toBeGreaterThan(MOST_POINTS / 4);
    expect(sum(points)).toBe(slices * 7);
    expect(points.reduce((all, point) => all + point.seconds, 0)).toBe(slices * seconds);
    expect(points.at(-1)?.at).toBe(slices * seconds);
  });

  it('has points that follow one another without a gap, however many slices there were', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2000 }), seconds => {
        const points = seriesOf(seconds).points();
        let end = 0;
        for (const { at, seconds: length } of points) {
          end += length;
          expect(at).toBe(end);
        }
        expect(sum(points)).toBe(seconds * 7);
      }),
      { numRuns: 10 },
    );
  });

  it('gives percentiles of all that is in a point, not of percentiles', () => {
    const series = new TimeSeries();
    // 1,200 slices make pairs: 99 quick answers and one slow in the first of each, one quick in the second.
    for (let second = 1; second <= 1200; second++) {
      const latency = new Histogram();
      for (let time = 0; time < (second % 2 === 1 ? 99 : 1); time++) latency.record(1);
      if (second % 2 === 1) latency.record(1000);
      series.add(slice(second, { latency }));
    }
    const [point] = series.points();
    expect(point?.seconds).toBeGreaterThanOrEqual(2);
    expect(point?.p50).toBeCloseTo(1, 1);
    expect(point?.p95).toBeCloseTo(1, 1);
  });

  it('has no percentile where nothing was answered', () => {
    const series = new TimeSeries();
    series.add(slice(1, { latency: new Histogram(), lateness: new Histogram() }));
    expect(series.points()[0]).toMatchObject({ p50: null, p95: null, p99: null, latenessP99: null });
  });
});
