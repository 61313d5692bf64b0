import { Failure } from '../base/failure.ts';
import type { Output } from '../run/output.ts';
import type { Report } from '../run/report.ts';
import { reportText } from './json-report.ts';
import type { TextStream } from './text-stream.ts';
import { whyUnwritable, writeAtomically } from './write-atomically.ts';

/** A file that is made of a report. */
export interface ReportFile {
  /** In messages: `the report`, `the JUnit file`. */
  readonly what: string;
  /** Absolute. */
  readonly path: string;
  readonly text: (report: Report) => string;
}

/** `--report FILE` */
export function jsonFile(path: string): ReportFile {
  return { what: 'the report', path, text: reportText };
}

export interface ReportFilesOptions {
  /** Gets the report where a file cannot be written and it is nowhere else: what a run found out is not lost. */
  readonly rescue: TextStream;
  /** Where else the report is, as a sentence; undefined: nowhere. */
  readonly elsewhere: string | undefined;
}

/** The files that are written when a run has ended, each whole or not at all. See `checkFiles` for before the run. */
export class ReportFiles implements Output {
  readonly #files: readonly ReportFile[];
  readonly #options: ReportFilesOptions;
  readonly #written: string[] = [];

  constructor(files: readonly ReportFile[], options: ReportFilesOptions) {
    this.#files = files;
    this.#options = options;
  }

  /** The paths of those that are there. */
  get written(): readonly string[] {
    return this.#written;
  }

  /** @throws Failure REPORT_NOT_WRITTEN, after all others were written and the report was saved */
  async finish(report: Report): Promise<void> {
    const problems: string[] = [];
    let firstError: unknown;
    for (const { what, path, text } of this.#files) {
      const whole = text(report);
      try {
        await writeAtomically(path, whole);
        this.#written.push(path);
      } catch (error) {
        firstError ??= error;
        problems.push(`cannot write ${what} to ${path}: ${whyUnwritable(error, path)}`);
      }
    }
    if (problems.length === 0) return;
    throw new Failure('REPORT_NOT_WRITTEN', problems.join('\n'), {
      hint: this.#saved(report),
      cause: firstError,
    });
  }

  /** Where the report is, of which all other files can be made again. */
  #saved(report: Report): string {
    const file = this.#files.find(({ path, text }) => text === reportText && this.#written.includes(path));
    if (file !== undefined)
      return `trafficinator report ${file.path} makes it of the report, which is there.`;
    if (this.#options.elsewhere !== undefined) return this.#options.elsewhere;
    this.#options.rescue.write(reportText(report));
    return 'The report is printed above instead.';
  }
}
