import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli } from '../support/command-line.ts';

/** Looks at a list of these lines. */
async function check(lines: readonly string[], ...options: string[]) {
  const cwd = mkdtempSync(join(tmpdir(), 'trafficinator-pages-'));
  writeFileSync(join(cwd, 'urls.txt'), lines.join('\n'));
  return cli(['pages', 'check', 'urls.txt', ...options], { cwd });
}

const shop = [
  '# the shop',
  'https://shop.example/\tHome',
  'https://shop.example/shoes/red/one\tOne',
  'https://shop.example/shoes/red/two\tTwo',
  'https://shop.example/shoes/blue/one',
  '',
  'https://shop.example/shoes/sale',
  'https://shop.example/help/returns\tReturns',
  'https://other.example/help/contact\tContact',
  'https://shop.example/shoes/red/one\tOne again',
];

describe('pages check', () => {
  it('tells how many pages there are, and how they are laid out', async () => {
    const { stdout, exitCode } = await check(shop);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`pages   8, 7 different
titles  6 in the list, the others are made from URLs
site    2, most of shop.example
levels  0: 1 · 2: 3 · 3: 4

category  pages  subcategories
/shoes        5              2
/help         2              0
/             1              0
`);
  });

  it('warns of duplicates with their lines, of short lists, and of campaign parameters', async () => {
    const { stderr, exitCode } = await check([...shop, 'https://shop.example/a?x=1&utm_source=mail']);
    expect(exitCode).toBe(0);
    expect(stderr.split('\n')).toEqual([
      'warning: urls.txt has fewer than 10 pages: visits will look alike',
      'warning: urls.txt has a duplicate URL: such pages are visited more often',
      'warning: urls.txt has a URL with campaign parameters, first in line 11: Matomo takes such a page for the beginning of a visit by that campaign, also in the middle of another',
      'warning: urls.txt:3: https://shop.example/shoes/red/one is also in line 10',
      '',
    ]);
  });

  it('tells every line that is no page, and ends with 2', async () => {
    const { stderr, stdout, exitCode } = await check([
      '/a',
      'https://shop.example/a b',
      'https://shop.example/',
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('error: urls.txt:1: /a must be an absolute http or https URL\n');
    expect(stderr).toContain('error: urls.txt:2: https://shop.example/a b must have a tab or two spaces');
    expect(stdout).toContain('pages   1, 1 different');
  });

  it('cuts long lists of mistakes for people, and none for scripts', async () => {
    const wrong = Array.from({ length: 50 }, (_, at) => `page ${at}`);
    const { stderr } = await check(wrong);
    expect(stderr.match(/^error: urls/gm)).toHaveLength(20);
    expect(stderr).toContain('error: 30 more lines are no page: --json lists them');
    const { stdout, exitCode } = await check(wrong, '--json');
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout).problems).toHaveLength(50);
  });

  it('prints all it knows as JSON', async () => {
    const { stdout, stderr } = await check(shop, '--json');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      file: 'urls.txt',
      pages: 8,
      differentUrls: 7,
      titled: 6,
      sites: [
        { host: 'shop.example', pages: 7 },
        { host: 'other.example', pages: 1 },
      ],
      duplicates: [{ url: 'https://shop.example/shoes/red/one', lines: [3, 10] }],
      problems: [],
    });
  });

  it('refuses an empty list and a file that is not there', async () => {
    const empty = await check(['# nothing']);
    expect([empty.exitCode, empty.stdout]).toEqual([2, '']);
    expect(empty.stderr).toContain('error: urls.txt:1: must list at least one page');
    const missing = await cli(['pages', 'check', 'none.txt']);
    expect(missing.exitCode).toBe(2);
    expect(missing.stderr).toContain('none.txt does not exist');
  });
});

describe('URLs of campaigns', () => {
  it.each(['mtm_campaign', 'utm_campaign', 'utm_medium', 'pk_cpn', 'PIWIK_CAMPAIGN'])(
    'are those with %s',
    async key => {
      expect((await check([`https://a.example/?${key}=x`])).stderr).toContain('campaign parameters');
      expect((await check([`https://a.example/#${key}=x`])).stderr).toContain('campaign parameters');
    },
  );

  it.each(['utm_term', 'mtm_kwd', 'campaign', 'xutm_campaign'])('are not those with %s alone', async key => {
    expect((await check([`https://a.example/?${key}=x`])).stderr).not.toContain('campaign parameters');
  });
});
