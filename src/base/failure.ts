import { ExitCode } from './exit-codes.ts';

/** Every error a person can meet, with the code scripts can rely on and how the process ends. */
const failures = {
  USAGE: ExitCode.Usage,
  CONFIG_INVALID: ExitCode.Usage,
  FILE_UNREADABLE: ExitCode.Usage,
  FILE_INVALID: ExitCode.Usage,
  FILE_UNWRITABLE: ExitCode.Usage,
  PORT_UNAVAILABLE: ExitCode.Usage,
  PACKAGE_MISSING: ExitCode.Usage,
  SERVER_UNREADABLE: ExitCode.Usage,
  PRODUCTION_SITE: ExitCode.Usage,
  TARGET_REFUSED: ExitCode.ValidationFailed,
  LEDGER_UNBALANCED: ExitCode.InternalError,
  REPORT_NOT_WRITTEN: ExitCode.InternalError,
} as const;

export type FailureCode = keyof typeof failures;

/**
 * An error that is told to a person: what happened and where (`message`), and what to do (`hint`).
 * Anything else that is thrown is a bug and ends the process with exit code 1.
 */
export class Failure extends Error {
  override name = 'Failure' as const;
  readonly code: FailureCode;
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;

  constructor(code: FailureCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.exitCode = failures[code];
    this.hint = options.hint;
  }
}
