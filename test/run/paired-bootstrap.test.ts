import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Purpose, type Random, randomStream } from '../../src/base/random.ts';
import { FEWEST_PAIRS, pairedBootstrap } from '../../src/run/paired-bootstrap.ts';

const stream = (number: number) => randomStream(7, Purpose.Comparison, number);
const anySeries = fc.array(fc.double({ min: 0.1, max: 1e6, noNaN: true }), {
  minLength: FEWEST_PAIRS,
  maxLength: 80,
});
const TRIALS = 200;

/** A latency of about 20 with a long tail, of which some stays from one to the next. */
function noise(random: Random, length: number, staying = 0): number[] {
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit());
  let level = normal();
  return Array.from({ length }, () => {
    level = staying * level + Math.sqrt(1 - staying ** 2) * normal();
    return 20 * Math.exp(0.5 * level);
  });
}

/** How often of 200 times two equal servers are called different. */
function falseAlarms(length: number, staying: number): number {
  let alarms = 0;
  for (let trial = 0; trial < TRIALS; trial++) {
    const random = randomStream(trial, Purpose.Visit, length);
    const found = pairedBootstrap(
      noise(random, length, staying),
      noise(random, length, staying),
      stream(trial),
    );
    if (found?.verdict !== 'same') alarms++;
  }
  return alarms;
}

describe('the paired bootstrap', () => {
  it('never calls a series different from itself', () => {
    fc.assert(
      fc.property(anySeries, fc.nat(), (series, number) => {
        expect(pairedBootstrap(series, series, stream(number))).toEqual({
          interval: [1, 1],
          verdict: 'same',
        });
      }),
      { numRuns: 30 },
    );
  });

  it('always finds twice as much, and half', () => {
    fc.assert(
      fc.property(anySeries, series => {
        const twice = series.map(value => 2 * value);
        const found = pairedBootstrap(series, twice, stream(1));
        expect(found?.verdict).toBe('more');
        for (const end of found?.interval ?? []) expect(end).toBeCloseTo(2, 6);
        expect(pairedBootstrap(twice, series, stream(1))?.verdict).toBe('less');
      }),
      { numRuns: 30 },
    );
  });

  it('gives the same answer for the same stream', () => {
    const [one, two] = [noise(stream(1), 40), noise(stream(2), 40)];
    expect(pairedBootstrap(one, two, stream(3))).toEqual(pairedBootstrap(one, two, stream(3)));
  });

  it.each([
    [12, 16],
    [30, 16],
    [60, 16],
  ])('mistakes independent noise for a difference about one time in 20: %d pairs', (pairs, most) => {
    expect(falseAlarms(pairs, 0)).toBeLessThanOrEqual(most);
  });

  it('does not much more often where noise lasts', () => {
    expect(falseAlarms(60, 0.5)).toBeLessThanOrEqual(24);
  });

  it('sees through what happens to both at once', () => {
    // Both vary by a factor of three and more; one is a tenth slower, give or take.
    const shared = noise(stream(1), 60);
    const slower = shared.map((value, at) => value * (at % 2 === 0 ? 1.05 : 1.15));
    const found = pairedBootstrap(shared, slower, stream(2));
    expect(found?.verdict).toBe('more');
    expect(found?.interval?.[0]).toBeGreaterThan(1.05);
    expect(found?.interval?.[1]).toBeLessThan(1.15);
  });

  it('takes one bad moment for no difference, and many for one', () => {
    const calm = new Array<number>(60).fill(0);
    const bad = (moments: number) => calm.map((_, at) => (at % Math.floor(60 / moments) === 0 ? 5 : 0));
    expect(pairedBootstrap(calm, bad(1), stream(1))).toEqual({ interval: null, verdict: 'same' });
    expect(pairedBootstrap(calm, bad(12), stream(1))?.verdict).toBe('more');
    expect(pairedBootstrap(calm, calm, stream(1))?.verdict).toBe('same');
  });

  it('leaves out differences smaller than is asked for', () => {
    const series = noise(stream(1), 30);
    const little = series.map(value => value * 1.01);
    expect(pairedBootstrap(series, little, stream(2))?.verdict).toBe('more');
    expect(pairedBootstrap(series, little, stream(2), 1 / 64)?.verdict).toBe('same');
  });

  it('says nothing of fewer than 12 pairs', () => {
    expect(pairedBootstrap(noise(stream(1), 11), noise(stream(2), 11), stream(3))).toBeUndefined();
    expect(pairedBootstrap([], [], stream(3))).toBeUndefined();
  });
});
