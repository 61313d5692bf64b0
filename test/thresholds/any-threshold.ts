import * as fc from 'fast-check';
import { figures, type Unit } from '../../src/thresholds/figures.ts';
import { targetText } from '../../src/thresholds/threshold.ts';

const space = fc.constantFrom('', ' ', '  ', '\t');
const gap = fc.constantFrom(' ', '   ', '\t');

const percentile = fc
  .tuple(fc.integer({ min: 1, max: 99 }), fc.option(fc.integer({ min: 0, max: 999 })))
  .map(([whole, part]) => (part === null ? `p${whole}` : `p${whole}.${part}`));
const code = fc.constantFrom('HTTP_429', 'ECONNREFUSED', 'TIMEOUT', 'invented_1');
const target = fc.oneof(fc.constantFrom('baseline', 'p95', 'node-1', 'a.example:8080'), fc.string());

function named(unit: Unit): fc.Arbitrary<string> {
  const ofUnit = figures.filter(figure => figure.unit === unit).map(({ name }) => name);
  return fc
    .tuple(fc.constantFrom(...ofUnit), percentile, code, fc.option(target))
    .map(([name, p, of, whose]) => {
      const told = name.replace('pN', p).replace('CODE', of);
      return whose === null ? told : `targets.${targetText(whose)}.${told}`;
    });
}

const whole = fc.nat(999_999_999_999).map(String);
const decimal = fc
  .tuple(fc.nat(999_999_999), fc.stringMatching(/^\d{1,6}$/))
  .map(([before, after]) => `${before}.${after}`);
const number = fc.oneof(whole, decimal);
const timeUnit = fc.constantFrom('us', 'ms', 's', 'm');
const time = fc.oneof(
  fc.tuple(number, space, timeUnit).map(parts => parts.join('')),
  fc.constant('0'),
);
const share = fc.oneof(
  fc.tuple(number, space).map(([of, room]) => `${of}${room}%`),
  fc.constant('0'),
);

const limits: Readonly<Record<Unit, fc.Arbitrary<string>>> = { time, share, count: whole, rate: number };
const operator = fc.constantFrom('<', '<=', '>', '>=', '==', '!=');
const abort = fc.oneof(
  fc.constant(''),
  fc.tuple(gap, gap, gap, time).map(([one, two, three, after]) => `${one}abort${two}after${three}${after}`),
);

/** Any text that the grammar allows, of a figure or of a ratio. */
export const anyThreshold: fc.Arbitrary<string> = fc
  .constantFrom<Unit>('time', 'share', 'count', 'rate')
  .chain(unit =>
    fc.tuple(
      fc.oneof(
        fc.tuple(named(unit), space, operator, space, limits[unit]),
        fc
          .tuple(named(unit), space, named(unit), space, operator, space, fc.oneof(number, share))
          .map(([one, before, other, ...rest]) => [one, before, '/', before, other, ...rest]),
      ),
      abort,
    ),
  )
  .map(([parts, end]) => [parts.join(''), end] as const)
  .filter(([text, end]) => end === '' || !text.includes('verification'))
  .map(parts => parts.join(''));
