import type { Report, SeriesPoint } from '../../run/report.ts';
import { clockTime, countOrDash, DASH, grouped, milliseconds, rate } from '../number-format.ts';
import type { ChartData } from './chart-data.ts';
import { chartFigure } from './chart-figure.ts';
import { type Html, html, name, type Part } from './html.ts';
import { folded, type Section } from './section.ts';
import { badIf, table } from './tables.ts';
import {
  hitsChart,
  inFlightChart,
  latencyByTarget,
  latencyChart,
  latenessChart,
  perSecond,
  stretches,
  visitsByTarget,
  visitsChart,
} from './timeline-charts.ts';

/** A table of more rows is read by nobody. */
const MOST_ROWS = 40;

/** The run over time, all targets together and then beside each other; undefined: nothing was sent. */
export function timelineSection(report: Report): Section | undefined {
  const { series, targets } = report;
  if (!series.some(({ hits, visits }) => hits > 0 || visits > 0)) return undefined;
  const whole: (readonly [ChartData, Part])[] = [
    [visitsChart(series), visitsWords(report)],
    [hitsChart(series), hitsWords(report)],
    [latencyChart(series), latencyWords(report)],
    ...(report.latenessMs === null ? [] : [[latenessChart(series), latenessWords(report)] as const]),
    [inFlightChart(series), inFlightWords(report)],
  ];
  const figures = whole.map(([chart, words]) =>
    chartFigure(chart, words, undefined, chart.id === 'latency-chart'),
  );
  const byTarget = targets.length > 1 ? [visitsByTarget(targets), latencyByTarget(targets)] : [];
  const targetFigures = byTarget.map((chart, at) =>
    chartFigure(
      chart,
      'A line a target, in the order of the legend.',
      folded(
        'These numbers in a table',
        targetTable(chart.title, targets, at === 0 ? visitsCell : latencyCell),
      ),
    ),
  );
  return {
    id: 'timeline',
    title: 'Over time',
    body: html`<div class="charts">${figures}</div>
${folded('The numbers of these charts in a table', sliceTable(series))}${targetFigures}`,
    charts: [...whole.map(([chart]) => chart), ...byTarget],
  };
}

function visitsWords({
  rate: { offeredVisitsPerSecond: offered, achievedVisitsPerSecond },
  series,
}: Report): string {
  const achieved = `Visits began at ${rate(achievedVisitsPerSecond)} a second on the mean`;
  const hasDue = series.some(({ due }) => (due ?? null) !== null);
  return offered === null || !hasDue
    ? `${achieved}; there was no schedule to keep.`
    : `${achieved}, and ${rate(offered)} were offered. Where the lines part, the schedule was not kept.`;
}

function hitsWords({ hits, rate: { hitsPerSecond } }: Report): string {
  const lost = hits.rejected + hits.failed + hits.unknown;
  return `${rate(hitsPerSecond)} a second on the mean; ${lost === 0 ? 'none was lost' : `${grouped(lost)} were rejected, failed or unknown`}.`;
}

function latencyWords({ latencyMs, series }: Report): string {
  if (latencyMs === null) return 'Nothing was answered.';
  return `From a request to the end of its answer. Half took up to ${milliseconds(latencyMs.p50)}, 95 % up to ${milliseconds(latencyMs.p95)}, 99 % up to ${milliseconds(latencyMs.p99)}${worst(series, 'p99')}.`;
}

function latenessWords({ latenessMs, series }: Report): string {
  return `From when a hit was due to when it went out. 99 % were up to ${milliseconds(latenessMs?.p99 ?? null)} late${worst(series, 'latenessP99')}.`;
}

/** `; the worst slice was at 0:35, with 62 ms` */
function worst(series: readonly SeriesPoint[], figure: 'p99' | 'latenessP99'): string {
  let most: SeriesPoint | undefined;
  for (const point of series) if ((point[figure] ?? -1) > (most?.[figure] ?? -1)) most = point;
  const value = most?.[figure] ?? null;
  if (most === undefined || value === null || series.length < 3) return '';
  return `; the worst slice ended at ${clockTime(most.at * 1000)}, with ${milliseconds(value)}`;
}

function inFlightWords({ series }: Report): string {
  const most = Math.max(...series.map(({ inFlight }) => inFlight));
  return `Visits that had begun and not ended, at the end of each slice: ${grouped(most)} at most.`;
}

/** Slices put together where they are many: rates are the mean's, times those of the worst slice. */
function sliceTable(series: readonly SeriesPoint[]): Html {
  const slices = Math.ceil(series.length / MOST_ROWS);
  const rows = stretches(series, slices).map((stretch, at) => {
    const points = series.slice(at * slices, (at + 1) * slices);
    const { due } = stretch;
    return {
      title: clockTime(stretch.at * 1000),
      cells: [
        due === null ? DASH : rate(perSecond(stretch, due)),
        rate(perSecond(stretch, stretch.begun)),
        rate(perSecond(stretch, stretch.hits)),
        badIf(stretch.failed > 0, countOrDash(stretch.failed)),
        ...(['p50', 'p95', 'p99', 'latenessP99'] as const).map(figure =>
          milliseconds(largest(points, figure)),
        ),
        countOrDash(points.at(-1)?.inFlight ?? 0),
      ],
    };
  });
  const titles = [
    'offered/s',
    'begun/s',
    'hits/s',
    'lost hits',
    'p50',
    'p95',
    'p99',
    'lateness p99',
    'in flight',
  ];
  return html`${
    slices === 1
      ? undefined
      : html`<p class="note">Each row is ${slices} slices: rates are their mean, times those of the worst of them.</p>`
  }${table({ label: 'The run in slices of time', corner: 'until', columns: titles.map(title => ({ title })), rows })}`;
}

type Cell = (points: readonly SeriesPoint[]) => string;

const visitsCell: Cell = points => {
  const [stretch] = stretches(points, Math.max(1, points.length));
  return stretch === undefined ? DASH : rate(perSecond(stretch, stretch.begun));
};
const latencyCell: Cell = points => milliseconds(largest(points, 'p95'));

function targetTable(label: string, targets: Report['targets'], cell: Cell): Html {
  const times = targets[0]?.series ?? [];
  const slices = Math.ceil(times.length / MOST_ROWS);
  const rows = stretches(times, slices).map((stretch, at) => ({
    title: clockTime(stretch.at * 1000),
    cells: targets.map(({ series }) => cell(series.slice(at * slices, (at + 1) * slices))),
  }));
  const columns = targets.map(target => ({ title: name(target.name), kind: 'target' as const }));
  return table({ label, corner: 'until', columns, rows });
}

function largest(
  points: readonly SeriesPoint[],
  figure: 'p50' | 'p95' | 'p99' | 'latenessP99',
): number | null {
  return points.reduce<number | null>((most, point) => {
    const value = point[figure];
    return value === null || (most !== null && most >= value) ? most : value;
  }, null);
}
