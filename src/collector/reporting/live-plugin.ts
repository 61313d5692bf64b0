import { activeDimensions, type DimensionValues } from '../custom-dimensions.ts';
import { deviceOf } from '../device.ts';
import type { CollectorSite } from '../site.ts';
import {
  Buyer,
  type RecordedAction,
  type RecordedConversion,
  type RecordedItem,
  Returning,
  type Visit,
} from '../visit.ts';
import { type ApiPlugin, siteOf } from './api-call.ts';
import { logPage } from './log-page.ts';
import { distinct, rounded } from './report-data.ts';
import { calendarOf } from './report-period.ts';
import { segmentOf } from './segment.ts';
import { countryName, deviceTypeName } from './table-plugins.ts';

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
    const site = siteOf(call);
    const showsActions = call.parameters.text('doNotFetchActions') !== '1';
    const lifetimes = site.ecommerce ? shopLifetimes(call.visits, site.id) : undefined;
    return logPage(call).map(visit => details(visit, site, { showsActions, lifetimes }));
  },
  getCounters(call) {
    const site = siteOf(call);
    const since = call.epochSecond - call.parameters.whole('lastMinutes', 30) * 60;
    const fits = segmentOf(call.parameters.text('segment'));
    const visits = call.visits.filter(
      visit => visit.siteId === site.id && visit.lastActionAt >= since && fits(visit),
    );
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

/** What a visitor did in the shop in all visits. */
interface ShopLifetime {
  totalEcommerceRevenue: number;
  totalEcommerceConversions: number;
  totalEcommerceItems: number;
  totalAbandonedCartsRevenue: number;
  totalAbandonedCarts: number;
  totalAbandonedCartsItems: number;
}

/** By visitor; those who never ordered and left no cart are not in it. */
function shopLifetimes(visits: readonly Visit[], siteId: number): ReadonlyMap<string, ShopLifetime> {
  const lifetimes = new Map<string, ShopLifetime>();
  for (const visit of visits) {
    if (visit.siteId !== siteId || visit.conversions.length === 0) continue;
    const lifetime = lifetimes.get(visit.visitorId) ?? { ...noLifetime };
    lifetimes.set(visit.visitorId, lifetime);
    for (const { type, revenue, items } of visit.conversions) {
      if (type === 'order') {
        lifetime.totalEcommerceConversions++;
        lifetime.totalEcommerceRevenue = rounded(lifetime.totalEcommerceRevenue + revenue, 2);
        lifetime.totalEcommerceItems += items ?? 0;
      } else if (type === 'cart') {
        lifetime.totalAbandonedCarts++;
        lifetime.totalAbandonedCartsRevenue = rounded(lifetime.totalAbandonedCartsRevenue + revenue, 2);
        lifetime.totalAbandonedCartsItems += items ?? 0;
      }
    }
  }
  return lifetimes;
}

const noLifetime: ShopLifetime = {
  totalEcommerceRevenue: 0,
  totalEcommerceConversions: 0,
  totalEcommerceItems: 0,
  totalAbandonedCartsRevenue: 0,
  totalAbandonedCarts: 0,
  totalAbandonedCartsItems: 0,
};

function details(
  visit: Visit,
  site: CollectorSite,
  {
    showsActions,
    lifetimes,
  }: { showsActions: boolean; lifetimes: ReadonlyMap<string, ShopLifetime> | undefined },
): object {
  const actions = showsActions ? rows(visit, site) : [];
  const { type: referrerType, keyword } = visit.referrer;
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
    referrerType,
    referrerName: visit.referrer.name,
    referrerKeyword: keyword === '' && referrerType === 'search' ? 'Keyword not defined' : keyword,
    referrerUrl: visit.referrer.url === '' ? null : visit.referrer.url,
    country: countryName(visit.location.country),
    countryCode: visit.location.country.toLowerCase(),
    region: visit.location.region,
    city: visit.location.city,
    languageCode: visit.language,
    resolution: visit.resolution,
    deviceType: deviceTypeName(visit),
    browserName: device.clientName,
    operatingSystem: `${device.osName} ${device.osVersion}`.trimEnd(),
    operatingSystemName: device.osName,
    firstActionTimestamp: visit.firstActionAt,
    lastActionTimestamp: visit.lastActionAt,
    serverTimestamp: visit.lastActionAt,
    siteName: site.name,
    siteCurrency: site.currency,
    // All visits of the visitor together, and only on a site with a shop.
    ...(lifetimes ? (lifetimes.get(visit.visitorId) ?? noLifetime) : {}),
    ...dimensionColumns(site, 'visit', visit.dimensions),
    ...(actions.length > mostActions ? { truncatedActionsCount: actions.length - mostActions } : {}),
    actionDetails: actions.slice(0, mostActions),
  };
}

/**
 * Actions and conversions by time; what happened in the same second is told actions first. Their `timestamp` is what
 * the clock of the site's zone shows, read as if it were UTC: the server does so, and only here.
 */
function rows(visit: Visit, site: CollectorSite): object[] {
  const calendar = calendarOf(site);
  return [
    ...visit.actions.map(row => ({ ...actionRow(row), ...dimensionColumns(site, 'action', row.dimensions) })),
    ...visit.conversions.map(row => ({
      ...conversionRow(row, visit.items),
      ...dimensionColumns(site, 'action', undefined),
    })),
  ]
    .sort((one, other) => one.timestamp - other.timestamp)
    .map(row => ({ ...row, timestamp: row.timestamp + calendar.offsetAt(row.timestamp) }));
}

/** Every active dimension of the scope, those without a value too: `{"dimension2": null}`. */
function dimensionColumns(
  site: CollectorSite,
  scope: 'visit' | 'action',
  values: DimensionValues = {},
): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    activeDimensions(site.dimensions, scope).map(id => [`dimension${id}`, values[id] ?? null]),
  );
}

function actionRow(action: RecordedAction) {
  const { type, url, title, at, pageViewId, event, search, content, product } = action;
  const loadMs = loadMsOf(action);
  const hasTitle = type !== 'event' && type !== 'search';
  return {
    type: actionTypes[type],
    url,
    ...(hasTitle ? { pageTitle: title } : {}),
    idpageview: pageViewId,
    timestamp: at,
    ...(loadMs > 0 ? { pageLoadTimeMilliseconds: loadMs } : {}),
    ...(product?.price ? { productViewPrice: product.price } : {}),
    ...(product?.name ? { productViewName: product.name } : {}),
    ...(product?.sku ? { productViewSku: product.sku } : {}),
    ...(product && product.categories.length > 0 ? { productViewCategories: product.categories } : {}),
    ...(event
      ? {
          eventCategory: event.category,
          eventAction: event.action,
          ...(event.name === null ? {} : { eventName: event.name }),
          ...(event.value === null ? {} : { eventValue: event.value }),
        }
      : {}),
    ...(search
      ? {
          siteSearchKeyword: search.keyword,
          siteSearchCategory: search.category,
          siteSearchCount: search.count,
        }
      : {}),
    ...(content
      ? {
          contentName: content.name,
          contentPiece: content.piece,
          contentTarget: content.target,
          contentInteraction: content.interaction,
        }
      : {}),
  };
}

/** A sum in the database's way: of times of which one is missing there is none. */
function loadMsOf({ timings = [] }: RecordedAction): number {
  let sum = 0;
  for (const ms of timings) {
    if (ms === null) return 0;
    sum += ms;
  }
  return sum;
}

function conversionRow(conversion: RecordedConversion, items: readonly RecordedItem[]) {
  const { type, at, goal, order, revenue, url, pageViewId } = conversion;
  const row = { type: conversionTypes[type], timestamp: at, idpageview: pageViewId ?? null, revenue };
  if (type === 'goal') return { ...row, goalId: goal, url };
  const shop = { ...row, items: conversion.items, itemDetails: itemDetails(items, order ?? '0') };
  if (type === 'cart') return shop;
  return {
    ...shop,
    orderId: order,
    revenueSubTotal: conversion.subtotal ?? 0,
    revenueTax: conversion.tax ?? 0,
    revenueShipping: conversion.shipping ?? 0,
    revenueDiscount: conversion.discount ?? 0,
  };
}

function itemDetails(items: readonly RecordedItem[], wanted: string): object[] {
  return items
    .filter(({ order, deleted }) => order === wanted && !deleted)
    .map(({ sku, name, categories, price, quantity }) => ({
      itemSKU: sku,
      itemName: name,
      itemCategory: categories[0] ?? '',
      price,
      quantity,
      categories,
    }));
}
