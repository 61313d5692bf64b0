import type { ChalkInstance } from 'chalk';
import type { Output } from '../run/output.ts';
import type { Report } from '../run/report.ts';
import { daysTable } from './days-table.ts';
import { counted, grouped } from './number-format.ts';
import type { TextStream } from './text-stream.ts';
import { wrapWords } from './text-width.ts';
import { sentAndLeft } from './verdict.ts';

export interface BackfillEndingOptions {
  readonly stream: TextStream;
  readonly chalk: ChalkInstance;
  /** What goes on with it: `trafficinator backfill --resume --journal FILE`; undefined: it cannot go on. */
  readonly resume: string | undefined;
  /** What makes the reports, on each server. */
  readonly archiving: readonly string[];
}

/** Where there is no terminal to ask. */
const COLUMNS = 120;

/** What is below the summary of a backfill: its days, and what to do next. */
export class BackfillEnding implements Output {
  readonly #options: BackfillEndingOptions;

  constructor(options: BackfillEndingOptions) {
    this.#options = options;
  }

  finish(report: Report): void {
    const { days = [] } = report;
    if (days.length === 0) return;
    const { stream, chalk } = this.#options;
    const width = stream.columns || COLUMNS;
    const lines = [
      '',
      ...daysTable(days, report.run.remaining === 0, width, chalk),
      ...partialLines(report, width).map(line => chalk.yellow(line)),
      '',
      ...this.#next(report, width),
    ];
    stream.write(`${lines.join('\n')}\n`);
  }

  /** Commands are not wrapped: they are to be copied. */
  #next(report: Report, width: number): string[] {
    const { chalk, resume, archiving } = this.#options;
    const { remaining } = report.run;
    if (remaining !== 0 && resume !== undefined) {
      const sent = sentAndLeft(report);
      const asked = report.hits.unknown === 0 ? '' : '; of what has no answer the server is asked';
      const tried = sent === 0 ? '' : `, ${grouped(sent)} of them tried before${asked}`;
      const left = remaining === null ? 'not all is sent' : `${counted(remaining, 'visit')} left${tried}`;
      return [...wrapWords(`next    ${left}. It goes on where it was with:`, width, '        '), resume];
    }
    if (archiving.length === 0) return [];
    const why = 'reports of past days are made on request, or ahead of that on the server of Matomo by:';
    return [...wrapWords(`next    ${why}`, width, '        '), ...archiving.map(line => chalk.bold(line))];
  }
}

/** Missing visits of which the server may have something. Before the end of the backfill some of them go on. */
function partialLines({ run, visits: { partial } }: Report, width: number): string[] {
  if (run.remaining !== 0 || partial === 0) return [];
  const what = partial === 1 ? 'visit is there in part, or' : 'visits are there in part, or';
  const text = `! ${grouped(partial)} missing ${what} it is not known which hits are: none is sent again, since what is there would count twice`;
  return ['', ...wrapWords(text, width, '  ')];
}
