import { Chalk } from 'chalk';
import { ExitCode } from '../base/exit-codes.ts';
import { Failure } from '../base/failure.ts';
import { type ChangeRule, parseChangeRule } from '../comparison/change-rule.ts';
import { compareRuns, type NamedReport, type Pair, RunPairs } from '../comparison/compare-runs.ts';
import { judgeChange } from '../comparison/judge-changes.ts';
import { runComparisonLines } from '../output/run-comparison-lines.ts';
import { colourLevel } from '../output/terminal.ts';
import { Mistake, pointedAt } from '../thresholds/mistake.ts';
import type { Context } from './context.ts';
import { readReport } from './read-report.ts';

export interface CompareFlags {
  readonly failIf: readonly string[];
  readonly json?: boolean;
  readonly color: boolean;
}

/** Where there is no terminal to ask. */
const COLUMNS = 120;

/** `trafficinator compare`, once its options are read. */
export function compareFromCommandLine(
  paths: readonly [string, string],
  flags: CompareFlags,
  context: Context,
): void {
  const rules = rulesOf(flags.failIf);
  const [first, second] = paths.map(
    (file): NamedReport => ({
      file,
      report: readReport(file, context.cwd).report,
    }),
  );
  if (first === undefined || second === undefined) throw new RangeError('two reports are compared');
  const pairs = new RunPairs(first.report, second.report);
  const comparison = compareRuns(first, second, pairs);
  const judged = rules.map(rule => judgeChange(rule, pairs, pairOf(rule, pairs)));
  const { stdout } = context;
  if (flags.json) {
    stdout.write(`${JSON.stringify({ ...comparison, rules: judged }, null, 2)}\n`);
  } else {
    const chalk = new Chalk({ level: colourLevel(stdout, context.env, !flags.color) });
    const lines = runComparisonLines(comparison, judged, { chalk, width: stdout.columns || COLUMNS });
    stdout.write(`${lines.join('\n')}\n`);
  }
  if (judged.some(({ failed }) => failed)) context.exitWith(ExitCode.ThresholdFailed);
}

/** @throws Failure USAGE with the mistakes of all of them */
function rulesOf(texts: readonly string[]): ChangeRule[] {
  const mistakes: string[] = [];
  const rules = texts.flatMap(text => {
    try {
      return parseChangeRule(text);
    } catch (error) {
      if (!(error instanceof Mistake)) throw error;
      mistakes.push(`--fail-if ${error.message}\n${pointedAt(text, error.at)}`);
      return [];
    }
  });
  if (mistakes.length === 0) return rules;
  throw new Failure('USAGE', mistakes.join('\n'), {
    hint: "For example --fail-if 'latency.p95 > +10%'. docs/compare.md has the grammar.",
  });
}

function pairOf({ figure: { target }, text }: ChangeRule, pairs: RunPairs): Pair {
  const pair = pairs.of(target);
  if (pair !== undefined) return pair;
  const names = pairs.targets.map(({ first }) => first);
  throw new Failure('USAGE', `--fail-if '${text}': not both runs have a target ${target}`, {
    hint: names.length === 0 ? 'They have no target in common.' : `Both have ${names.join(', ')}.`,
  });
}
