import { Histogram } from '../../run/histogram.ts';
import type { Distribution, Report } from '../../run/report.ts';
import { DASH, milliseconds } from '../number-format.ts';
import type { ChartData } from './chart-data.ts';
import { chartFigure } from './chart-figure.ts';
import { html, name } from './html.ts';
import { folded, type Section } from './section.ts';
import { table } from './tables.ts';

/** Of each tenfold: a bar is a quarter longer than the one before. */
const BARS_A_DECADE = 10;

interface Spread {
  readonly name: string;
  /** Share of the answers by bar. */
  readonly shares: ReadonlyMap<number, number>;
}

/** How many answers took how long; undefined where there was none. */
export function distributionSection(report: Report): Section | undefined {
  const of =
    report.targets.length === 1 ? [{ name: 'answers', latencyMs: report.latencyMs }] : report.targets;
  const spreads = of.flatMap((one): Spread[] => {
    const shares = sharesOf(one.latencyMs);
    return shares === undefined ? [] : [{ name: one.name, shares }];
  });
  const filled = spreads.flatMap(({ shares }) => [...shares.keys()]);
  if (filled.length === 0) return undefined;
  const least = Math.min(...filled);
  const bars = Array.from({ length: Math.max(...filled) - least + 1 }, (_, at) => least + at);
  const chart: ChartData = {
    id: 'distribution-chart',
    title: 'Latency of all answers',
    x: 'time',
    xs: bars.map(bar => Number(((bar + 0.5) / BARS_A_DECADE).toFixed(4))),
    y: 'share',
    series: spreads.map(({ name: label, shares }, at) => ({
      label,
      style: at,
      shape: spreads.length === 1 ? 'bars' : 'line',
      values: bars.map(bar => Number((shares.get(bar) ?? 0).toPrecision(3))),
    })),
  };
  const rows = bars.map(bar => ({
    title: `${milliseconds(edge(bar))} to ${milliseconds(edge(bar + 1))}`,
    cells: spreads.map(({ shares }) => shareText(shares.get(bar) ?? 0)),
  }));
  const columns = spreads.map(spread => ({ title: name(spread.name), kind: 'target' as const }));
  return {
    id: 'distribution',
    title: 'How long answers took',
    body: chartFigure(
      chart,
      html`Each ${spreads.length === 1 ? 'bar' : 'point'} is a span of time a quarter longer than the one before, and its height the share of the answers that took so long.`,
      folded(
        'These numbers in a table',
        table({ label: chart.title, corner: 'answers that took', columns, rows }),
      ),
    ),
    charts: [chart],
  };
}

/** undefined: no answers, or a report that was changed. */
function sharesOf(latency: Distribution | null): ReadonlyMap<number, number> | undefined {
  const histogram = latency === null ? undefined : parsed(latency.histogram);
  if (histogram === undefined || histogram.count === 0) return undefined;
  const shares = new Map<number, number>();
  for (const { ms, count } of histogram.buckets()) {
    // Below a microsecond nothing is measured.
    const bar = Math.floor(Math.log10(Math.max(ms, 0.001)) * BARS_A_DECADE + 1e-9);
    shares.set(bar, (shares.get(bar) ?? 0) + count / histogram.count);
  }
  return shares;
}

function parsed(text: string): Histogram | undefined {
  try {
    return Histogram.parse(text);
  } catch {
    return undefined;
  }
}

function edge(bar: number): number {
  return 10 ** (bar / BARS_A_DECADE);
}

const shares = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

function shareText(share: number): string {
  if (share === 0) return DASH;
  return share < 0.0005 ? '<0.1 %' : `${shares.format(share * 100)} %`;
}
