import type { ChangeRule } from './change-rule.ts';
import type { Pair, RunPairs } from './compare-runs.ts';
import type { ComparedFigure } from './compared-figure.ts';

/** What became of a rule. */
export interface JudgedChange {
  readonly expression: string;
  readonly figure: ComparedFigure;
  /** A share of the first where the rule is relative, else in the unit of the figure; null: no data. */
  readonly change: number | null;
  readonly isRelative: boolean;
  readonly failed: boolean;
}

/**
 * A change fails where it goes beyond the limit and is more than noise. Where noise cannot be told the limit alone decides,
 * and without data it has failed: a rule that never fails would be worse than one that fails too often.
 *
 * @param pair of the rule's target
 */
export function judgeChange(rule: ChangeRule, pairs: RunPairs, pair: Pair): JudgedChange {
  const figure = pairs.compare(rule.figure, pair);
  const change = changeOf(figure, rule.isRelative);
  const isBeyond = change !== null && (rule.operator === '>' ? change > rule.limit : change < rule.limit);
  return {
    expression: rule.text,
    figure,
    change,
    isRelative: rule.isRelative,
    failed: change === null || (isBeyond && figure.isMoreThanNoise !== false),
  };
}

/** From nothing to something is a change without end. */
function changeOf({ first, second }: ComparedFigure, isRelative: boolean): number | null {
  if (first === null || second === null) return null;
  const difference = second - first;
  if (!isRelative) return Number(difference.toPrecision(12));
  if (difference === 0) return 0;
  return first === 0 ? Number.POSITIVE_INFINITY : difference / first;
}
