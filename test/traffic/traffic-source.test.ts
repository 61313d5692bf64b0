import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Purpose, type Random, randomStream } from '../../src/base/random.ts';
import { searchReferrers, socialReferrers, websiteReferrers } from '../../src/data/referrers.ts';
import { trafficSource } from '../../src/traffic/traffic-source.ts';
import { chiSquare, tally, worstBy } from '../base/chi-square.ts';
import { plainTraffic } from '../support/plain-traffic.ts';

const stream = (seed: number) => randomStream(seed, Purpose.Visit, 0);
const all = [...searchReferrers, ...websiteReferrers, ...socialReferrers];
const typeOf = (referrer: string) => all.find(({ url }) => url === referrer)?.type ?? 'direct';
const drawReferrer = (random: Random, directProbability: number) =>
  trafficSource({ ...plainTraffic, directProbability })(random, stream(0)).referrer;

describe('where visits come from', () => {
  it('is never a referrer when all are direct, and always one when none is', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), seed => {
        expect(drawReferrer(stream(seed), 1)).toBe('');
        expect(drawReferrer(stream(seed), 0)).not.toBe('');
      }),
    );
  });

  it('is direct as often as configured', () => {
    const random = stream(1);
    const seen = tally(2, 50_000, () => (drawReferrer(random, 0.3) === '' ? 1 : 0));
    expect(chiSquare(seen, [0.7, 0.3])).toBeLessThan(worstBy[1]);
  });

  it('is otherwise search 35 : websites 20 : social 15', () => {
    const random = stream(2);
    const types = ['search', 'website', 'social'];
    const seen = tally(3, 50_000, () => types.indexOf(typeOf(drawReferrer(random, 0))));
    expect(chiSquare(seen, [35, 20, 15])).toBeLessThan(worstBy[2]);
  });

  it('reaches every referrer', () => {
    const random = stream(3);
    const seen = new Set(Array.from({ length: 50_000 }, () => drawReferrer(random, 0)));
    expect([...seen].sort()).toEqual(all.map(({ url }) => url).sort());
  });
});
