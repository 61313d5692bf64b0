import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Mistake } from '../../src/thresholds/mistake.ts';
import { parseThreshold } from '../../src/thresholds/parse.ts';
import { type NamedFigure, type Threshold, thresholdText } from '../../src/thresholds/threshold.ts';
import { anyThreshold } from './any-threshold.ts';

/** Where it stood in the text is no part of what it says. */
function meaning({ figure, divisor, ...others }: Threshold) {
  const withoutPlace = (named: NamedFigure | undefined) => named && { ...named, at: 0 };
  return { ...others, figure: withoutPlace(figure), divisor: withoutPlace(divisor) };
}

function mistake(text: string): Mistake | undefined {
  try {
    parseThreshold(text);
    return undefined;
  } catch (error) {
    if (error instanceof Mistake) return error;
    throw error;
  }
}

describe('the grammar of thresholds', () => {
  it('reads whatever it allows, and what is written of it says the same', () => {
    fc.assert(
      fc.property(anyThreshold, text => {
        const threshold = parseThreshold(text);
        const written = thresholdText(threshold);
        expect(meaning(parseThreshold(written))).toEqual(meaning(threshold));
        expect(thresholdText(parseThreshold(written))).toBe(written);
      }),
      { numRuns: 500 },
    );
  });

  it('reads a text with a change in it, or names a place in it and what is allowed there', () => {
    const change = fc.tuple(fc.nat(), fc.nat(4), fc.string({ maxLength: 3 }));
    fc.assert(
      fc.property(anyThreshold, change, (text, [place, cut, put]) => {
        const at = place % (text.length + 1);
        const changed = text.slice(0, at) + put + text.slice(at + cut);
        const found = mistake(changed);
        if (found === undefined) return;
        expect(found.at).toBeGreaterThanOrEqual(0);
        expect(found.at).toBeLessThanOrEqual(changed.length);
        expect(found.allowed).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['latency.p95<800ms', 'latency.p95 < 800ms'],
    [' hits.failed.rate  <  1 %', 'hits.failed.rate < 1%'],
    ['latency.p99.9 < 1.50 s abort', 'latency.p99.9 < 1.5s abort'],
    ['latency.mean < 1m abort  after 30s', 'latency.mean < 1m abort after 30s'],
    ['lateness.max == 0', 'lateness.max == 0'],
    ['targets."baseline".latency.p95 < 1s', 'targets.baseline.latency.p95 < 1s'],
    ['targets."a.example:80".hits.accepted.count > 1', 'targets."a.example:80".hits.accepted.count > 1'],
    [
      'targets.b.latency.p95/targets.a.latency.p95<90%',
      'targets.b.latency.p95 / targets.a.latency.p95 < 90%',
    ],
  ])('%s is written %s', (given, written) => expect(thresholdText(parseThreshold(given))).toBe(written));

  it.each([
    ['', 0, 'a figure, such as latency.p95 or hits.failed.rate'],
    ['< 800ms', 0, 'a figure, such as latency.p95 or hits.failed.rate'],
    ['latncy.p95 < 1s', 0, 'hits, visits, rate, latency, lateness, errors, verification or targets.NAME.…'],
    ['latency.p100 < 1s', 8, 'mean, max or a percentile such as p95 or p99.9'],
    ['latency < 1s', 7, 'a dot and mean, max or a percentile such as p95 or p99.9'],
    ['latency.p95.x < 1s', 12, 'nothing more: latency.p95 is a figure'],
    ['hits.failed < 1', 11, 'a dot and count or rate'],
    ['targets < 1', 7, 'the name of a target after a dot: targets.NAME.latency.p95'],
    ['latency.p95', 11, 'one of < <= > >= == !=, or / and another figure'],
    ['latency.p95 = 1s', 12, 'one of < <= > >= == !=, or / and another figure'],
    ['latency.p95 / hits.failed.count < 1', 14, 'a figure of the same kind'],
    ['latency.p95 <', 13, 'a number'],
    ['latency.p95 < -1s', 14, 'a number'],
    ['latency.p95 < 1.1234567s', 14, 'a number with at most 12 digits, or 9 and 6 after the point'],
    ['latency.p95 < 1234567890.5s', 14, 'a number with at most 12 digits, or 9 and 6 after the point'],
    ['latency.p95 < 5%', 15, 'the unit of a time: us, ms, s or m'],
    ['latency.p95 < 800', 17, 'the unit of a time: us, ms, s or m'],
    ['latency.p95 < 2h', 15, 'a unit: us, ms, s or m, %, or none'],
    ['hits.failed.rate < 1', 20, 'the unit of a share: %'],
    ['hits.failed.rate < 1ms', 20, 'the unit of a share: %'],
    ['hits.failed.count < 5%', 21, 'no unit: it is compared with a count'],
    ['hits.failed.count < 0.5', 20, 'a whole number, for a count'],
    ['rate.hits > 5s', 13, 'no unit: it is compared with a number a second'],
    ['latency.p95 / latency.p50 < 2s', 29, '% or no unit, for a ratio'],
    ['latency.p95 < 1s at once', 17, 'abort, or nothing more'],
    ['latency.p95 < 1s abort if 5s', 23, 'after and a time, or nothing more'],
    ['latency.p95 < 1s abort after', 28, 'a time'],
    ['latency.p95 < 1s abort after 5', 30, 'the unit of a time: us, ms, s or m'],
    ['latency.p95 < 1s abort after 5s now', 32, 'nothing more'],
    ['verification.difference == 0 abort', 29, 'no abort: verification.difference is known at the end only'],
    ['hits.accepted.count >= 9 abort', 30, 'a time, such as after 30s'],
  ])('%s has a mistake at %i', (text, at, allowed) => {
    expect(mistake(text)).toMatchObject({ at, allowed: expect.stringContaining(allowed) });
  });
});
