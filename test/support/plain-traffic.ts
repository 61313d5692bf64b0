import type { CollectorGoal, CollectorSite } from '../../src/collector/site.ts';
import { campaigns } from '../../src/data/campaigns.ts';
import type { EcommerceSettings, TrafficSettings, UrlPattern } from '../../src/traffic/settings.ts';

/** All that can be switched on in traffic, switched off. */
export const plainTraffic = {
  campaignProbability: 0,
  campaigns: [],
  referrerShares: { search: 35, websites: 20, social: 15 },
  shape: 'flat',
  bounceProbability: 0,
  loggedInProbability: 0,
  contentProbability: 0,
  contentInteractionProbability: 0,
  goals: [],
  dimensions: [],
  pageTimings: { probability: 0, scale: 1 },
} as const satisfies Partial<TrafficSettings>;

export const plainEcommerce = {
  productViewProbability: 0,
  cartProbability: 0,
  abandonedCartProbability: 0,
  discountProbability: 0,
  discountRate: { min: 0.05, max: 0.25 },
} as const satisfies Partial<EcommerceSettings>;

/** All that can be switched on in traffic, often enough that 300 visits have some of each; for the site of `shopGoals`. */
export const fullTraffic = {
  campaignProbability: 0.3,
  campaigns,
  referrerShares: { search: 35, websites: 20, social: 15 },
  shape: 'long-tail',
  bounceProbability: 0.2,
  loggedInProbability: 0.5,
  contentProbability: 0.4,
  contentInteractionProbability: 0.4,
  goals: [
    { id: 1, probability: 0.2, revenue: { min: 1, max: 20 } },
    { id: 2, probability: 0, revenue: { min: 2.5, max: 2.5 }, matches: pattern({ contains: '/audio/' }) },
    { id: 3, probability: 0, matches: pattern({ regex: 'utm_campaign=autumn' }) },
    { id: 4, probability: 0.2 },
  ],
  dimensions: [
    {
      id: 1,
      scope: 'visit',
      probability: 0.7,
      values: [
        { value: 'member', weight: 1 },
        { value: 'guest & co.', weight: 3 },
      ],
    },
    { id: 2, scope: 'action', probability: 0.5, values: [{ value: 'guide', weight: 1 }] },
  ],
  pageTimings: { probability: 0.8, scale: 1 },
} as const satisfies Partial<TrafficSettings>;

export const fullEcommerce = {
  productViewProbability: 0.4,
  cartProbability: 0.8,
  abandonedCartProbability: 0.3,
  discountProbability: 0.5,
  discountRate: { min: 0.05, max: 0.25 },
} as const satisfies Partial<EcommerceSettings>;

function pattern(kind: Partial<Omit<UrlPattern, 'caseSensitive'>>): UrlPattern {
  return { ...kind, caseSensitive: false };
}

/** The goals of `fullTraffic` as a site defines them. */
export const shopGoals: CollectorGoal[] = [
  { ...ofSite(1), match: 'manually' },
  { ...ofSite(2), match: 'url', patternType: 'contains', pattern: '/audio/', revenue: 2.5 },
  { ...ofSite(3), match: 'url', patternType: 'regex', pattern: 'utm_campaign=autumn' },
  { ...ofSite(4), match: 'manually' },
];

/** The site that has them, and the dimensions. */
export const fullSite: CollectorSite = {
  id: 1,
  name: 'Shop',
  mainUrl: 'https://shop.example',
  currency: 'SEK',
  timezone: 'UTC',
  ecommerce: true,
  siteSearch: true,
  goals: shopGoals,
  dimensions: [
    { id: 1, name: 'Membership', scope: 'visit', active: true },
    { id: 2, name: 'Kind of page', scope: 'action', active: true },
  ],
};

function ofSite(id: number) {
  return {
    id,
    name: `Goal ${id}`,
    patternType: 'contains',
    pattern: '',
    allowMultiple: false,
    revenue: 0,
  } as const;
}
