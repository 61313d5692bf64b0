import type { HrTime } from '@opentelemetry/api';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import type { Histogram } from '../../run/histogram.ts';
import type { RunInfo } from '../../run/snapshot.ts';
import type { MeasuredRun } from './measured-run.ts';
import { bucketSeconds, cumulativeCounts, type Metric, otelName, type Sample } from './metric.ts';

/** All metrics as they are now, in the data model of OpenTelemetry: sums and histograms since the start of the run. */
export function otlpData(
  table: readonly Metric[],
  run: MeasuredRun,
  info: RunInfo,
  epochMs: number,
): ResourceMetrics {
  const between: Period = { startTime: hrTime(info.startEpochMs), endTime: hrTime(epochMs) };
  return {
    resource: resourceFromAttributes({
      'service.name': 'trafficinator',
      'service.version': run.version,
      'service.instance.id': info.runId,
      // Last: what OTEL_RESOURCE_ATTRIBUTES and OTEL_SERVICE_NAME say is meant.
    }).merge(detectResources({ detectors: [envDetector] })),
    scopeMetrics: [
      {
        scope: { name: 'trafficinator', version: run.version },
        metrics: table.map(metric => metricData(metric, run, between)),
      },
    ],
  };
}

interface Period {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
}

/** `ValueType` of the API, which need not be loaded for two numbers. */
const INT = 0;
const DOUBLE = 1;

function metricData(metric: Metric, run: MeasuredRun, period: Period): MetricData {
  const descriptor = {
    name: otelName(metric),
    description: metric.help,
    unit: metric.unit,
    valueType: metric.kind === 'counter' && metric.unit.startsWith('{') ? INT : DOUBLE,
  };
  const aggregationTemporality = AggregationTemporality.CUMULATIVE;
  const pointOf = <T>({ labels, value }: Sample<T>): DataPoint<T> => ({
    ...period,
    attributes: labels,
    value,
  });
  switch (metric.kind) {
    case 'counter':
      return {
        descriptor,
        aggregationTemporality,
        dataPointType: DataPointType.SUM,
        isMonotonic: true,
        dataPoints: metric.read(run).map(pointOf),
      };
    case 'gauge':
      return {
        descriptor,
        aggregationTemporality,
        dataPointType: DataPointType.GAUGE,
        dataPoints: metric.read(run).map(pointOf),
      };
    case 'histogram':
      return {
        descriptor,
        aggregationTemporality,
        dataPointType: DataPointType.HISTOGRAM,
        dataPoints: metric
          .read(run)
          .map(({ labels, value }) => pointOf({ labels, value: histogramValue(value) })),
      };
  }
}

function histogramValue(histogram: Histogram) {
  const cumulative = cumulativeCounts(histogram);
  const counts = [...cumulative, histogram.count].map((count, at) => count - (cumulative[at - 1] ?? 0));
  return {
    buckets: { boundaries: [...bucketSeconds], counts },
    sum: histogram.sumMs / 1000,
    count: histogram.count,
  };
}

function hrTime(epochMs: number): HrTime {
  const seconds = Math.floor(epochMs / 1000);
  return [seconds, Math.round((epochMs - seconds * 1000) * 1e6)];
}
