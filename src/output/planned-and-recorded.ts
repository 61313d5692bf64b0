import type { ChalkInstance } from 'chalk';
import type { ReportedPlan } from '../run/report.ts';
import { countOrDash, DASH, grouped, money } from './number-format.ts';
import { type Column, columnWidths, type Row, tableLines } from './text-table.ts';

/** Figures both a plan and Matomo have, by the name both give them. */
const figures = [
  { name: 'visits', title: 'visits' },
  { name: 'actions', title: 'actions' },
  { name: 'bounces', title: 'bounces' },
  { name: 'visitSeconds', title: 'visit seconds' },
  { name: 'pageviews', title: 'pageviews' },
  { name: 'events', title: 'events' },
  { name: 'searches', title: 'searches' },
  { name: 'outlinks', title: 'outlinks' },
  { name: 'downloads', title: 'downloads' },
  { name: 'orders', title: 'orders' },
  { name: 'revenue', title: 'revenue' },
] as const satisfies readonly { name: keyof ReportedPlan; title: string }[];

export type ComparedFigure = (typeof figures)[number]['name'];
export type ComparedTotals = Readonly<Record<ComparedFigure, number>>;

const columns: readonly Column[] = [
  { title: '', align: 'left', droppedAs: 0 },
  { title: 'planned', align: 'right', droppedAs: 0 },
  { title: 'recorded', align: 'right', droppedAs: 0 },
  { title: '', align: 'left', droppedAs: 0 },
];

/**
 * A table of what was planned beside what a server recorded, and whether the two are the same in every figure.
 * Revenue is compared in cents: sums of fractions differ in digits that are no money.
 */
export function plannedAndRecorded(
  planned: ComparedTotals,
  recorded: ComparedTotals,
  options: { chalk: ChalkInstance; currency?: string | undefined; width?: number },
): { readonly equal: boolean; readonly text: string } {
  const { chalk, currency, width = 80 } = options;
  const differences = figures.map(({ name }) => exact(name, recorded[name]) - exact(name, planned[name]));
  const rows = figures.map(({ name, title }, at): Row => {
    const difference = differences[at] ?? 0;
    const unit = name === 'revenue' && currency !== undefined ? ` ${currency}` : '';
    return difference === 0
      ? [title + unit, shown(name, planned[name]), shown(name, recorded[name]), chalk.green('✓')]
      : [
          title + unit,
          shown(name, planned[name]),
          chalk.red(shown(name, recorded[name])),
          chalk.red(`✗ ${signed(name, difference)}`),
        ];
  });
  const wrong = differences.filter(difference => difference !== 0).length;
  const verdict =
    wrong === 0
      ? `${chalk.green('✓')} ${chalk.bold('recorded as planned, in every figure')}`
      : `${chalk.red('✗')} ${chalk.bold(`not recorded as planned: ${wrong} of ${figures.length} figures differ`)}`;
  const lines = [...tableLines(columns, rows, columnWidths(columns, rows), width, chalk.dim), '', verdict];
  return { equal: wrong === 0, text: `${lines.join('\n')}\n` };
}

/** In units that are whole. NaN, which a missing figure gives, equals nothing. */
function exact(name: ComparedFigure, value: number): number {
  return name === 'revenue' ? Math.round(value * 100) : value;
}

function shown(name: ComparedFigure, value: number): string {
  if (!Number.isFinite(value)) return DASH;
  if (name !== 'revenue') return countOrDash(value);
  return value === 0 ? DASH : money(value);
}

function signed(name: ComparedFigure, difference: number): string {
  if (Number.isNaN(difference)) return 'missing';
  const size = Math.abs(difference);
  return (difference > 0 ? '+' : '−') + (name === 'revenue' ? money(size / 100) : grouped(size));
}
