import { type Figure, figures } from './figures.ts';
import { Mistake } from './mistake.ts';
import type { NamedFigure } from './threshold.ts';
import { type NamePart, partsOf, type Token } from './tokens.ts';

const percentile = /^p(?:0|[1-9]\d?)(?:\.\d{1,3})?$/;
const errorCode = /^[A-Za-z][A-Za-z0-9_]*$/;

const known = figures.map(figure => ({ figure, parts: figure.name.split('.') }));

/**
 * The figure that a token names.
 *
 * @throws Mistake
 */
export function figureOf(token: Token): NamedFigure {
  const all = partsOf(token);
  const [first, second, ...others] = all;
  if (first?.text !== 'targets') return { ...lookUp(token, all), target: undefined, at: token.at };
  const end = token.at + token.text.length;
  if (second === undefined)
    throw new Mistake(end, 'the name of a target after a dot: targets.NAME.latency.p95');
  if (others.length === 0) throw new Mistake(end, `a figure of the target after a dot: ${firstParts()}`);
  return { ...lookUp(token, others), target: second.text, at: token.at };
}

function lookUp(token: Token, parts: readonly NamePart[]): Pick<NamedFigure, 'figure' | 'parts'> {
  let candidates = known;
  for (const [at, part] of parts.entries()) {
    const next = candidates.filter(({ parts: names }) => isNamed(names[at], part.text));
    if (next.length === 0) throw new Mistake(part.at, allowedAt(candidates, at, parts));
    candidates = next;
  }
  const found = candidates.find(({ parts: names }) => names.length === parts.length);
  if (found !== undefined) return { figure: found.figure, parts: parts.map(({ text }) => text) };
  throw new Mistake(token.at + token.text.length, `a dot and ${allowedAt(candidates, parts.length, parts)}`);
}

function isNamed(pattern: string | undefined, given: string): boolean {
  if (pattern === 'pN') return percentile.test(given) && Number(given.slice(1)) > 0;
  if (pattern === 'CODE') return errorCode.test(given);
  return pattern === given;
}

function allowedAt(candidates: typeof known, at: number, parts: readonly NamePart[]): string {
  const names = new Set(candidates.flatMap(({ parts: of }) => of[at] ?? []));
  if (names.size === 0) {
    const whole = parts
      .slice(0, at)
      .map(({ text }) => text)
      .join('.');
    return `nothing more: ${whole} is a figure`;
  }
  return listed([...names].map(shown), at === 0 ? ['targets.NAME.…'] : []);
}

function firstParts(): string {
  return listed([...new Set(known.map(({ parts: [first = ''] }) => first))], []);
}

function shown(name: string): string {
  if (name === 'pN') return 'a percentile such as p95 or p99.9';
  return name === 'CODE' ? 'the code of an error such as HTTP_429' : name;
}

function listed(names: readonly string[], more: readonly string[]): string {
  const all = [...names, ...more];
  const last = all.at(-1) ?? '';
  return all.length < 2 ? last : `${all.slice(0, -1).join(', ')} or ${last}`;
}

/** Of the figures, for messages. */
export function unitOf(figure: NamedFigure, divisor: NamedFigure | undefined): Figure['unit'] | 'ratio' {
  return divisor === undefined ? figure.figure.unit : 'ratio';
}
