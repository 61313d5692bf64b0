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
