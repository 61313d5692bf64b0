import type { ChalkInstance } from 'chalk';
import type { Distribution, HitCounts, Report, VisitCounts } from '../run/report.ts';
import { countOrDash, DASH, milliseconds } from './number-format.ts';
import { type Column, columnWidths, tableLines } from './text-table.ts';
import { nameCell } from './text-width.ts';

/** A row, with the words of the report for a target and for the whole run. */
interface Line {
  readonly name: string;
  readonly visits: VisitCounts;
  readonly hits: HitCounts;
  readonly latencyMs: Distribution | null;
}

interface Figure extends Column {
  readonly cell: (line: Line, chalk: ChalkInstance, width: number) => string;
  /** Shown only where some row has it. */
  readonly onlyWhere?: (line: Line) => boolean;
}

const figures: readonly Figure[] = [
  { title: '', align: 'left', droppedAs: 0, least: 6, cell: (line, _, width) => nameCell(line.name, width) },
  count('visits', 5, line => line.visits.planned),
  count('hits', 0, line => line.hits.planned),
  count('accepted', 0, line => line.hits.accepted),
  lost('rejected', line => line.hits.rejected),
  lost('failed', line => line.hits.failed),
  lost('unknown', line => line.hits.unknown),
  { ...lost('skipped', line => line.hits.skipped), onlyWhere: line => line.hits.skipped > 0 },
  { ...lost('unaccounted', line => line.hits.unaccounted), onlyWhere: line => line.hits.unaccounted > 0 },
  time('p50', 7, line => line.latencyMs?.p50),
  time('p95', 4, line => line.latencyMs?.p95),
  time('p99', 6, line => line.latencyMs?.p99),
];

/** Of columns without a figure: the first to go. */
const EMPTY = 9;

/** A row a target and a total where there are several. Where it is narrow empty columns go first, then percentiles. */
export function summaryTable(report: Report, width: number, chalk: ChalkInstance): string[] {
  const lines: Line[] = [...report.targets];
  if (lines.length > 1) lines.push({ ...report, name: 'total' });
  const shown = figures.filter(({ onlyWhere }) => onlyWhere === undefined || lines.some(onlyWhere));
  const rows = lines.map(line => shown.map(({ cell }) => cell(line, chalk, width)));
  const isEmpty = (at: number) => rows.every(row => row[at] === DASH);
  const columns = shown.map((column, at) => (isEmpty(at) ? { ...column, droppedAs: EMPTY } : column));
  return tableLines(columns, rows, columnWidths(shown, rows), width, chalk.dim);
}

function count(title: string, droppedAs: number, of: (line: Line) => number): Figure {
  return { title, align: 'right', droppedAs, cell: line => countOrDash(of(line)) };
}

function lost(title: string, of: (line: Line) => number): Figure {
  const cell = (line: Line, chalk: ChalkInstance) =>
    of(line) === 0 ? countOrDash(0) : chalk.red(countOrDash(of(line)));
  return { title, align: 'right', droppedAs: 0, cell };
}

function time(title: string, droppedAs: number, of: (line: Line) => number | undefined): Figure {
  return { title, align: 'right', droppedAs, least: 6, cell: line => milliseconds(of(line) ?? null) };
}
