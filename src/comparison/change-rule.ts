import { figureOf } from '../thresholds/figure-name.ts';
import type { Unit } from '../thresholds/figures.ts';
import { Mistake } from '../thresholds/mistake.ts';
import { factors, figureText, type NamedFigure } from '../thresholds/threshold.ts';
import { type Token, tokensOf } from '../thresholds/tokens.ts';

/** A change from one run to another that is a failure: `latency.p95 > +10%`. */
export interface ChangeRule {
  readonly figure: NamedFigure;
  readonly operator: '<' | '>';
  /** A share of the first run's value where it is relative, else in the unit of the figure. */
  readonly limit: number;
  readonly isRelative: boolean;
  /** As it is normally written. */
  readonly text: string;
}

/** Percentage points, as they may be written: `%` is a share of the first run's value, whatever the figure. */
const pointNames = ['points', 'pp'];

/** What an absolute change is written in. */
const absoluteUnits: Readonly<Record<Unit, string>> = {
  time: 'us, ms, s or m',
  share: 'points, for percentage points',
  count: 'no unit',
  rate: 'no unit',
};

/**
 * `FIGURE < or > ±NUMBER UNIT`. Figures are those of thresholds. The sign is asked for because it says that the number is a
 * change: `latency.p95 > 10ms` is a threshold.
 *
 * @throws Mistake with the place of the first mistake, and what is allowed there
 */
export function parseChangeRule(text: string): ChangeRule {
  const [name, operator, sign, number, unit, ...rest] = tokensOf(text);
  if (name?.kind !== 'name') throw mistake(name, 'a figure, such as latency.p95 or hits.errors.rate');
  const figure = figureOf(name);
  if (operator?.text !== '<' && operator?.text !== '>') throw mistake(operator, '< or >');
  if (sign?.text !== '+' && sign?.text !== '-') throw mistake(sign, '+ or - and the change, such as +10%');
  if (number?.kind !== 'number') throw mistake(number, 'a number');
  const factor = factorOf(unit, figure);
  const last = unit?.kind === 'end' ? unit : rest[0];
  if (last?.kind !== 'end') throw mistake(last, 'nothing more');
  const value = Number(number.text) * (factor ?? 0.01) * (sign.text === '-' ? -1 : 1);
  const unitText = unit?.kind === 'end' ? '' : (unit?.text ?? '').replace(/^pp$/, 'points');
  return {
    figure,
    operator: operator.text,
    // 10 × 0.01 is 0.1, and 7 × 0.01 is not 0.07.
    limit: Number(value.toPrecision(12)),
    isRelative: factor === undefined,
    text: `${figureText(figure)} ${operator.text} ${sign.text}${number.text}${unitText}`,
  };
}

/** Of the number, to have it in the unit of the figure; undefined: it is relative. */
function factorOf(unit: Token | undefined, { figure }: NamedFigure): number | undefined {
  if (unit?.kind === 'percent') return undefined;
  const isPlain = figure.unit === 'count' || figure.unit === 'rate';
  if (unit?.kind === 'end' && isPlain) return 1;
  if (unit?.kind === 'name') {
    if (figure.unit === 'share' && pointNames.includes(unit.text)) return 0.01;
    if (figure.unit === 'time' && isTimeUnit(unit.text)) return factors[unit.text];
  }
  throw mistake(unit, `% of the first run's value, or ${absoluteUnits[figure.unit]}`);
}

function isTimeUnit(text: string): text is 'us' | 'ms' | 's' | 'm' {
  return ['us', 'ms', 's', 'm'].includes(text);
}

function mistake(token: Token | undefined, allowed: string): Mistake {
  return new Mistake(token?.at ?? 0, allowed);
}
