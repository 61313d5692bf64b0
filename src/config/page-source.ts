import { resolve } from 'node:path';
import { generatedPages } from '../traffic/page-catalogue.ts';
import type { Page } from '../traffic/pages.ts';
import type { Problem } from './origin.ts';
import { originText } from './origin.ts';
import { parsePageList } from './page-list.ts';
import type { ReadFile } from './read-file.ts';
import { fileText } from './read-file.ts';
import type { Setting } from './setting.ts';

/** The pages of a run and where they are from. */
export interface PageSource {
  readonly pages: readonly Page[];
  /** The list; undefined: they are generated. */
  readonly file: string | undefined;
  readonly sha256: string | undefined;
  readonly problems: readonly Problem[];
  readonly notices: readonly string[];
  readonly warnings: readonly string[];
}

/** Where the containers of the Python Trafficinator had the list. */
const containerLists = ['/app/data/urls.txt', '/config/urls.txt'];

const generated: Omit<PageSource, 'pages'> = {
  file: undefined,
  sha256: undefined,
  problems: [],
  notices: [],
  warnings: [],
};

/** The pages a setting names, else those of a container's list, else generated ones. */
export function pageSource({ value, origin }: Setting, cwd: string, readFile: ReadFile): PageSource {
  if (typeof value !== 'string') return pagesOfContainer(readFile);
  const file = fileText(resolve(cwd, value), readFile);
  if (file.text !== undefined) return pagesOf(file.text, value);
  // A .env that only repeats the default of a container holds outside of one too.
  if (file.missing && containerLists.includes(value)) {
    const warning = `${originText(origin)}: ${value} does not exist, generated pages are used`;
    return { ...generated, pages: generatedPages(), warnings: [warning] };
  }
  const problem = { path: 'pages', value, rule: file.rule, from: originText(origin) };
  return { ...generated, pages: [], problems: [problem] };
}

function pagesOfContainer(readFile: ReadFile): PageSource {
  for (const path of containerLists) {
    const { text } = fileText(path, readFile);
    if (text !== undefined) return { ...pagesOf(text, path), notices: [`pages are those of ${path}`] };
  }
  return { ...generated, pages: generatedPages() };
}

function pagesOf(text: string, file: string): PageSource {
  return { ...parsePageList(text, file), file, notices: [] };
}
