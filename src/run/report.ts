import type { ExitCode } from '../base/exit-codes.ts';
import type { Outcome } from '../matomo/outcome.ts';
import type { PlanTotals } from '../traffic/plan-totals.ts';

/** The report of a run, as it is written: `schemaVersion` 1. Times are epoch ms or ISO 8601, durations as named. */
export interface Report {
  readonly schemaVersion: 1;
  readonly run: {
    readonly id: string;
    readonly tag: string;
    readonly seed: number;
    readonly shard: string | null;
    readonly version: string;
    readonly startEpochMs: number;
    readonly startedAt: string;
    readonly endedAt: string;
    readonly durationSeconds: number;
    readonly command: string;
    readonly stoppedBy: StopReason;
    /** Visits whose time had not come at the stop; null where the plan has no end. */
    readonly remaining: number | null;
  };
  readonly config: Readonly<Record<string, unknown>>;
  readonly plan: ReportedPlan;
  readonly visits: VisitCounts;
  readonly hits: HitCounts;
  readonly rate: Rate;
  readonly latencyMs: Distribution | null;
  /** null where no hit was sent, or none has a planned time. */
  readonly latenessMs: Distribution | null;
  readonly series: readonly SeriesPoint[];
  readonly targets: readonly TargetReport[];
  /** Under `mirror` with several targets; null otherwise. */
  readonly comparison: Comparison | null;
  readonly thresholds: readonly [];
  readonly verification: Verification | null;
  readonly exitCode: ExitCode;
}

export interface Rate {
  /** null under rate `max`: nothing was offered. */
  readonly offeredVisitsPerSecond: number | null;
  /** At which visits began to be sent. */
  readonly achievedVisitsPerSecond: number;
  readonly hitsPerSecond: number;
}

/** Targets that got the same traffic at the same moments, side by side. See `comparison.ts` for the statistic. */
export interface Comparison {
  readonly method: {
    readonly name: 'paired block bootstrap';
    readonly confidence: 0.95;
    /** Of the time series, about so long each. The first target's and another's are pairs. */
    readonly slices: number;
    readonly sliceSeconds: number;
  };
  /** In the order of the configuration: the first is the one the others are compared with. */
  readonly targets: readonly ComparedTarget[];
}

export interface ComparedTarget {
  readonly name: string;
  /** Of the whole run, null where there is no data. */
  readonly values: Readonly<Record<ComparedFigure, number | null>>;
  /** null for the first. */
  readonly toFirst: Readonly<Record<ComparedFigure, RatioToFirst>> | null;
}

/** Rates are of what ended, over the whole run to its last answer; percentiles are those of latency in ms, errors the hits rejected, failed or unknown. */
export type ComparedFigure = 'visitsPerSecond' | 'hitsPerSecond' | 'p50Ms' | 'p95Ms' | 'p99Ms' | 'errors';

export interface RatioToFirst {
  /** Of the two values; null where one is missing or the first is 0. */
  readonly ratio: number | null;
  /** 95 %, of the ratio of the slices' means; null where it cannot be told or has no end. */
  readonly interval: readonly [number, number] | null;
  /** Whether the difference is larger than the noise; null: too short to tell. */
  readonly isMoreThanNoise: boolean | null;
}

/** What the servers recorded beside what they accepted. */
export interface Verification {
  readonly method: 'visits' | 'totals';
  /** ISO 8601. */
  readonly at: string;
  readonly passed: boolean;
  readonly targets: readonly {
    readonly name: string;
    readonly figures: readonly VerifiedFigure[];
    readonly differences: readonly VerifiedFigure[];
  }[];
}

export interface VerifiedFigure {
  readonly name: string;
  readonly planned: number;
  readonly recorded: number;
}

/** `visits`: so many were asked for and sent; `plan-end`: the plan had no more. */
export type StopReason = 'visits' | 'duration' | 'signal' | 'lost-targets' | 'plan-end';

/** Plan totals as people read them: revenue in the currency's unit. */
export type ReportedPlan = Omit<PlanTotals, 'revenueCents'> & { readonly revenue: number };

/** `planned` is the sum of the others. */
export interface VisitCounts {
  planned: number;
  /** All hits accepted. */
  completed: number;
  partial: number;
  /** Some hits tried, none accepted. */
  failed: number;
  /** Not begun, because the in-flight cap was reached (`overflow: drop`). */
  dropped: number;
  /** No hit tried. */
  skipped: number;
}

/** `planned` = accepted + rejected + failed + unknown + skipped + unaccounted; `unaccounted` is 0 but for a bug. */
export interface HitCounts {
  planned: number;
  accepted: number;
  rejected: number;
  failed: number;
  unknown: number;
  skipped: number;
  /** Among the accepted: answered by something that counts nothing, such as a queue. */
  unconfirmed: number;
  unaccounted: number;
}

/** Of a time in ms. Percentiles are right within 1.6 %, `max` exactly. */
export interface Distribution {
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly mean: number;
  /** All of it, to be merged with others: see `Histogram.parse`. */
  readonly histogram: string;
}

/** A slice of the run. Rates are the slice's, a null percentile had no data. */
export interface SeriesPoint {
  /** Seconds from the start to the end of the slice. */
  readonly at: number;
  readonly seconds: number;
  /** Ended in it, without those of which nothing was tried. */
  readonly visits: number;
  readonly hits: number;
  /** Rejected, failed and unknown. */
  readonly failed: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly latenessP99: number | null;
  /** At its end. */
  readonly inFlight: number;
}

export interface TargetReport {
  readonly name: string;
  readonly url: string;
  readonly apiUrl: string;
  readonly siteId: number;
  readonly tokenEnv: string | null;
  readonly clockShiftSeconds: number;
  readonly plan: ReportedPlan;
  readonly visits: VisitCounts;
  readonly hits: HitCounts;
  readonly rate: Rate;
  readonly latencyMs: Distribution | null;
  readonly latenessMs: Distribution | null;
  /** As the whole run's, slice by slice. */
  readonly series: readonly SeriesPoint[];
  readonly health: { readonly state: HealthState; readonly outages: number };
  readonly errors: readonly CountedError[];
  /** Hits that were not accepted or are in doubt, up to 10,000. */
  readonly exceptions: readonly HitException[];
  /** Those beyond. */
  readonly exceptionsLeftOut: number;
}

/** `degraded`: it answers, but its last hit was lost or it is being tried again. `refused`: it took no token. */
export type HealthState = 'up' | 'degraded' | 'down' | 'refused';

export interface CountedError {
  readonly code: string;
  readonly count: number;
  readonly example: string;
}

export interface HitException {
  /** Of the visit. */
  readonly index: number;
  /** Of the hit in it, from 0. */
  readonly hit: number;
  readonly outcome: Outcome;
  /** The server told how many of a body it refused and not which: this hit's outcome may be another's. */
  readonly inDoubt?: true;
}
