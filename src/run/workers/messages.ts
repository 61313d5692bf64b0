import type { TargetAnswers } from '../../delivery/target-answers.ts';
import type { RunIdentity } from '../../traffic/identity.ts';
import type { HitRecord } from '../hit-log.ts';
import type { TargetDates } from '../planning.ts';
import type { StopReason } from '../report.ts';
import type { PortableConfig } from './portable-config.ts';
import type { TargetState } from './target-state.ts';

/** What a thread is started with. Everything here and below is data: no function can go to a thread. */
export interface ThreadData {
  readonly config: PortableConfig;
  readonly number: number;
  readonly count: number;
  /** What is taken out of what servers say. */
  readonly secrets: readonly string[];
  /** By target: what it said when it was validated. */
  readonly known: ReadonlyMap<string, TargetAnswers>;
  readonly logsHits: boolean;
  /** How many hits were handed over and are in the log by now, where there is one. */
  readonly logged: SharedArrayBuffer;
}

/** What the run tells its threads. Targets are named by their positions. */
export type Order =
  /** Connections, before the start. */
  | { readonly what: 'open' }
  | {
      readonly what: 'begin';
      readonly startEpochMs: number;
      /** The same moment on the clock that all threads of a process share, `hrtime`. */
      readonly startTickMs: number;
      readonly identity: RunIdentity;
      readonly dates: readonly TargetDates[];
      /** What targets have said; undefined: nothing yet. */
      readonly answers: readonly (TargetAnswers | undefined)[];
    }
  /** What a target said at last, when it was asked before the start. */
  | { readonly what: 'answered'; readonly at: number; readonly answers: TargetAnswers }
  | { readonly what: 'answered-again'; readonly at: number; readonly answers: TargetAnswers }
  /** Another thread doubts the token. */
  | { readonly what: 'doubt'; readonly at: number }
  | { readonly what: 'stop'; readonly drainMs: number }
  | { readonly what: 'cut' };

/** What a thread tells the run. */
export type Word =
  | { readonly what: 'ready' }
  | { readonly what: 'opened' }
  | { readonly what: 'state'; readonly state: ThreadState }
  | { readonly what: 'notice'; readonly level: 'info' | 'warn' | 'error'; readonly message: string }
  | { readonly what: 'ask-again'; readonly at: number }
  | { readonly what: 'hits'; readonly records: readonly HitRecord[] }
  | { readonly what: 'ended'; readonly stoppedBy: StopReason; readonly remaining: number | null };

/** Where a thread stands, several times a second. */
export interface ThreadState {
  readonly targets: readonly TargetState[];
  /** When its next visit is due, from the start of the run; undefined where none has a time. */
  readonly nextArrivalMs: number | undefined;
  readonly isPlanOver: boolean;
  /** Its targets were lost, and it ends for that. */
  readonly isLost: boolean;
  /** p99 by which it was late for itself. */
  readonly eventLoopDelayMs: number | null;
}
