import type { SeriesPoint } from '../../run/report.ts';
import type { ChartData, ChartSeries } from './chart-data.ts';

/** With fewer visits in a point, its rate says more about chance than about the run. */
const VISITS_A_POINT = 5;
const FEWEST_POINTS = 20;
/** Above so many times the least, times are drawn by their magnitudes. */
const FAR_APART = 30;

/** A stretch of time, over one slice or several. Figures are the whole stretch's. */
export interface Stretch {
  readonly at: number;
  readonly seconds: number;
  /** null where nothing has a schedule. */
  readonly due: number | null;
  readonly begun: number;
  readonly visits: number;
  readonly hits: number;
  readonly failed: number;
}

type TimeFigure = 'p50' | 'p95' | 'p99' | 'latenessP99';

/** Slices put together, so many a stretch. */
export function stretches(series: readonly SeriesPoint[], slices: number): readonly Stretch[] {
  const whole: Stretch[] = [];
  for (let from = 0; from < series.length; from += slices) {
    const [first, ...others] = series.slice(from, from + slices);
    if (first === undefined) continue;
    // Reports of older versions tell neither what was due nor what was begun.
    const start = { ...first, due: first.due ?? null, begun: first.begun ?? first.visits };
    whole.push(others.reduce<Stretch>(together, start));
  }
  return whole;
}

function together(one: Stretch, next: SeriesPoint): Stretch {
  return {
    at: next.at,
    seconds: one.seconds + next.seconds,
    due: one.due === null ? null : one.due + (next.due ?? 0),
    begun: one.begun + (next.begun ?? next.visits),
    visits: one.visits + next.visits,
    hits: one.hits + next.hits,
    failed: one.failed + next.failed,
  };
}

/** How many slices a point of the rates has. */
export function slicesAPoint(series: readonly SeriesPoint[]): number {
  const visits = series.reduce((sum, point) => sum + point.visits, 0);
  return Math.ceil(series.length / Math.max(FEWEST_POINTS, visits / VISITS_A_POINT)) || 1;
}

export function visitsChart(series: readonly SeriesPoint[]): ChartData {
  const points = stretches(series, slicesAPoint(series));
  const begun = line(
    'begun',
    0,
    points.map(point => perSecond(point, point.begun)),
  );
  // Dashed and on top, so that both are seen where they are one.
  const offered = line(
    'offered',
    9,
    points.map(point => perSecond(point, point.due ?? 0)),
  );
  return {
    ...onClock('visits-chart', 'Visits per second', points),
    y: 'rate',
    series: [{ ...begun, shape: 'area' }, ...(points.some(({ due }) => due !== null) ? [offered] : [])],
  };
}

export function hitsChart(series: readonly SeriesPoint[]): ChartData {
  const points = stretches(series, slicesAPoint(series));
  const failed = points.map(point => perSecond(point, point.failed));
  return {
    ...onClock('hits-chart', 'Hits per second', points),
    y: 'rate',
    series: [
      line(
        'sent',
        0,
        points.map(point => perSecond(point, point.hits)),
      ),
      ...(failed.some(value => value > 0)
        ? [{ ...line('rejected, failed or unknown', 5, failed), shape: 'area' as const }]
        : []),
    ],
  };
}

export function latencyChart(series: readonly SeriesPoint[]): ChartData {
  return {
    ...onClock('latency-chart', 'Latency', series),
    y: 'time',
    isLog: isFarApart(series.flatMap(({ p50, p99 }) => [p50, p99])),
    series: [
      timeLine('p99', 1, series, 'p99'),
      timeLine('p95', 3, series, 'p95'),
      timeLine('p50', 0, series, 'p50'),
    ],
  };
}

export function latenessChart(series: readonly SeriesPoint[]): ChartData {
  return {
    ...onClock('lateness-chart', 'Lateness', series),
    y: 'time',
    series: [{ ...timeLine('p99', 4, series, 'latenessP99'), shape: 'area' }],
  };
}

export function inFlightChart(series: readonly SeriesPoint[]): ChartData {
  return {
    ...onClock('flight-chart', 'Visits in flight', series),
    y: 'count',
    series: [
      {
        ...line(
          'in flight',
          2,
          series.map(point => point.inFlight),
        ),
        shape: 'area',
      },
    ],
  };
}

/** Targets by their names, each with its slices. */
export type TargetSeries = readonly { readonly name: string; readonly series: readonly SeriesPoint[] }[];

export function visitsByTarget(targets: TargetSeries): ChartData {
  const slices = Math.max(...targets.map(({ series }) => slicesAPoint(series)));
  const all = targets.map(({ name, series }) => ({ name, points: stretches(series, slices) }));
  return {
    ...onClock('target-visits-chart', 'Visits per second by target', all[0]?.points ?? []),
    y: 'rate',
    series: all.map(({ name, points }, at) =>
      line(
        name,
        at,
        points.map(point => perSecond(point, point.begun)),
      ),
    ),
  };
}

export function latencyByTarget(targets: TargetSeries): ChartData {
  return {
    ...onClock('target-latency-chart', 'Latency p95 by target', targets[0]?.series ?? []),
    y: 'time',
    isLog: isFarApart(targets.flatMap(({ series }) => series.map(({ p95 }) => p95))),
    series: targets.map(({ name, series }, at) => timeLine(name, at, series, 'p95')),
  };
}

/** A slice is shown at its middle. */
function onClock(id: string, title: string, points: readonly Pick<Stretch, 'at' | 'seconds'>[]) {
  const xs = points.map(({ at, seconds }) => rounded(Math.max(0, at - seconds / 2)));
  return { id, title, x: 'clock' as const, xs };
}

function line(label: string, style: number, values: readonly (number | null)[]): ChartSeries {
  return {
    label,
    style,
    shape: 'line',
    values: values.map(value => (value === null ? null : rounded(value))),
  };
}

function timeLine(
  label: string,
  style: number,
  series: readonly SeriesPoint[],
  figure: TimeFigure,
): ChartSeries {
  return line(
    label,
    style,
    series.map(point => point[figure]),
  );
}

export function perSecond({ seconds }: Stretch, count: number): number {
  return seconds === 0 ? 0 : count / seconds;
}

function isFarApart(times: readonly (number | null)[]): boolean {
  const known = times.filter(time => time !== null && time > 0) as number[];
  return known.length > 0 && Math.max(...known) > FAR_APART * Math.min(...known);
}

/** As much as can be seen. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
