import type { CountedError, HealthState, HitCounts, VisitCounts } from './report.ts';

/** What is known before the first visit. */
export interface RunInfo {
  readonly runId: string;
  readonly tag: string;
  readonly seed: number;
  readonly startEpochMs: number;
  readonly clock: 'compressed' | 'real' | 'backfill';
  readonly distribution: 'split' | 'mirror' | 'independent' | 'failover';
  /** Preset, or file, or null. */
  readonly preset: string | null;
  readonly targets: readonly TargetInfo[];
  /** Visits a second over all targets; null for `max`. */
  readonly visitsPerSecond: number | null;
  /** Of the whole plan, over all targets; null: it has no such end. */
  readonly visits: number | null;
  readonly durationSeconds: number | null;
}

export interface TargetInfo {
  readonly name: string;
  readonly url: string;
  readonly siteId: number;
  /** Its share under `split`; left out otherwise. */
  readonly weight?: number;
}

/** A run as it stands. Counts are since the start, rates and percentiles over the last seconds. */
export interface Snapshot {
  readonly elapsedMs: number;
  readonly phase: 'preparing' | 'running' | 'paused' | 'finishing' | 'draining' | 'ended';
  /** How long draining may still take, in ms; null outside of it. */
  readonly drainLeftMs: number | null;
  /** Visits over all targets: in all (null: unknown), and those that have ended. */
  readonly plannedVisits: number | null;
  readonly endedVisits: number;
  /** Part of the run that is done, 0–1; null where it has no end. */
  readonly fraction: number | null;
  /** Expected until the end, in ms; null where it has none. */
  readonly leftMs: number | null;
  readonly offeredVisitsPerSecond: number | null;
  readonly total: TargetSnapshot;
  readonly targets: readonly TargetSnapshot[];
  /** Of the whole run. */
  readonly latenessP99Ms: number | null;
  /** Share of one core this process uses, 0–1 and above with several threads. */
  readonly cpu: number;
  /** By how much the process was late for itself so far; null where that is not known yet. */
  readonly eventLoopDelayP99Ms: number | null;
  /** Of a backfill alone. */
  readonly backfill?: BackfillProgress;
}

/** Where a backfill is. It goes through the days oldest first, and several may be open at once. */
export interface BackfillProgress {
  /** The oldest day that is not done: `2026-01-03`. */
  readonly day: string;
  /** Its place among the days, from 1. */
  readonly dayNumber: number;
  readonly days: number;
  /** Of that day, over all targets. */
  readonly dayPlannedVisits: number;
  readonly dayEndedVisits: number;
  /** Requests that may be under way at once as of now, and the most it may grow to; of all targets together. */
  readonly concurrency: number;
  readonly mostConcurrency: number;
}

export interface TargetSnapshot {
  readonly name: string;
  readonly visits: Readonly<VisitCounts>;
  readonly hits: Readonly<HitCounts>;
  readonly visitsPerSecond: number;
  readonly hitsPerSecond: number;
  readonly inFlight: number;
  /** Due, and held back by the in-flight cap. */
  readonly waiting: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  /** By kind, most frequent first. */
  readonly errors: readonly CountedError[];
  readonly health: HealthState;
}
