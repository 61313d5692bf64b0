import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Purpose, type Random, randomStream } from '../../src/base/random.ts';
import { countries } from '../../src/data/countries.ts';
import { browserProfiles } from '../../src/traffic/browser-profiles.ts';
import { drawVisitor } from '../../src/traffic/visitor.ts';

const everywhere = { randomizeCountries: true };
const nowhere = { randomizeCountries: false };
const streamOf = (seed: number, number: number): Random => randomStream(seed, Purpose.Visitor, number);
const draw = (seed: number, number = 0) => drawVisitor(streamOf(seed, number), everywhere);
const anySeed = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe('a visitor', () => {
  it('is the same for the same stream', () => {
    fc.assert(
      fc.property(anySeed, seed => {
        expect(draw(seed)).toEqual(draw(seed));
      }),
    );
  });

  it('has a browser, a system, a screen and client hints of one profile', () => {
    const known = new Set(
      browserProfiles().map(p =>
        [p.userAgent, p.clientHints, p.resolution, p.deviceType, p.browser, p.os].join('\n'),
      ),
    );
    fc.assert(
      fc.property(anySeed, seed => {
        const v = draw(seed);
        expect(
          known.has([v.userAgent, v.clientHints, v.resolution, v.deviceType, v.browser, v.os].join('\n')),
        ).toBe(true);
      }),
    );
  });

  it('has a language and a local time of its country', () => {
    fc.assert(
      fc.property(anySeed, seed => {
        const visitor = draw(seed);
        const country = countries.find(({ code }) => code === visitor.country);
        const first = visitor.language.split(',')[0];
        expect(country?.languages.map(({ tag }) => tag)).toContain(first);
        expect(visitor.utcOffsetMinutes).toBe(country?.utcOffsetMinutes);
      }),
    );
  });

  it('has an address of its country, which never ends a network', () => {
    fc.assert(
      fc.property(anySeed, seed => {
        const { ip = '', country } = draw(seed);
        const octets = ip.split('.').map(Number);
        expect(octets).toHaveLength(4);
        expect(octets.every(octet => Number.isInteger(octet) && octet >= 0 && octet <= 255)).toBe(true);
        expect(octets[3]).toBeGreaterThan(0);
        expect(octets[3]).toBeLessThan(255);
        const ranges = countries.find(({ code }) => code === country)?.ranges ?? [];
        expect(ranges.some(range => bitsOf(ip).startsWith(bitsOf(range)))).toBe(true);
      }),
    );
  });

  it('tells one language from an iPhone and a list from other phones', () => {
    fc.assert(
      fc.property(anySeed, seed => {
        const { userAgent, language } = draw(seed);
        expect(language.includes(',')).toBe(!/iPhone|iPad|Version\//.test(userAgent));
      }),
    );
  });

  it('has no place without countries, and everything else the same', () => {
    fc.assert(
      fc.property(anySeed, seed => {
        expect(drawVisitor(streamOf(seed, 0), nowhere)).toEqual({
          ...draw(seed),
          country: undefined,
          ip: undefined,
        });
      }),
    );
  });

  it('leaves the stream at the same point with and without countries', () => {
    const [withPlace, without] = [streamOf(7, 1), streamOf(7, 1)];
    drawVisitor(withPlace, everywhere);
    drawVisitor(without, nowhere);
    expect(withPlace.uint32()).toBe(without.uint32());
  });
});

describe('20,000 visitors', () => {
  const visitors = Array.from({ length: 20_000 }, (_, number) => draw(42, number));
  /** Four standard deviations of a binomial share around what is expected. */
  const expectShare = (hits: number, share: number) => {
    const margin = 4 * Math.sqrt((share * (1 - share)) / visitors.length);
    expect(Math.abs(hits / visitors.length - share)).toBeLessThan(margin);
  };

  it('come from every country, by its weight', () => {
    const total = countries.reduce((sum, { weight }) => sum + weight, 0);
    for (const { code, weight } of countries) {
      expectShare(visitors.filter(({ country }) => country === code).length, weight / total);
    }
  });

  it.each([
    ['desktop', 0.55],
    ['smartphone', 0.42],
    ['tablet', 0.03],
  ])('come with a %s by its share', (deviceType, share) => {
    expectShare(visitors.filter(visitor => visitor.deviceType === deviceType).length, share);
  });

  it('are mostly told apart by address', () => {
    expect(new Set(visitors.map(({ ip }) => ip)).size).toBeGreaterThan(19_900);
  });

  it('have thousands of fingerprints without their addresses', () => {
    const fingerprints = new Set(visitors.map(v => v.userAgent + v.clientHints + v.language));
    expect(fingerprints.size).toBeGreaterThan(3_000);
  });
});

/** An address or the fixed part of a range as text of binary digits. */
function bitsOf(cidr: string): string {
  const [address = '', length = '32'] = cidr.split('/');
  const bits = address
    .split('.')
    .map(octet => Number(octet).toString(2).padStart(8, '0'))
    .join('');
  return bits.slice(0, Number(length));
}
