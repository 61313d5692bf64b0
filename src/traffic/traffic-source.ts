import { type Random, weighted } from '../base/random.ts';
import type { Campaign } from '../data/campaigns.ts';
import { type Referrer, searchReferrers, socialReferrers, websiteReferrers } from '../data/referrers.ts';
import type { TrafficSettings } from './settings.ts';

const byWeight = (referrer: Referrer) => referrer.weight;
const drawSearch = weighted<Referrer>(searchReferrers, byWeight);
const drawWebsite = weighted<Referrer>(websiteReferrers, byWeight);
const drawSocial = weighted<Referrer>(socialReferrers, byWeight);

/** Where a visit comes from: a campaign, a page with a link, or neither. */
export interface TrafficSource {
  readonly campaign: Campaign | undefined;
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
  const drawCampaign = campaigns.length === 0 ? undefined : weighted(campaigns, ({ weight }) => weight);
  return (random, extra) => {
    const isDirect = random.chance(directProbability) || drawKind === undefined;
    const referrer = isDirect ? '' : drawKind(random).draw(random).url;
    if (drawCampaign === undefined || !extra.chance(campaignProbability)) {
      return { campaign: undefined, referrer };
    }
    const campaign = drawCampaign(extra);
    return { campaign, referrer: campaign.referrer ?? '' };
  };
}

export type SourceSettings = Pick<
  TrafficSettings,
  'campaignProbability' | 'campaigns' | 'directProbability' | 'referrerShares'
>;
