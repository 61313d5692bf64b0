import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressNumber, coveredShare, excludedRange } from '../../src/validation/address-range.ts';
import { agentExclusion } from '../../src/validation/excluded-agents.ts';
import { knownUrls } from '../../src/validation/site-urls.ts';

describe('an excluded address', () => {
  it.each([
    // As Matomo\Network\IPUtils reads them.
    ['1.2.3.4', '1.2.3.4', '1.2.3.4'],
    [' 1.2.3.4 ', '1.2.3.4', '1.2.3.4'],
    ['1.2.3.*', '1.2.3.0', '1.2.3.255'],
    ['1.2.*.*', '1.2.0.0', '1.2.255.255'],
    ['1.*.*.*', '1.0.0.0', '1.255.255.255'],
    ['1.2.3.4/24', '1.2.3.0', '1.2.3.255'],
    ['78.64.0.0/12', '78.64.0.0', '78.79.255.255'],
    ['0.0.0.0/0', '0.0.0.0', '255.255.255.255'],
  ])('%s is all from %s to %s', (entry, first, last) => {
    expect(excludedRange(entry)).toEqual({ first: addressNumber(first), last: addressNumber(last) });
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.256',
    '*.2.3.4',
    '1.*.3.4',
    '1.2.3.4-1.2.3.9',
    '1.2.3.4/33',
    '1.2.3.4/x',
    '2001:db8::/48',
    'host.example',
  ])('%j is of no visitor', entry => {
    expect(excludedRange(entry)).toBeUndefined();
  });

  const range = fc.tuple(fc.nat(5000), fc.nat(500)).map(([first, more]) => ({ first, last: first + more }));

  it('covers as much of a range as there are addresses in both, however ranges overlap', () => {
    fc.assert(
      fc.property(range, fc.array(range, { maxLength: 6 }), (all, others) => {
        let count = 0;
        for (let address = all.first; address <= all.last; address++) {
          if (others.some(({ first, last }) => first <= address && address <= last)) count++;
        }
        expect(coveredShare(all, others)).toBeCloseTo(count / (all.last - all.first + 1), 10);
      }),
    );
  });
});

describe('an excluded browser', () => {
  const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';

  it.each([
    { entries: [], exclusion: 'taken' },
    { entries: ['Chrome'], exclusion: 'taken' },
    { entries: ['firefox'], exclusion: 'excluded' },
    { entries: ['Chrome', '(windows nt'], exclusion: 'excluded' },
    { entries: ['/firefox\\/1\\d\\d/i'], exclusion: 'excluded' },
    { entries: ['/firefox/'], exclusion: 'taken' },
    { entries: ['#Gecko/2.*Firefox#'], exclusion: 'excluded' },
    { entries: ['{^mozilla}i'], exclusion: 'excluded' },
    // The first pattern decides alone: what stands after it is not looked at.
    { entries: ['/chrome/i', 'Firefox'], exclusion: 'taken' },
    { entries: ['Firefox', '/chrome/i'], exclusion: 'excluded' },
    // No pattern: no second delimiter, or no modifiers that there are.
    { entries: ['/chrome', 'Firefox'], exclusion: 'excluded' },
    { entries: ['/chrome/q', 'Firefox'], exclusion: 'excluded' },
    // PHP reads it, JavaScript does not.
    { entries: ['/(?>fire)fox/i'], exclusion: 'unknown' },
  ])('by $entries: $exclusion', ({ entries, exclusion }) => {
    expect(agentExclusion(firefox, entries)).toBe(exclusion);
  });

  it('is one that holds any part of itself, in whatever case', () => {
    const part = fc.tuple(fc.nat(firefox.length - 1), fc.integer({ min: 1, max: 20 }));
    fc.assert(
      fc.property(part, fc.boolean(), ([from, length], isUpper) => {
        const text = firefox.slice(from, from + length);
        const entry = isUpper ? text.toUpperCase() : text.toLowerCase();
        expect(agentExclusion(firefox, [entry])).toBe('excluded');
      }),
    );
  });
});

describe('a page of a site that tracks its own URLs only', () => {
  it.each([
    { urls: ['https://shop.example'], page: 'https://shop.example/a/b', isKnown: true },
    { urls: ['https://shop.example'], page: 'http://www.SHOP.example/a', isKnown: true },
    { urls: ['https://www.shop.example'], page: 'https://shop.example/', isKnown: true },
    { urls: ['https://shop.example'], page: 'https://shop.example:8443/a', isKnown: true },
    { urls: ['https://shop.example'], page: 'https://blog.shop.example/', isKnown: false },
    { urls: ['https://.shop.example'], page: 'https://a.blog.shop.example/x', isKnown: true },
    { urls: ['https://.shop.example'], page: 'https://shop.example/x', isKnown: true },
    { urls: ['https://shop.example/en'], page: 'https://shop.example/en/a', isKnown: true },
    { urls: ['https://shop.example/en'], page: 'https://shop.example/EN', isKnown: true },
    { urls: ['https://shop.example/en'], page: 'https://shop.example/english', isKnown: false },
    {
      urls: ['https://shop.example/en', 'https://shop.example'],
      page: 'https://shop.example/de',
      isKnown: true,
    },
    {
      urls: ['https://other.example'],
      page: 'https://shop.example/?u=https://other.example/',
      isKnown: false,
    },
    { urls: [], page: 'https://shop.example/', isKnown: false },
  ])('$page with $urls: $isKnown', ({ urls, page, isKnown }) => {
    expect(knownUrls(urls)(page)).toBe(isKnown);
  });
});
