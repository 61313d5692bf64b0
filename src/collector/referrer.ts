import { canonicalHost, isOfSite } from './exclusion.ts';
import { isEmpty, trimmed } from './loose-values.ts';
import {
  campaignKeywordParameters,
  campaignNameParameters,
  cleanedUrl,
  queryParameter,
  urlIfValid,
  urlParts,
} from './page-url.ts';
import { decodeText } from './query-string.ts';
import { searchEngineOf, socialNetworkOf } from './referrer-sources.ts';
import type { TrackedHit } from './tracked-hit.ts';
import type { Referrer } from './visit.ts';

export type ReferrerType = 'direct' | 'search' | 'social' | 'website' | 'campaign';

const longest = 255;

export const directEntry: Referrer = { type: 'direct', name: '', keyword: '', url: '' };

/**
 * Where a hit says its visitor came from. A campaign in the page's URL (or in the hit itself) counts before the
 * referring page [plugins/Referrers/Columns/Base.php].
 *
 * @param current the referrer of the visit the hit may belong to: a campaign of the same name keeps its keyword
 */
export function referrerOf({ parameters, site }: TrackedHit, current: Referrer | undefined): Referrer {
  const page = urlParts(cleanedUrl(parameters.text('url')));
  if (['ignore_referrer', 'ignore_referer'].some(name => queryParameter(page.query, name) === '1'))
    return directEntry;
  const url = urlIfValid(parameters.text('urlref')) ?? '';
  const { host: rawHost, query } = urlParts(url);
  const host = rawHost.toLowerCase();

  const inQuery = campaignIn(page.query);
  const campaign = (inQuery?.keyword ? undefined : campaignIn(page.fragment)) ?? inQuery;
  const sent = campaignSent(parameters.all);
  const name = (sent.name ?? campaign?.name)?.toLowerCase().slice(0, longest);
  if (name !== undefined) {
    const isSame = current?.type === 'campaign' && current.name.toLowerCase() === name;
    // What was searched for is looked at only where the page's URL named the campaign.
    const inUrl = campaign && (campaign.keyword || searchedFor(host, query));
    const told = sent.keyword || inUrl;
    const keyword = (told || (isSame ? current.keyword : host)).toLowerCase();
    return { type: 'campaign', name, keyword: keyword.slice(0, longest), url };
  }
  if (host === '' || isOfSite(url, site) || canonicalHost(host) === canonicalHost(page.host))
    return { ...directEntry, url };
  const engine = searchEngineOf(host);
  if (engine) return { type: 'search', name: engine.name, keyword: searchedFor(host, query), url };
  const network = socialNetworkOf(host);
  if (network !== undefined) return { type: 'social', name: network, keyword: '', url };
  return { type: 'website', name: host.slice(0, longest), keyword: '', url };
}

/** True where two referrers differ in more than the case of their letters. */
export function differsFrom(one: Referrer, other: Referrer): boolean {
  return (
    one.type !== other.type ||
    one.name.toLowerCase() !== other.name.toLowerCase() ||
    one.keyword.toLowerCase() !== other.keyword.toLowerCase()
  );
}

function campaignIn(query: string): { name: string; keyword: string } | undefined {
  if (query === '') return undefined;
  const name = firstOf(campaignNameParameters, query);
  return name === '' ? undefined : { name, keyword: firstOf(campaignKeywordParameters, query) };
}

function firstOf(names: readonly string[], query: string): string {
  for (const name of names) {
    const value = queryParameter(query, name);
    const text = value === undefined ? '' : trimmed(decodeText(value));
    if (!isEmpty(text)) return text;
  }
  return '';
}

/** A campaign can also be a parameter of the hit. */
function campaignSent(all: TrackedHit['parameters']['all']): { name?: string; keyword?: string } {
  const name = campaignNameParameters.map(parameter => all[parameter]).find(value => !isEmpty(value));
  if (name === undefined) return {};
  const keyword = campaignKeywordParameters.map(parameter => all[parameter]).find(value => !isEmpty(value));
  return { name: String(name), keyword: String(keyword ?? '') };
}

function searchedFor(host: string, query: string): string {
  const engine = searchEngineOf(host);
  const value = engine && queryParameter(query, engine.keyword);
  return value === undefined ? '' : trimmed(decodeText(value)).toLowerCase();
}
