import type { ChalkInstance } from 'chalk';
import type { VerifiedFigure, VerifiedTarget } from '../run/report.ts';
import { counted, countOrDash, DASH, grouped, money } from './number-format.ts';
import { type Column, columnWidths, type Row, tableLines } from './text-table.ts';
import { cutToWidth, oneLine } from './text-width.ts';

/** Figures that are shown where they are equal, too, in this order. `isRare`: unless nothing of it was planned. */
export const mainFigures: ReadonlyMap<string, { readonly title: string; readonly isRare?: true }> = new Map([
  ['visits', { title: 'visits' }],
  ['actions', { title: 'actions' }],
  ['returningVisits', { title: 'returning visits', isRare: true }],
  ['bounces', { title: 'bounces' }],
  ['visitSeconds', { title: 'visit seconds' }],
  ['pageviews', { title: 'pageviews' }],
  ['events', { title: 'events' }],
  ['searches', { title: 'searches' }],
  ['outlinks', { title: 'outlinks' }],
  ['downloads', { title: 'downloads' }],
  ['contents', { title: 'contents', isRare: true }],
  ['orders', { title: 'orders' }],
  ['carts', { title: 'carts', isRare: true }],
  ['goalConversions', { title: 'goals', isRare: true }],
  ['revenue', { title: 'revenue' }],
]);

const columns: readonly Column[] = [
  { title: '', align: 'left', droppedAs: 0 },
  { title: 'planned', align: 'right', droppedAs: 0 },
  { title: 'recorded', align: 'right', droppedAs: 0 },
  { title: '', align: 'left', droppedAs: 0 },
  { title: 'difference', align: 'right', droppedAs: 1 },
];

export interface FiguresOptions {
  readonly chalk: ChalkInstance;
  readonly width: number;
  /** Of the revenue. */
  readonly currency: string | undefined;
}

/**
 * A target's figures, planned beside recorded. Those with names of their own (`country se`) are many: only what differs
 * is shown of them, and the others are counted.
 */
export function figureLines(target: VerifiedTarget, { chalk, width, currency }: FiguresOptions): string[] {
  const different = new Set(target.differences.map(({ name }) => name));
  const main = [...mainFigures].flatMap(([name, { isRare }]) => {
    const figure = target.figures.find(one => one.name === name);
    if (figure === undefined) return [];
    return isRare && figure.planned === 0 && figure.recorded === 0 ? [] : [figure];
  });
  const others = target.figures.filter(({ name }) => !mainFigures.has(name));
  const shown = [...main, ...others.filter(({ name }) => different.has(name))];
  const rows = shown.map((figure): Row => {
    const unit = figure.name === 'revenue' && currency !== undefined ? ` ${currency}` : '';
    const title = `${titleOf(figure)}${unit}`;
    const [planned, recorded] = [valueText(figure, figure.planned), valueText(figure, figure.recorded)];
    return different.has(figure.name)
      ? [title, planned, chalk.red(recorded), chalk.red('✗'), chalk.red(signed(figure))]
      : [title, planned, recorded, chalk.green('✓'), ''];
  });
  // Without a difference there is no column for it.
  const used = different.size === 0 ? columns.slice(0, -1) : columns;
  const lines = tableLines(used, rows, columnWidths(used, rows), width, chalk.dim);
  const equal = others.filter(({ name }) => !different.has(name)).length;
  return equal === 0 ? lines : [...lines, chalk.dim(`and ${counted(equal, 'figure')} more, equal`)];
}

/** Two columns of counts beside a name. */
const NUMBERS_WIDTH = 22;

/** What the server's own lists call otherwise: `browser Chrome`. */
export function nameRows(names: readonly VerifiedFigure[], width: number): Row[] {
  const room = width - NUMBERS_WIDTH;
  return names.map(name => [
    cutToWidth(titleOf(name), room),
    countOrDash(name.planned),
    countOrDash(name.recorded),
  ]);
}

function titleOf({ name }: VerifiedFigure): string {
  return mainFigures.get(name)?.title ?? oneLine(name);
}

function valueText({ name }: VerifiedFigure, value: number): string {
  if (name !== 'revenue') return countOrDash(value);
  return value === 0 ? DASH : money(value);
}

function signed({ name, planned, recorded }: VerifiedFigure): string {
  const difference = recorded - planned;
  const size = Math.abs(difference);
  return (difference > 0 ? '+' : '−') + (name === 'revenue' ? money(size) : grouped(size));
}
