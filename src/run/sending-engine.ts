import type { Engine } from './life.ts';
import type { Preparation } from './preparation.ts';
import type { RunPosition } from './progress.ts';
import type { StopReason } from './report.ts';
import type { RunningTarget } from './running-target.ts';

/** What sends the plan of a run, from this thread or from several. */
export interface SendingEngine extends Engine {
  /** There once it has begun. */
  readonly targets: readonly RunningTarget[];
  /** When the plan begins, on the clock of `performance.now()`. */
  readonly startMs: number;
  /** Opens the connections that the first visits will want. Never rejects: hits tell of what fails. */
  open(): Promise<void>;
  /** From here on times count. */
  begin(preparation: Preparation): void;
  position(nowMs: number): RunPosition;
  /** Visits whose time had not come; null where the plan has no end. Meaningful at the end. */
  readonly remaining: number | null;
  /** Meaningful at the end. */
  readonly stoppedBy: StopReason;
  close(): Promise<void>;
}
