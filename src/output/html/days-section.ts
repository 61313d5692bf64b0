import type { Report, ReportedDay } from '../../run/report.ts';
import { dayLines, sumOfDays } from '../days-table.ts';
import { counted, countOrDash, DASH, grouped } from '../number-format.ts';
import type { ChartData } from './chart-data.ts';
import { chartFigure } from './chart-figure.ts';
import { html, type Part } from './html.ts';
import { folded, type Section } from './section.ts';
import { badIf, type TableRow, table } from './tables.ts';

/** Of a backfill: what was planned and recorded of each day; undefined for other runs. */
export function daysSection({ days = [], run }: Report): Section | undefined {
  if (days.length === 0) return undefined;
  const chart: ChartData = {
    id: 'days-chart',
    title: 'Visits by day',
    x: 'day',
    xs: days.map((_, at) => at),
    days: days.map(({ date }) => date),
    y: 'count',
    series: [
      { label: 'recorded', style: 0, shape: 'bars', values: days.map(day => day.recorded) },
      { label: 'planned', style: 1, shape: 'line', values: days.map(day => day.planned) },
    ],
  };
  const whole = sumOfDays(days);
  const short = days.filter(({ planned, recorded }) => recorded !== planned);
  const words = `${counted(days.length, 'day')}, ${days[0]?.date} to ${days.at(-1)?.date}: ${grouped(whole.planned)} visits planned, ${
    whole.recorded === null
      ? 'and it is not known of all of them whether they are recorded'
      : `${grouped(whole.recorded)} recorded`
  }${short.length === 0 || run.remaining !== 0 ? '' : `; ${counted(short.length, 'day')} short`}.`;
  const lines = dayLines(days);
  const perMonth = daysTable('Visits by month or day', lines, whole);
  return {
    id: 'days',
    title: 'Days',
    body: html`${chartFigure(chart, words, perMonth)}${
      lines.length === days.length
        ? undefined
        : folded(`All ${grouped(days.length)} days`, daysTable('Visits by day', days.map(labelled), whole))
    }`,
    charts: [chart],
  };
}

type Line = Omit<ReportedDay, 'date'> & { readonly label: string };

function labelled(day: ReportedDay): Line {
  return { ...day, label: day.date };
}

function daysTable(label: string, lines: readonly Line[], whole: Omit<ReportedDay, 'date'>): Part {
  return table({
    label,
    columns: [{ title: 'planned' }, { title: 'recorded' }, { title: 'missing' }],
    rows: lines.map(rowOf),
    total: rowOf({ ...whole, label: 'all' }),
  });
}

function rowOf({ label, planned, recorded }: Line): TableRow {
  if (recorded === null) return { title: label, cells: [grouped(planned), DASH, badIf(true, 'not known')] };
  const missing = planned - recorded;
  return {
    title: label,
    cells: [grouped(planned), countOrDash(recorded), badIf(missing > 0, countOrDash(missing))],
  };
}
