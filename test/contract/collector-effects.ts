import type { Collector } from '../../src/collector/collector.ts';
import { deviceTypeOf } from '../../src/collector/device.ts';
import type { RecordedAction, RecordedConversion, RecordedItem, Visit } from '../../src/collector/visit.ts';
import type { Row } from './contract.ts';
import type { EffectReader, Recorded } from './replay.ts';

/** Reads what a collector of the same process recorded; each case begins with an empty one. */
export function collectorEffects(collector: Collector): EffectReader {
  return {
    async begin() {
      collector.reset();
    },
    async read() {
      const { totals, failedLogins } = collector.state();
      const visits = [...collector.visits()].sort(
        (one, other) => one.firstActionAt - other.firstActionAt || one.id - other.id,
      );
      const { pageviews, events, searches, outlinks, downloads, contents, orders, carts, goalConversions } =
        totals;
      const actions = pageviews + events + searches + outlinks + downloads + contents;
      return {
        effect: {
          visits: totals.visits,
          actions,
          pageviews,
          events,
          searches,
          outlinks,
          downloads,
          contents,
          orders,
          carts,
          goalConversions,
        },
        visitsAfter: visits.map(visitRow),
        actionsAfter: rows(visits, visit => visit.actions.map(actionRow)),
        conversionsAfter: rows(visits, visit => visit.conversions.map(conversionRow)),
        itemsAfter: rows(visits, visit => visit.items.map(itemRow)),
        failedLogins,
      } satisfies Recorded;
    },
  };
}

function rows(visits: readonly Visit[], of: (visit: Visit) => Row[]): Row[] {
  return visits.flatMap((visit, at) => of(visit).map(row => ({ visit: at, ...row })));
}

function visitRow(visit: Visit): Row {
  return {
    actions: visit.totalActions,
    totalTimeSeconds: visit.totalTimeSeconds,
    returning: visit.returning,
    visitCount: visit.visitCount,
    firstActionOffset: visit.firstActionAt,
    lastActionOffset: visit.lastActionAt,
    site: visit.siteId,
    visitor: visit.visitorId,
    events: visit.totalEvents,
    searches: visit.totalSearches,
    userId: visit.userId,
    goalBuyer: visit.goalBuyer,
    goalConverted: visit.goalConverted ? 1 : 0,
    referrerType: visit.referrer.type,
    referrerName: visit.referrer.name,
    secondsSinceFirst: visit.secondsSinceFirst,
    secondsSinceLast: visit.secondsSinceLast,
    secondsSinceOrder: visit.secondsSinceOrder,
    browser: visit.browser,
    deviceType: deviceTypeOf(visit.userAgent, visit.clientHints),
    ip: visit.address.includes(':') ? hexOf(visit.address) : visit.address,
    ...visit.location,
    resolution: visit.resolution,
  };
}

function actionRow(action: RecordedAction): Row {
  const { event, search, content, product, timings } = action;
  return present({
    offset: action.at,
    type: action.type,
    url: action.url,
    title: action.title,
    ...(event
      ? { category: event.category, action: event.action, name: event.name, value: event.value }
      : {}),
    ...(search ? { keyword: search.keyword, category: search.category, count: search.count } : {}),
    ...(content
      ? {
          content: content.name,
          piece: content.piece,
          target: content.target,
          interaction: content.interaction,
        }
      : {}),
    product: product
      ? {
          sku: product.sku,
          name: product.name,
          category: product.categories[0] ?? null,
          price: product.price,
        }
      : null,
    performanceMs: timings?.join('/') ?? null,
  });
}

function conversionRow({ at, url: _, pageViewId: __, ...conversion }: RecordedConversion): Row {
  return present({ offset: at, ...conversion });
}

function itemRow({ order, sku, name, categories, price, quantity, deleted }: RecordedItem): Row {
  const [category = null, category2 = null] = categories;
  return present({ order, sku, name, category, category2, price, quantity, deleted: deleted ? 1 : 0 });
}

function present(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}

function hexOf(address: string): string {
  return address
    .split(':')
    .map(group => group.padStart(4, '0'))
    .join('');
}
