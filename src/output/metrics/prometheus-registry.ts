import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { MeasuredRun } from './measured-run.ts';
import {
  bucketSeconds,
  cumulativeCounts,
  type HistogramMetric,
  type Metric,
  type NumberMetric,
  prometheusName,
} from './metric.ts';

/** The metrics of a run in a registry of their own, read when it is asked for them. */
export function prometheusRegistry(table: readonly Metric[], run: MeasuredRun): Registry {
  const registry = new Registry();
  for (const metric of table) {
    if (metric.kind === 'histogram') new RunHistogram(metric, run, registry);
    else addNumber(metric, run, registry);
  }
  return registry;
}

function addNumber(metric: NumberMetric, run: MeasuredRun, registry: Registry): void {
  const configuration = {
    name: prometheusName(metric),
    help: metric.help,
    labelNames: metric.labels,
    registers: [registry],
  };
  if (metric.kind === 'gauge') {
    const gauge = new Gauge({
      ...configuration,
      collect: () => {
        clear(gauge, metric);
        for (const { labels, value } of metric.read(run)) gauge.set(labels, value);
      },
    });
  } else {
    const counter = new Counter({
      ...configuration,
      collect: () => {
        clear(counter, metric);
        for (const { labels, value } of metric.read(run)) counter.inc(labels, value);
      },
    });
  }
}

/** One without labels would be 0 where nothing can be told. */
function clear(series: Gauge | Counter, { labels }: Metric): void {
  series.reset();
  if (labels.length === 0) series.remove();
}

/** The library's own takes observations one by one: these have been counted already, once for all outputs. */
class RunHistogram extends Histogram {
  readonly #metric: HistogramMetric;
  readonly #run: MeasuredRun;

  constructor(metric: HistogramMetric, run: MeasuredRun, registry: Registry) {
    super({
      name: prometheusName(metric),
      help: metric.help,
      labelNames: metric.labels,
      registers: [registry],
    });
    this.#metric = metric;
    this.#run = run;
  }

  /** What the library writes the text from, and its `get` gives. */
  async getForPromString() {
    const { help } = this.#metric;
    const name = prometheusName(this.#metric);
    const values = this.#metric.read(this.#run).flatMap(({ labels, value: histogram }) => {
      const counts = cumulativeCounts(histogram);
      const bucket = (le: number | string, value: number) => ({
        labels: { ...labels, le },
        value,
        metricName: `${name}_bucket`,
      });
      return [
        ...bucketSeconds.map((le, at) => bucket(le, counts[at] ?? 0)),
        bucket('+Inf', histogram.count),
        { labels, value: histogram.sumMs / 1000, metricName: `${name}_sum` },
        { labels, value: histogram.count, metricName: `${name}_count` },
      ];
    });
    return { name, help, type: 'histogram', aggregator: 'sum', values };
  }
}
