/** A chart as the page's script draws it: columns of numbers. The page itself has title, legend and table. */
export interface ChartData {
  /** Of the element it is drawn into. */
  readonly id: string;
  /** For those who do not see it. */
  readonly title: string;
  /** `clock`: seconds of the run; `time`: the logarithm of ms; `day`: places in `days`. */
  readonly x: 'clock' | 'time' | 'day';
  readonly xs: readonly number[];
  /** `2026-01-03` */
  readonly days?: readonly string[];
  readonly y: 'rate' | 'time' | 'count' | 'share';
  /** Times that lie far apart. */
  readonly isLog?: boolean;
  readonly series: readonly ChartSeries[];
}

export interface ChartSeries {
  readonly label: string;
  /** Which colour and dash of the page. */
  readonly style: number;
  readonly shape: 'line' | 'area' | 'bars';
  readonly values: readonly (number | null)[];
}
