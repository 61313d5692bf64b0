import type { Page } from './pages.ts';

/** Both ends belong to it. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** What visits are made of. Probabilities are 0–1 and, where not said otherwise, per visit. */
export interface TrafficSettings {
  readonly pages: readonly Page[];
  /** Pageviews a visit. */
  readonly pageviews: Range;
  /** Simulated length of a visit, from its first to its last hit, in minutes. */
  readonly visitMinutes: Range;
  readonly searchProbability: number;
  readonly outlinkProbability: number;
  readonly downloadProbability: number;
  readonly clickEventProbability: number;
  /** Behavioural events: scrolling, video, forms. */
  readonly behaviourEventProbability: number;
  /** Visits without a referrer; the others are search 35 : websites 20 : social 15. */
  readonly directProbability: number;
  /** Addresses and countries from all over the world. Needs a token: without one Matomo refuses such hits. */
  readonly randomizeCountries: boolean;
  readonly ecommerce: EcommerceSettings;
}

export interface EcommerceSettings {
  /** A visit ends in an order. */
  readonly probability: number;
  /** Total of an order, with tax and shipping, in the site's currency. */
  readonly orderValue: Range;
  /** Items in an order; 60 % of orders have the least. */
  readonly items: Range;
  /** On subtotal and shipping, 0–1. */
  readonly taxRate: number;
  /** One is drawn for each order. */
  readonly shippingRates: readonly number[];
  /** ISO 4217. Matomo reads none from a hit: it says what the numbers are in. */
  readonly currency: string;
}
