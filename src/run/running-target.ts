import type { TargetConfig } from '../delivery/target-config.ts';
import type { Ledger } from './ledger.ts';
import type { HealthState } from './report.ts';
import type { TargetTimes } from './target-times.ts';

/** What of a target that is sent to is shown and reported, however its visits come to it. */
export interface RunningTarget {
  readonly config: TargetConfig;
  readonly ledger: Ledger;
  readonly times: TargetTimes;
  readonly inFlight: number;
  readonly waiting: number;
  readonly health: HealthState;
  readonly outages: number;
  /** Whether it was stopped, lost for a while, or took nothing of all that was tried. */
  readonly wasLost: boolean;
  /** Of a backfill: hits in the account that were tried in earlier sessions. */
  readonly earlierHits?: number;
  /** Of a run on several threads: by thread, how many visits had their time come. */
  readonly plannedByThread?: readonly number[];
}
