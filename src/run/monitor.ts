import { mergedErrors } from './error-order.ts';
import { GeneratorLoad, type SendingThreads, thisThread } from './generator-load.ts';
import { type GeneratorFigures, lateFromMs } from './generator-warnings.ts';
import { Histogram } from './histogram.ts';
import type { HitCounts, SeriesPoint, VisitCounts } from './report.ts';
import type { RunningTarget } from './running-target.ts';
import type { Snapshot, TargetSnapshot } from './snapshot.ts';
import { type Slice, TimeSeries } from './time-series.ts';

/** Rates and percentiles that are shown are those of the last five slices of a second. */
const SHOWN_SLICES = 5;

/** What of a run is known to itself: the monitor adds what can be counted. */
export type RunState = Pick<
  Snapshot,
  'phase' | 'drainLeftMs' | 'plannedVisits' | 'fraction' | 'leftMs' | 'offeredVisitsPerSecond'
>;

/** Cuts a run into slices of about a second, for the time series and for what is shown. */
export class Monitor {
  readonly #targets: readonly RunningTarget[];
  readonly #startMs: number;
  readonly #series = new TimeSeries();
  readonly #targetSeries: readonly TimeSeries[];
  readonly #recent: readonly Slice[][];
  #sliceStartMs: number;
  readonly #generator: GeneratorLoad;
  readonly #lateFromMs: number;

  constructor(targets: readonly RunningTarget[], startMs: number, threads: SendingThreads = thisThread) {
    this.#targets = targets;
    this.#startMs = startMs;
    this.#sliceStartMs = startMs;
    this.#recent = targets.map(() => []);
    this.#targetSeries = targets.map(() => new TimeSeries());
    this.#generator = new GeneratorLoad(startMs, threads);
    this.#lateFromMs = lateFromMs(targets.some(({ config }) => config.transport === 'bulk'));
  }

  /** Ends the current slice. Called every second. */
  cut(nowMs: number): void {
    const seconds = (nowMs - this.#sliceStartMs) / 1000;
    if (seconds <= 0) return;
    this.#sliceStartMs = nowMs;
    const endSeconds = (nowMs - this.#startMs) / 1000;
    const slices = this.#targets.map(target => ({
      ...target.times.takeSlice(),
      endSeconds,
      seconds,
      inFlight: target.inFlight,
    }));
    const joined = joinedTargets(slices);
    this.#series.add(joined);
    for (const [at, slice] of slices.entries()) {
      this.#targetSeries[at]?.add(slice);
      const recent = this.#recent[at] as Slice[];
      recent.push(slice);
      if (recent.length > SHOWN_SLICES) recent.shift();
    }
    this.#generator.cut(nowMs, (joined.lateness.percentile(0.99) ?? 0) > this.#lateFromMs);
  }

  /** Ends the last slice, and what is measured of this machine. */
  end(nowMs: number): void {
    this.cut(nowMs);
    this.#generator.end();
  }

  /** What sending cost this machine, until now. */
  generatorFigures(): GeneratorFigures {
    return this.#generator.figures();
  }

  /** Whether this machine does not keep up, for some seconds now. */
  get isMachineTheLimit(): boolean {
    return this.#generator.isLimit;
  }

  /** The run over time. */
  series(): SeriesPoint[] {
    return this.#series.points();
  }

  /** One target over time. @param at its position among the targets */
  targetSeries(at: number): SeriesPoint[] {
    return this.#targetSeries[at]?.points() ?? [];
  }

  snapshot(nowMs: number, state: RunState): Snapshot {
    const targets = this.#targets.map((target, at) =>
      this.#targetSnapshot(target, this.#recent[at] as Slice[]),
    );
    const visits = addedUp(targets.map(target => target.visits));
    return {
      ...state,
      elapsedMs: Math.max(0, nowMs - this.#startMs),
      endedVisits: visits.completed + visits.partial + visits.failed + visits.dropped + visits.skipped,
      total: this.#totalSnapshot(targets, visits),
      targets,
      latenessP99Ms: Histogram.sum(this.#targets.map(target => target.times.lateness)).percentile(0.99),
      cpu: this.#generator.cpuShare,
      eventLoopDelayP99Ms: this.#generator.eventLoopDelayP99Ms,
    };
  }

  #targetSnapshot(target: RunningTarget, recent: readonly Slice[]): TargetSnapshot {
    const seconds = sumOf(recent, slice => slice.seconds);
    const latency = Histogram.sum(recent.map(slice => slice.latency));
    return {
      name: target.config.name,
      visits: { ...target.ledger.visits },
      hits: { ...target.ledger.hits },
      visitsPerSecond: seconds === 0 ? 0 : sumOf(recent, slice => slice.visits) / seconds,
      hitsPerSecond: seconds === 0 ? 0 : sumOf(recent, slice => slice.hits) / seconds,
      inFlight: target.inFlight,
      waiting: target.waiting,
      p50Ms: latency.percentile(0.5),
      p95Ms: latency.percentile(0.95),
      p99Ms: latency.percentile(0.99),
      errors: target.ledger.errors(),
      health: target.health,
    };
  }

  #totalSnapshot(targets: readonly TargetSnapshot[], visits: VisitCounts): TargetSnapshot {
    const latency = Histogram.sum(this.#recent.flat().map(slice => slice.latency));
    return {
      name: 'total',
      visits,
      hits: addedUp<HitCounts>(targets.map(target => target.hits)),
      visitsPerSecond: sumOf(targets, target => target.visitsPerSecond),
      hitsPerSecond: sumOf(targets, target => target.hitsPerSecond),
      inFlight: sumOf(targets, target => target.inFlight),
      waiting: sumOf(targets, target => target.waiting),
      p50Ms: latency.percentile(0.5),
      p95Ms: latency.percentile(0.95),
      p99Ms: latency.percentile(0.99),
      errors: mergedErrors(targets.map(target => target.errors)),
      health: targets.find(target => target.health !== 'up')?.health ?? 'up',
    };
  }
}

/** All targets in the same slice of time. */
function joinedTargets(slices: readonly Slice[]): Slice {
  const [first, ...others] = slices;
  if (first === undefined) throw new RangeError('a run has a target');
  return {
    endSeconds: first.endSeconds,
    seconds: first.seconds,
    due: sumOf(slices, slice => slice.due),
    begun: sumOf(slices, slice => slice.begun),
    visits: sumOf(slices, slice => slice.visits),
    hits: sumOf(slices, slice => slice.hits),
    failed: sumOf(slices, slice => slice.failed),
    latency: others.length === 0 ? first.latency : Histogram.sum(slices.map(slice => slice.latency)),
    lateness: others.length === 0 ? first.lateness : Histogram.sum(slices.map(slice => slice.lateness)),
    inFlight: sumOf(slices, slice => slice.inFlight),
  };
}

/** Figure by figure. */
export function addedUp<T extends object>(rows: readonly T[]): T {
  const [first, ...others] = rows;
  if (first === undefined) throw new RangeError('nothing to add up');
  const sum = { ...first } as Record<string, number>;
  for (const row of others)
    for (const [figure, value] of Object.entries(row)) sum[figure] = (sum[figure] ?? 0) + value;
  return sum as T;
}

function sumOf<T>(rows: readonly T[], figure: (row: T) => number): number {
  return rows.reduce((sum, row) => sum + figure(row), 0);
}
