import { cpuUsage } from 'node:process';
import { Histogram } from './histogram.ts';
import type { HitCounts, VisitCounts } from './report.ts';
import type { Snapshot, TargetSnapshot } from './snapshot.ts';
import type { TargetRun } from './target-run.ts';
import { type Slice, TimeSeries } from './time-series.ts';

/** Rates and percentiles that are shown are those of the last five slices of a second. */
const SHOWN_SLICES = 5;

/** A slice of one target. */
interface TargetSlice {
  readonly seconds: number;
  readonly visits: number;
  readonly hits: number;
  readonly latency: Histogram;
}

/** What of a run is known to itself: the monitor adds what can be counted. */
export type RunState = Pick<
  Snapshot,
  'phase' | 'drainLeftMs' | 'plannedVisits' | 'fraction' | 'leftMs' | 'offeredVisitsPerSecond'
>;

/** Cuts a run into slices of about a second, for the time series and for what is shown. */
export class Monitor {
  readonly series = new TimeSeries();
  readonly #targets: readonly TargetRun[];
  readonly #startMs: number;
  readonly #recent: TargetSlice[][];
  #sliceStartMs: number;
  #cpu = 0;
  #cpuAt: { readonly usedUs: number; readonly ms: number };

  constructor(targets: readonly TargetRun[], startMs: number) {
    this.#targets = targets;
    this.#startMs = startMs;
    this.#sliceStartMs = startMs;
    this.#recent = targets.map(() => []);
    this.#cpuAt = { usedUs: usedCpuUs(), ms: startMs };
  }

  /** Ends the current slice. Called every second, and once at the end. */
  cut(nowMs: number): void {
    const seconds = (nowMs - this.#sliceStartMs) / 1000;
    if (seconds <= 0) return;
    this.#sliceStartMs = nowMs;
    const slices = this.#targets.map(({ times }) => ({
      seconds,
      visits: times.sliceVisits,
      hits: times.sliceHits,
      latency: Histogram.sum([times.sliceLatency]),
    }));
    const slice: Slice = {
      endSeconds: (nowMs - this.#startMs) / 1000,
      seconds,
      visits: sumOf(slices, one => one.visits),
      hits: sumOf(slices, one => one.hits),
      failed: sumOf(this.#targets, target => target.times.sliceFailed),
      latency: Histogram.sum(slices.map(one => one.latency)),
      lateness: Histogram.sum(this.#targets.map(target => target.times.sliceLateness)),
      inFlight: sumOf(this.#targets, target => target.inFlight),
    };
    this.series.add(slice);
    for (const [at, target] of this.#targets.entries()) {
      const recent = this.#recent[at] as TargetSlice[];
      recent.push(slices[at] as TargetSlice);
      if (recent.length > SHOWN_SLICES) recent.shift();
      target.times.nextSlice();
    }
    const usedUs = usedCpuUs();
    this.#cpu = (usedUs - this.#cpuAt.usedUs) / 1000 / (nowMs - this.#cpuAt.ms);
    this.#cpuAt = { usedUs, ms: nowMs };
  }

  snapshot(nowMs: number, state: RunState): Snapshot {
    const targets = this.#targets.map((target, at) =>
      this.#targetSnapshot(target, this.#recent[at] as TargetSlice[]),
    );
    const visits = addedUp(targets.map(target => target.visits));
    return {
      ...state,
      elapsedMs: Math.max(0, nowMs - this.#startMs),
      endedVisits: visits.completed + visits.partial + visits.failed + visits.dropped + visits.skipped,
      total: this.#totalSnapshot(targets, visits),
      targets,
      latenessP99Ms: Histogram.sum(this.#targets.map(target => target.times.lateness)).percentile(0.99),
      cpu: this.#cpu,
    };
  }

  #targetSnapshot(target: TargetRun, recent: readonly TargetSlice[]): TargetSnapshot {
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
      errors: mergedErrors(targets),
      health: targets.find(target => target.health !== 'up')?.health ?? 'up',
    };
  }
}

function mergedErrors(targets: readonly TargetSnapshot[]): TargetSnapshot['errors'] {
  const byCode = new Map<string, { code: string; count: number; example: string }>();
  for (const error of targets.flatMap(target => target.errors)) {
    const known = byCode.get(error.code);
    if (known === undefined) byCode.set(error.code, { ...error });
    else known.count += error.count;
  }
  return [...byCode.values()].sort((a, b) => b.count - a.count);
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

function usedCpuUs(): number {
  const { user, system } = cpuUsage();
  return user + system;
}
