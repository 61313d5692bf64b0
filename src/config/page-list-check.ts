import { emptyRule, type PageLine, pageLines, pageListWarnings } from './page-list.ts';

/** What is in a page list, as people and scripts want to know it. */
export interface PageListCheck {
  readonly file: string;
  readonly pages: number;
  readonly differentUrls: number;
  /** Pages whose title stands in the list; the others get theirs from the URL. */
  readonly titled: number;
  /** Most pages first, as the others. */
  readonly sites: readonly { readonly host: string; readonly pages: number }[];
  /** By the number of folders and names in the path: 0 is the root. */
  readonly depths: readonly { readonly depth: number; readonly pages: number }[];
  /** First parts of paths; visitors keep to them (`traffic/site-map.ts`). */
  readonly categories: readonly PageCategory[];
  readonly duplicates: readonly { readonly url: string; readonly lines: readonly number[] }[];
  readonly problems: readonly { readonly line: number; readonly text: string; readonly rule: string }[];
  readonly warnings: readonly string[];
}

export interface PageCategory {
  /** `''`: pages at the root. */
  readonly name: string;
  readonly pages: number;
  /** Different second parts of those paths that have a third. */
  readonly subcategories: number;
}

/** Looks at all of a list; nothing of it is left out, however much there is. */
export function checkPageList(text: string, file: string): PageListCheck {
  const lines = pageLines(text);
  const pages = lines.filter(({ rule }) => rule === undefined);
  const linesOf = groupedBy(pages, ({ url }) => url);
  const problems = lines.flatMap(({ line, url, rule }) =>
    rule === undefined ? [] : [{ line, text: url, rule }],
  );
  return {
    file,
    pages: pages.length,
    differentUrls: linesOf.size,
    titled: pages.filter(({ title }) => title !== undefined).length,
    sites: bySize(groupedBy(pages, ({ url }) => new URL(url).host)).map(([host, own]) => ({
      host,
      pages: own.length,
    })),
    depths: [...groupedBy(pages, page => partsOf(page).length)]
      .map(([depth, own]) => ({ depth, pages: own.length }))
      .sort((one, other) => one.depth - other.depth),
    categories: bySize(groupedBy(pages, page => partsOf(page)[0] ?? '')).map(([name, own]) => ({
      name,
      pages: own.length,
      subcategories: subcategoriesOf(own),
    })),
    duplicates: [...linesOf].flatMap(([url, own]) =>
      own.length === 1 ? [] : [{ url, lines: own.map(({ line }) => line) }],
    ),
    problems: lines.length === 0 ? [{ line: 1, text: '', rule: emptyRule }] : problems,
    warnings: pageListWarnings(lines),
  };
}

function partsOf({ url }: PageLine): string[] {
  return new URL(url).pathname.split('/').filter(part => part !== '');
}

function subcategoriesOf(pages: readonly PageLine[]): number {
  const parts = pages.map(partsOf).filter(({ length }) => length > 2);
  return new Set(parts.map(([, second]) => second)).size;
}

function groupedBy<K>(pages: readonly PageLine[], keyOf: (page: PageLine) => K): Map<K, PageLine[]> {
  const groups = new Map<K, PageLine[]>();
  for (const page of pages) {
    const key = keyOf(page);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [page]);
    else group.push(page);
  }
  return groups;
}

/** The largest groups first; equal ones as they come in the list. */
function bySize<K>(groups: ReadonlyMap<K, readonly PageLine[]>): [K, readonly PageLine[]][] {
  return [...groups].sort(([, one], [, other]) => other.length - one.length);
}
