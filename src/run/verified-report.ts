import { ExitCode, worstExitCode } from '../base/exit-codes.ts';
import type { Report, ReportedDay, ThresholdResult, Verification } from './report.ts';

/** What is said of a run when its hits are accounted for. */
export interface Conclusion {
  /** Reasons to end badly that came up meanwhile. */
  readonly reasons?: Iterable<ExitCode>;
  /** Asked with what was verified. Left out: the results stay as they are. */
  readonly judge?: (report: Report) => readonly ThresholdResult[];
}

/**
 * A report with what was verified and judged, and the exit code it deserves then: earlier ones have no say any more.
 */
export function verifiedReport(
  report: Report,
  verification: Verification | null,
  { reasons: more = [], judge = ({ thresholds }) => thresholds }: Conclusion = {},
): Report {
  const reasons = new Set([report.exitCode, ...more]);
  // 4 and 6 are the mildest of all: where a report has one of them, there was none but the other.
  reasons.delete(ExitCode.ThresholdFailed);
  reasons.delete(ExitCode.VerificationFailed);
  if (verification?.passed === false) reasons.add(ExitCode.VerificationFailed);
  const thresholds = judge({ ...report, verification });
  if (thresholds.some(({ passed }) => !passed)) reasons.add(ExitCode.ThresholdFailed);
  const days = report.days && verifiedDays(report.days, verification);
  return {
    ...report,
    ...(days && { days }),
    verification,
    thresholds,
    exitCode: worstExitCode(reasons),
  };
}

/** With what the servers have of them, where all say so. */
function verifiedDays(
  days: readonly ReportedDay[],
  verification: Verification | null,
): readonly ReportedDay[] {
  const told = verification?.targets.map(target => target.days) ?? [];
  if (told.length === 0 || told.includes(undefined)) return days;
  const recorded = new Map<string, number>();
  for (const { date, recorded: visits } of told.flatMap(ofTarget => ofTarget ?? []))
    recorded.set(date, (recorded.get(date) ?? 0) + visits);
  return days.map(day => ({ ...day, recorded: recorded.get(day.date) ?? 0 }));
}
