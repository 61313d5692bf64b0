import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { siteOf, siteQuestion } from '../../src/matomo/reporting.ts';
import { anyToken } from './any-token.ts';

const answer = {
  idsite: '3',
  name: 'Svensk butik',
  main_url: 'https://butik.example',
  timezone: 'Europe/Stockholm',
  currency: 'SEK',
  ecommerce: '1',
};
const settings = { name: 'Svensk butik', timezone: 'Europe/Stockholm', currency: 'SEK' };

describe('the question for a site’s settings', () => {
  it('always is a form that holds the token as it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4_294_967_295 }), anyToken, (siteId, token) => {
        expect(Object.fromEntries(new URLSearchParams(siteQuestion(siteId, token)))).toEqual({
          module: 'API',
          method: 'SitesManager.getSiteFromId',
          idSite: String(siteId),
          format: 'JSON',
          token_auth: token,
        });
      }),
    );
  });
});

describe('the answer to it', () => {
  it('is the site’s name, zone and currency', () => {
    expect(siteOf(JSON.stringify(answer))).toEqual(settings);
  });

  it('can be a list of one', () => {
    expect(siteOf(JSON.stringify([answer]))).toEqual(settings);
  });

  it('can have a distance from UTC for a zone', () => {
    expect(siteOf(JSON.stringify({ ...answer, timezone: 'UTC+5.5' }))?.timezone).toBe('UTC+5.5');
  });

  it.each([
    ['an error with status 200', JSON.stringify({ result: 'error', message: 'no such site' })],
    ['an empty list', '[]'],
    ['a page', '<html></html>'],
    ['nothing', ''],
    ['null', 'null'],
    ['a site without a zone', JSON.stringify({ ...answer, timezone: undefined })],
    ['a zone that nobody knows', JSON.stringify({ ...answer, timezone: 'Mars/Olympus' })],
  ])('is no site: %s', (_, text) => {
    expect(siteOf(text)).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), text => {
        expect(siteOf(text)).toBeUndefined();
      }),
    );
  });
});
