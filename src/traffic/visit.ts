import type { Order } from './order.ts';
import type { Page } from './pages.ts';
import type { Visitor } from './visitor.ts';

/** What every hit has. */
interface HitMoment {
  /** When it happens: whole seconds from the visit's first hit, never decreasing. */
  readonly atSeconds: number;
  /** When it is due to be sent: ms from the visit's start, as its clock has it. */
  readonly sendMs: number;
  /** The page it happens on. */
  readonly page: Page;
  /** Six hex digits that tie a hit to the view of its page. */
  readonly pageviewId: string;
  /** Where the page was come to from: the traffic source, then the previous page; '' for none. */
  readonly referrer: string;
}

export interface PageviewHit extends HitMoment {
  readonly type: 'pageview';
}

export interface EventHit extends HitMoment {
  readonly type: 'event';
  readonly category: string;
  readonly action: string;
  readonly name: string;
  readonly value: number | undefined;
}

export interface SearchHit extends HitMoment {
  readonly type: 'search';
  readonly keyword: string;
  readonly category: string | undefined;
  readonly results: number;
}

export interface OutlinkHit extends HitMoment {
  readonly type: 'outlink';
  /** Absolute, on another site. */
  readonly target: string;
}

export interface DownloadHit extends HitMoment {
  readonly type: 'download';
  /** Absolute. */
  readonly target: string;
}

export interface OrderHit extends HitMoment {
  readonly type: 'order';
  readonly order: Order;
}

/** Tells Matomo that the page is still open: it lengthens the visit and is no action. */
export interface PingHit extends HitMoment {
  readonly type: 'ping';
}

/** One tracking request, in the words of the plan; how it looks on the wire is `matomo/`'s. */
export type Hit = PageviewHit | EventHit | SearchHit | OutlinkHit | DownloadHit | OrderHit | PingHit;

export type HitType = Hit['type'];

/** The hits of one visitor in one sitting, planned in full before any of it is sent. */
export interface Visit {
  /** Position in the plan, from 0. */
  readonly index: number;
  readonly visitor: Visitor;
  /** 16 hex digits, as Matomo's `cid` wants them. */
  readonly visitorId: string;
  /** Whether this visitor has an earlier visit in the plan. */
  readonly returning: boolean;
  readonly journey: string;
  /** When it begins to be sent: ms from the start of the run; null where there is no schedule (rate `max`). */
  readonly startMs: number | null;
  /** The date of its first hit: epoch seconds. */
  readonly firstEpochSeconds: number;
  /** At least one; the first is a pageview. */
  readonly hits: readonly Hit[];
}
