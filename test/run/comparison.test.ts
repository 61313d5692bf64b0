import { describe, expect, it } from 'vitest';
import { type ComparableTarget, compareTargets } from '../../src/run/comparison.ts';
import type { SeriesPoint } from '../../src/run/report.ts';
import { hitCounts } from '../output/samples.ts';

interface Slice {
  readonly ms?: number | null;
  readonly visits?: number;
  readonly failed?: number;
}

/** A target whose slices are one second each; its latencies are 10 ms and a little more every third second. */
function target(name: string, slices: number, slice: (at: number) => Slice = () => ({})): ComparableTarget {
  const series = Array.from({ length: slices }, (_, at): SeriesPoint => {
    const { ms = 10 + (at % 3), visits = 5, failed = 0 } = slice(at);
    const times = { p50: ms, p95: ms === null ? null : 2 * ms, p99: ms === null ? null : 3 * ms };
    return {
      at: at + 1,
      seconds: 1,
      due: visits,
      begun: visits,
      visits,
      hits: 6 * visits,
      failed,
      ...times,
      latenessP99: 1,
      inFlight: 1,
    };
  });
  const sum = (of: (point: SeriesPoint) => number) => series.reduce((all, point) => all + of(point), 0);
  const p50 = sum(point => point.p50 ?? 0) / slices;
  const hits = sum(point => point.hits);
  const failed = sum(point => point.failed);
  return {
    name,
    series,
    hits: hitCounts(hits, { accepted: hits - failed, failed }),
    latencyMs: { p50, p90: 2 * p50, p95: 2 * p50, p99: 3 * p50, max: 99, mean: p50, histogram: '' },
  };
}

function toFirst(first: ComparableTarget, other: ComparableTarget) {
  return compareTargets([first, other], 42)?.targets[1]?.toFirst;
}

describe('a comparison of targets', () => {
  it('is none of a single target', () => {
    expect(compareTargets([target('a', 30)], 42)).toBeNull();
    expect(compareTargets([], 42)).toBeNull();
  });

  it('puts every target beside the first', () => {
    const comparison = compareTargets([target('a', 30), target('b', 30), target('c', 30)], 42);
    expect(comparison?.method).toEqual({
      name: 'paired block bootstrap',
      confidence: 0.95,
      slices: 30,
      sliceSeconds: 1,
    });
    expect(comparison?.targets.map(({ name, toFirst }) => [name, toFirst === null])).toEqual([
      ['a', true],
      ['b', false],
      ['c', false],
    ]);
    expect(comparison?.targets[0]?.values).toEqual({
      visitsPerSecond: 5,
      hitsPerSecond: 30,
      p50Ms: 11,
      p95Ms: 22,
      p99Ms: 33,
      errors: 0,
    });
  });

  it('finds no difference between equal targets', () => {
    const same = { ratio: 1, interval: [1, 1], isMoreThanNoise: false };
    expect(toFirst(target('a', 30), target('b', 30))).toEqual({
      visitsPerSecond: same,
      hitsPerSecond: same,
      p50Ms: same,
      p95Ms: same,
      p99Ms: same,
      errors: { ratio: null, interval: null, isMoreThanNoise: false },
    });
  });

  it('finds a target twice as slow, at the same rates', () => {
    const found = toFirst(
      target('a', 30),
      target('b', 30, at => ({ ms: 2 * (10 + (at % 3)) })),
    );
    for (const figure of ['p50Ms', 'p95Ms', 'p99Ms'] as const)
      expect(found?.[figure]).toEqual({ ratio: 2, interval: [2, 2], isMoreThanNoise: true });
    expect(found?.visitsPerSecond.isMoreThanNoise).toBe(false);
  });

  it('takes one bad second for noise, however it raises the figure of the whole run', () => {
    const found = toFirst(
      target('a', 30),
      target('b', 30, at => (at === 20 ? { ms: 2000 } : {})),
    );
    expect(found?.p99Ms.ratio).toBeGreaterThan(5);
    expect(found?.p99Ms.isMoreThanNoise).toBe(false);
  });

  it('calls nothing a difference that the whole run does not show on the same side', () => {
    const faster = target('b', 30, () => ({ ms: 5 }));
    const contrary = { ...faster, latencyMs: target('', 30, () => ({ ms: 50 })).latencyMs };
    expect(toFirst(target('a', 30), contrary)?.p95Ms.isMoreThanNoise).toBe(false);
  });

  it('sees a target that took nothing for half of the run', () => {
    const found = toFirst(
      target('a', 40),
      target('b', 40, at => (at < 20 ? {} : { visits: 0, ms: null })),
    );
    expect(found?.visitsPerSecond).toMatchObject({ ratio: 0.5, isMoreThanNoise: true });
    expect(found?.hitsPerSecond.isMoreThanNoise).toBe(true);
    // Of latencies only the 20 slices count in which both answered.
    expect(found?.p95Ms.interval).toEqual([1, 1]);
  });

  it('tells errors where the first has none', () => {
    const found = toFirst(
      target('a', 30),
      target('b', 30, at => ({ failed: at % 2 })),
    );
    expect(found?.errors).toEqual({ ratio: null, interval: null, isMoreThanNoise: true });
  });

  it('cannot tell where it is too short, or one has no answer', () => {
    const short = toFirst(target('a', 11), target('b', 11));
    expect(short?.p95Ms).toEqual({ ratio: 1, interval: null, isMoreThanNoise: null });
    const silent = { ...target('b', 30, () => ({ ms: null })), latencyMs: null };
    expect(toFirst(target('a', 30), silent)?.p95Ms).toEqual({
      ratio: null,
      interval: null,
      isMoreThanNoise: null,
    });
  });

  it('pairs slices by their time', () => {
    const late = target('b', 30, () => ({ ms: 20 }));
    const shifted = { ...late, series: late.series.map(point => ({ ...point, at: point.at + 0.5 })) };
    expect(toFirst(target('a', 30), shifted)?.p95Ms.isMoreThanNoise).toBeNull();
  });

  it('gives the same verdicts for the same report', () => {
    const noisy = (name: string, step: number) => target(name, 30, at => ({ ms: 10 + ((at * step) % 7) }));
    const targets = [noisy('a', 3), noisy('b', 5)];
    expect(compareTargets(targets, 42)).toEqual(compareTargets(targets, 42));
  });
});
