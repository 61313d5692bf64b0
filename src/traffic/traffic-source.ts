import { type Random, weighted } from '../base/random.ts';
import { type Referrer, searchReferrers, socialReferrers, websiteReferrers } from '../data/referrers.ts';

const byWeight = (referrer: Referrer) => referrer.weight;
const drawSearch = weighted<Referrer>(searchReferrers, byWeight);
const drawWebsite = weighted<Referrer>(websiteReferrers, byWeight);
const drawSocial = weighted<Referrer>(socialReferrers, byWeight);

/** How visits that are not direct divide: 35 : 20 : 15. */
const drawReferrer = weighted(
  [
    { draw: drawSearch, weight: 35 },
    { draw: drawWebsite, weight: 20 },
    { draw: drawSocial, weight: 15 },
  ],
  kind => kind.weight,
);

/** Where a visit comes from; undefined: straight to the site, with no referrer. */
export function drawSource(random: Random, directProbability: number): Referrer | undefined {
  if (random.chance(directProbability)) return undefined;
  return drawReferrer(random).draw(random);
}
