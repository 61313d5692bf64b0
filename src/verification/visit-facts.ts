import type { HitType } from '../traffic/visit.ts';
import type { Details } from './details.ts';

/** What both a plan and Matomo's log tell of a visit. Undefined: one of them does not say, and it is not compared. */
export interface VisitFacts {
  /** Matomo's nb_actions: all of the five kinds that follow. */
  readonly actions: number;
  readonly pageviews: number;
  readonly events: number;
  readonly searches: number;
  readonly outlinks: number;
  readonly downloads: number;
  readonly contents: number;
  readonly contentInteractions: number;
  readonly orders: number;
  readonly carts: number;
  readonly goalConversions: number;
  /** Of orders. */
  readonly revenueCents: number;
  /** Of orders. */
  readonly discountCents: number;
  readonly seconds: number;
  /** Which of the visitor's it is, from 1. */
  readonly visitNumber: number | undefined;
  readonly firstEpochSeconds: number;
  /** Pings lengthen a visit and do not move its last action. */
  readonly lastEpochSeconds: number;
  readonly referrerType: string | undefined;
  /** ISO 3166-1 alpha-2 in lower case. */
  readonly country: string | undefined;
  readonly names: VisitNames;
  /** Of the visit as a whole; those of its rows are the rows'. */
  readonly details: Details;
}

/** What follows from the server's own lists of referrers, devices and browsers, as Matomo names it. */
export interface VisitNames {
  readonly referrerName: string | undefined;
  readonly device: string | undefined;
  readonly browser: string | undefined;
  readonly os: string | undefined;
}

/** Kinds of rows in Matomo's log of a visit. Pings leave none. */
export type RecordedType = Exclude<HitType, 'ping'>;

type CountedFact =
  | 'pageviews'
  | 'events'
  | 'searches'
  | 'outlinks'
  | 'downloads'
  | 'contents'
  | 'orders'
  | 'carts'
  | 'goalConversions';

/** The fact that counts a kind of row, and whether that is an action. */
export const kinds = {
  pageview: { fact: 'pageviews', isAction: true },
  event: { fact: 'events', isAction: true },
  search: { fact: 'searches', isAction: true },
  outlink: { fact: 'outlinks', isAction: true },
  download: { fact: 'downloads', isAction: true },
  content: { fact: 'contents', isAction: false },
  order: { fact: 'orders', isAction: false },
  cart: { fact: 'carts', isAction: false },
  goal: { fact: 'goalConversions', isAction: false },
} as const satisfies Record<RecordedType, { fact: CountedFact; isAction: boolean }>;

export function emptyCounts(): Record<CountedFact, number> {
  return {
    pageviews: 0,
    events: 0,
    searches: 0,
    outlinks: 0,
    downloads: 0,
    contents: 0,
    orders: 0,
    carts: 0,
    goalConversions: 0,
  };
}

/** Matomo counts a visit without an action as a bounce, too. */
export function isBounce({ actions }: VisitFacts): boolean {
  return actions <= 1;
}
