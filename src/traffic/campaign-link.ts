import type { Campaign } from '../data/campaigns.ts';

/** By style, in the order they are written. Matomo reports name and keyword; the others are for its plug-ins. */
const parameters = {
  mtm: [
    ['mtm_campaign', 'name'],
    ['mtm_source', 'source'],
    ['mtm_medium', 'medium'],
    ['mtm_content', 'content'],
    ['mtm_kwd', 'keyword'],
  ],
  utm: [
    ['utm_campaign', 'name'],
    ['utm_source', 'source'],
    ['utm_medium', 'medium'],
    ['utm_content', 'content'],
    ['utm_term', 'keyword'],
  ],
} as const;

/** What a campaign adds to the address of the page it leads to: `utm_campaign=autumn-sale&utm_source=google`. */
export function campaignQuery(campaign: Campaign): string {
  return parameters[campaign.style]
    .flatMap(([parameter, key]) => {
      const value = campaign[key];
      return value === undefined ? [] : [`${parameter}=${encodeURIComponent(value.toWellFormed())}`];
    })
    .join('&');
}

/** The address with a query of one's own, before its fragment. */
export function withQuery(url: string, query: string): string {
  const fragmentAt = url.indexOf('#');
  const address = fragmentAt < 0 ? url : url.slice(0, fragmentAt);
  const fragment = fragmentAt < 0 ? '' : url.slice(fragmentAt);
  return `${address}${address.includes('?') ? '&' : '?'}${query}${fragment}`;
}

/** What Matomo finds a campaign by in the address of a page: any of its parameters, in the query or behind the `#`. */
export interface CampaignOfPage {
  readonly name: string;
  readonly keyword: string | undefined;
  readonly source: string | undefined;
  readonly medium: string | undefined;
  readonly content: string | undefined;
}

/** In the order they are looked for [config/global.ini.php: campaign_var_name, campaign_keyword_var_name]. */
const read = {
  name: 'pk_cpn pk_campaign piwik_campaign mtm_campaign matomo_campaign utm_campaign utm_source utm_medium'.split(
    ' ',
  ),
  keyword: 'pk_kwd pk_keyword piwik_kwd mtm_kwd mtm_keyword matomo_kwd utm_term'.split(' '),
  source: ['mtm_source', 'utm_source'],
  medium: ['mtm_medium', 'utm_medium'],
  content: ['mtm_content', 'utm_content'],
} as const;

const anyName = new RegExp(`[?&#](?:${read.name.join('|')})=[^&#]`);

/** Whether a visit that begins at the address is a campaign's. Asked once a visit: most addresses have no parameters. */
export function hasCampaign(url: string): boolean {
  return (url.includes('?') || url.includes('#')) && anyName.test(url);
}

/** The campaign that the address of a page tells of, as it is written; undefined for none. */
export function campaignOf(url: string): CampaignOfPage | undefined {
  if (!hasCampaign(url)) return undefined;
  const { searchParams, hash } = new URL(url);
  const inFragment = new URLSearchParams(hash.slice(1));
  const first = (names: readonly string[]) => {
    for (const name of names) {
      const value = searchParams.get(name) ?? inFragment.get(name);
      if (value) return value;
    }
    return undefined;
  };
  const name = first(read.name);
  if (name === undefined) return undefined;
  return {
    name,
    keyword: first(read.keyword),
    source: first(read.source),
    medium: first(read.medium),
    content: first(read.content),
  };
}
