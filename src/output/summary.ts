import type { ChalkInstance } from 'chalk';
import { LEAST_BUSY_SECONDS, lateFromMs } from '../run/generator-warnings.ts';
import type { Output } from '../run/output.ts';
import type { Report } from '../run/report.ts';
import type { Snapshot } from '../run/snapshot.ts';
import { comparisonLines } from './comparison-table.ts';
import { counted, grouped, milliseconds, money, percent } from './number-format.ts';
import { errorLines } from './summary-errors.ts';
import { summaryTable } from './summary-table.ts';
import type { TextStream } from './text-stream.ts';
import { oneLine, wrapWords } from './text-width.ts';
import { thresholdLines } from './threshold-lines.ts';
import { endedByRequest, exitReason, headline } from './verdict.ts';
import { verdictLines } from './verification-lines.ts';

export interface SummaryOptions {
  readonly stream: TextStream;
  readonly chalk: ChalkInstance;
  /** Of the revenue. */
  readonly currency?: string | undefined;
  /** Of the revenue, by target. */
  readonly currencies?: ReadonlyMap<string, string>;
  /** The files that were written, asked for at the end. */
  readonly files?: () => readonly string[];
}

/** What held visits back, as far as a run shows it while it goes on: the report has no place for it. */
interface Pressure {
  /** Of visits that waited for the in-flight cap at once, and where. */
  waiting: number;
  waitingAt: string;
}

/** Where there is no terminal to ask. */
const COLUMNS = 120;

/** The closing summary: what was planned and came of it, what went wrong and why, in the order of importance. */
export class Summary implements Output {
  readonly #options: SummaryOptions;
  readonly #pressure: Pressure = { waiting: 0, waitingAt: '' };

  constructor(options: SummaryOptions) {
    this.#options = options;
  }

  tick(snapshot: Snapshot): void {
    const pressure = this.#pressure;
    for (const { name, waiting } of snapshot.targets) {
      if (waiting <= pressure.waiting) continue;
      pressure.waiting = waiting;
      pressure.waitingAt = name;
    }
  }

  finish(report: Report): void {
    this.#options.stream.write(`${this.#lines(report).join('\n')}\n`);
  }

  #lines(report: Report): string[] {
    const { chalk, stream, currency, currencies = new Map(), files } = this.#options;
    const columns = stream.columns || COLUMNS;
    const reason = exitReason(report);
    const asked = endedByRequest(report);
    const warnings = [...report.generator.warnings, ...latenessWarning(report, this.#pressure)];
    const written = files?.() ?? [];
    // Sentences are wrapped: unlike a cell of a table they must be read to their end.
    const sentence = (text: string, indent = '  ') => wrapWords(text, columns, indent);
    return [
      ...sentence(headline(report, chalk)),
      '',
      ...summaryTable(report, columns, chalk),
      '',
      ...(report.comparison === null ? [] : withGap(comparisonLines(report.comparison, columns, chalk))),
      ...withGap(errorLines(report, columns, chalk)),
      ...sentence(planLine(report, currency), '        '),
      ...funnelLines(report).flatMap(line => sentence(line, '        ')),
      ...thresholdLines(report.thresholds, columns, chalk),
      ...(report.verification === null
        ? []
        : verdictLines(report.verification, { chalk, width: columns, currencies })),
      ...warnings.flatMap(warning => sentence(`! ${warning}`)).map(line => chalk.yellow(line)),
      ...(reason === undefined
        ? []
        : sentence(`${asked ? '!' : '✗'} ${reason}`).map(line => (asked ? chalk.yellow : chalk.red)(line))),
      ...(written.length === 0 ? [] : [`report  ${written.map(oneLine).join(', ')}`]),
    ];
  }
}

/** `plan  140,120 actions · 1,234 bounces · 1,802 orders · 212,993.10 SEK` */
function planLine({ plan }: Report, currency: string | undefined): string {
  const parts = [counted(plan.actions, 'action'), counted(plan.bounces, 'bounce')];
  if (plan.orders > 0) {
    parts.push(
      counted(plan.orders, 'order'),
      `${money(plan.revenue)}${currency === undefined ? ' revenue' : ` ${currency}`}`,
    );
  }
  return `plan    ${parts.join(' · ')}`;
}

/** `funnels Sign-up 21 of 35 · Lead generation 40 of 120`: how many came to the end, of those who began. */
function funnelLines({ funnels }: Report): string[] {
  const begun = funnels.filter(({ began }) => began > 0);
  if (begun.length === 0) return [];
  const parts = begun.map(
    ({ name, began, finished }) => `${oneLine(name)} ${grouped(finished)} of ${grouped(began)}`,
  );
  return [`funnels ${parts.join(' · ')} to the end`];
}

/** Told where hits went out late: then the load was not what was asked for, and not by the server's doing alone. */
function latenessWarning(
  { run: { durationSeconds }, latenessMs, rate, config, generator }: Report,
  { waiting, waitingAt }: Pressure,
): string[] {
  if (latenessMs === null || latenessMs.p99 <= lateFromMs(config.transport === 'bulk')) return [];
  // Then it was this machine, and that is told.
  if (generator.warnings.length > 0) return [];
  const offered = rate.offeredVisitsPerSecond;
  const achieved =
    offered === null || offered === 0
      ? ''
      : `, ${percent(Math.min(1, rate.achievedVisitsPerSecond / offered))} of the offered rate`;
  const what = `hits went out late (p99 ${milliseconds(latenessMs.p99)}, at most ${milliseconds(latenessMs.max)}${achieved})`;
  if (waiting > 0) {
    return [
      `${what}: up to ${counted(waiting, 'visit')} waited for the in-flight cap of ${oneLine(waitingAt)}. The server is slower than the rate needs, or --concurrency is too low.`,
    ];
  }
  if (durationSeconds < LEAST_BUSY_SECONDS) {
    return [`${what}: most of it is what it costs to begin, and a longer run tells more.`];
  }
  return [
    `${what}: this machine was busy with something else, too few connections held the hits back, or the server asked to be left alone for a while.`,
  ];
}

function withGap(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? lines : [...lines, ''];
}
