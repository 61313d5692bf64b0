import { cutToWidth, textWidth } from './text-width.ts';

/** A column of a table for people. */
export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** Which columns go first where there is no room for all: the highest. 0 stays. */
  readonly droppedAs: number;
  /** Columns it takes at least. */
  readonly least?: number;
  /** The last column may be cut: it takes the room that is left, and so many columns at least where it is in use. */
  readonly cut?: number;
}

/** Cells in the order of the columns, styled or not. */
export type Row = readonly string[];

const GAP = 2;

/** What each column needs for its title and cells. `before` are widths it had: a column never shrinks under the eye. */
export function columnWidths(
  columns: readonly Column[],
  rows: readonly Row[],
  before: readonly number[] = [],
): number[] {
  return columns.map((column, at) =>
    rows.reduce(
      (widest, row) => Math.max(widest, textWidth(row[at] ?? '')),
      Math.max(textWidth(column.title), column.least ?? 0, before[at] ?? 0),
    ),
  );
}

/**
 * Lines of a table: its head (unless no column has a title) and a line a row. Columns go where the width is not
 * enough for all; what is still too long is cut.
 *
 * @param style of the head
 */
export function tableLines(
  columns: readonly Column[],
  rows: readonly Row[],
  widths: readonly number[],
  width: number,
  style: (title: string) => string,
): string[] {
  const kept = fitting(columns, widths, width);
  const line = (cells: Row): string =>
    cutToWidth(
      kept
        .map(at => aligned(cells[at] ?? '', widths[at] ?? 0, columns[at]?.align ?? 'left'))
        .join(' '.repeat(GAP))
        .trimEnd(),
      width,
    );
  const titles = columns.map(column => column.title);
  const head = titles.every(title => title === '') ? [] : [style(line(titles))];
  return [...head, ...rows.map(line)];
}

/** The places of the columns there is room for. */
function fitting(columns: readonly Column[], widths: readonly number[], width: number): number[] {
  const kept = columns.map((_, at) => at);
  const least = (at: number) => Math.min(widths[at] ?? 0, columns[at]?.cut ?? Number.POSITIVE_INFINITY);
  const needed = () => kept.reduce((sum, at) => sum + (least(at) === 0 ? 0 : least(at) + GAP), -GAP);
  while (needed() > width) {
    const first = kept.reduce((a, b) =>
      (columns[b]?.droppedAs ?? 0) > (columns[a]?.droppedAs ?? 0) ? b : a,
    );
    if ((columns[first]?.droppedAs ?? 0) === 0) break;
    kept.splice(kept.indexOf(first), 1);
  }
  return kept;
}

function aligned(cell: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - textWidth(cell)));
  return align === 'left' ? cell + space : space + cell;
}
