import { describe, expect, it } from 'vitest';
import { downloads } from '../../src/data/downloads.ts';
import { behaviourEvents, clickEvents } from '../../src/data/events.ts';
import { outlinks } from '../../src/data/outlinks.ts';
import { products } from '../../src/data/products.ts';
import { searchCategories, searchTerms } from '../../src/data/search-terms.ts';

/** Of the endings matomo.js takes for downloads those that are used here [js/piwik.js]. */
const downloadEndings = /\.(csv|dmg|docx|epub|exe|gz|mp3|mp4|pdf|pptx|xlsx|zip)$/;

describe('data tables', () => {
  it('have 35 search terms and categories within 200 characters', () => {
    expect(new Set(searchTerms).size).toBe(35);
    for (const category of searchCategories) expect(category.length).toBeLessThanOrEqual(200);
  });

  it('have events with a category, an action and a name, which Matomo would else take for pageviews', () => {
    for (const { category, action, name, value } of [...clickEvents, ...behaviourEvents]) {
      for (const text of [category, action, name]) expect(text.trim()).not.toBe('');
      // A value of 0 is not told from none in every report.
      if (value !== null) expect(0 < value.min && value.min <= value.max).toBe(true);
    }
  });

  it('have products each once, since Matomo keeps one row a SKU, with prices of whole cents', () => {
    expect(new Set(products.map(({ sku }) => sku)).size).toBe(products.length);
    expect(new Set(products.map(({ name }) => name)).size).toBe(products.length);
    for (const { price } of products) {
      expect(price).toBeGreaterThan(0);
      expect(Math.abs(price * 100 - Math.round(price * 100))).toBeLessThan(1e-6);
    }
  });

  it('have products for orders of 16 and of 1,000', () => {
    expect(products.some(({ price }) => price < 16)).toBe(true);
    expect(products.some(({ price }) => price > 500 && price < 1000)).toBe(true);
  });

  it('have outlinks that are whole addresses of other sites, each once', () => {
    expect(new Set(outlinks).size).toBe(outlinks.length);
    for (const url of outlinks) {
      expect(new URL(url).href).toBe(url);
      expect(new URL(url).hostname).not.toBe('shop.example');
    }
  });

  it('have downloads that matomo.js knows as such, as paths of the site', () => {
    expect(new Set(downloads).size).toBe(downloads.length);
    for (const path of downloads) {
      expect(path).toMatch(/^\/[a-z0-9./-]+$/);
      expect(path).toMatch(downloadEndings);
    }
  });
});
