import type { ChalkInstance } from 'chalk';
import { FEWEST_PAIRS } from '../run/paired-bootstrap.ts';
import type { ComparedFigure, ComparedTarget, Comparison, RatioToFirst } from '../run/report.ts';
import { counted, countOrDash, duration, milliseconds, rate, ratio } from './number-format.ts';
import { type Column, columnWidths, type Row, tableLines } from './text-table.ts';
import { nameCell, textWidth, wrapWords } from './text-width.ts';

/** A figure that targets are compared by. */
export interface ComparedLine {
  readonly figure: ComparedFigure;
  readonly title: string;
  readonly shown: (value: number) => string;
  /** What a ratio below and above 1 is called. */
  readonly words: readonly [less: string, more: string];
  /** The word that is good news; errors have none, for they are bad at any ratio. */
  readonly good: string | undefined;
}

const count = ['fewer', 'more'] as const;
const time = { shown: milliseconds, words: ['faster', 'slower'], good: 'faster' } as const;
export const comparedLines: readonly ComparedLine[] = [
  { figure: 'visitsPerSecond', title: 'visits/s', shown: rate, words: count, good: 'more' },
  { figure: 'hitsPerSecond', title: 'hits/s', shown: rate, words: count, good: 'more' },
  { figure: 'p50Ms', title: 'p50', ...time },
  { figure: 'p95Ms', title: 'p95', ...time },
  { figure: 'p99Ms', title: 'p99', ...time },
  { figure: 'errors', title: 'errors', shown: countOrDash, words: count, good: undefined },
];

const GAP = 2;
const LABEL_WIDTH = Math.max(...comparedLines.map(({ title }) => title.length));

/**
 * Mirrored targets side by side: a column a target, and after each but the first its ratio to the first in words.
 * Where there is no room for all of them, further tables repeat the first. A last line says how it was judged.
 */
export function comparisonLines(comparison: Comparison, width: number, chalk: ChalkInstance): string[] {
  const [first, ...others] = comparison.targets;
  if (first === undefined) return [];
  const firstColumn: Column = { title: nameCell(first.name, width), align: 'right', droppedAs: 0, least: 7 };
  const firstCells = comparedLines.map(line => comparedValue(line, first, chalk));
  const [firstWidth = 0] = columnWidths(
    [firstColumn],
    firstCells.map(cell => [cell]),
  );
  const blocks = others.map(other => besideColumn(other, width, chalk));
  const tables = rowsOfBlocks(blocks, width - LABEL_WIDTH - GAP - firstWidth).map(group => {
    const columns: Column[] = [
      { title: '', align: 'left', droppedAs: 0 },
      firstColumn,
      ...group.map(({ title }): Column => ({ title, align: 'left', droppedAs: 0 })),
    ];
    const rows = comparedLines.map(
      ({ title }, at): Row => [title, firstCells[at] ?? '', ...group.map(({ cells }) => cells[at] ?? '')],
    );
    return tableLines(columns, rows, columnWidths(columns, rows), width, chalk.dim);
  });
  const method = wrapWords(comparisonMethod(comparison, nameCell(first.name, width)), width, '  ').map(line =>
    chalk.dim(line),
  );
  return [...tables.flatMap((table, at) => (at === 0 ? table : ['', ...table])), ...method];
}

interface Block {
  readonly title: string;
  readonly cells: readonly string[];
  readonly width: number;
}

/** Values right-aligned, and what they mean beside the first target's. */
function besideColumn(target: ComparedTarget, width: number, chalk: ChalkInstance): Block {
  const values = comparedLines.map(line => comparedValue(line, target, chalk));
  const valueWidth = Math.max(7, ...values.map(textWidth));
  const cells = comparedLines.map((line, at) => {
    const value = values[at] ?? '';
    return `${' '.repeat(valueWidth - textWidth(value))}${value}  ${comparedVerdict(line, target, chalk)}`;
  });
  const name = nameCell(target.name, width);
  const title = ' '.repeat(Math.max(0, valueWidth - textWidth(name))) + name;
  return { title, cells, width: Math.max(...[title, ...cells].map(textWidth)) };
}

/** As many beside each other as there is room for, and one at least. */
function rowsOfBlocks(blocks: readonly Block[], room: number): Block[][] {
  const rows: Block[][] = [];
  let left = 0;
  for (const block of blocks) {
    const needed = block.width + GAP;
    const row = rows.at(-1);
    if (row !== undefined && needed <= left) {
      row.push(block);
      left -= needed;
    } else {
      rows.push([block]);
      left = room - needed;
    }
  }
  return rows;
}

export function comparedValue(
  { figure, shown }: ComparedLine,
  { values }: ComparedTarget,
  chalk: ChalkInstance,
): string {
  const value = values[figure];
  if (value === null) return countOrDash(0);
  return figure === 'errors' && value > 0 ? chalk.red(shown(value)) : shown(value);
}

/** `0.72 faster`, `1.02 within noise`, `too short to tell`; nothing where there is nothing to compare. */
export function comparedVerdict(
  line: ComparedLine,
  { values, toFirst }: ComparedTarget,
  chalk: ChalkInstance,
): string {
  const found = toFirst?.[line.figure];
  const value = values[line.figure];
  if (found === undefined || value === null) return '';
  // No errors on either side.
  if (value === 0 && found.ratio === null) return '';
  if (found.isMoreThanNoise === null) return chalk.dim('too short to tell');
  const shownRatio = found.ratio === null ? '' : `${ratio(found.ratio)} `;
  if (!found.isMoreThanNoise) return chalk.dim(`${shownRatio}within noise`);
  const word = wordOf(line, found);
  const text = shownRatio + word;
  if (word === line.good) return chalk.green(text);
  return line.good === undefined && word === 'fewer' ? text : chalk.yellow(text);
}

function wordOf({ words: [less, more] }: ComparedLine, found: RatioToFirst): string {
  return found.ratio !== null && found.ratio < 1 ? less : more;
}

/** How the verdicts came about, so that they can be believed or not. */
export function comparisonMethod({ method, targets }: Comparison, first: string): string {
  const slices = `${counted(method.slices, 'slice')} of ${duration(method.sliceSeconds)}`;
  const isTold = targets.some(
    ({ toFirst }) =>
      toFirst !== null && comparedLines.some(({ figure }) => toFirst[figure].isMoreThanNoise !== null),
  );
  const to = `ratios to ${first}`;
  return isTold
    ? `${to}; noise: paired bootstrap over ${slices}, 95 %`
    : `${to}; too short to tell: ${slices}, and ${FEWEST_PAIRS} are needed`;
}
