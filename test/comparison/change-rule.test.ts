import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseChangeRule } from '../../src/comparison/change-rule.ts';
import { figures } from '../../src/thresholds/figures.ts';
import { Mistake } from '../../src/thresholds/mistake.ts';

describe('a rule about a change', () => {
  it.each([
    ['latency.p95 > +10%', 0.1, true, 'latency.p95 > +10%'],
    ['latency.p95>+7%', 0.07, true, 'latency.p95 > +7%'],
    ['rate.hits < -5 %', -0.05, true, 'rate.hits < -5%'],
    ['latency.p99.9 > +1.5s', 1500, false, 'latency.p99.9 > +1.5s'],
    ['lateness.max < -20us', -0.02, false, 'lateness.max < -20us'],
    ['hits.errors.rate > +0.1points', 0.001, false, 'hits.errors.rate > +0.1points'],
    ['hits.errors.rate > +0.1 pp', 0.001, false, 'hits.errors.rate > +0.1points'],
    ['hits.failed.count > +0', 0, false, 'hits.failed.count > +0'],
    ['rate.visits < -0.5', -0.5, false, 'rate.visits < -0.5'],
    ['errors.HTTP_429.count > +10', 10, false, 'errors.HTTP_429.count > +10'],
    ['targets."a.example".latency.p50 > +1ms', 1, false, 'targets."a.example".latency.p50 > +1ms'],
  ])('%s', (text, limit, isRelative, normal) => {
    expect(parseChangeRule(text)).toMatchObject({ limit, isRelative, text: normal });
    expect(parseChangeRule(normal)).toMatchObject({ limit, isRelative, text: normal });
  });

  it.each([
    ['', 0, 'a figure'],
    ['latency.p95', 11, '< or >'],
    ['latency.p95 >= +10%', 12, '< or >'],
    ['latency.p95 > 10%', 14, '+ or -'],
    ['latency.p95 > +', 15, 'a number'],
    ['latency.p95 > +10', 17, 'us, ms, s or m'],
    ['latency.p95 > +10points', 17, 'us, ms, s or m'],
    ['hits.errors.rate > +1ms', 21, 'points'],
    ['rate.hits > +1ms', 14, 'no unit'],
    ['latency.p95 > +10% abort', 19, 'nothing more'],
    ['latency.p95 > +10ms %', 20, 'nothing more'],
    ['latency.p05 > +10%', 8, 'a percentile'],
    ['speed > +10%', 0, 'latency'],
  ])('"%s" is told with the place of its mistake', (text, at, allowed) => {
    const parse = () => parseChangeRule(text);
    expect(parse).toThrow(Mistake);
    expect(parse).toThrow(expect.objectContaining({ at, allowed: expect.stringContaining(allowed) }));
  });

  it('can be about every figure of thresholds, and is itself again when it is read anew', () => {
    const units = {
      time: ['%', 'us', 'ms', 's', 'm'],
      share: ['%', 'points'],
      count: ['%', ''],
      rate: ['%', ''],
    };
    const anyRule = fc
      .constantFrom(...figures)
      .chain(({ name, unit }) =>
        fc
          .tuple(
            fc.constantFrom('<', '>'),
            fc.constantFrom('+', '-'),
            fc.integer({ min: 0, max: 1_000_000 }),
            fc.constantFrom(...units[unit]),
          )
          .map(
            parts =>
              `${name.replace('pN', 'p95').replace('CODE', 'TIMEOUT')} ${parts[0]} ${parts[1]}${parts[2] / 100}${parts[3]}`,
          ),
      );
    fc.assert(
      fc.property(anyRule, text => {
        const rule = parseChangeRule(text);
        expect(rule.text).toBe(text);
        expect(rule.isRelative).toBe(text.endsWith('%'));
      }),
    );
  });
});
