import type { RunStanding } from '../run/standing.ts';
import { holds, limitValue, type NamedFigure, type Threshold } from './threshold.ts';

/** Of a threshold: the figure, or the ratio of its two, and whether it is as it should be. */
export interface Evaluation {
  /** In the unit of the figure; null: there is no data. */
  readonly value: number | null;
  readonly passed: boolean;
}

/** What there is no data for has not passed. */
export function evaluate(threshold: Threshold, standing: RunStanding): Evaluation {
  const value = measured(threshold, standing);
  return { value, passed: value !== null && holds(value, threshold.operator, limitValue(threshold)) };
}

function measured({ figure, divisor }: Threshold, standing: RunStanding): number | null {
  const value = read(figure, standing);
  if (divisor === undefined || value === null) return value;
  const by = read(divisor, standing);
  return by === null || by === 0 ? null : value / by;
}

function read({ figure, parts, target }: NamedFigure, standing: RunStanding): number | null {
  const of = target === undefined ? standing : standing.targets.get(target);
  return of === undefined ? null : figure.read(of, parts);
}
