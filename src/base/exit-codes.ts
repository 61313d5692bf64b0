/** What the process says at its end. When several hold, `worstExitCode` picks by the order given there. */
export const ExitCode = {
  Done: 0,
  InternalError: 1,
  Usage: 2,
  ValidationFailed: 3,
  ThresholdFailed: 4,
  TargetLost: 5,
  VerificationFailed: 6,
  Interrupted: 130,
  Terminated: 143,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

const bySeverity: readonly ExitCode[] = [
  ExitCode.InternalError,
  ExitCode.Interrupted,
  ExitCode.Terminated,
  ExitCode.TargetLost,
  ExitCode.ThresholdFailed,
  ExitCode.VerificationFailed,
];

/** Of several reasons to end badly the one that is told: 1, a signal, 5, 4, 6; 0 where there is none. */
export function worstExitCode(reasons: ReadonlySet<ExitCode>): ExitCode {
  return bySeverity.find(code => reasons.has(code)) ?? ExitCode.Done;
}
