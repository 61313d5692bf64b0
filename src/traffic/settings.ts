import type { Campaign } from '../data/campaigns.ts';
import type { EventTemplate } from '../data/events.ts';
import type { Funnel } from './funnel.ts';
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
  /** In place of the built-in ones; not empty. */
  readonly clickEvents?: readonly EventTemplate[];
  /** Behavioural events: scrolling, video, forms. */
  readonly behaviourEventProbability: number;
  /** In place of the built-in ones; not empty. */
  readonly behaviourEvents?: readonly EventTemplate[];
  /** A visit comes by a campaign. */
  readonly campaignProbability: number;
  readonly campaigns: readonly Campaign[];
  /** A visit that no campaign brings has no referrer; the others divide as `referrerShares` say. */
  readonly directProbability: number;
  readonly referrerShares: ReferrerShares;
  /** How pageviews, lengths and times on a page are spread: evenly, or most of them small and a few large. */
  readonly shape: 'flat' | 'long-tail';
  /** A visit ends with its first page, whatever `pageviews` says; 0: only where `pageviews` has it. */
  readonly bounceProbability: number;
  /** Undefined: nobody comes again. */
  readonly returning?: ReturningSettings | undefined;
  /** A visitor has a user id. */
  readonly loggedInProbability: number;
  /** A visit of several pages sees blocks of content. */
  readonly contentProbability: number;
  /** Of a block that was seen. */
  readonly contentInteractionProbability: number;
  readonly goals: readonly GoalSettings[];
  readonly dimensions: readonly DimensionSettings[];
  readonly pageTimings: PageTimingSettings;
  /** Addresses and countries from all over the world. Needs a token: without one Matomo refuses such hits. */
  readonly randomizeCountries: boolean;
  readonly ecommerce: EcommerceSettings;
  /** Undefined: all visits are free browsing. */
  readonly funnels?: readonly Funnel[] | undefined;
}

/** Visitors who come again. */
export interface ReturningSettings {
  /** Of the visits, how many are a visitor's second or later one, 0–1. */
  readonly share: number;
  /** Median of the days between two visits of a visitor, under the compressed clock; of hours, where hits carry no token. */
  readonly gapDays: number;
  /** How many days back visits are dated for that, at most; without a token it is less than one. */
  readonly daysBack: number;
}

/** Relative to each other. Where all are 0, visits without a campaign are direct. */
export interface ReferrerShares {
  readonly search: number;
  readonly websites: number;
  readonly social: number;
}

/** A goal of the site. It counts once a visit. */
export interface GoalSettings {
  readonly id: number;
  /** Of a visit of several pages, that it tells the goal by its id; goals with a pattern are reached by themselves. */
  readonly probability: number;
  /** What a conversion brings, in the site's currency; undefined: what the site's definition says. */
  readonly revenue?: Range | undefined;
  /** Addresses of pages that reach it, as the site's definition has it. */
  readonly matches?: UrlPattern | undefined;
}

/** One of the three kinds of Matomo. */
export interface UrlPattern {
  readonly contains?: string | undefined;
  readonly exact?: string | undefined;
  readonly regex?: string | undefined;
  readonly caseSensitive: boolean;
}

/** A custom dimension of the site. */
export interface DimensionSettings {
  readonly id: number;
  readonly scope: 'visit' | 'action';
  /** Of a visit, or of a pageview, that it has a value. */
  readonly probability: number;
  readonly values: readonly { readonly value: string; readonly weight: number }[];
}

export interface PageTimingSettings {
  /** Of a pageview, that it tells how long its parts took. */
  readonly probability: number;
  /** 1: a page in about a second on a computer. */
  readonly scale: number;
}

export interface EcommerceSettings {
  /** A visit ends in an order. */
  readonly probability: number;
  /** A visit looks at products and their categories. Where it is above 0, visits with an order or a cart do, too. */
  readonly productViewProbability: number;
  /** Of an order, that its cart was told before. */
  readonly cartProbability: number;
  /** Of a visit without an order, that it leaves a cart behind. */
  readonly abandonedCartProbability: number;
  /** Of an order, that it has a discount. */
  readonly discountProbability: number;
  /** On the price of the items, 0–1. */
  readonly discountRate: Range;
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
