import * as z from 'zod';
import type { Question } from './question.ts';

/** Numbers are sometimes texts (`reporting.json`). */
const number = z.coerce.number();
const text = z
  .union([z.string(), z.number()])
  .nullish()
  .transform(value => (value === null || value === undefined ? '' : String(value)));

/** What is read where it is told, and passed over where it is told otherwise than known. null: told, and empty. */
const toldText = z
  .union([z.string(), z.number()])
  .transform(String)
  .transform(told => (told === '' ? null : told))
  .nullish()
  .catch(undefined);
const toldNumber = z.coerce.number().nullish().catch(undefined);

const item = z.object({ itemSKU: z.coerce.string(), price: number, quantity: number });

/** Values of custom dimensions are told as `dimension1`, `dimension2`, … */
const action = z.looseObject({
  /** `action`, `event`, `search`, `outlink`, `download`, `goal`, `ecommerceOrder`, `ecommerceAbandonedCart`; content is 13. */
  type: z.union([z.string(), z.number()]).transform(String),
  /** Not of UTC: as if the site's local time were UTC [core/Date.php: getTimestamp]. */
  timestamp: number,
  /** The `pv_id` it was sent with; '' where Live does not tell it. */
  idpageview: text,
  orderId: text,
  revenue: z.union([z.string(), z.number()]).nullish().transform(Number),
  url: toldText,
  pageTitle: toldText,
  /** All six times together; none where one of them is missing. */
  pageLoadTimeMilliseconds: toldNumber,
  productViewSku: toldText,
  productViewName: toldText,
  productViewPrice: toldNumber,
  productViewCategories: z.array(z.string()).nullish().catch(undefined),
  eventCategory: toldText,
  eventAction: toldText,
  eventName: toldText,
  eventValue: toldNumber,
  siteSearchKeyword: toldText,
  siteSearchCategory: toldText,
  siteSearchCount: toldNumber,
  contentName: toldText,
  contentPiece: toldText,
  contentTarget: toldText,
  contentInteraction: toldText,
  goalId: toldNumber,
  revenueSubTotal: toldNumber,
  revenueTax: toldNumber,
  revenueShipping: toldNumber,
  revenueDiscount: toldNumber,
  itemDetails: z.array(item).nullish().catch(undefined),
});

/** What Live tells of orders beside its rows is of all visits of the visitor, and is not read. */
const loggedVisit = z.looseObject({
  idVisit: number,
  visitorId: z.string(),
  /** Which of the visitor's it is, from 1. */
  visitCount: number.optional(),
  /** From the first to the last hit, in seconds, as Matomo counts them. */
  visitDuration: number,
  actions: number,
  searches: number,
  events: number,
  referrerType: text,
  referrerName: text,
  referrerKeyword: toldText,
  /** Only where the plugin MarketingCampaignsReporting is. */
  campaignSource: toldText,
  campaignMedium: toldText,
  campaignContent: toldText,
  userId: toldText,
  countryCode: text,
  deviceType: text,
  browserName: text,
  operatingSystemName: text,
  firstActionTimestamp: number,
  lastActionTimestamp: number,
  actionDetails: z.array(action),
  /** Rows beyond the server's limit [config: visitor_log_maximum_actions_per_visit, 500]. */
  truncatedActionsCount: number.optional(),
});

/** A visit as Matomo's log has it. Its times are epoch seconds. */
export type LoggedVisit = z.output<typeof loggedVisit>;
export type LoggedAction = z.output<typeof action>;

export const loggedVisits = z.array(loggedVisit);

/**
 * Whether a site has ever had a visitor: lists one visit. Live reads the log, nothing is archived for it.
 *
 * @param nowEpochMs the day after it is still looked at, for sites in zones that are ahead
 */
export function visitorQuestion(
  siteId: number,
  visitorId: string,
  nowEpochMs: number,
): Question<readonly unknown[]> {
  const tomorrow = new Date(nowEpochMs + 86_400_000).toISOString().slice(0, 10);
  return {
    method: 'Live.getLastVisitsDetails',
    parameters: {
      idSite: String(siteId),
      period: 'range',
      date: `2005-01-01,${tomorrow}`,
      segment: `visitorId==${visitorId}`,
      filter_limit: '1',
      doNotFetchActions: '1',
    },
    answer: z.array(z.unknown()),
  };
}

/** A page of a site's log. */
export interface LogPage {
  /** A day of the site's zone, or two: `2026-11-22` or `2026-11-21,2026-11-22`. */
  readonly dates: string;
  /** Visits whose last action is at or after it: epoch seconds. */
  readonly sinceEpochSeconds: number;
  readonly limit: number;
  /** Skipped after sorting: for more visits in one second than a page holds. */
  readonly offset?: number;
  /** Without them the answer is much smaller. */
  readonly withActions: boolean;
}

/** Visits ordered by their last action, oldest first, so that what comes in meanwhile is on a later page. */
export function visitLogQuestion(siteId: number, page: LogPage): Question<LoggedVisit[]> {
  return {
    method: 'Live.getLastVisitsDetails',
    parameters: {
      idSite: String(siteId),
      period: page.dates.includes(',') ? 'range' : 'day',
      date: page.dates,
      // Of visits after it, not at it [plugins/Live/Model.php: getWhereClauseAndBind].
      minTimestamp: String(page.sinceEpochSeconds - 1),
      filter_limit: String(page.limit),
      filter_offset: String(page.offset ?? 0),
      filter_sort_order: 'asc',
      // Types of devices are told in the language of the token's user.
      language: 'en',
      ...(page.withActions ? {} : { doNotFetchActions: '1' }),
    },
    answer: loggedVisits,
  };
}
