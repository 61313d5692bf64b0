import type { Random } from '../base/random.ts';
import type { SeriesPoint } from '../run/report.ts';
import type { Standing } from '../run/standing.ts';
import { type Measured, unpairedBootstrap } from '../run/unpaired-bootstrap.ts';
import type { Unit } from '../thresholds/figures.ts';
import type { NamedFigure } from '../thresholds/threshold.ts';

/** What of a run a figure is read from: all of it, or one target. */
export interface Side {
  readonly standing: Standing;
  readonly series: readonly SeriesPoint[];
}

/** A figure of two runs beside each other. Times are in ms, shares 0–1. */
export interface ComparedFigure {
  readonly name: string;
  readonly unit: Unit;
  /** null: no data. */
  readonly first: number | null;
  readonly second: number | null;
  /** Of the second to the first; null where one is missing or the first is 0. */
  readonly ratio: number | null;
  /** 95 %, of the ratio of the slices' means; null where it cannot be told or has no end. */
  readonly interval: readonly [number, number] | null;
  /** Whether the difference is larger than the noise; null: that cannot be told. */
  readonly isMoreThanNoise: boolean | null;
}

/** Histograms are right within 1 / 64: a smaller difference is none that was measured. */
const SMALLEST = 1 / 64;
/** Percentiles of slices that differ more in length than this are not of a kind: longer ones know more of the tail. */
const ALIKE = 1.5;

/** What a slice says of a figure; null: nothing. Noise can be told of these figures. */
const inSlice: ReadonlyMap<string, (point: SeriesPoint) => Measured | null> = new Map([
  ['rate.visits', ({ begun, seconds }) => measured(begun, seconds)],
  ['rate.hits', ({ hits, seconds }) => measured(hits, seconds)],
  ['hits.errors.rate', ({ failed, hits }) => measured(failed, hits)],
  ['latency.p50', ({ p50 }) => measured(p50, 1)],
  ['latency.p95', ({ p95 }) => measured(p95, 1)],
  ['latency.p99', ({ p99 }) => measured(p99, 1)],
  ['lateness.p99', ({ latenessP99 }) => measured(latenessP99, 1)],
]);

function measured(amount: number | null, base: number): Measured | null {
  return amount === null || base <= 0 ? null : { amount, base };
}

/** @param random of its own: the same reports give the same verdicts */
export function compareFigure(
  { figure, parts }: Pick<NamedFigure, 'figure' | 'parts'>,
  one: Side,
  other: Side,
  random: Random,
): ComparedFigure {
  const [first, second] = [figure.read(one.standing, parts), figure.read(other.standing, parts)];
  const name = parts.join('.');
  const values = { name, unit: figure.unit, first, second };
  if (first === null || second === null) {
    return { ...values, ratio: null, interval: null, isMoreThanNoise: null };
  }
  const ratio = first === 0 ? null : round(second / first);
  const found = noiseOf(name, [one, first], [other, second], random);
  if (found === undefined) return { ...values, ratio, interval: null, isMoreThanNoise: null };
  const { interval, verdict } = found;
  return {
    ...values,
    ratio,
    interval: ratio === null || interval === null ? null : [round(interval[0]), round(interval[1])],
    isMoreThanNoise: verdict !== 'same' && (verdict === 'more' ? second > first : second < first),
  };
}

function noiseOf(
  name: string,
  first: readonly [Side, number],
  second: readonly [Side, number],
  random: Random,
) {
  const ofSlice = inSlice.get(name);
  if (ofSlice === undefined) return undefined;
  const isOfTimes = name.startsWith('late');
  if (isOfTimes && !isAlike(sliceSeconds(first[0].series), sliceSeconds(second[0].series))) return undefined;
  const [one, two] = [first, second].map(([{ series }, value]) => {
    const slices = series.flatMap(point => ofSlice(point) ?? []);
    // Reports of older versions do not have it in their slices.
    return value > 0 && slices.every(({ amount }) => amount === 0) ? [] : slices;
  });
  return one === undefined || two === undefined ? undefined : unpairedBootstrap(one, two, random, SMALLEST);
}

function isAlike(one: number, other: number): boolean {
  return Math.max(one, other) <= Math.min(one, other) * ALIKE;
}

/** The middle one: the last slice of a run is shorter. */
export function sliceSeconds(series: readonly SeriesPoint[]): number {
  return series.map(({ seconds }) => seconds).sort((a, b) => a - b)[Math.floor(series.length / 2)] ?? 0;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
