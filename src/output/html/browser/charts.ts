import uPlot from 'uplot';
import { clockTime, grouped, milliseconds, rate } from '../../number-format.ts';
import type { ChartData, ChartSeries } from '../chart-data.ts';

/** The script of the report's page: it draws the charts, and nothing else needs it. */

const HEIGHT = 230;
/** A page of A4 or letter is wider. */
const PRINTED = { width: 640, height: 170 };

const root = document.documentElement;
const dashes: readonly number[][] = [[], [7, 4], [2, 3], [10, 3, 2, 3]];
const wholeSteps = [1, 2, 5]
  .flatMap(step => [0, 1, 2, 3, 4, 5, 6, 7].map(power => step * 10 ** power))
  .sort((a, b) => a - b);
/** Steps of a clock, in seconds. */
const clockSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];

/** CSS pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
}

function colour(name: string): string {
  return getComputedStyle(root).getPropertyValue(name).trim();
}

function yText(kind: ChartData['y'], value: number): string {
  if (value === 0) return '0';
  if (kind === 'time') return milliseconds(value);
  if (kind === 'share')
    return `${value < 0.0995 ? Number((value * 100).toPrecision(2)) : Math.round(value * 100)} %`;
  return kind === 'count' ? grouped(value) : rate(value);
}

const short = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });

/** Beside an axis round numbers stand. */
function tickText(kind: ChartData['y'], value: number): string {
  return kind === 'rate' ? short.format(value) : yText(kind, value);
}

function xText({ x, days }: ChartData, value: number): string {
  if (x === 'clock') return clockTime(value * 1000);
  if (x === 'day') return days?.[value] ?? '';
  return milliseconds(10 ** value);
}

/** Steps of 1, 2 and 5 between two powers of ten, or of 1 alone where there is no room. */
function decades(least: number, most: number, room: number): number[] {
  const steps: number[] = [];
  for (let power = Math.floor(least); power <= Math.ceil(most); power++)
    for (const step of [1, 2, 5]) steps.push(power + Math.log10(step));
  const seen = steps.filter(step => step >= least - 1e-9 && step <= most + 1e-9);
  return seen.length > room ? seen.filter(step => Number.isInteger(step)) : seen;
}

function xAxis(chart: ChartData): uPlot.Axis {
  const values = (_: uPlot, splits: number[]) => splits.map(split => xText(chart, split));
  if (chart.x === 'clock') return { ...axis(), incrs: clockSteps, space: 70, values };
  if (chart.x === 'day') return { ...axis(), incrs: [1, 2, 7, 14, 28, 56, 91, 182, 364], space: 110, values };
  const room = (plot: uPlot) => plot.width / 75;
  return { ...axis(), splits: (plot, __, least, most) => decades(least, most, room(plot)), values };
}

function axis(): uPlot.Axis {
  return {
    stroke: colour('--muted'),
    font: `12px ${getComputedStyle(document.body).fontFamily}`,
    size: 34,
    grid: { stroke: colour('--grid'), width: 1 },
    ticks: { stroke: colour('--grid'), width: 1, size: 5 },
  };
}

function seriesOf(series: ChartSeries, y: ChartData['y']): uPlot.Series {
  const stroke = colour(`--s${series.style % 8}`);
  const line: uPlot.Series = {
    label: series.label,
    stroke,
    width: 2,
    dash: dashes[Math.floor(series.style / 8) % dashes.length] ?? [],
    points: { size: 6, fill: stroke },
    value: (_, value) => (value === null ? '' : yText(y, value)),
  };
  if (series.shape === 'line') return line;
  if (series.shape === 'area') return { ...line, fill: `${stroke}2e` };
  const paths = uPlot.paths.bars?.({ size: [0.9, 40], align: 0 });
  return { ...line, fill: `${stroke}a0`, width: 0, points: { show: false }, ...(paths && { paths }) };
}

function optionsOf(chart: ChartData, size: Size, told: (plot: uPlot) => void): uPlot.Options {
  return {
    ...size,
    // The last text of the axis has half its width beyond the chart.
    padding: [10, chart.x === 'day' ? 40 : 24, 0, 0],
    legend: { show: false },
    cursor: {
      drag: { x: false, y: false },
      points: { size: 8 },
      ...(chart.x === 'clock' && { sync: { key: 'clock' } }),
    },
    scales: {
      x: { time: false, range: (_, least, most) => xRange(chart, least, most) },
      y: {
        ...(chart.isLog && { distr: 3 as const }),
        ...(!chart.isLog && { range: (_, __, most) => [0, most > 0 ? most * 1.08 : 1] }),
      },
    },
    axes: [
      xAxis(chart),
      {
        ...axis(),
        size: 68,
        ...(chart.y === 'count' && { incrs: wholeSteps }),
        values: (_, splits) => splits.map(split => (split === null ? '' : tickText(chart.y, split))),
      },
    ],
    series: [{}, ...chart.series.map(series => seriesOf(series, chart.y))],
    hooks: { setCursor: [told] },
  };
}

/** Bars have their width to either side, and a single point has some room. */
function xRange({ x, xs, series }: ChartData, least: number, most: number): [number, number] {
  if (xs.length === 1) return [least - (x === 'clock' ? Math.min(1, least) : 0.5), most + 0.5];
  const [first = 0, second = 1] = xs;
  const half = series.some(({ shape }) => shape === 'bars') ? (second - first) / 2 : 0;
  return [least - half, most + half];
}

/** One chart in its figure: with the cursor moved, by mouse or keys, the legend tells the values there. */
class Chart {
  readonly #data: ChartData;
  readonly #box: HTMLElement;
  readonly #values: readonly (HTMLElement | null)[];
  readonly #moment: HTMLElement | null;
  #plot: uPlot | undefined;

  constructor(data: ChartData, box: HTMLElement) {
    this.#data = data;
    this.#box = box;
    const figure = box.closest('figure');
    this.#values = data.series.map(
      (_, at) => figure?.querySelector<HTMLElement>(`[data-series="${at}"] .value`) ?? null,
    );
    this.#moment = figure?.querySelector<HTMLElement>('.moment') ?? null;
    // A slider is what can be moved along by keys and says where it is.
    box.setAttribute('role', 'slider');
    box.setAttribute('aria-label', `${data.title}: along the chart with the arrow keys`);
    box.setAttribute('aria-valuemin', '1');
    box.setAttribute('aria-valuemax', String(data.xs.length));
    box.setAttribute('aria-valuenow', '1');
    box.setAttribute('aria-valuetext', this.#textAt(0));
    box.tabIndex = 0;
    box.addEventListener('keydown', event => this.#step(event));
    box.addEventListener('blur', () => this.#plot?.setCursor({ left: -10, top: -10 }));
  }

  draw(size: Size): void {
    this.#plot?.destroy();
    const { xs, series } = this.#data;
    const columns = [xs, ...series.map(({ values }) => values)] as uPlot.AlignedData;
    this.#plot = new uPlot(
      optionsOf(this.#data, size, plot => this.#tell(plot)),
      columns,
      this.#box,
    );
    this.#plot.root.querySelector('canvas')?.setAttribute('aria-hidden', 'true');
  }

  drawToFit(): void {
    this.draw({ width: this.#width, height: HEIGHT });
  }

  fit(): void {
    const width = this.#width;
    if (this.#plot !== undefined && this.#plot.width !== width) this.#plot.setSize({ width, height: HEIGHT });
  }

  get #width(): number {
    return Math.max(200, this.#box.clientWidth);
  }

  #step(event: KeyboardEvent): void {
    const last = this.#data.xs.length - 1;
    const now = this.#plot?.cursor.idx ?? -1;
    const to = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last }[event.key];
    if (to === undefined || this.#plot === undefined) return;
    event.preventDefault();
    const x = this.#data.xs[Math.max(0, Math.min(last, to))] ?? 0;
    this.#plot.setCursor({ left: this.#plot.valToPos(x, 'x'), top: this.#plot.over.clientHeight / 2 });
  }

  #tell({ cursor: { idx, left = -1 } }: uPlot): void {
    const at = left < 0 || idx === null || idx === undefined ? undefined : idx;
    for (const [place, { values }] of this.#data.series.entries()) {
      const element = this.#values[place];
      const value = at === undefined ? null : values[at];
      if (element)
        element.textContent = value === null || value === undefined ? '' : yText(this.#data.y, value);
    }
    if (this.#moment) {
      this.#moment.textContent = at === undefined ? '' : xText(this.#data, this.#data.xs[at] ?? 0);
    }
    if (at === undefined) return;
    this.#box.setAttribute('aria-valuenow', String(at + 1));
    this.#box.setAttribute('aria-valuetext', this.#textAt(at));
  }

  /** `0:35, offered 8.0, begun 7.9` */
  #textAt(at: number): string {
    const told = this.#data.series.flatMap(({ label, values }) => {
      const value = values[at];
      return value === null || value === undefined ? [] : [`${label} ${yText(this.#data.y, value)}`];
    });
    return [xText(this.#data, this.#data.xs[at] ?? 0), ...told].join(', ');
  }
}

const data = JSON.parse(document.getElementById('chart-data')?.textContent ?? '[]') as ChartData[];
const charts = data.flatMap(chart => {
  const box = document.getElementById(chart.id);
  return box === null ? [] : [new Chart(chart, box)];
});
const drawAll = () => {
  for (const chart of charts) chart.drawToFit();
};
drawAll();

new ResizeObserver(() => {
  for (const chart of charts) chart.fit();
}).observe(document.body);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);

// On paper: the light colours, a width that is not cut, and nothing folded away.
let opened: HTMLDetailsElement[] = [];
addEventListener('beforeprint', () => {
  root.classList.add('printed');
  opened = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
  for (const folded of opened) folded.open = true;
  for (const chart of charts) chart.draw(PRINTED);
});
addEventListener('afterprint', () => {
  root.classList.remove('printed');
  for (const folded of opened) folded.open = false;
  drawAll();
});
