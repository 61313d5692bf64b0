import { type Random, weighted } from '../base/random.ts';
import { type Referrer, searchReferrers, socialReferrers, websiteReferrers } from '../data/referrers.ts';
import { campaignQuery } from './campaign-link.ts';
import type { TrafficSettings } from './settings.ts';

const byWeight = (referrer: Referrer) => referrer.weight;
const drawSearch = weighted<Referrer>(searchReferrers, byWeight);
const drawWebsite = weighted<Referrer>(websiteReferrers, byWeight);
const drawSocial = weighted<Referrer>(socialReferrers, byWeight);

export type SourceKind = 'campaign' | 'direct' | Referrer['type'];

/** Where a visit comes from: a campaign, a page with a link, or neither. */
export interface TrafficSource {
  readonly kind: SourceKind;
  /** What a campaign adds to the address of the first page; undefined without one. */
  readonly campaignQuery: string | undefined;
  /** '' for none. */
  readonly referrer: string;
}

/**
 * Prepares drawing where visits come from.
 *
 * The campaign is drawn from a stream of its own, so that campaigns change nothing of the visits they do not bring.
 */
export function trafficSource(settings: SourceSettings): (random: Random, extra: Random) => TrafficSource {
  const { campaignProbability, directProbability, referrerShares, campaigns } = settings;
  const kinds = [
    { draw: drawSearch, weight: referrerShares.search },
    { draw: drawWebsite, weight: referrerShares.websites },
    { draw: drawSocial, weight: referrerShares.social },
  ];
  const drawKind = kinds.some(({ weight }) => weight > 0) ? weighted(kinds, kind => kind.weight) : undefined;
  const linked = campaigns.map(campaign => ({ campaign, query: campaignQuery(campaign) }));
  const drawCampaign = linked.length === 0 ? undefined : weighted(linked, ({ campaign }) => campaign.weight);
  return (random, extra) => {
    const isDirect = random.chance(directProbability) || drawKind === undefined;
    const from = isDirect ? undefined : drawKind(random).draw(random);
    if (drawCampaign === undefined || !extra.chance(campaignProbability)) {
      return { kind: from?.type ?? 'direct', campaignQuery: undefined, referrer: from?.url ?? '' };
    }
    const { campaign, query } = drawCampaign(extra);
    return { kind: 'campaign', campaignQuery: query, referrer: campaign.referrer ?? '' };
  };
}

export type SourceSettings = Pick<
  TrafficSettings,
  'campaignProbability' | 'campaigns' | 'directProbability' | 'referrerShares'
>;
