import { describe, expect, test } from 'vitest';
import {
  clockTime,
  counted,
  countOrDash,
  duration,
  grouped,
  milliseconds,
  money,
  percent,
  rate,
} from '../../src/output/number-format.ts';

describe('numbers for people', () => {
  test.each([
    [grouped(28_896), '28,896'],
    [countOrDash(0), '–'],
    [counted(1, 'visit'), '1 visit'],
    [counted(1234, 'visit'), '1,234 visits'],
    [money(212_993.1), '212,993.10'],
    [rate(0), '–'],
    [rate(0.0001), '<0.001'],
    [rate(0.0116), '0.012'],
    [rate(0.5), '0.50'],
    [rate(2589.3), '2,589.3'],
    [milliseconds(null), '–'],
    [milliseconds(0.42), '0.4 ms'],
    [milliseconds(9), '9 ms'],
    [milliseconds(12.4), '12 ms'],
    [milliseconds(1250), '1.25 s'],
    [milliseconds(75_000), '75.0 s'],
    [percent(0.5834), '58 %'],
    [percent(0.29), '29 %'],
    [percent(0.9999), '99 %'],
    [percent(1), '100 %'],
    [clockTime(35_999), '0:35'],
    [clockTime(3_723_000), '1:02:03'],
    [duration(12.34), '12.3 s'],
    [duration(60.2), '1 m 0 s'],
    [duration(7380), '2 h 3 m'],
    [duration(3599.7), '1 h 0 m'],
  ])('%s is %s', (shown, expected) => {
    expect(shown).toBe(expected);
  });
});
