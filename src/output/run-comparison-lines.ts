import type { ChalkInstance } from 'chalk';
import type { ComparedRun, RunComparison } from '../comparison/compare-runs.ts';
import type { ComparedFigure } from '../comparison/compared-figure.ts';
import type { JudgedChange } from '../comparison/judge-changes.ts';
import { FEWEST_PAIRS } from '../run/paired-bootstrap.ts';
import type { Unit } from '../thresholds/figures.ts';
import { counted, DASH, duration, grouped, milliseconds, rate, ratio } from './number-format.ts';
import { type Column, columnWidths, type Row, tableLines } from './text-table.ts';
import { cutToWidth, nameCell, oneLine, wrapWords } from './text-width.ts';

/** More keys than these are counted. */
const MOST_KEYS = 10;
/** What a value of the configuration is cut to. */
const VALUE_WIDTH = 30;

/** Two runs side by side, as people read them. */
export function runComparisonLines(
  comparison: RunComparison,
  judged: readonly JudgedChange[],
  { chalk, width }: { readonly chalk: ChalkInstance; readonly width: number },
): string[] {
  const { first, second, figures, targets, unmatched } = comparison;
  const isOneTarget = targets.length === 1 && unmatched.first.length === 0 && unmatched.second.length === 0;
  return [
    ...wrapWords(`A  ${runText(first)}`, width, '   '),
    ...wrapWords(`B  ${runText(second)}`, width, '   '),
    ...differingLines(comparison, width).map(line => chalk.yellow(line)),
    '',
    ...figureLines('', figures, chalk, width),
    ...(isOneTarget
      ? []
      : targets.flatMap(({ first: name, figures: own }) => ['', ...figureLines(name, own, chalk, width)])),
    ...unmatchedLines(unmatched, width),
    ...wrapWords(methodText(comparison), width, '  ').map(line => chalk.dim(line)),
    ...(judged.length === 0 ? [] : ['', ...judged.flatMap(one => judgedLines(one, chalk, width))]),
  ];
}

function runText({ file, startedAt, durationSeconds, visits, version, exitCode }: ComparedRun): string {
  const when = startedAt.slice(0, 19).replace('T', ' ');
  const ended = exitCode === 0 ? '' : ` · exit code ${exitCode}`;
  return `${oneLine(file)}: ${counted(visits, 'visit')} in ${duration(durationSeconds)} · ${when} UTC · version ${version}${ended}`;
}

function differingLines({ differing, warnings }: RunComparison, width: number): string[] {
  const keys = differing
    .slice(0, MOST_KEYS)
    .map(({ key, first, second }) => `${key} ${valueText(first)} → ${valueText(second)}`);
  const left = differing.length - keys.length;
  const more = left > 0 ? `, and ${counted(left, 'key')} more` : '';
  return [
    ...(keys.length === 0 ? [] : [`not the same traffic: ${keys.join(', ')}${more}`]),
    ...warnings,
  ].flatMap(text => wrapWords(`! ${oneLine(text)}`, width, '  '));
}

function valueText(json: string | null): string {
  return json === null ? 'none' : cutToWidth(json.replace(/^"(.*)"$/, '$1'), VALUE_WIDTH);
}

const titles: Readonly<Record<string, string>> = {
  'rate.visits': 'visits/s',
  'rate.hits': 'hits/s',
  'latency.p50': 'p50',
  'latency.p95': 'p95',
  'latency.p99': 'p99',
  'lateness.p99': 'lateness p99',
  'hits.errors.rate': 'errors',
};

function figureLines(
  name: string,
  figures: readonly ComparedFigure[],
  chalk: ChalkInstance,
  width: number,
): string[] {
  const columns: readonly Column[] = [
    { title: nameCell(name, width), align: 'left', droppedAs: 0, least: 12 },
    { title: 'A', align: 'right', droppedAs: 0, least: 8 },
    { title: 'B', align: 'right', droppedAs: 0, least: 8 },
    { title: 'B / A', align: 'right', droppedAs: 0, least: 5 },
    { title: '95 %', align: 'right', droppedAs: 1, least: 11 },
    { title: '', align: 'left', droppedAs: 0 },
  ];
  const rows = figures.map(
    (figure): Row => [
      titles[figure.name] ?? figure.name,
      figureText(figure.first, figure.unit),
      figureText(figure.second, figure.unit),
      figure.ratio === null ? DASH : ratio(figure.ratio),
      figure.interval === null ? '' : figure.interval.map(ratio).join('–'),
      verdictText(figure, chalk),
    ],
  );
  return tableLines(columns, rows, columnWidths(columns, rows), width, chalk.dim);
}

function figureText(value: number | null, unit: Unit): string {
  if (value === null) return DASH;
  switch (unit) {
    case 'time':
      return milliseconds(value);
    case 'share':
      return value === 0 ? DASH : `${Number((value * 100).toPrecision(3))} %`;
    case 'rate':
      return rate(value);
    case 'count':
      return grouped(value);
  }
}

/** What less and more are called, and which of them is good news. */
const words: Readonly<Record<Unit, readonly [less: string, more: string]>> = {
  time: ['faster', 'slower'],
  share: ['fewer', 'more'],
  rate: ['fewer', 'more'],
  count: ['fewer', 'more'],
};

function verdictText({ unit, first, second, isMoreThanNoise }: ComparedFigure, chalk: ChalkInstance): string {
  if (first === null || second === null || (first === 0 && second === 0)) return '';
  if (isMoreThanNoise === null) return chalk.dim('not to be told');
  if (!isMoreThanNoise) return chalk.dim('within noise');
  const isMore = second > first;
  const word = words[unit][isMore ? 1 : 0];
  return isMore === (unit === 'rate') ? chalk.green(word) : chalk.yellow(word);
}

function unmatchedLines({ first, second }: RunComparison['unmatched'], width: number): string[] {
  const only = (run: string, names: readonly string[]) =>
    names.length === 0 ? [] : wrapWords(`only in ${run}: ${names.map(oneLine).join(', ')}`, width, '  ');
  const lines = [...only('A', first), ...only('B', second)];
  return lines.length === 0 ? [] : ['', ...lines];
}

function methodText({ first, second, figures }: RunComparison): string {
  const slices = [first, second].map(
    ({ slices: count, sliceSeconds }) => `${counted(count, 'slice')} of ${duration(sliceSeconds)}`,
  );
  const over = `${slices[0]} and ${slices[1]}`;
  return figures.some(({ isMoreThanNoise }) => isMoreThanNoise !== null)
    ? `noise: bootstrap over ${over}, 95 %`
    : `noise is not to be told: ${over}, and ${FEWEST_PAIRS} of like length are needed`;
}

function judgedLines(judged: JudgedChange, chalk: ChalkInstance, width: number): string[] {
  const mark = judged.failed ? chalk.red('✗') : '✓';
  const lines = wrapWords(`${judged.expression}: ${changeText(judged)}`, width - 2, '');
  return lines.map((line, at) => `${at === 0 ? mark : ' '} ${line}`);
}

/** `12 ms → 31 ms, +158 %, more than noise` */
function changeText({ figure, change, isRelative }: JudgedChange): string {
  const { first, second, unit, isMoreThanNoise } = figure;
  if (change === null) return 'no data';
  const noise =
    isMoreThanNoise === null ? 'noise not to be told' : isMoreThanNoise ? 'more than noise' : 'within noise';
  const values = `${figureText(first, unit)} → ${figureText(second, unit)}`;
  if (change === 0) return `${values}, unchanged`;
  return `${values}, ${isRelative ? signed(change * 100, ' %') : absoluteText(change, unit)}, ${noise}`;
}

function absoluteText(change: number, unit: Unit): string {
  switch (unit) {
    case 'time':
      return signed(change, ' ms');
    case 'share':
      return signed(change * 100, ' points');
    case 'rate':
      return signed(change, '/s');
    case 'count':
      return signed(change, '');
  }
}

function signed(change: number, unit: string): string {
  if (!Number.isFinite(change)) return 'from none';
  const shown = Number(Math.abs(change).toPrecision(3)).toLocaleString('en-US');
  return `${change < 0 ? '−' : '+'}${shown}${unit}`;
}
