import type { EcommerceSettings, TrafficSettings } from '../../src/traffic/settings.ts';

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
