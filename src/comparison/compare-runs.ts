import type { ExitCode } from '../base/exit-codes.ts';
import { Purpose, randomStream } from '../base/random.ts';
import type { Report } from '../run/report.ts';
import { figureOf } from '../thresholds/figure-name.ts';
import { reportStanding } from '../thresholds/report-standing.ts';
import type { NamedFigure } from '../thresholds/threshold.ts';
import { type ComparedFigure, compareFigure, type Side, sliceSeconds } from './compared-figure.ts';
import { type DifferingKey, differingKeys, reasonsForDoubt } from './conditions.ts';

/** Two runs beside each other: what each came to, and whether it is more than noise. See docs/compare.md. */
export interface RunComparison {
  readonly schemaVersion: 1;
  readonly first: ComparedRun;
  readonly second: ComparedRun;
  readonly method: {
    readonly name: 'unpaired block bootstrap';
    readonly confidence: 0.95;
  };
  /** Of the whole runs. */
  readonly figures: readonly ComparedFigure[];
  /** Targets of both, in the order of the first run. */
  readonly targets: readonly ComparedTarget[];
  /** Targets that only one of them has. */
  readonly unmatched: { readonly first: readonly string[]; readonly second: readonly string[] };
  /** How they were configured otherwise; those that change the traffic. */
  readonly differing: readonly DifferingKey[];
  /** Sentences: why a difference may not be what it seems. */
  readonly warnings: readonly string[];
}

export interface ComparedRun {
  readonly file: string;
  readonly id: string;
  readonly version: string;
  readonly command: string;
  readonly startedAt: string;
  readonly durationSeconds: number;
  readonly visits: number;
  readonly exitCode: ExitCode;
  readonly slices: number;
  readonly sliceSeconds: number;
}

export interface ComparedTarget {
  readonly first: string;
  readonly second: string;
  readonly figures: readonly ComparedFigure[];
}

export interface NamedReport {
  /** As the person named it. */
  readonly file: string;
  readonly report: Report;
}

/** What is shown of each pair, in this order. */
const shown: readonly NamedFigure[] = [
  'rate.visits',
  'rate.hits',
  'latency.p50',
  'latency.p95',
  'latency.p99',
  'lateness.p99',
  'hits.errors.rate',
].map(text => figureOf({ kind: 'name', text, at: 0 }));

/** The same part of two runs: all of them, or a target of each. */
export interface Pair {
  readonly one: Side;
  readonly other: Side;
  /** Of the random stream: each pair has its own. */
  readonly place: number;
}

/** Pairs of two runs, by the name of a target in either of them; `undefined` is the whole run. */
export class RunPairs {
  readonly whole: Pair;
  readonly targets: readonly (Pair & { readonly first: string; readonly second: string })[];
  readonly #seed: number;

  constructor(first: Report, second: Report) {
    this.#seed = first.run.seed;
    const [one, other] = [sidesOf(first), sidesOf(second)];
    this.whole = { one: one.whole, other: other.whole, place: 0 };
    this.targets = matched(first, second).flatMap(([mine, theirs], at) => {
      const [left, right] = [one.targets.get(mine), other.targets.get(theirs)];
      if (left === undefined || right === undefined) return [];
      return [{ one: left, other: right, first: mine, second: theirs, place: at + 1 }];
    });
  }

  /** undefined: not both have it. */
  of(target: string | undefined): Pair | undefined {
    if (target === undefined) return this.whole;
    return this.targets.find(({ first, second }) => first === target || second === target);
  }

  compare(figure: NamedFigure, { one, other, place }: Pair): ComparedFigure {
    return compareFigure(figure, one, other, randomStream(this.#seed, Purpose.Comparison, place));
  }
}

export function compareRuns(first: NamedReport, second: NamedReport, pairs: RunPairs): RunComparison {
  const figuresOf = (pair: Pair) => shown.map(figure => pairs.compare(figure, pair));
  const names = (report: Report, have: ReadonlySet<string>) =>
    report.targets.map(({ name }) => name).filter(name => !have.has(name));
  return {
    schemaVersion: 1,
    first: comparedRun(first),
    second: comparedRun(second),
    method: { name: 'unpaired block bootstrap', confidence: 0.95 },
    figures: figuresOf(pairs.whole),
    targets: pairs.targets.map(pair => ({
      first: pair.first,
      second: pair.second,
      figures: figuresOf(pair),
    })),
    unmatched: {
      first: names(first.report, new Set(pairs.targets.map(pair => pair.first))),
      second: names(second.report, new Set(pairs.targets.map(pair => pair.second))),
    },
    differing: differingKeys(first.report, second.report),
    warnings: reasonsForDoubt(first, second),
  };
}

function comparedRun({ file, report }: NamedReport): ComparedRun {
  const { run, series, visits, exitCode } = report;
  return {
    file,
    id: run.id,
    version: run.version,
    command: run.command,
    startedAt: run.startedAt,
    durationSeconds: run.durationSeconds,
    visits: visits.planned,
    exitCode,
    slices: series.length,
    sliceSeconds: sliceSeconds(series),
  };
}

function sidesOf(report: Report): { whole: Side; targets: ReadonlyMap<string, Side> } {
  const standing = reportStanding(report);
  return {
    whole: { standing, series: report.series },
    targets: new Map(
      report.targets.flatMap(({ name, series }) => {
        const own = standing.targets.get(name);
        return own === undefined ? [] : [[name, { standing: own, series }] as const];
      }),
    ),
  };
}

/** By name; where each run has one target alone they are meant to be compared, whatever they are called. */
function matched(first: Report, second: Report): (readonly [string, string])[] {
  const [one, ...more] = first.targets;
  const [other, ...others] = second.targets;
  if (one !== undefined && other !== undefined && more.length === 0 && others.length === 0) {
    return [[one.name, other.name]];
  }
  const theirs = new Set(second.targets.map(({ name }) => name));
  return first.targets.filter(({ name }) => theirs.has(name)).map(({ name }) => [name, name]);
}
