import type { Figure } from './figures.ts';

export const operators = ['<', '<=', '>', '>=', '==', '!='] as const;
export type Operator = (typeof operators)[number];

/** What a number of each unit is in the unit of a figure: ms, and 0–1. */
export const factors = { us: 0.001, ms: 1, s: 1000, m: 60_000, '%': 0.01 } as const;
export type LimitUnit = keyof typeof factors;

/** A figure as a threshold names it. */
export interface NamedFigure {
  readonly figure: Figure;
  /** Of its name: `['latency', 'p99.9']`. */
  readonly parts: readonly string[];
  /** undefined: of the whole run. */
  readonly target: string | undefined;
  /** Where it begins in the text, from 0. */
  readonly at: number;
}

export interface Amount {
  readonly number: number;
  readonly unit: LimitUnit | undefined;
}

/** What a run is held to: `latency.p95 < 800ms abort after 30s`. */
export interface Threshold {
  readonly figure: NamedFigure;
  /** The figure is divided by it. */
  readonly divisor: NamedFigure | undefined;
  readonly operator: Operator;
  readonly limit: Amount;
  /** Its breach ends the run. */
  readonly abort: { readonly after: Amount | undefined } | undefined;
}

const bare = /^[\w-]+$/;

/** As it is normally written. Parsed again it is the same. */
export function thresholdText({ figure, divisor, operator, limit, abort }: Threshold): string {
  const words = [
    figureText(figure),
    ...(divisor === undefined ? [] : ['/', figureText(divisor)]),
    operator,
    amountText(limit),
  ];
  if (abort !== undefined) words.push('abort');
  if (abort?.after !== undefined) words.push('after', amountText(abort.after));
  return words.join(' ');
}

/** `targets.baseline.latency.p95`; names with other characters are quoted. */
export function figureText({ target, parts }: Pick<NamedFigure, 'target' | 'parts'>): string {
  const name = parts.join('.');
  return target === undefined ? name : `targets.${targetText(target)}.${name}`;
}

export function targetText(name: string): string {
  return bare.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`;
}

function amountText({ number, unit }: Amount): string {
  return `${number}${unit ?? ''}`;
}

/** In the unit of the figure. */
export function limitValue({ limit: { number, unit } }: Pick<Threshold, 'limit'>): number {
  return unit === undefined ? number : inBase(number, unit);
}

/** Seconds from the start in which a breach does not end the run. */
export function graceSeconds({ abort }: Threshold): number {
  const { number = 0, unit = 's' } = abort?.after ?? {};
  return inBase(number, unit) / 1000;
}

/** Divided where that is exact: 0.1 × 0.01 is not 0.001. */
function inBase(number: number, unit: LimitUnit): number {
  const factor = factors[unit];
  return factor < 1 ? number / Math.round(1 / factor) : number * factor;
}

export function holds(value: number, operator: Operator, limit: number): boolean {
  switch (operator) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '==':
      return value === limit;
    case '!=':
      return value !== limit;
  }
}
