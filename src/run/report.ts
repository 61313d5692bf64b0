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
    /** Threads it was sent from. */
    readonly workers: number;
    readonly version: string;
    readonly startEpochMs: number;
    readonly startedAt: string;
    readonly endedAt: string;
    readonly durationSeconds: number;
    readonly command: string;
    readonly stoppedBy: StopReason;
    /** Visits whose time had not come at the stop, of a backfill those that are not over; null where the plan has no end. */
    readonly remaining: number | null;
  };
  readonly config: Readonly<Record<string, unknown>>;
  readonly plan: ReportedPlan;
  readonly visitors: ReportedVisitors;
  /** In the order they are tried in. */
  readonly funnels: readonly FunnelReport[];
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
  /** Of a backfill alone: by day of the sites' calendars, oldest first, over all targets. */
  readonly days?: readonly ReportedDay[];
  readonly backfill?: ReportedBackfill;
  /** In the order they were given. */
  readonly thresholds: readonly ThresholdResult[];
  readonly generator: GeneratorReport;
  readonly verification: Verification | null;
  readonly exitCode: ExitCode;
}

/** A rule the run was held to, and whether it kept it. */
export interface ThresholdResult {
  /** As it is normally written: `latency.p95 < 800ms`. */
  readonly expression: string;
  /** In the unit of the figure: ms for times, 0–1 for rates; null: there is no data, and it failed. */
  readonly value: number | null;
  readonly passed: boolean;
  /** From the start, where its breach ended the run. */
  readonly abortedAtSeconds?: number;
}

/** What sending cost this machine. null: the run was too short to tell. */
export interface GeneratorReport {
  /** Shares of one core that the process used: over the whole run, and in the worst second. Above 1 with several threads. */
  readonly cpuShareMean: number | null;
  readonly cpuShareMax: number | null;
  /** By how much the process was late for itself. */
  readonly eventLoopDelayP99Ms: number | null;
  /** Sentences: where this machine and not a server was the limit. Every output shows them. */
  readonly warnings: readonly string[];
}

/** Of a backfill alone: what its plan follows from besides the configuration, and how much of the account is of earlier sessions. */
export interface ReportedBackfill {
  readonly window: {
    readonly firstDay: string;
    readonly lastDay: string;
    readonly visitsPerDay: number;
    readonly maxVisits?: number;
    readonly growthPerWeek: number;
  };
  /** In `plan`, `visits` and `hits` with all others; times, rates and series are of the last session. */
  readonly earlier: { readonly visits: number; readonly hits: number };
}

export interface ReportedDay {
  /** `2026-01-03` */
  readonly date: string;
  /** Visits. */
  readonly planned: number;
  /** Visits whose hits were all accepted, in any session; once verified, those that the server has. null: not known. */
  readonly recorded: number | null;
}

/** How many visits came how far through a funnel. */
export interface FunnelProgress {
  readonly began: number;
  /** By step, how many reached it; the first is `began`. */
  readonly steps: readonly number[];
  readonly finished: number;
}

/** What was planned of a funnel, and how far the accepted hits came that are known one by one. */
export interface FunnelReport extends FunnelProgress {
  readonly name: string;
  readonly sent: FunnelProgress;
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

/**
 * What the servers recorded beside what they accepted.
 *
 * `visits`: the run's own visits were listed and compared one by one. `totals`: the change of the site's totals.
 */
export interface Verification {
  readonly method: 'visits' | 'totals';
  /** ISO 8601. */
  readonly at: string;
  /** Whether names that follow from the server's own lists count too. */
  readonly strict: boolean;
  /** false: a server recorded something else; null: nothing is known to be wrong, and not all could be compared. */
  readonly passed: boolean | null;
  readonly targets: readonly VerifiedTarget[];
}

export interface VerifiedTarget {
  readonly name: string;
  readonly result: 'equal' | 'different' | 'not-comparable';
  /** Why it is not comparable, in words; null where it is. */
  readonly reason: string | null;
  /** `planned` is what was accepted, and what of the unknown turned out to be recorded. */
  readonly figures: readonly VerifiedFigure[];
  /** Those of `figures` that differ. */
  readonly differences: readonly VerifiedFigure[];
  /** Browsers, devices and names of referrers: the server's own lists give them. Visits by `browser Chrome`, … */
  readonly names: readonly VerifiedFigure[];
  /** How many visits differ for which likely cause, most first. */
  readonly causes: readonly { readonly cause: DifferenceCause; readonly visits: number }[];
  /** The first differing visits, in the order of the plan, up to 100. */
  readonly visits: readonly VisitDifference[];
  /** Those beyond. */
  readonly visitsLeftOut: number;
  /** What became of hits whose answer never came. */
  readonly settled: {
    readonly recorded: number;
    readonly lost: number;
    readonly hits: readonly SettledHit[];
  };
  /** Of a backfill: visits by day. */
  readonly days?: readonly VerifiedDay[];
}

export interface VerifiedDay {
  /** `2026-01-03` */
  readonly date: string;
  readonly planned: number;
  readonly recorded: number;
}

export interface VerifiedFigure {
  readonly name: string;
  readonly planned: number;
  readonly recorded: number;
}

/** A likely cause, as far as what was recorded tells one. */
export type DifferenceCause =
  | 'lost'
  | 'doubled'
  | 'merged-by-fingerprint'
  | 'dropped-as-bot'
  | 'referrer-spam'
  | 'split-at-midnight'
  | 'split'
  | 'queued'
  | 'excluded'
  | 'unknown';

/** A visit that was not recorded as it was accepted. Only what differs is in `planned` and `recorded`. */
export interface VisitDifference {
  readonly index: number;
  readonly visitorId: string;
  readonly cause: DifferenceCause;
  /** The cause in words, with what to do where something can be done. */
  readonly explanation: string;
  readonly planned: Readonly<Record<string, string | number | null>>;
  /** Each visit the server has of this visitor; none where it is missing. */
  readonly recorded: readonly Readonly<Record<string, string | number | null>>[];
}

/** A hit with outcome `unknown`, once the server was asked. */
export interface SettledHit {
  readonly index: number;
  readonly hit: number;
  readonly recorded: boolean;
}

/** `visits`: so many were asked for and sent; `plan-end`: the plan had no more; `threshold`: one with `abort` was broken. */
export type StopReason = 'visits' | 'duration' | 'signal' | 'lost-targets' | 'threshold' | 'plan-end';

/** Plan totals as people read them: revenue in the currency's unit, and which share of the visits is of visitors who came again. */
export type ReportedPlan = Omit<PlanTotals, 'revenueCents' | 'discountCents' | 'goalRevenueCents'> & {
  readonly returningShare: number;
  readonly revenue: number;
  readonly discount: number;
  readonly goalRevenue: number;
};

/**
 * How many of the planned visits are of which kind of visitor, most first: `{ "countries": { "us": 120, … }, … }`. All
 * kinds are there, so that reports add up. Without countries in the plan there is none.
 */
export interface ReportedVisitors {
  /** ISO 3166-1 alpha-2 in lower case. */
  readonly countries: Readonly<Record<string, number>>;
  /** `direct`, `search`, `website`, `social`, `campaign`. */
  readonly sources: Readonly<Record<string, number>>;
  /** `desktop`, `smartphone`, `tablet`. */
  readonly devices: Readonly<Record<string, number>>;
  /** As Matomo names them. */
  readonly browsers: Readonly<Record<string, number>>;
  /** Operating systems, as Matomo names them. */
  readonly systems: Readonly<Record<string, number>>;
}

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
  /** Visits whose time came in it: what was offered. null where nothing has a schedule. */
  readonly due: number | null;
  /** Visits whose first hit went out in it. */
  readonly begun: number;
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
  /** Whether its hits carried the token: without one no addresses and no countries are sent. */
  readonly hitsCarryToken: boolean;
  /** Whose midnights its visits kept clear of: the site's, where that could be asked, else as configured. */
  readonly timezone: string;
  /** By how much its visits are dated earlier, because its clock is behind ours. */
  readonly clockShiftSeconds: number;
  /** What the site had recorded before the first hit; null where that was not asked, or not told. */
  readonly totalsBefore: SiteTotals | null;
  readonly backfill?: BackfilledTarget;
  readonly plan: ReportedPlan;
  readonly funnels: readonly FunnelReport[];
  readonly visits: VisitCounts;
  /** Of a run on several threads: by thread, how many of `visits.planned` were its. */
  readonly plannedByThread?: readonly number[];
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
  /** Those beyond; they are in the file `exceptionsFile`, where there is one. */
  readonly exceptionsLeftOut: number;
  /** The name of a file beside the report, with a JSON line for each exception that is not in it; null: none. */
  readonly exceptionsFile: string | null;
  /** Visits it got in the place of a target that was down: their indices in the plan, up to 100,000. */
  readonly taken: readonly number[];
  readonly takenLeftOut: number;
}

/** Of a backfill: which of a target's visits its account is of. */
export interface BackfilledTarget {
  /** The latest date a hit could have: as far as the last day had come when it began. */
  readonly latestEpochSeconds: number;
  /** Visits of the target counted from its oldest, from 0; both ends belong. */
  readonly positions: readonly (readonly [number, number])[];
}

/** A site's own totals, by day of its zone. */
export interface SiteTotals {
  /** ISO 8601: when they were read. */
  readonly at: string;
  /** Whether they are of that moment; else the server may have told what it had processed some time before. */
  readonly isFresh: boolean;
  /** By day (`2026-11-22`), then by figure: `visits`, `actions`, … */
  readonly days: Readonly<Record<string, Readonly<Record<string, number>>>>;
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
