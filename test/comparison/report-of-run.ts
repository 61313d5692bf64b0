import { Purpose, randomStream } from '../../src/base/random.ts';
import { Histogram } from '../../src/run/histogram.ts';
import type { Report, SeriesPoint } from '../../src/run/report.ts';
import { hitCounts, report, targetReport, visitCounts } from '../output/samples.ts';

interface RunShape {
  readonly seed?: number;
  readonly targets?: readonly string[];
  readonly slices?: number;
  readonly sliceSeconds?: number;
  /** Typical: single answers are from half of it to twice as much. */
  readonly latencyMs?: number;
  /** Of the hits. */
  readonly failedShare?: number;
}

const HITS_A_SLICE = 50;

/** The report of a run whose answers scatter, and whose figures are those of its slices. */
export function reportOfRun({
  seed = 1,
  targets = ['target'],
  slices = 60,
  sliceSeconds = 1,
  latencyMs = 20,
  failedShare = 0,
}: RunShape = {}): Report {
  const random = randomStream(seed, Purpose.Visit, 1);
  const [latency, lateness] = [new Histogram(), new Histogram()];
  const series = Array.from({ length: slices }, (_, at): SeriesPoint => {
    const slice = new Histogram();
    for (let hit = 0; hit < HITS_A_SLICE; hit++) {
      slice.record(latencyMs * 2 ** (2 * random.unit() - 1));
      lateness.record(random.unit());
    }
    latency.add(slice);
    return {
      at: (at + 1) * sliceSeconds,
      seconds: sliceSeconds,
      due: 10,
      begun: 10,
      visits: 10,
      hits: HITS_A_SLICE,
      failed: failedShare * HITS_A_SLICE,
      p50: slice.percentile(0.5),
      p95: slice.percentile(0.95),
      p99: slice.percentile(0.99),
      latenessP99: 0.5 + 0.1 * random.unit(),
      inFlight: 3,
    };
  });
  const planned = slices * HITS_A_SLICE;
  const failed = planned * failedShare;
  const figures = {
    visits: visitCounts(slices * 10),
    hits: hitCounts(planned, { accepted: planned - failed, failed }),
    rate: {
      offeredVisitsPerSecond: 10 / sliceSeconds,
      achievedVisitsPerSecond: 10 / sliceSeconds,
      hitsPerSecond: HITS_A_SLICE / sliceSeconds,
    },
    latencyMs: latency.distribution(),
    latenessMs: lateness.distribution(),
    series,
  };
  const base = report({ ...figures, targets: targets.map(name => targetReport({ ...figures, name })) });
  return {
    ...base,
    run: { ...base.run, id: `run-${seed}`, seed, durationSeconds: slices * sliceSeconds },
  };
}
