import { firstBytes, isEmpty, isNumeric, trimmed } from './loose-values.ts';
import { cleanedText, cleanedUrl, urlParts } from './page-url.ts';
import { decodeText, type Parameters, parseQuery } from './query-string.ts';
import type { TrackedHit } from './tracked-hit.ts';

/** Names under which a page's URL may hold what was searched [plugins/SitesManager/API.php]. */
const usualParameters = ['q', 'query', 's', 'search', 'searchword', 'k', 'keyword', 'keywords'];

export interface SiteSearch {
  keyword: string;
  category: string;
  /** How many results there were, or null where the hit does not say. */
  count: number | null;
}

/**
 * What a hit searched for on the site, told by `search` or by a parameter of the page's URL; undefined where it is
 * no search or the site does not look for any [plugins/Actions/Actions/ActionSiteSearch.php].
 */
export function siteSearchOf({ parameters, site }: TrackedHit): SiteSearch | undefined {
  if (!site.siteSearch) return undefined;
  const told = parameters.text('search');
  if (!isEmpty(told)) {
    const keyword = trimmed(told);
    const count = parameters.whole('search_count', -1);
    return isEmpty(keyword)
      ? undefined
      : {
          keyword: cleanedText(keyword),
          category: category(parameters.text('search_cat')),
          count: count < 0 ? null : count,
        };
  }
  const { query, fragment } = urlParts(cleanedUrl(parameters.text('url')));
  if (query === '' && fragment === '') return undefined;
  const inUrl = lowerNames(parseQuery(`${query}&${fragment.slice(fragment.indexOf('?') + 1)}`));
  const keyword = trimmed(decodeText(firstGiven(site.searchParameters ?? usualParameters, inUrl)));
  if (isEmpty(keyword)) return undefined;
  const count = inUrl.search_count;
  return {
    keyword: cleanedText(keyword),
    category: category(decodeText(firstGiven(site.searchCategoryParameters ?? [], inUrl))),
    count: isNumeric(count) && Number(count) >= 0 ? Math.trunc(Number(count)) : null,
  };
}

function category(text: string): string {
  return isEmpty(trimmed(text)) ? '' : firstBytes(trimmed(text), 200);
}

function firstGiven(names: readonly string[], values: Parameters): string {
  const value = names.map(name => values[name.toLowerCase()]).find(candidate => !isEmpty(candidate));
  const first = typeof value === 'object' && value !== null ? Object.values(value)[0] : value;
  return first === undefined || first === null ? '' : String(first);
}

function lowerNames(values: Parameters): Parameters {
  const lower: Parameters = Object.create(null);
  for (const [name, value] of Object.entries(values)) lower[name.toLowerCase()] = value;
  return lower;
}
