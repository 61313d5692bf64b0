import type { Failure } from '../../base/failure.ts';
import type { TargetAnswers } from '../../delivery/ask.ts';
import type { Clock } from '../clock.ts';
import type { Output } from '../output.ts';
import type { Report, Verification } from '../report.ts';
import type { RunConfig } from '../run-config.ts';
import type { RunHandle } from '../start-run.ts';
import type { BackfillWindow } from './backfill-window.ts';

/** `visitsPerSecond` of the configuration bounds the rate at which visits are sent. */
export type BackfillConfig = RunConfig & { readonly backfill: BackfillWindow };

export interface BackfillOptions {
  readonly outputs: readonly Output[];
  readonly journalPath: string;
  /** Goes on with the journal; without it there must be none, or `force`. */
  readonly resume: boolean;
  /** Begins anew although there is a journal, which is kept beside the new one. */
  readonly force: boolean;
  /** What was sent without an answer is asked about so long after the journal's last entry. */
  readonly settleAfterSeconds: number;
  readonly clock?: Clock;
  readonly version: string;
  readonly mask: (text: string) => string;
  readonly known?: ReadonlyMap<string, TargetAnswers>;
  readonly verify?: (report: Report) => Promise<Verification | null> | Verification | null;
}

/**
 * Fills past days. `done` rejects with a `Failure` before anything is sent where the journal does not allow it.
 */
export function startBackfill(config: BackfillConfig, options: BackfillOptions): RunHandle {
  throw new Error(`not yet: ${config.runId} ${options.journalPath}` satisfies Failure['message']);
}
