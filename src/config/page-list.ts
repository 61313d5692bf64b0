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
  const pages: Page[] = [];
  const problems: Problem[] = [];
  for (const [at, whole] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = whole.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [url = '', title] = line.split(separator);
    const rule = pageProblem(url);
    if (rule === undefined) pages.push({ url, title: title ?? titleOf(url) });
    else problems.push({ path: 'pages', value: url.slice(0, 80), rule, from: `${file}:${at + 1}` });
  }
  if (pages.length === 0 && problems.length === 0) {
    problems.push({ path: 'pages', rule: 'must list at least one page', from: file });
  }
  return {
    pages,
    sha256: createHash('sha256').update(text).digest('hex'),
    problems: few(problems, file),
    warnings: oddities(pages, file),
  };
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

function oddities(pages: readonly Page[], file: string): string[] {
  const warnings: string[] = [];
  const { length } = pages;
  if (length > 0 && length < 10) warnings.push(`${file} has fewer than 10 pages: visits will look alike`);
  else if (length > 0 && length < 100)
    warnings.push(`${file} has fewer than 100 pages: real sites have more`);
  if (length > 50_000) warnings.push(`${file} has more than 50,000 pages: Matomo's reports keep fewer rows`);
  const duplicates = length - new Set(pages.map(page => page.url)).size;
  if (duplicates > 0)
    warnings.push(`${file} has ${duplicates} duplicate URLs: such pages are visited more often`);
  return warnings;
}
