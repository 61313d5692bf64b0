import type { Histogram } from '../../run/histogram.ts';
import type { MeasuredRun } from './measured-run.ts';

export type Labels = Readonly<Record<string, string>>;

/** One series at the moment of asking. */
export interface Sample<T> {
  readonly labels: Labels;
  readonly value: T;
}

interface Described {
  /** As OpenTelemetry names it, without `trafficinator.`: `hit.latency`. */
  readonly name: string;
  /** As UCUM writes it: `s`, `By`, `1` for a ratio, `{hit}` for what is counted; '' for what has none. */
  readonly unit: string;
  /** A sentence without its full stop. */
  readonly help: string;
  readonly labels: readonly string[];
}

/** A number that only grows, or one that goes up and down. */
export interface NumberMetric extends Described {
  readonly kind: 'counter' | 'gauge';
  /** In the unit above. No sample: nothing can be told. */
  readonly read: (run: MeasuredRun) => readonly Sample<number>[];
}

/** Times, in buckets of `bucketSeconds`. */
export interface HistogramMetric extends Described {
  readonly kind: 'histogram';
  readonly unit: 's';
  /** Of times in ms. */
  readonly read: (run: MeasuredRun) => readonly Sample<Histogram>[];
}

export type Metric = NumberMetric | HistogramMetric;

/** Upper ends. They go past the time limit of a request. */
export const bucketSeconds: readonly number[] = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
];

const bucketEndsMs = bucketSeconds.map(seconds => seconds * 1000);

/** How many are in no bucket above each, in the order of `bucketSeconds`. */
export function cumulativeCounts(histogram: Histogram): number[] {
  return histogram.countsUpTo(bucketEndsMs);
}

const PREFIX = 'trafficinator';

/** `trafficinator.hit.latency` */
export function otelName({ name }: Metric): string {
  return `${PREFIX}.${name}`;
}

const unitSuffixes: Readonly<Record<string, string>> = { s: 'seconds', By: 'bytes' };

/**
 * `trafficinator_hit_latency_seconds`: the name that OpenTelemetry's rules for Prometheus make of the other one, so that a
 * query finds the series whichever way they came (specification, "Compatibility: Prometheus and OpenMetrics").
 */
export function prometheusName({ name, kind, unit }: Metric): string {
  const perSecond = unit.endsWith('/s') ? 'per_second' : undefined;
  const ratio = unit === '1' && kind === 'gauge' ? 'ratio' : undefined;
  const total = kind === 'counter' ? 'total' : undefined;
  const words = [PREFIX, name.replaceAll('.', '_'), unitSuffixes[unit], perSecond, ratio, total];
  return words.filter(word => word !== undefined).join('_');
}
