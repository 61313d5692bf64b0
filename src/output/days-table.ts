import type { ChalkInstance } from 'chalk';
import type { ReportedDay } from '../run/report.ts';
import { counted, countOrDash, DASH, grouped } from './number-format.ts';
import { type Column, columnWidths, tableLines } from './text-table.ts';
import { wrapWords } from './text-width.ts';

/** As many days as are listed one by one: a month. The report has them all. */
const MOST_DAYS = 31;

const columns: readonly Column[] = [
  { title: '', align: 'left', droppedAs: 0 },
  { title: 'planned', align: 'right', droppedAs: 0 },
  { title: 'recorded', align: 'right', droppedAs: 0 },
  { title: 'missing', align: 'right', droppedAs: 1 },
];

/**
 * A row a day; of long windows a row a month, and the days on which something is missing.
 *
 * @param isDone else days without a visit are to come
 */
export function daysTable(
  days: readonly ReportedDay[],
  isDone: boolean,
  width: number,
  chalk: ChalkInstance,
): string[] {
  const isLong = days.length > MOST_DAYS;
  const short = days.filter(day => day.recorded !== day.planned && (isDone || day.recorded !== 0));
  const told = isLong ? short.slice(0, MOST_DAYS) : [];
  const lines = dayLines(days);
  const rows = [
    ...lines,
    ...told.map(day => ({ ...day, label: `  ${day.date}` })),
    { label: 'total', ...sumOfDays(days) },
  ].map(({ label, planned, recorded }) => cells(label, planned, recorded, chalk));
  // What is missing has no column where nothing is.
  const shown = short.length === 0 && isDone ? columns.slice(0, -1) : columns;
  const rest = isLong ? short.length - told.length : 0;
  return [
    ...tableLines(shown, rows, columnWidths(shown, rows), width, chalk.dim),
    ...(rest === 0
      ? []
      : wrapWords(`… and ${counted(rest, 'more day')} that are short: the report has all`, width, '  ').map(
          line => chalk.dim(line),
        )),
  ];
}

function cells(label: string, planned: number, recorded: number | null, chalk: ChalkInstance): string[] {
  if (recorded === null) return [label, grouped(planned), DASH, chalk.red('not known')];
  const missing = planned - recorded;
  return [
    label,
    grouped(planned),
    grouped(recorded),
    missing === 0 ? countOrDash(0) : chalk.red(grouped(missing)),
  ];
}

/** A day or a month. */
export interface DayLine extends Omit<ReportedDay, 'date'> {
  readonly label: string;
}

/** Days one by one, and months where there are more than a month has. */
export function dayLines(days: readonly ReportedDay[]): readonly DayLine[] {
  return days.length > MOST_DAYS ? byMonth(days) : days.map(day => ({ ...day, label: day.date }));
}

function byMonth(days: readonly ReportedDay[]): DayLine[] {
  const months = new Map<string, ReportedDay[]>();
  for (const day of days) {
    const month = day.date.slice(0, 7);
    const known = months.get(month);
    if (known === undefined) months.set(month, [day]);
    else known.push(day);
  }
  return [...months].map(([month, ofMonth]) => ({
    label: `${month} (${counted(ofMonth.length, 'day')})`,
    ...sumOfDays(ofMonth),
  }));
}

export function sumOfDays(days: readonly ReportedDay[]): { planned: number; recorded: number | null } {
  const planned = days.reduce((sum, day) => sum + day.planned, 0);
  const recorded = days.reduce<number | null>(
    (sum, day) => (sum === null || day.recorded === null ? null : sum + day.recorded),
    0,
  );
  return { planned, recorded };
}
