import { describe, expect, it } from 'vitest';
import { countries } from '../../src/data/countries.ts';

/** Addresses that Matomo 5 drops as search engines' own [core/Tracker/VisitExcluded.php]. */
const droppedByMatomo = [
  '216.239.32.0/19',
  '64.233.160.0/19',
  '66.249.80.0/20',
  '72.14.192.0/18',
  '209.85.128.0/17',
  '66.102.0.0/20',
  '74.125.0.0/16',
  '64.18.0.0/20',
  '207.126.144.0/20',
  '173.194.0.0/16',
  '64.4.0.0/18',
  '65.52.0.0/14',
  '157.54.0.0/15',
  '157.56.0.0/14',
  '157.60.0.0/16',
  '207.46.0.0/16',
  '207.68.128.0/18',
  '207.68.192.0/20',
  '131.253.26.0/20',
  '131.253.24.0/20',
  '72.30.198.0/20',
  '72.30.196.0/20',
  '98.137.207.0/20',
  '1.202.218.8/32',
];

/** More of Google's and of the large clouds, which other versions and plugins drop (TrackingSpamPrevention). */
const cloudAddresses = [
  '8.8.4.0/24',
  '8.8.8.0/24',
  '8.34.208.0/20',
  '8.35.192.0/20',
  '23.236.48.0/20',
  '34.0.0.0/8',
  '35.184.0.0/13',
  '66.249.64.0/19',
  '104.154.0.0/15',
  '104.196.0.0/14',
  '108.59.80.0/20',
  '108.170.192.0/18',
  '108.177.0.0/17',
  '130.211.0.0/16',
  '142.250.0.0/15',
  '146.148.0.0/17',
  '172.217.0.0/16',
  '216.58.192.0/19',
  '13.64.0.0/11',
  '20.0.0.0/8',
  '40.64.0.0/10',
  '52.0.0.0/8',
  '54.0.0.0/8',
  '3.0.0.0/8',
  '18.128.0.0/9',
];

/** What belongs to nobody on the Internet [IANA IPv4 special-purpose registry]. */
const reserved = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
];

const ranges = countries.flatMap(country =>
  country.ranges.map(cidr => ({ country: country.code, cidr, ...span(cidr) })),
);

describe('countries', () => {
  it('are at least forty, each once, by their two letters', () => {
    const codes = countries.map(country => country.code);
    expect(codes.length).toBeGreaterThanOrEqual(40);
    expect(new Set(codes).size).toBe(codes.length);
    const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
    for (const code of codes) {
      expect(code).toMatch(/^[a-z]{2}$/);
      expect(names.of(code.toUpperCase())).toBeDefined();
    }
  });

  it('speak languages that exist, in the form Matomo stores', () => {
    for (const { languages } of countries) {
      expect(languages.length).toBeGreaterThan(1);
      for (const { tag } of languages) {
        expect(tag).toMatch(/^[a-z]{2,3}-([a-z]{2}|\d{3})$/);
        expect(Intl.getCanonicalLocales(tag)).toHaveLength(1);
      }
    }
  });

  it('keep the time of a zone that is there', () => {
    for (const { utcOffsetMinutes } of countries) {
      expect(Number.isInteger(utcOffsetMinutes / 15)).toBe(true);
      expect(utcOffsetMinutes).toBeGreaterThanOrEqual(-600);
      expect(utcOffsetMinutes).toBeLessThanOrEqual(840);
    }
  });

  it('have two ranges of addresses or more, whole networks of /9 to /16', () => {
    for (const country of countries) expect(country.ranges.length).toBeGreaterThanOrEqual(2);
    for (const { cidr, bits, start } of ranges) {
      expect(bits, cidr).toBeGreaterThanOrEqual(9);
      expect(bits, cidr).toBeLessThanOrEqual(16);
      expect(start % 2 ** (32 - bits), cidr).toBe(0);
    }
  });

  it('share no address with each other', () => {
    const sorted = ranges.toSorted((a, b) => a.start - b.start);
    sorted.slice(1).forEach((range, before) => {
      expect(range.start, `${sorted[before]?.cidr} and ${range.cidr}`).toBeGreaterThanOrEqual(
        sorted[before]?.end ?? 0,
      );
    });
  });

  it.each([
    ['that Matomo drops', droppedByMatomo],
    ['of clouds and search engines', cloudAddresses],
    ['that are reserved', reserved],
  ])('have no addresses %s', (_, excluded) => {
    for (const range of ranges) {
      for (const cidr of excluded) {
        const { start, end } = span(cidr);
        expect(range.start < end && start < range.end, `${range.country} ${range.cidr} meets ${cidr}`).toBe(
          false,
        );
      }
    }
  });
});

/** Written apart from the sender's own reading of ranges. The mask rules, as in Matomo: 207.68.128.0/18 begins there. */
function span(cidr: string): { start: number; end: number; bits: number } {
  const [address = '', length = ''] = cidr.split('/');
  const bits = Number(length);
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  const size = 2 ** (32 - bits);
  const start = Math.floor((((a * 256 + b) * 256 + c) * 256 + d) / size) * size;
  return { start, end: start + size, bits };
}
