import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Purpose, randomStream } from '../../src/base/random.ts';
import { generatedPages } from '../../src/traffic/page-catalogue.ts';
import type { Page } from '../../src/traffic/pages.ts';
import { siteMap } from '../../src/traffic/site-map.ts';

const random = (seed: number) => randomStream(seed, Purpose.Visit, 0);
const pages = generatedPages();
const foldersOf = (page: Page | undefined) => new URL(page?.url ?? '').pathname.split('/').slice(1, -1);

describe('browsing', () => {
  const map = siteMap(pages);

  it('begins mostly on a few pages', () => {
    const entries = new Map<number, number>();
    const stream = random(1);
    for (let visit = 0; visit < 20_000; visit += 1) {
      const entry = map.entry(stream);
      entries.set(entry, (entries.get(entry) ?? 0) + 1);
    }
    const counts = [...entries.values()].sort((a, b) => b - a);
    const of = (first: number) => counts.slice(0, first).reduce((sum, count) => sum + count, 0) / 20_000;
    expect(of(20)).toBeGreaterThan(0.5);
    expect(of(1)).toBeLessThan(0.25);
    expect(entries.size).toBeGreaterThan(1000);
  });

  it('goes on nearby for the most part: the same folder, then the same top folder, then anywhere', () => {
    const stream = random(2);
    let [sameFolder, sameTop, elsewhere] = [0, 0, 0];
    for (let step = 0, current = map.entry(stream); step < 20_000; step += 1) {
      const next = map.next(stream, current);
      const [from, to] = [foldersOf(pages[current]), foldersOf(pages[next])];
      if (from[0] !== to[0]) elsewhere += 1;
      else if (from[1] !== to[1]) sameTop += 1;
      else sameFolder += 1;
      current = next;
    }
    expect(sameFolder / 20_000).toBeGreaterThan(0.55);
    expect(sameTop / 20_000).toBeGreaterThan(0.15);
    expect(elsewhere / 20_000).toBeGreaterThan(0.1);
  });

  it('begins most often on the home page, where a list has one', () => {
    const shop = siteMap([...pages.slice(0, 500), { url: 'https://shop.example/', title: 'Home' }]);
    const stream = random(3);
    let home = 0;
    for (let visit = 0; visit < 1000; visit += 1) if (shop.entry(stream) === 500) home += 1;
    expect(home).toBeGreaterThan(150);
  });

  it('never loads the same page twice in a row, and never leaves the list, whatever the list', () => {
    fc.assert(
      fc.property(anyPages, fc.integer({ min: 0, max: 2 ** 32 - 1 }), (list, seed) => {
        const site = siteMap(list);
        const stream = random(seed);
        const distinct = new Set(list.map(({ url }) => url)).size;
        let current = site.entry(stream);
        expect(list[current]).toBeDefined();
        for (let step = 0; step < 50; step += 1) {
          const next = site.next(stream, current);
          expect(list[next]).toBeDefined();
          if (distinct > 1) expect(list[next]?.url).not.toBe(list[current]?.url);
          current = next;
        }
      }),
    );
  });

  it('reaches every page', () => {
    fc.assert(
      fc.property(anyPages, list => {
        const site = siteMap(list);
        const stream = random(list.length);
        const seen = new Set<string | undefined>();
        let current = site.entry(stream);
        for (let step = 0; step < 5000; step += 1) {
          seen.add(list[current]?.url);
          current = site.next(stream, current);
        }
        expect(seen.size).toBe(new Set(list.map(({ url }) => url)).size);
      }),
      { numRuns: 30 },
    );
  });

  it('goes on from a page that is listed twice, whichever of the two is current', () => {
    const site = siteMap([
      { url: 'https://shop.example/a', title: 'A' },
      { url: 'https://shop.example/a', title: 'A again' },
      { url: 'https://shop.example/b', title: 'B' },
    ]);
    for (let seed = 0; seed < 100; seed += 1) expect(site.next(random(seed), 1)).toBe(2);
  });

  it('stays where it is on a site of one page', () => {
    const site = siteMap([{ url: 'https://shop.example/', title: 'Home' }]);
    expect(site.entry(random(1))).toBe(0);
    expect(site.next(random(1), 0)).toBe(0);
  });

  it('is prepared for 50,000 pages in a moment', () => {
    const many = Array.from({ length: 50_000 }, (_, at) => ({
      url: `https://shop.example/${at % 40}/${at % 1000}/${at}`,
      title: `Page ${at}`,
    }));
    const begun = process.cpuUsage();
    const site = siteMap(many);
    const stream = random(1);
    for (let step = 0, current = site.entry(stream); step < 10_000; step += 1)
      current = site.next(stream, current);
    // Its own work, and not what else this machine does.
    expect(process.cpuUsage(begun).user / 1000).toBeLessThan(6000);
  });

  it('refuses a site without pages', () => {
    expect(() => siteMap([])).toThrow(RangeError);
  });
});

/** Lists of all shapes: flat, deep, with and without slashes at the end, queries, other hosts, and duplicates. */
const anyPages = fc.array(
  fc
    .record({
      host: fc.constantFrom('shop.example', 'shop.example', 'blog.example'),
      folders: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
      page: fc.constantFrom('', 'x', 'y.html', 'z', '?id=1', '?id=2'),
    })
    .map(({ host, folders, page }) => {
      const url = `https://${host}/${folders.map(folder => `${folder}/`).join('')}${page}`;
      return { url, title: url };
    }),
  { minLength: 1, maxLength: 30 },
);
