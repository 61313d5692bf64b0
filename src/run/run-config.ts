import type { TargetConfig } from '../delivery/target-config.ts';
import type { Stage } from '../traffic/arrivals/stages.ts';
import type { Range, TrafficSettings } from '../traffic/settings.ts';
import type { Shard } from '../traffic/shard.ts';

/** All that a run depends on, resolved and checked. Two runs with equal seed, run id and start have equal plans. */
export interface RunConfig {
  /** The command that made it, as the report names it. */
  readonly command: string;
  /** The name of the preset, or the path of its file. */
  readonly preset: string | undefined;
  /** Whole, 0 to 2^53 − 1. */
  readonly seed: number;
  readonly runId: string;
  /** When the first visit is due; undefined: when the run is started. */
  readonly startEpochMs: number | undefined;
  readonly shard: Shard | undefined;
  readonly targets: readonly TargetConfig[];
  readonly distribution: 'split' | 'mirror' | 'independent' | 'failover';
  /**
   * What becomes of a visit whose target is down: `skip` counts it as skipped, `reroute` gives it to a healthy one
   * if nothing of its visitor was sent yet (never under `mirror` and `independent`), `abort` ends the run.
   */
  readonly whenDown?: 'skip' | 'reroute' | 'abort';
  /** Visits a second, in total under `split` and `failover`, per target otherwise; `max`: as fast as the caps allow. */
  readonly visitsPerSecond: number | 'max';
  /** How visits lie in time; left out: one after the other at one rate. */
  readonly arrivals?: ArrivalShape;
  /** End after so many visits. Without this and `durationSeconds` a run goes on until it is stopped. */
  readonly visits: number | undefined;
  readonly durationSeconds: number | undefined;
  /** Visits a calendar day of `timezone`; then arrivals pause until its midnight. */
  readonly maxVisitsPerDay: number | undefined;
  /** What becomes of a visit that is due while its target's in-flight cap is reached. */
  readonly overflow: 'wait' | 'drop';
  /**
   * `compressed`: a visit of minutes is sent in seconds; `real`: each hit when it happens; `backfill`: visits of past days
   * are sent at once.
   */
  readonly clock: 'compressed' | 'real' | 'backfill';
  /** Between the hits of a visit under the compressed clock. */
  readonly pauseSeconds: Range;
  /** Where a target's own zone is not known. An IANA name. */
  readonly timezone: string;
  readonly traffic: TrafficSettings;
  /** What the report says of the configuration: every value in effect, secrets as the names of their variables. */
  readonly effective: Readonly<Record<string, unknown>>;
}

/** Not under rate `max`, which has no schedule. */
export interface ArrivalShape {
  /** `even`: as evenly as the rate allows; `random`: as a Poisson process. */
  readonly gaps: 'even' | 'random';
  /** How the rate changes over time: along a curve around `visitsPerSecond`, or as stages say, which are also an end. */
  readonly over?:
    | { readonly kind: 'curve'; readonly weights: readonly number[] }
    | { readonly kind: 'stages'; readonly stages: readonly Stage[] };
}
