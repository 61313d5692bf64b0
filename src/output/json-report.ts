import { Failure } from '../base/failure.ts';
import type { Output } from '../run/output.ts';
import type { Report } from '../run/report.ts';
import type { TextStream } from './text-stream.ts';
import { whyUnwritable, writeAtomically } from './write-atomically.ts';

/** The report as JSON, for people too: two spaces of indentation, and a line end. */
export function reportText(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** `--json`: the report on a stream, and nothing else there. */
export class JsonReportStream implements Output {
  readonly #stream: TextStream;

  constructor(stream: TextStream) {
    this.#stream = stream;
  }

  finish(report: Report): void {
    this.#stream.write(reportText(report));
  }
}

/** `--report FILE`. See `checkWritable` for before the run. */
export class JsonReportFile implements Output {
  readonly #path: string;
  readonly #rescue: TextStream;
  #written = false;

  /** @param rescue gets the report where the file cannot be written */
  constructor(path: string, rescue: TextStream) {
    this.#path = path;
    this.#rescue = rescue;
  }

  /** The file's path once it is there. */
  get written(): string | undefined {
    return this.#written ? this.#path : undefined;
  }

  /** @throws Failure REPORT_NOT_WRITTEN, after the report went to the other stream */
  async finish(report: Report): Promise<void> {
    const text = reportText(report);
    try {
      await writeAtomically(this.#path, text);
      this.#written = true;
    } catch (error) {
      this.#rescue.write(text);
      throw new Failure(
        'REPORT_NOT_WRITTEN',
        `cannot write the report to ${this.#path}: ${whyUnwritable(error, this.#path)}`,
        { hint: 'The report is printed above instead.', cause: error },
      );
    }
  }
}
