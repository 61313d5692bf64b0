import { ExitCode, worstExitCode } from '../base/exit-codes.ts';
import type { Report, ThresholdResult, Verification } from './report.ts';

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
  return { ...report, verification, thresholds, exitCode: worstExitCode(reasons) };
}
