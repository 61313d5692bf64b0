import { createHash } from 'node:crypto';
import type { Page } from '../traffic/pages.ts';
import type { Problem } from './origin.ts';

/** What a page list says, and what is wrong with it or odd about it. */
export interface PageList {
  readonly pages: readonly Page[];
  readonly sha256: string;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/** A line that is meant to be a page. */
export interface PageLine {
  /** From 1. */
  readonly line: number;
  /** As it stands there, whether it is one or not. */
  readonly url: string;
  /** undefined: it has none. */
  readonly title: string | undefined;
  /** What is wrong with it; undefined: nothing. */
  readonly rule: string | undefined;
}

/** Between URL and title: the first tab or the first two spaces. The rest of the line, spaces too, is title. */
const separator = /(?:\s*\t\s*|\s{2,})(.*)$/;

/** Of many bad lines the first few say what is the matter. */
const mostProblems = 20;

/**
 * Reads a page list: one page a line, its URL, then a tab or two or more spaces and a title. `#` comments
 * and blank lines are skipped.
 *
 * @param file the list's name in messages
 */
export function parsePageList(text: string, file: string): PageList {
  const lines = pageLines(text);
  const pages = lines.flatMap(({ url, title, rule }) =>
    rule === undefined ? [{ url, title: title ?? titleOf(url) }] : [],
  );
  const problems = lines.flatMap(({ line, url, rule }): Problem[] =>
    rule === undefined ? [] : [{ path: 'pages', value: url.slice(0, 80), rule, from: `${file}:${line}` }],
  );
  if (lines.length === 0) problems.push({ path: 'pages', rule: emptyRule, from: file });
  return {
    pages,
    sha256: createHash('sha256').update(text).digest('hex'),
    problems: few(problems, file),
    warnings: pageListWarnings(lines).map(warning => `${file} has ${warning}`),
  };
}

/** What is wrong with a list without a page. */
export const emptyRule = 'must list at least one page';

export function pageLines(text: string): PageLine[] {
  const lines: PageLine[] = [];
  for (const [at, whole] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = whole.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [url = '', title] = line.split(separator);
    lines.push({ line: at + 1, url, title, rule: pageProblem(url) });
  }
  return lines;
}

function pageProblem(url: string): string | undefined {
  if (/\s/.test(url)) return 'must have a tab or two spaces between URL and title';
  const { protocol } = URL.canParse(url) ? new URL(url) : { protocol: '' };
  return protocol === 'http:' || protocol === 'https:' ? undefined : 'must be an absolute http or https URL';
}

/** `…/shop/red-shoes.html` → `red shoes`. */
function titleOf(url: string): string {
  const { host, pathname } = new URL(url);
  const last = pathname.split('/').findLast(part => part !== '');
  return last === undefined ? host : last.replace(/\.[a-z]+$/i, '').replace(/[-_]+/g, ' ');
}

function few(problems: readonly Problem[], file: string): readonly Problem[] {
  if (problems.length <= mostProblems) return problems;
  const rest = problems.length - mostProblems;
  return [
    ...problems.slice(0, mostProblems),
    { path: 'pages', rule: `has ${rest} more such lines`, from: file },
  ];
}

/** Matomo cuts what is longer. */
const longestUrl = 1024;

/** What names a campaign, in the query or the fragment [config/global.ini.php: campaign_var_name]. */
const campaignParameter = /[?&#](?:pk_cpn|(?:pk|piwik|mtm|matomo|utm)_campaign|utm_source|utm_medium)=/i;

/** What is odd about a list, each as the rest of a sentence that begins with its name and `has`. */
export function pageListWarnings(lines: readonly PageLine[]): string[] {
  const pages = lines.filter(({ rule }) => rule === undefined);
  const { length } = pages;
  const warnings: string[] = [];
  if (length > 0 && length < 10) warnings.push('fewer than 10 pages: visits will look alike');
  else if (length > 0 && length < 100) warnings.push('fewer than 100 pages: real sites have more');
  if (length > 50_000) warnings.push("more than 50,000 pages: Matomo's reports keep fewer rows");
  const duplicates = length - new Set(pages.map(page => page.url)).size;
  if (duplicates > 0) {
    const urls = duplicates === 1 ? 'a duplicate URL' : `${duplicates} duplicate URLs`;
    warnings.push(`${urls}: such pages are visited more often`);
  }
  const inLine = (what: string, why: string, odd: (line: PageLine) => boolean) => {
    const [first, ...others] = pages.filter(odd);
    if (first === undefined) return;
    const count = others.length === 0 ? `a ${what}` : `${others.length + 1} ${what}s`;
    warnings.push(`${count}, first in line ${first.line}: ${why}`);
  };
  inLine(
    'URL with campaign parameters',
    'Matomo takes such a page for the beginning of a visit by that campaign, also in the middle of another',
    ({ url }) => campaignParameter.test(url),
  );
  inLine(
    `URL of more than ${longestUrl} characters`,
    'Matomo cuts them',
    ({ url }) => url.length > longestUrl,
  );
  return warnings;
}
