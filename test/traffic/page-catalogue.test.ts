import { describe, expect, it } from 'vitest';
import { generatedPages } from '../../src/traffic/page-catalogue.ts';
import type { Page } from '../../src/traffic/pages.ts';

const pages = generatedPages();
const foldersOf = (page: Page | undefined) => new URL(page?.url ?? '').pathname.split('/').slice(1, -1);

describe('the generated pages', () => {
  it('are 2,000: 10 categories, 5 subcategories each, 40 pages each', () => {
    expect(pages).toHaveLength(2000);
    expect(countBy(pages, page => foldersOf(page)[0])).toEqual(Array(10).fill(200));
    expect(countBy(pages, page => foldersOf(page).join('/'))).toEqual(Array(50).fill(40));
  });

  it('have the categories of the predecessor', () => {
    expect([...new Set(pages.map(page => foldersOf(page)[0]))]).toEqual([
      'products',
      'blog',
      'support',
      'company',
      'resources',
      'news',
      'services',
      'solutions',
      'documentation',
      'community',
    ]);
  });

  it('differ from each other in URL and in title', () => {
    expect(new Set(pages.map(({ url }) => url)).size).toBe(2000);
    expect(new Set(pages.map(({ title }) => title)).size).toBe(2000);
  });

  it('are plain addresses that need no encoding, hit no goal by chance and look like no search', () => {
    for (const { url } of pages) {
      expect(url).toMatch(/^https:\/\/shop\.example\/[a-z]+\/[a-z0-9-]+\/[a-z0-9-]+$/);
      expect(url).not.toContain('thank-you');
    }
  });

  it('are the same every time, on any site', () => {
    expect(generatedPages()).toEqual(pages);
    expect(generatedPages('https://www.site.test/shop/')[0]).toEqual({
      url: 'https://www.site.test/shop/products/laptops/ultralight-13-overview',
      title: 'Ultralight 13: Overview - Laptops - Products',
    });
  });
});

function countBy(rows: readonly Page[], key: (page: Page) => string | undefined): number[] {
  const counts = new Map<string | undefined, number>();
  for (const row of rows) counts.set(key(row), (counts.get(key(row)) ?? 0) + 1);
  return [...counts.values()];
}
