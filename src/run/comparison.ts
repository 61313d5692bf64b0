import { Purpose, randomStream } from '../base/random.ts';
import { FEWEST_PAIRS, pairedBootstrap } from './paired-bootstrap.ts';
import type { ComparedFigure, Comparison, RatioToFirst, SeriesPoint, TargetReport } from './report.ts';

/** What of a report a comparison needs. */
export type ComparableTarget = Pick<TargetReport, 'name' | 'hits' | 'latencyMs' | 'series'>;

interface Figure {
  readonly name: ComparedFigure;
  /** Of the whole run. */
  readonly value: (target: ComparableTarget) => number | null;
  /** Of a slice. Slices of one time have one length, so that counts compare as rates do. */
  readonly ofSlice: (point: SeriesPoint) => number | null;
}

/** Histograms are right within 1 / 64: a smaller difference is none that was measured, nor one to act on. */
const SMALLEST = 1 / 64;

const figures: readonly Figure[] = [
  { name: 'visitsPerSecond', value: t => perSecond(t, p => p.visits), ofSlice: p => p.visits },
  { name: 'hitsPerSecond', value: t => perSecond(t, p => p.hits), ofSlice: p => p.hits },
  { name: 'p50Ms', value: t => t.latencyMs?.p50 ?? null, ofSlice: p => p.p50 },
  { name: 'p95Ms', value: t => t.latencyMs?.p95 ?? null, ofSlice: p => p.p95 },
  { name: 'p99Ms', value: t => t.latencyMs?.p99 ?? null, ofSlice: p => p.p99 },
  {
    name: 'errors',
    value: ({ hits }) => hits.rejected + hits.failed + hits.unknown,
    ofSlice: p => p.failed,
  },
];

/**
 * Targets that got the same visits at the same moments, each beside the first. A ratio is that of the two values of
 * the whole run. Whether it is more than noise is told by the slices of the time series, which are pairs: the figure
 * of a slice at one target and at the other (for latencies the slice's percentile, where both had an answer), and
 * the paired bootstrap of the ratio of their means. It is more than noise where the 95 % interval leaves out 1, and
 * 1 / 64 to either side of it, on the side on which the ratio is.
 *
 * The mean of the slices' percentiles is not the whole run's percentile: one bad second of a long run can double a
 * p99 and yet say little about any other second, and then the difference is noise. A slice with few answers has its
 * maximum for its p99, at both targets alike. Six figures of each target are judged, so that now and then one is
 * called different by chance.
 *
 * @param targets as in the report, in its order
 * @param seed of the run: the same report gives the same verdicts
 * @returns null for fewer than two
 */
export function compareTargets(targets: readonly ComparableTarget[], seed: number): Comparison | null {
  const [first, ...others] = targets;
  if (first === undefined || others.length === 0) return null;
  return {
    method: {
      name: 'paired block bootstrap',
      confidence: 0.95,
      slices: first.series.length,
      sliceSeconds: round(middle(first.series.map(point => point.seconds))),
    },
    targets: targets.map((target, at) => ({
      name: target.name,
      values: byFigure(({ value }) => value(target)),
      toFirst:
        target === first
          ? null
          : byFigure((figure, place) =>
              ratioToFirst(figure, first, target, seed, at * figures.length + place),
            ),
    })),
  };
}

function ratioToFirst(
  { value, ofSlice }: Figure,
  first: ComparableTarget,
  other: ComparableTarget,
  seed: number,
  stream: number,
): RatioToFirst {
  const [one, two] = [value(first), value(other)];
  const ratio = one === null || two === null || one === 0 ? null : two / one;
  const pairs = pairsOf(first.series, other.series, ofSlice);
  const found =
    pairs.length < FEWEST_PAIRS
      ? undefined
      : pairedBootstrap(
          pairs.map(([a]) => a),
          pairs.map(([, b]) => b),
          randomStream(seed, Purpose.Comparison, stream),
          SMALLEST,
        );
  if (found === undefined || one === null || two === null) {
    return { ratio: ratio === null ? null : round(ratio), interval: null, isMoreThanNoise: null };
  }
  return {
    ratio: ratio === null ? null : round(ratio),
    interval:
      ratio === null || found.interval === null ? null : [round(found.interval[0]), round(found.interval[1])],
    isMoreThanNoise: found.verdict !== 'same' && (found.verdict === 'more' ? two > one : two < one),
  };
}

/** Over the whole run, to its last answer. */
function perSecond({ series }: ComparableTarget, count: (point: SeriesPoint) => number): number | null {
  const seconds = series.reduce((sum, point) => sum + point.seconds, 0);
  return seconds === 0 ? null : round(series.reduce((sum, point) => sum + count(point), 0) / seconds);
}

/** Slices of the same time with a figure on both sides. */
function pairsOf(
  first: readonly SeriesPoint[],
  other: readonly SeriesPoint[],
  ofSlice: (point: SeriesPoint) => number | null,
): (readonly [number, number])[] {
  const byTime = new Map(other.map(point => [point.at, point]));
  return first.flatMap(point => {
    const beside = byTime.get(point.at);
    if (beside === undefined) return [];
    const [one, two] = [ofSlice(point), ofSlice(beside)];
    return one === null || two === null ? [] : [[one, two] as const];
  });
}

function byFigure<T>(of: (figure: Figure, place: number) => T): Record<ComparedFigure, T> {
  return Object.fromEntries(figures.map((figure, place) => [figure.name, of(figure, place)])) as Record<
    ComparedFigure,
    T
  >;
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
