import { type Referrer, searchReferrers, socialReferrers, websiteReferrers } from '../data/referrers.ts';
import { campaignOf } from '../traffic/campaign-link.ts';
import type { Hit, Visit } from '../traffic/visit.ts';

/** What Matomo makes of where a visit comes from. */
export interface ExpectedReferrer {
  /** As Live names it: `direct`, `search`, `social`, `website`, `campaign`; undefined where it hangs on the site's settings. */
  readonly type: string | undefined;
  /** Undefined where there is none to compare. */
  readonly name: string | undefined;
}

const known: ReadonlyMap<string, Referrer> = new Map(
  [...searchReferrers, ...socialReferrers, ...websiteReferrers].map(referrer => [referrer.url, referrer]),
);

const direct: ExpectedReferrer = { type: 'direct', name: undefined };

/**
 * The first hit that was recorded decides: its campaign, else its referrer. Where the visit's own first hit was lost,
 * that is a page of the site itself, and the visit counts as direct.
 */
export function expectedReferrer(visit: Visit, first: Hit): ExpectedReferrer {
  const campaign = campaignOf(first.page.url);
  // In lower case, as Matomo keeps it.
  if (campaign !== undefined) return { type: 'campaign', name: campaign.name.toLowerCase() };
  if (first.referrer === '') return direct;
  const listed = known.get(first.referrer);
  if (listed !== undefined) return { type: listed.type, name: listed.name };
  if (!URL.canParse(first.referrer)) return direct;
  const { host } = new URL(first.referrer);
  if (host === new URL(first.page.url).host) return direct;
  // Whether another host of ours is one of the site's, only the site knows.
  const isOwn = visit.hits.some(({ page }) => page.url === first.referrer);
  return isOwn ? { type: undefined, name: undefined } : { type: 'website', name: host };
}
