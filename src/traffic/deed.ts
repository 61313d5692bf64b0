import type { Dimensions } from './dimensions.ts';
import type { Cart, Order } from './order.ts';
import type { Page } from './pages.ts';

interface DeedPlace {
  /** Where it is told of another page than the one that was opened. */
  readonly page?: Page;
  /** Custom dimensions of scope "action", of its hit. */
  readonly dimensions?: Dimensions;
}

export interface EventDeed extends DeedPlace {
  readonly type: 'event';
  readonly category: string;
  readonly action: string;
  readonly name: string;
  readonly value: number | undefined;
}

export interface SearchDeed extends DeedPlace {
  readonly type: 'search';
  readonly keyword: string;
  readonly category: string | undefined;
  readonly results: number;
}

/** To another site. */
export interface OutlinkDeed extends DeedPlace {
  readonly type: 'outlink';
  /** Absolute. */
  readonly target: string;
}

export interface DownloadDeed extends DeedPlace {
  readonly type: 'download';
  /** Absolute. */
  readonly target: string;
}

export interface OrderDeed extends DeedPlace {
  readonly type: 'order';
  readonly order: Order;
}

/** What lies in the cart after it was changed: it takes the place of the visit's cart (contract case `cart-updated`). */
export interface CartDeed extends DeedPlace {
  readonly type: 'cart';
  readonly cart: Cart;
}

/** A goal that is told by its id. */
export interface GoalDeed extends DeedPlace {
  readonly type: 'goal';
  readonly goalId: number;
  /** Undefined: what the site's definition of the goal gives. */
  readonly revenueCents: number | undefined;
}

/** A block of a page that was seen, or interacted with. */
export interface ContentDeed extends DeedPlace {
  readonly type: 'content';
  readonly name: string;
  readonly piece: string;
  /** Absolute. */
  readonly target: string;
  /** Undefined: it was only seen. */
  readonly interaction: string | undefined;
}

/** Something a visitor does on a page after opening it. */
export type Deed =
  | EventDeed
  | SearchDeed
  | OutlinkDeed
  | DownloadDeed
  | OrderDeed
  | CartDeed
  | GoalDeed
  | ContentDeed;
