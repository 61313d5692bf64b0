import type { DimensionValues } from './custom-dimensions.ts';
import type { ReferrerType } from './referrer.ts';

/** Action types as the server tells them apart; all but `content` count in a visit's actions. */
export type ActionType = 'pageview' | 'event' | 'search' | 'outlink' | 'download' | 'content';

/** The six page timings in milliseconds, in the order of `pf_net pf_srv pf_tfr pf_dm1 pf_dm2 pf_onl`. */
export type PageTimings = (number | null)[];

export interface ViewedProduct {
  sku: string | null;
  name: string | null;
  categories: string[];
  price: number | null;
}

/** A row of the action log. */
export interface RecordedAction {
  type: ActionType;
  /** Epoch seconds, as every time here. */
  at: number;
  url: string | null;
  title: string | null;
  pageViewId: string;
  event?: { category: string; action: string; name: string | null; value: number | null };
  search?: { keyword: string; category: string; count: number | null };
  content?: { name: string; piece: string | null; target: string | null; interaction: string | null };
  product?: ViewedProduct;
  timings?: PageTimings;
  /** Of scope "action". */
  dimensions?: DimensionValues;
  /** How long it was looked at, as far as the hits after it tell. */
  lookSeconds?: number;
}

/** A row of the conversion log. A cart becomes its visit's next order. */
export interface RecordedConversion {
  type: 'order' | 'cart' | 'goal';
  at: number;
  goal: number | null;
  order: string | null;
  revenue: number;
  items: number | null;
  subtotal: number | null;
  tax: number | null;
  shipping: number | null;
  discount: number | null;
  url: string | null;
  /** Of the action that converted; null where the hit was none. */
  pageViewId: string | null;
}

/** A product of an order, or of a cart (whose order is `'0'`). */
export interface RecordedItem {
  order: string;
  sku: string;
  name: string;
  categories: string[];
  price: number;
  quantity: number;
  deleted: boolean;
  at: number;
}

export interface Location {
  /** Two letters, `xx` where unknown. */
  country: string;
  region: string | null;
  city: string | null;
  latitude: number | null;
  longitude: number | null;
}

/** What is known of a visit's referrer; for a campaign the keyword is the referring host where none was sent. */
export interface Referrer {
  type: ReferrerType;
  name: string;
  keyword: string;
  url: string;
}

/** Whether the visitor is new, came back, or came back having ordered before. */
export const Returning = { New: 0, Returning: 1, Customer: 2 } as const;
export type Returning = (typeof Returning)[keyof typeof Returning];

/** What a visit did in the shop; the sum of "ordered" and "has a cart open". */
export const Buyer = { None: 0, Ordered: 1, OpenCart: 2, OrderedAndOpenCart: 3 } as const;
export type Buyer = (typeof Buyer)[keyof typeof Buyer];

/** A row of the visit log with all that belongs to it. */
export interface Visit {
  readonly id: number;
  readonly siteId: number;
  /** 16 hex digits; a later hit may rewrite it. */
  visitorId: string;
  readonly fingerprint: string;
  userId: string | null;
  /** Where the hits came from, the last two bytes masked. */
  readonly address: string;
  readonly firstActionAt: number;
  lastActionAt: number;
  totalTimeSeconds: number;
  totalActions: number;
  totalInteractions: number;
  totalEvents: number;
  totalSearches: number;
  readonly returning: Returning;
  readonly visitCount: number;
  readonly secondsSinceFirst: number | null;
  readonly secondsSinceLast: number | null;
  secondsSinceOrder: number | null;
  goalBuyer: Buyer;
  goalConverted: boolean;
  referrer: Referrer;
  location: Location;
  resolution: string;
  readonly language: string;
  readonly localTime: string;
  readonly userAgent: string;
  readonly clientHints: string;
  readonly browser: string;
  readonly os: string;
  readonly plugins: readonly number[];
  /** Of scope "visit". */
  dimensions?: DimensionValues;
  readonly actions: RecordedAction[];
  readonly conversions: RecordedConversion[];
  readonly items: RecordedItem[];
}
