import { englishNumbers } from '../base/english-numbers.ts';
import type { Unit } from './figures.ts';
import { holds, limitValue, type Threshold } from './threshold.ts';

/** Three digits are read at a glance; more are shown where three would hide on which side of the limit a value is. */
const DIGITS = [3, 4, 5, 6, 9, 12, 17];

const formats = new Map(DIGITS.map(digits => [digits, englishNumbers({ maximumSignificantDigits: digits })]));
const whole = englishNumbers();

/** A threshold's value as people read it: `30 ms`, `1.25 s`, `0.4 %`, `1,204`, `no data`. */
export function valueText(threshold: Threshold, value: number | null): string {
  if (value === null) return 'no data';
  const limit = limitValue(threshold);
  const passed = holds(value, threshold.operator, limit);
  const digits = DIGITS.find(
    few => holds(Number(value.toPrecision(few)), threshold.operator, limit) === passed,
  );
  return withUnit(
    value,
    threshold.divisor === undefined ? threshold.figure.figure.unit : 'ratio',
    digits ?? 17,
  );
}

function withUnit(value: number, unit: Unit | 'ratio', digits: number): string {
  const format = formats.get(digits) ?? whole;
  switch (unit) {
    case 'time':
      return value < 1000 ? `${format.format(value)} ms` : `${format.format(value / 1000)} s`;
    case 'share':
      return `${format.format(value * 100)} %`;
    case 'count':
      return whole.format(value);
    case 'rate':
      return `${format.format(value)}/s`;
    case 'ratio':
      return format.format(value);
  }
}
