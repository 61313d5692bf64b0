import { mix32, type Random, weighted } from '../base/random.ts';
import type { Page } from './pages.ts';

/** How visitors move over a site. Pages are told by their index in the page list. */
export interface SiteMap {
  /** Where a visit begins: a few pages get most of it. */
  entry(random: Random): number;
  /** The next page: mostly a nearby one, never the same one again where there is another. */
  next(random: Random, current: number): number;
}

/** Popularity falls with rank^−1.1, about what logs of sites show. */
const popularityExponent = 1.1;

/** Where the next click leads: the same folder, the same top folder, a popular page; else anywhere. */
const sameFolder = 0.6;
const sameTopFolder = 0.82;
const popularPage = 0.93;

/**
 * Prepares browsing a page list of any size and shape: folders are those of the URLs' paths. The pages
 * nearest to the root are the most popular, as home pages are; among equals chance decides, the same for
 * the same URLs. URLs that are listed twice are one page, known by the first of them.
 */
export function siteMap(pages: readonly Page[]): SiteMap {
  if (pages.length === 0) throw new RangeError('a site needs a page');
  const places = inFolderOrder(pages);
  const count = places.order.length;
  const popular = weighted(byPopularity(places.pages), page => page.weight);
  const entry = (random: Random): number => popular(random).index;

  return {
    entry,
    next(random, current) {
      if (count === 1) return entry(random);
      const kind = random.unit();
      const place = at(places.placeOf, current);
      if (kind < sameFolder && at(places.folderEnd, place) - at(places.folderStart, place) > 1) {
        return another(random, at(places.folderStart, place), at(places.folderEnd, place), place);
      }
      if (kind < sameTopFolder && at(places.topEnd, place) - at(places.topStart, place) > 1) {
        return another(random, at(places.topStart, place), at(places.topEnd, place), place);
      }
      if (kind >= sameTopFolder && kind < popularPage) {
        const page = entry(random);
        if (at(places.placeOf, page) !== place) return page;
      }
      return another(random, 0, count, place);
    },
  };

  /** A page of places start to end, the end not included, but not that of `place`, which is one of them. */
  function another(random: Random, start: number, end: number, place: number): number {
    const drawn = random.integer(start, end - 2);
    return at(places.order, drawn < place ? drawn : drawn + 1);
  }
}

/** Pages in an order in which those of a folder stand together; a place is a position in it. */
interface Places {
  /** Each URL once. */
  readonly pages: readonly Located[];
  /** Page index by place. */
  readonly order: Int32Array;
  /** Place by page index. */
  readonly placeOf: Int32Array;
  /** By place: where its folder and its top folder begin, and the first place after them. */
  readonly folderStart: Int32Array;
  readonly folderEnd: Int32Array;
  readonly topStart: Int32Array;
  readonly topEnd: Int32Array;
}

function inFolderOrder(pages: readonly Page[]): Places {
  const firstOf = new Map<string, number>();
  const located: Located[] = [];
  const topFolders = new Map<string, Map<string, number[]>>();
  pages.forEach((page, index) => {
    if (firstOf.has(page.url)) return;
    firstOf.set(page.url, index);
    const place = locate(page.url, index);
    located.push(place);
    const inTop = entryOf(topFolders, place.topFolder, () => new Map<string, number[]>());
    entryOf(inTop, place.folder, () => []).push(index);
  });

  const count = firstOf.size;
  const places: Places = {
    pages: located,
    order: new Int32Array(count),
    placeOf: new Int32Array(pages.length),
    folderStart: new Int32Array(count),
    folderEnd: new Int32Array(count),
    topStart: new Int32Array(count),
    topEnd: new Int32Array(count),
  };
  let place = 0;
  for (const folders of topFolders.values()) {
    const topStart = place;
    for (const members of folders.values()) {
      const folderStart = place;
      for (const index of members) {
        places.order[place] = index;
        places.placeOf[index] = place;
        place += 1;
      }
      places.folderStart.fill(folderStart, folderStart, place);
      places.folderEnd.fill(place, folderStart, place);
    }
    places.topStart.fill(topStart, topStart, place);
    places.topEnd.fill(place, topStart, place);
  }
  pages.forEach((page, index) => {
    const first = firstOf.get(page.url) ?? index;
    places.placeOf[index] = at(places.placeOf, first);
  });
  return places;
}

function byPopularity(located: readonly Located[]): { index: number; weight: number }[] {
  return located
    .toSorted((a, b) => a.depth - b.depth || a.chance - b.chance || a.index - b.index)
    .map(({ index }, rank) => ({ index, weight: (rank + 1) ** -popularityExponent }));
}

/** Where a page is, as its URL says: its folder is what stands before the last slash of its path. */
interface Located {
  readonly index: number;
  /** With the origin. */
  readonly topFolder: string;
  readonly folder: string;
  /** Counts the folders and the page itself. */
  readonly depth: number;
  readonly chance: number;
}

function locate(url: string, index: number): Located {
  const { origin, pathname, search } = new URL(url);
  const pageStart = pathname.lastIndexOf('/') + 1;
  const folder = pathname.slice(1, pageStart - 1);
  const folders = pathname.split('/').length - 2;
  return {
    index,
    topFolder: `${origin}/${folders === 0 ? '' : pathname.slice(1, pathname.indexOf('/', 1))}`,
    folder,
    depth: folders + (pageStart === pathname.length && search === '' ? 0 : 1),
    chance: hash(pathname + search),
  };
}

function hash(text: string): number {
  let h = 0;
  for (let at = 0; at < text.length; at += 1) h = mix32(h ^ text.charCodeAt(at), 0x9e3779b9);
  return h;
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

/** An index that is known to be inside. */
function at(numbers: Int32Array, index: number): number {
  return numbers[index] ?? 0;
}
