import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Purpose, randomStream } from '../../src/base/random.ts';
import type { Stop } from '../../src/traffic/browsing.ts';
import type { Range } from '../../src/traffic/settings.ts';
import { hitTimes, LONGEST_GAP_SECONDS } from '../../src/traffic/timing.ts';

const page = { url: 'https://shop.example/', title: 'Home' };
const anyStops: fc.Arbitrary<Stop[]> = fc
  .array(fc.nat(5), { minLength: 1, maxLength: 100 })
  .map(deeds =>
    deeds.map(count => ({ page, deeds: new Array(count).fill({ type: 'outlink', target: '' }) })),
  );
const anyMinutes: fc.Arbitrary<Range> = fc
  .tuple(fc.double({ min: 0.1, max: 120, noNaN: true }), fc.double({ min: 0.1, max: 120, noNaN: true }))
  .map(([one, other]) => ({ min: Math.min(one, other), max: Math.max(one, other) }));

/** Checks a rule on visits of any shape and length. */
function always(rule: (times: readonly number[], stops: readonly Stop[], minutes: Range) => void) {
  fc.assert(
    fc.property(fc.maxSafeNat(), anyStops, anyMinutes, (seed, stops, minutes) => {
      rule(hitTimes(randomStream(seed, Purpose.Visit, 0), stops, minutes), stops, minutes);
    }),
  );
}

const gaps = (times: readonly number[]) => times.slice(1).map((time, at) => time - (times[at] ?? 0));

describe('the times of a visit’s hits', () => {
  it('are one for each page, one for each deed and one for the closing ping', () => {
    always((times, stops) => {
      expect(times).toHaveLength(stops.length + stops.reduce((sum, { deeds }) => sum + deeds.length, 0) + 1);
    });
  });

  it('always begin with 0 and are whole seconds that never decrease', () => {
    always(times => {
      expect(times[0]).toBe(0);
      expect(times.every(Number.isInteger)).toBe(true);
      expect(Math.min(...gaps(times))).toBeGreaterThanOrEqual(0);
    });
  });

  it('never have half an hour between two, where Matomo begins a new visit', () => {
    expect(LONGEST_GAP_SECONDS).toBeLessThan(1800);
    always(times => expect(Math.max(...gaps(times))).toBeLessThanOrEqual(LONGEST_GAP_SECONDS));
  });

  it('last as long as configured, where no gap was cut', () => {
    always((times, _, { min, max }) => {
      const length = times[times.length - 1] ?? 0;
      expect(length).toBeLessThanOrEqual(Math.round(max * 60));
      if (Math.max(...gaps(times)) < LONGEST_GAP_SECONDS)
        expect(length).toBeGreaterThanOrEqual(Math.round(min * 60));
    });
  });

  it('cut what is longer to 1799 s and keep the other gaps', () => {
    const stops = [page, page, page].map(its => ({ page: its, deeds: [] }));
    const lasting = (seed: number, minutes: number) =>
      gaps(hitTimes(randomStream(seed, Purpose.Visit, 0), stops, { min: minutes, max: minutes }));
    for (let seed = 0; seed < 100; seed++) {
      const short = lasting(seed, 20);
      lasting(seed, 80).forEach((gap, at) => {
        // Four times the same shares, each end of a gap rounded to its second.
        const uncut = (short[at] ?? 0) * 4;
        expect(gap).toBeGreaterThanOrEqual(Math.min(uncut - 5, LONGEST_GAP_SECONDS));
        expect(gap).toBeLessThanOrEqual(Math.min(uncut + 5, LONGEST_GAP_SECONDS));
      });
    }
  });

  it('divide the length by chance: no page takes it all, none is skipped', () => {
    const stops = [page, page, page, page].map(its => ({ page: its, deeds: [] }));
    for (let seed = 0; seed < 200; seed++) {
      const times = hitTimes(randomStream(seed, Purpose.Visit, 0), stops, { min: 10, max: 10 });
      // The shares of pages lie between 0.25 and 1.25.
      expect(Math.min(...gaps(times))).toBeGreaterThanOrEqual(Math.floor((600 * 0.25) / 4));
      expect(Math.max(...gaps(times))).toBeLessThanOrEqual(Math.ceil((600 * 1.25) / 2));
    }
  });
});
