import { describe, expect, it } from 'vitest';
import { parsePageList } from '../../src/config/page-list.ts';
import { toRunConfig } from '../../src/config/to-run-config.ts';
import { load } from './loading.ts';

const pages = (count: number) =>
  Array.from({ length: count }, (_, at) => `https://x.example/${at}`).join('\n');

describe('a page list', () => {
  it('has a URL and, after a tab or two spaces, a title on each line', () => {
    const text = 'https://x.example/a\tPage A\r\nhttps://x.example/b   Page  B\nhttps://x.example/c  \n';
    expect(parsePageList(text, 'urls.txt').pages).toEqual([
      { url: 'https://x.example/a', title: 'Page A' },
      { url: 'https://x.example/b', title: 'Page  B' },
      { url: 'https://x.example/c', title: 'c' },
    ]);
  });

  it('gets titles from the URLs where it has none', () => {
    const text = 'https://x.example/\nhttps://x.example/shop/red-shoes.html';
    expect(parsePageList(text, 'urls.txt').pages.map(page => page.title)).toEqual(['x.example', 'red shoes']);
  });

  it('skips comments, blank lines and a byte order mark', () => {
    expect(parsePageList('\uFEFF# pages\n\n  # more\nhttps://x.example/a', 'urls.txt').pages).toHaveLength(1);
  });

  it('tells the line of what is no page', () => {
    const { problems } = parsePageList(
      'https://x.example/a b\n\nmailto:x@y\nhttps://x.example/a\n/b',
      'urls.txt',
    );
    expect(problems.map(({ from, rule }) => `${from} ${rule}`)).toEqual([
      'urls.txt:1 must have a tab or two spaces between URL and title',
      'urls.txt:3 must be an absolute http or https URL',
      'urls.txt:5 must be an absolute http or https URL',
    ]);
  });

  it('tells the first of many such lines and counts the others', () => {
    const { problems } = parsePageList('x\n'.repeat(500), 'urls.txt');
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)?.rule).toBe('has 480 more such lines');
  });

  it('must not be empty', () => {
    expect(parsePageList('# nothing\n', 'urls.txt').problems).toHaveLength(1);
  });

  it.each([
    [9, 'fewer than 10'],
    [99, 'fewer than 100'],
    [50_001, 'more than 50,000'],
  ])('of %d pages is warned of', (count, words) => {
    expect(parsePageList(pages(count), 'urls.txt').warnings.join()).toContain(words);
  });

  it.each([100, 50_000])('of %d pages is fine', count => {
    expect(parsePageList(pages(count), 'urls.txt').warnings).toEqual([]);
  });

  it('with duplicates is warned of', () => {
    expect(parsePageList(`${pages(100)}\n${pages(3)}`, 'urls.txt').warnings.join()).toContain(
      '3 duplicate URLs',
    );
  });
});

describe('the pages of a run', () => {
  it('are generated without a list', () => {
    const run = toRunConfig(load({}), { command: 'run' });
    expect(run.traffic.pages).toHaveLength(2000);
    expect(run.effective.pages).toBeNull();
  });

  it('are those of the list, whose hash is in the report', () => {
    const loaded = load({ files: { 'urls.txt': pages(120) }, env: { URLS_FILE: 'urls.txt' } });
    const run = toRunConfig(loaded, { command: 'run' });
    expect(run.traffic.pages).toHaveLength(120);
    expect(run.effective.pages).toEqual({
      file: 'urls.txt',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      pages: 120,
    });
  });

  it('are those of a container where it has a list', () => {
    const readFile = (path: string) => {
      if (path === '/config/urls.txt') return pages(100);
      throw Object.assign(new Error(path), { code: 'ENOENT' });
    };
    const { pages: source, notices } = load({ readFile });
    expect(source.pages).toHaveLength(100);
    expect(notices).toEqual(['pages are those of /config/urls.txt']);
  });
});
