import { ExitCode, worstExitCode } from '../base/exit-codes.ts';
import type { Report, ReportedDay, Verification } from './report.ts';

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
  const days = report.days && verifiedDays(report.days, verification);
  return { ...report, ...(days && { days }), verification, exitCode: worstExitCode(reasons) };
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
