import { deviceOf } from '../device.ts';
import { Buyer, Returning, type Visit } from '../visit.ts';
import { type ApiCall, type ApiPlugin, siteOf } from './api-call.ts';
import { ApiError } from './api-error.ts';
import { distinct } from './report-data.ts';
import { isWithin, periodOf } from './report-period.ts';
import { countryName, deviceTypeName } from './table-plugins.ts';

const defaultLimit = 10;
/** A visit shows no more of its actions. */
const mostActions = 500;

const visitorTypes = {
  [Returning.New]: 'new',
  [Returning.Returning]: 'returning',
  [Returning.Customer]: 'returningCustomer',
} as const;
const shopStates = {
  [Buyer.None]: 'none',
  [Buyer.Ordered]: 'ordered',
  [Buyer.OpenCart]: 'abandonedCart',
  [Buyer.OrderedAndOpenCart]: 'orderedThenAbandonedCart',
} as const;
const actionTypes = {
  pageview: 'action',
  event: 'event',
  search: 'search',
  outlink: 'outlink',
  download: 'download',
  content: 13,
} as const;
const conversionTypes = { order: 'ecommerceOrder', cart: 'ecommerceAbandonedCart', goal: 'goal' } as const;

/** `Live`: the visit log itself, newest first, without any archiving. */
export const livePlugin: ApiPlugin = {
  getLastVisitsDetails(call) {
    const { parameters } = call;
    const chosen = chosenVisits(call).sort(
      (one, other) => other.lastActionAt - one.lastActionAt || other.id - one.id,
    );
    if (parameters.text('filter_sort_order') === 'asc') chosen.reverse();
    const offset = parameters.whole('filter_offset', 0);
    const limit = parameters.whole('filter_limit', defaultLimit);
    const page = chosen.slice(offset, limit < 0 ? undefined : offset + limit);
    const showsActions = parameters.text('doNotFetchActions') !== '1';
    const currency = siteOf(call).currency;
    return page.map(visit => details(visit, currency, showsActions));
  },
  getCounters(call) {
    const site = siteOf(call);
    const since = call.epochSecond - call.parameters.whole('lastMinutes', 30) * 60;
    const visits = call.visits.filter(visit => visit.siteId === site.id && visit.lastActionAt >= since);
    const actions = visits.flatMap(visit => visit.actions).filter(action => action.at >= since);
    return [
      {
        visits: visits.length,
        actions: actions.length,
        visitors: distinct(visits, visit => visit.visitorId),
        visitsConverted: visits.filter(visit => visit.goalConverted).length,
      },
    ];
  },
};

function chosenVisits(call: ApiCall): Visit[] {
  const { parameters } = call;
  const site = siteOf(call);
  const fits = segment(parameters.text('segment'));
  const since = parameters.whole('minTimestamp', 0);
  const visits = call.visits.filter(
    visit => visit.siteId === site.id && visit.lastActionAt >= since && fits(visit),
  );
  if (!parameters.has('date')) return visits;
  const { calendar, spans } = periodOf(call, site);
  return visits.filter(visit => spans.some(({ span }) => isWithin(visit.lastActionAt, span, calendar)));
}

/** Visits of one visitor or of one user can be asked for; other segments are not known here. */
function segment(text: string): (visit: Visit) => boolean {
  if (text === '') return () => true;
  const [, name, value = ''] = /^(visitorId|userId)==(.*)$/.exec(text) ?? [];
  if (name === 'visitorId') return visit => visit.visitorId === value;
  if (name === 'userId') return visit => visit.userId === decodeURIComponent(value);
  throw new ApiError(`Segment '${text}' is not a supported segment.`);
}

function details(visit: Visit, currency: string, showsActions: boolean): object {
  const device = deviceOf(visit.userAgent, visit.clientHints);
  return {
    idSite: visit.siteId,
    idVisit: visit.id,
    visitIp: visit.address,
    visitorId: visit.visitorId,
    userId: visit.userId,
    visitorType: visitorTypes[visit.returning],
    visitCount: visit.visitCount,
    visitDuration: visit.totalTimeSeconds,
    actions: visit.totalActions,
    interactions: visit.totalInteractions,
    searches: visit.totalSearches,
    events: visit.totalEvents,
    goalConversions: visit.conversions.filter(({ type }) => type === 'goal').length,
    visitConverted: visit.goalConverted ? 1 : 0,
    visitEcommerceStatus: shopStates[visit.goalBuyer],
    referrerType: visit.referrer.type,
    referrerName: visit.referrer.name,
    referrerKeyword: visit.referrer.keyword,
    referrerUrl: visit.referrer.url,
    country: countryName(visit.location.country),
    countryCode: visit.location.country.toLowerCase(),
    region: visit.location.region,
    city: visit.location.city,
    languageCode: visit.language,
    resolution: visit.resolution,
    deviceType: deviceTypeName(visit),
    browserName: device.clientName,
    operatingSystem: device.osFamily,
    firstActionTimestamp: visit.firstActionAt,
    lastActionTimestamp: visit.lastActionAt,
    siteCurrency: currency,
    actionDetails: showsActions ? rows(visit) : [],
  };
}

/** Actions and conversions by time; what happened in the same second is told actions first. */
function rows(visit: Visit): object[] {
  const actions = visit.actions.map(action => ({
    type: actionTypes[action.type],
    url: action.url,
    pageTitle: action.title,
    timestamp: action.at,
    ...(action.event
      ? {
          eventCategory: action.event.category,
          eventAction: action.event.action,
          eventName: action.event.name,
          eventValue: action.event.value,
        }
      : {}),
    ...(action.search
      ? {
          siteSearchKeyword: action.search.keyword,
          siteSearchCategory: action.search.category,
          siteSearchCount: action.search.count,
        }
      : {}),
  }));
  const conversions = visit.conversions.map(row => ({
    type: conversionTypes[row.type],
    timestamp: row.at,
    ...(row.type === 'goal' ? { goalId: row.goal } : { items: row.items }),
    ...(row.type === 'order' ? { orderId: row.order } : {}),
    revenue: row.revenue,
    url: row.url,
  }));
  return [...actions.slice(0, mostActions), ...conversions].sort(
    (one, other) => one.timestamp - other.timestamp,
  );
}
