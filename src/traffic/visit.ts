import type { Deed } from './deed.ts';
import type { Dimensions } from './dimensions.ts';
import type { FunnelPassage } from './funnel.ts';
import type { PageTimings } from './page-timings.ts';
import type { Page } from './pages.ts';
import type { ProductView } from './product-view.ts';
import type { SourceKind } from './traffic-source.ts';
import type { Visitor } from './visitor.ts';

/** A goal that Matomo finds by the address of a page; it counts once a visit (contract case `goal-by-url-twice`). */
export interface UrlGoal {
  readonly id: number;
  /** What the site's definition of the goal gives for a conversion. */
  readonly revenueCents: number;
}

/**
 * What every hit has. All have all of it, in the order of `hits.ts`: what a visit is made of is then of one shape, whose parts
 * V8 finds without looking.
 */
interface HitParts {
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
  /** The page of the site whose address that is; undefined where it was come to from elsewhere. */
  readonly from: Page | undefined;
  /** Custom dimensions of scope "action". */
  readonly dimensions: Dimensions | undefined;
  /** Of a pageview that shows a product or a category of the shop. */
  readonly product: ProductView | undefined;
  /** Of a pageview. */
  readonly timings: PageTimings | undefined;
  /** Goals that the address of a pageview matches; undefined for none. */
  readonly urlGoals: readonly UrlGoal[] | undefined;
}

export interface PageviewHit extends HitParts {
  readonly type: 'pageview';
  readonly deed: undefined;
}

/** Tells Matomo that the page is still open: it lengthens the visit and is no action. */
export interface PingHit extends HitParts {
  readonly type: 'ping';
  readonly deed: undefined;
}

/** Tells of something that was done on a page. */
type HitOf<D extends Deed> = D extends Deed
  ? HitParts & { readonly type: D['type']; readonly deed: D }
  : never;

/** One tracking request, in the words of the plan; how it looks on the wire is `matomo/`'s. */
export type Hit = PageviewHit | HitOf<Deed> | PingHit;

export type HitType = Hit['type'];

/** The hits of one visitor in one sitting, planned in full before any of it is sent. */
export interface Visit {
  /** Position in the plan, from 0. */
  readonly index: number;
  readonly visitor: Visitor;
  /** 16 hex digits, as Matomo's `cid` wants them and as it reports them: with a user id, what Matomo makes of that. */
  readonly visitorId: string;
  /** Of a visitor who is logged in. */
  readonly userId: string | undefined;
  /** Custom dimensions of scope "visit"; undefined for none. */
  readonly dimensions: Dimensions | undefined;
  /** The index of the visitor's first visit: what tells visitors of a plan apart. */
  readonly visitorIndex: number;
  /** Whether this visitor has an earlier visit in the plan. */
  readonly returning: boolean;
  /** 1 for a visitor's first visit. */
  readonly visitNumber: number;
  /** Where it comes from. */
  readonly source: SourceKind;
  /** `browse`, or the name of a funnel. */
  readonly journey: string;
  /** How far it came through that funnel; undefined for free browsing. */
  readonly funnel?: FunnelPassage | undefined;
  /** When it begins to be sent: ms from the start of the run; null where there is no schedule (rate `max`). */
  readonly startMs: number | null;
  /** The date of its first hit: epoch seconds. */
  readonly firstEpochSeconds: number;
  /** At least one; the first is a pageview. */
  readonly hits: readonly Hit[];
}
