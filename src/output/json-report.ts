import type { Output } from '../run/output.ts';
import type { Report } from '../run/report.ts';
import type { TextStream } from './text-stream.ts';

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
