import type { Report } from './report.ts';
import type { RunningTarget } from './running-target.ts';
import type { RunInfo, Snapshot } from './snapshot.ts';

/** Somewhere a run is shown or written to. What it does not need it leaves out. */
export interface Output {
  start?(info: RunInfo): void;
  /** Once, when they are there. From then on they may be read at any moment, also after the end. */
  watch?(targets: readonly RunningTarget[]): void;
  /** Several times a second. */
  tick?(snapshot: Snapshot): void;
  /** A line worth saying at once: a target is lost, or a pause begins. */
  notice?(level: 'info' | 'warn' | 'error', message: string): void;
  finish?(report: Report): void | Promise<void>;
}
