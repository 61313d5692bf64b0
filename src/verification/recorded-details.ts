import type { LoggedAction, LoggedVisit } from '../matomo/reporting/visit-log.ts';
import { type Details, hostAndPath, type Value } from './details.ts';
import { orderLines } from './planned-details.ts';
import type { RecordedType } from './visit-facts.ts';

/** Which parts of a log a server leaves out of a row where there is nothing, so that the row itself does not tell. */
export interface LogScope {
  readonly pageTimings: boolean;
  readonly productViews: boolean;
}

type Told = string | number | null | undefined;

/** What the log tells of a hit in its own row. */
export function recordedDetails(row: LoggedAction, type: RecordedType, scope: LogScope): Details {
  const details = new Map<string, readonly Value[]>();
  // Rows of conversions name the dimensions too, and never have a value.
  if (type !== 'order') addDimensions(details, row);
  switch (type) {
    case 'pageview':
      addPage(details, row, scope);
      break;
    case 'event':
      // Without a category the log does not tell of events.
      if (!row.eventCategory) break;
      details.set('event name', [
        row.eventCategory,
        row.eventAction,
        row.eventName ?? null,
        row.eventValue ?? null,
      ]);
      break;
    case 'search':
      if (!row.siteSearchKeyword) break;
      details.set('search word', [
        row.siteSearchKeyword,
        row.siteSearchCategory ?? null,
        row.siteSearchCount ?? undefined,
      ]);
      break;
    case 'outlink':
      details.set('outlink address', [addressOf(row.url)]);
      break;
    case 'download':
      details.set('download address', [addressOf(row.url)]);
      break;
    case 'content':
      details.set('content piece', [
        row.contentName,
        row.contentPiece,
        addressOf(row.contentTarget),
        row.contentInteraction,
      ]);
      break;
    case 'order': {
      const { revenueSubTotal, revenueTax, revenueShipping, revenueDiscount } = row;
      const amounts = [revenueSubTotal, revenueTax, revenueShipping, revenueDiscount].map(orNothing);
      details.set('order lines', [...amounts, linesOf(row)]);
    }
  }
  return details;
}

function addPage(details: Map<string, readonly Value[]>, row: LoggedAction, scope: LogScope): void {
  details.set('page address', [addressOf(row.url)]).set('page title', [row.pageTitle]);
  if (scope.productViews) {
    const category = row.productViewCategories?.[0] ?? null;
    details
      .set('productViews', [
        row.productViewSku ?? null,
        row.productViewName ?? null,
        category,
        row.productViewPrice ?? null,
      ])
      .set('categoryViews', [category]);
  }
  if (scope.pageTimings) details.set('timedPageviews', [row.pageLoadTimeMilliseconds ?? null]);
}

/** What the log tells of a visit besides its rows, and in rows that several hits have in common. */
export function recordedOfVisit(logged: LoggedVisit): Details {
  const details = new Map<string, readonly Value[]>([['user id', [logged.userId]]]);
  addDimensions(details, logged);
  const { referrerName, referrerKeyword, campaignSource, campaignMedium, campaignContent } = logged;
  if (logged.referrerType === 'campaign') {
    details
      .set('campaign name', [referrerName.toLowerCase()])
      .set('campaign keyword', [lowerCase(referrerKeyword)])
      .set('campaign source', [lowerCase(campaignSource)])
      .set('campaign medium', [lowerCase(campaignMedium)])
      .set('campaign content', [lowerCase(campaignContent)]);
  }
  for (const row of logged.actionDetails) {
    if (row.type === 'goal' && typeof row.goalId === 'number') {
      details.set(`goal ${row.goalId}`, [1]).set(`revenue of goal ${row.goalId}`, [row.revenue || 0]);
    }
    if (row.type === 'ecommerceAbandonedCart') details.set('cart lines', [row.revenue || 0, linesOf(row)]);
  }
  // A log that leaves out rows tells nothing of those that are not there; another has all conversions.
  if ((logged.truncatedActionsCount ?? 0) === 0) details.set('goal', [null]);
  return details;
}

/** null for those without a value: a site tells all of its own. */
function addDimensions(
  details: Map<string, readonly Value[]>,
  told: Readonly<Record<string, unknown>>,
): void {
  for (const [key, value] of Object.entries(told)) {
    const id = /^dimension(\d+)$/.exec(key)?.[1];
    if (id === undefined) continue;
    const isText = typeof value === 'string' || typeof value === 'number';
    details.set(`dimension ${id}`, [isText && value !== '' ? String(value) : null]);
  }
}

function addressOf(url: Told): Value {
  return typeof url === 'string' ? (hostAndPath(url) ?? url) : url;
}

function lowerCase(text: string | null | undefined): Value {
  return typeof text === 'string' ? text.toLowerCase() : text;
}

/** Some rows tell no amounts at all. */
function orNothing(amount: number | null | undefined): Value {
  return amount ?? undefined;
}

function linesOf({ itemDetails }: LoggedAction): Value {
  if (!itemDetails) return undefined;
  return orderLines(itemDetails.map(({ itemSKU, price, quantity }) => ({ sku: itemSKU, price, quantity })));
}
