import type { ChalkInstance } from 'chalk';
import type { VisitDifference } from '../run/report.ts';
import { DASH, grouped, money } from './number-format.ts';
import { type Column, columnWidths, type Row, tableLines } from './text-table.ts';
import { oneLine, wrapWords } from './text-width.ts';

const GAP = 2;
const INDENT = '  ';
const isoTime = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2}Z)$/;

type Value = string | number | null;

/** A visit that was recorded otherwise: whose, why, and what differs, planned beside each visit the server has of it. */
export function visitDifferenceLines(
  { index, visitorId, explanation, planned, recorded }: VisitDifference,
  { width, chalk }: { width: number; chalk: ChalkInstance },
): string[] {
  const head = wrapWords(`visit ${index} (${visitorId}): ${oneLine(explanation)}`, width, '  ');
  const rows = differenceTable({ planned, recorded }).map(([key, ...cells]): Row => [INDENT + key, ...cells]);
  if (rows.length === 0) return head;
  const columns = ['', 'planned', ...recorded.map((_, at) => recordedTitle(recorded.length, at))].map(
    (title, at): Column => ({ title, align: at === 0 ? 'left' : 'right', droppedAs: 0 }),
  );
  const widths = columnWidths(columns, rows);
  const isWide = widths.reduce((sum, columnWidth) => sum + columnWidth + GAP, -GAP) > width;
  return [...head, ...(isWide ? folded(rows, width) : tableLines(columns, rows, widths, width, chalk.dim))];
}

/** A row for all that differs: its name, what was planned, and what each of the recorded visits has. */
export function differenceTable({
  planned,
  recorded,
}: Pick<VisitDifference, 'planned' | 'recorded'>): (readonly [string, ...string[]])[] {
  const keys = [...new Set([planned, ...recorded].flatMap(values => Object.keys(values)))];
  const day = commonDay([planned, ...recorded]);
  return keys.map(key => [
    oneLine(key),
    ...[planned, ...recorded].map(values => shown(key, values[key], day)),
  ]);
}

export function recordedTitle(count: number, at: number): string {
  return count === 1 ? 'recorded' : `recorded ${at + 1}`;
}

/** `actions: planned 5, recorded 2 and 3`: no cell is left out or cut. */
function folded(rows: readonly Row[], width: number): string[] {
  return rows.flatMap(([key = '', planned, ...recorded]) => {
    const told = `${key.trim()}: planned ${planned}, recorded ${recorded.join(' and ') || DASH}`;
    return wrapWords(told, width - INDENT.length, INDENT).map(line => INDENT + line);
  });
}

/** The day of all times of a visit, where they have one: then it need not be repeated. */
function commonDay(sides: readonly Readonly<Record<string, Value>>[]): string | undefined {
  const values = sides.flatMap(values => Object.values(values));
  const days = new Set(values.flatMap(value => isoTime.exec(String(value))?.[1] ?? []));
  return days.size === 1 ? [...days][0] : undefined;
}

function shown(key: string, value: Value | undefined, day: string | undefined): string {
  if (value === undefined || value === null || value === '') return DASH;
  if (typeof value === 'number') return key === 'revenue' ? money(value) : grouped(value);
  const [, ofDay, time] = isoTime.exec(value) ?? [];
  return time !== undefined && ofDay === day ? time : oneLine(value);
}
