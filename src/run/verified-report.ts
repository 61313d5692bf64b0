import { ExitCode, worstExitCode } from '../base/exit-codes.ts';
import type { Report, Verification } from './report.ts';

/**
 * A report with what was verified, and the exit code it deserves then: an earlier verification has no say any more.
 *
 * @param more reasons that came up meanwhile
 */
export function verifiedReport(
  report: Report,
  verification: Verification | null,
  more: Iterable<ExitCode> = [],
): Report {
  const reasons = new Set([report.exitCode, ...more]);
  // 6 is the mildest of all: where a report has it, there was no other.
  reasons.delete(ExitCode.VerificationFailed);
  if (verification?.passed === false) reasons.add(ExitCode.VerificationFailed);
  return { ...report, verification, exitCode: worstExitCode(reasons) };
}
