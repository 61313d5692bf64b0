import type { ChalkInstance } from 'chalk';
import { causesFirst } from '../run/error-order.ts';
import type { Report } from '../run/report.ts';
import { counted, grouped } from './number-format.ts';
import { type Column, columnWidths, type Row, tableLines } from './text-table.ts';
import { nameCell, oneLine } from './text-width.ts';

/** A target: five say what is wrong, and the report has them all. */
const KINDS = 5;

const columns: readonly Column[] = [
  { title: '', align: 'left', droppedAs: 1 },
  { title: '', align: 'left', droppedAs: 0 },
  { title: '', align: 'right', droppedAs: 0 },
  { title: '', align: 'left', droppedAs: 0, cut: 20 },
];

/** Errors by cause, before what followed from them, with a count and what the server or the system said. None: no line. */
export function errorLines({ targets }: Report, width: number, chalk: ChalkInstance): string[] {
  const rows = targets.flatMap(({ name, errors }): Row[] => {
    const sorted = errors.toSorted(causesFirst);
    const told = sorted.slice(0, KINDS);
    const rest = sorted.slice(KINDS);
    const shownName = (at: number) => (at === 0 && targets.length > 1 ? nameCell(name, width) : '');
    return [
      ...told.map(
        ({ code, count, example }, at): Row => [
          shownName(at),
          chalk.red(oneLine(code)),
          chalk.red(grouped(count)),
          chalk.dim(oneLine(example)),
        ],
      ),
      ...(rest.length === 0
        ? []
        : [
            [
              '',
              counted(rest.length, 'more kind'),
              grouped(rest.reduce((sum, { count }) => sum + count, 0)),
              '',
            ],
          ]),
    ];
  });
  if (rows.length === 0) return [];
  const named = targets.length > 1 ? columns : columns.slice(1);
  const cells = targets.length > 1 ? rows : rows.map(row => row.slice(1));
  return [
    'errors',
    ...tableLines(named, cells, columnWidths(named, cells), width - 2, chalk.dim).map(line => `  ${line}`),
  ];
}
