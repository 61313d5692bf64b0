import { figureOf, unitOf } from './figure-name.ts';
import type { Unit } from './figures.ts';
import { Mistake } from './mistake.ts';
import {
  type Amount,
  factors,
  figureText,
  holds,
  type LimitUnit,
  limitValue,
  type NamedFigure,
  type Operator,
  operators,
  type Threshold,
} from './threshold.ts';
import { type Token, tokensOf } from './tokens.ts';

/** Fifteen digits come back from a number as they were written; of more it could make another one, too long to be read again. */
const numberPattern = /^(?:\d{1,12}|\d{1,9}\.\d{1,6})$/;
const timeUnits = 'us, ms, s or m';
const unitNames = new Set<string>(Object.keys(factors));

/**
 * Reads a threshold. The grammar is in docs/thresholds.md.
 *
 * @throws Mistake with the place of the first mistake, and what is allowed there
 */
export function parseThreshold(text: string): Threshold {
  const tokens = new Tokens(tokensOf(text));
  const figure = takeFigure(tokens);
  const divisor = tokens.take('divide') === undefined ? undefined : takeFigure(tokens);
  if (divisor !== undefined && divisor.figure.unit !== figure.figure.unit) {
    throw new Mistake(
      divisor.at,
      `a figure of the same kind: ${figureText(figure)} is ${kinds[figure.figure.unit]}, and ${figureText(divisor)} ${kinds[divisor.figure.unit]}`,
    );
  }
  const operator = takeOperator(tokens, divisor === undefined);
  const limitAt = tokens.next.at;
  const limit = takeAmount(tokens, 'a number');
  checkUnit(limit, limitAt, unitOf(figure, divisor), tokens.before);
  const threshold = { figure, divisor, operator, limit };
  const abort = takeAbort(tokens, threshold);
  if (tokens.next.kind !== 'end') {
    throw new Mistake(tokens.next.at, nothingMore(abort));
  }
  return { ...threshold, abort };
}

/** What a figure is, in the middle of a sentence. */
const kinds: Readonly<Record<Unit | 'ratio', string>> = {
  time: 'a time',
  share: 'a share',
  count: 'a count',
  rate: 'a number a second',
  ratio: 'a ratio',
};

class Tokens {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get next(): Token {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new RangeError('nothing after the end');
    return token;
  }

  /** The one that was taken last. */
  get before(): Token {
    return this.#tokens[this.#at - 1] ?? this.next;
  }

  /** The next one, if it is of the kind. */
  take(kind: Token['kind'], text?: string): Token | undefined {
    const { next } = this;
    if (next.kind !== kind || kind === 'end' || (text !== undefined && next.text !== text)) return undefined;
    this.#at++;
    return next;
  }
}

function takeFigure(tokens: Tokens): NamedFigure {
  const token = tokens.take('name');
  if (token !== undefined) return figureOf(token);
  throw new Mistake(tokens.next.at, 'a figure, such as latency.p95 or hits.failed.rate');
}

function takeOperator(tokens: Tokens, mayDivide: boolean): Operator {
  const token = tokens.take('operator');
  const operator = operators.find(one => one === token?.text);
  if (operator !== undefined) return operator;
  const allowed = `one of ${operators.join(' ')}`;
  throw new Mistake(tokens.next.at, mayDivide ? `${allowed}, or / and another figure` : allowed);
}

/** A number, and its unit where it has one. */
function takeAmount(tokens: Tokens, what: string): Amount {
  const { at, kind, text } = tokens.next;
  if (kind !== 'number' || !numberPattern.test(text)) {
    const shape = kind === 'number' ? ' with at most 12 digits, or 9 and 6 after the point' : '';
    throw new Mistake(at, `${what}${shape}`);
  }
  tokens.take('number');
  return { number: Number(text), unit: takeUnit(tokens) };
}

function takeUnit(tokens: Tokens): LimitUnit | undefined {
  if (tokens.take('percent') !== undefined) return '%';
  const { next } = tokens;
  if (next.kind !== 'name' || next.text === 'abort') return undefined;
  if (!isUnit(next.text)) throw new Mistake(next.at, `a unit: ${timeUnits}, %, or none`);
  tokens.take('name');
  return next.text;
}

function isUnit(text: string): text is LimitUnit {
  return unitNames.has(text);
}

/** A number without a unit would be taken for another one than was meant; 0 is 0 in all of them. */
function checkUnit({ number, unit }: Amount, at: number, of: Unit | 'ratio', last: Token): void {
  if (unit === undefined && number === 0) return;
  const place = unit === undefined ? last.at + last.text.length : last.at;
  switch (of) {
    case 'time':
      if (unit === undefined || unit === '%') throw new Mistake(place, `the unit of a time: ${timeUnits}`);
      return;
    case 'share':
      if (unit !== '%') throw new Mistake(place, 'the unit of a share: %');
      return;
    case 'ratio':
      if (unit !== undefined && unit !== '%') throw new Mistake(place, '% or no unit, for a ratio');
      return;
    case 'count':
    case 'rate':
      if (unit !== undefined) throw new Mistake(place, `no unit: it is compared with ${kinds[of]}`);
  }
  if (of === 'count' && !Number.isInteger(number)) throw new Mistake(at, 'a whole number, for a count');
}

function takeAbort(tokens: Tokens, threshold: Omit<Threshold, 'abort'>): Threshold['abort'] {
  const word = tokens.take('name', 'abort');
  if (word === undefined) return undefined;
  const { figure, divisor, operator } = threshold;
  const late = [figure, divisor].find(named => named?.figure.atEnd);
  if (late !== undefined) {
    throw new Mistake(word.at, `no abort: ${figureText(late)} is known at the end only`);
  }
  if (tokens.take('name', 'after') !== undefined) {
    const { at } = tokens.next;
    const after = takeAmount(tokens, 'a time');
    checkUnit(after, at, 'time', tokens.before);
    return { after };
  }
  if (tokens.next.kind === 'end' && isBrokenAtStart(threshold)) {
    throw new Mistake(
      tokens.next.at,
      `a time, such as after 30s: every count begins at 0, and 0 is not ${operator} ${limitValue(threshold)}`,
    );
  }
  return { after: undefined };
}

function isBrokenAtStart({ figure, divisor, operator, limit }: Omit<Threshold, 'abort'>): boolean {
  return (
    divisor === undefined && figure.figure.unit === 'count' && !holds(0, operator, limitValue({ limit }))
  );
}

function nothingMore(abort: Threshold['abort']): string {
  if (abort === undefined) return 'abort, or nothing more';
  return abort.after === undefined ? 'after and a time, or nothing more' : 'nothing more';
}
