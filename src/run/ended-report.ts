import { ExitCode, worstExitCode } from '../base/exit-codes.ts';
import type { RunIdentity } from '../traffic/identity.ts';
import { buildReport } from './build-report.ts';
import type { Life } from './life.ts';
import type { Monitor } from './monitor.ts';
import type { TargetDates } from './planning.ts';
import type { Report, SiteTotals, StopReason } from './report.ts';
import type { RunConfig } from './run-config.ts';
import type { RunningTarget } from './running-target.ts';

/** What a report says that is known before a run. */
export interface ReportOptions {
  /** Of the program. */
  readonly version: string;
  /** By target: what its site had recorded before the run. */
  readonly totalsBefore?: ReadonlyMap<string, SiteTotals>;
}

/** How a run ended, whatever sent its visits. */
export interface RunEnd {
  readonly plannedBy: {
    readonly identity: RunIdentity;
    readonly startEpochMs: number;
    readonly dates: readonly TargetDates[];
  };
  readonly life: Life;
  /** Threads it was sent from; default: one. */
  readonly workers?: number;
  readonly monitor: Monitor;
  /** On the clock of `performance.now()`. */
  readonly startMs: number;
  /** Besides what the targets are a reason for. */
  readonly exitReasons: Iterable<ExitCode>;
  readonly stoppedBy: StopReason;
  readonly remaining: number | null;
  readonly exceptionsFile: string | null;
}

/** The report of a run that has just ended. */
export function endedReport(
  config: RunConfig,
  targets: readonly RunningTarget[],
  { version, totalsBefore }: ReportOptions,
  { plannedBy, life, startMs, exitReasons, ...end }: RunEnd,
): Report {
  return buildReport(config, targets, {
    tag: plannedBy.identity.tag,
    version,
    startEpochMs: plannedBy.startEpochMs,
    dates: plannedBy.dates,
    totalsBefore,
    endEpochMs: life.clock.epochMs(),
    durationSeconds: Math.max(0, performance.now() - startMs) / 1000,
    exitCode: exitCode(targets, exitReasons),
    ...end,
  });
}

function exitCode(targets: readonly RunningTarget[], more: Iterable<ExitCode>): ExitCode {
  const reasons = new Set(more);
  if (targets.some(target => target.wasLost)) reasons.add(ExitCode.TargetLost);
  // What is missing in the account is a bug of ours, and is told rather than hidden.
  if (targets.some(target => !target.ledger.isWhole())) reasons.add(ExitCode.InternalError);
  return worstExitCode(reasons);
}
