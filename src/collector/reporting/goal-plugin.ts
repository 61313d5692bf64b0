import { type RecordedConversion, type RecordedItem, Returning, type Visit } from '../visit.ts';
import { type ApiPlugin, siteIfAny } from './api-call.ts';
import {
  distinct,
  groupedBy,
  money,
  type OfVisit,
  percent,
  quotient,
  type ReportData,
  reportMethod,
  total,
} from './report-data.ts';
import { goalDescription } from './server-plugins.ts';

type Conversions = readonly OfVisit<RecordedConversion>[];

/**
 * `Goals`: what was converted, as a whole, by goal, by order and by cart; and what was bought. Where the shop of a site
 * is switched off its orders are recorded, and other reports count them, and here nothing is told of them.
 */
export const goalPlugin: ApiPlugin = {
  getGoals(call) {
    const site = siteIfAny(call);
    return site?.goals.map(goal => goalDescription(site.id, goal)) ?? [];
  },
  get: reportMethod((data, { parameters }) => {
    const goal = parameters.text('idGoal');
    const isNew = ({ returning }: Visit) => returning === Returning.New;
    return {
      ...figures(data, goal, () => true, ''),
      ...figures(data, goal, isNew, '_new_visit'),
      ...figures(data, goal, visit => !isNew(visit), '_returning_visit'),
    };
  }),
  getItemsSku: itemTable(
    item => [item.sku],
    ({ row }) => (row.product?.sku ? [row.product.sku] : []),
  ),
  getItemsName: itemTable(
    item => [item.name],
    ({ row }) => (row.product?.name ? [row.product.name] : []),
  ),
  getItemsCategory: itemTable(
    item => item.categories,
    ({ row }) => row.product?.categories ?? [],
  ),
};

/** The conversions of each kind, as in the column `goals` of every table of visits. */
export function goalColumns(conversions: Conversions): Record<string, object> {
  const kinds = groupedBy(conversions, ({ row }) =>
    row.type === 'goal' ? String(row.goal) : kindNames[row.type],
  );
  return Object.fromEntries(
    [...kinds].map(([kind, rows]) => [
      `idgoal=${kind}`,
      {
        ...counted(rows),
        ...(kind === kindNames.order ? shopMoney(rows) : {}),
        ...(isShop(kind) ? { items: total(rows, ({ row }) => row.items) } : {}),
      },
    ]),
  );
}

const kindNames = { order: 'ecommerceOrder', cart: 'ecommerceAbandonedCart', goal: '' } as const;

function isShop(kind: string): boolean {
  return kind === kindNames.order || kind === kindNames.cart;
}

function figures(
  { site, visits, conversions }: ReportData,
  goal: string,
  isMeant: (visit: Visit) => boolean,
  suffix: string,
): object {
  const rows = conversions.filter(
    ({ visit, row }) => isMeant(visit) && isAskedFor(row, goal) && (site.ecommerce || row.type === 'goal'),
  );
  const counts = counted(rows);
  const isOrder = goal === kindNames.order;
  const isAll = goal === '';
  // Of all goals together a visit counts where its row says so.
  const converted = isAll
    ? visits.filter(visit => isMeant(visit) && visit.goalConverted).length
    : counts.nb_visits_converted;
  const named = {
    ...counts,
    nb_visits_converted: converted,
    ...(isOrder ? shopMoney(rows) : {}),
    ...(isShop(goal)
      ? {
          items: total(rows, ({ row }) => row.items),
          avg_order_revenue: quotient(counts.revenue, rows.length, 2),
        }
      : {}),
    conversion_rate: percent(converted, visits.filter(isMeant).length, 2),
  };
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [`${name}${suffix}`, value]));
}

function isAskedFor({ type, goal }: RecordedConversion, asked: string): boolean {
  if (asked === '') return type !== 'cart';
  return type === 'goal' ? String(goal) === asked : kindNames[type] === asked;
}

function counted(rows: Conversions) {
  return {
    nb_conversions: rows.length,
    nb_visits_converted: distinct(rows, ({ visit }) => visit.id),
    revenue: money(rows, ({ row }) => row.revenue),
  };
}

function shopMoney(rows: Conversions) {
  return {
    revenue_subtotal: money(rows, ({ row }) => row.subtotal),
    revenue_tax: money(rows, ({ row }) => row.tax),
    revenue_shipping: money(rows, ({ row }) => row.shipping),
    revenue_discount: money(rows, ({ row }) => row.discount),
  };
}

/** What was bought, or is left in carts, beside how often its page was seen. */
function itemTable(
  labelsOf: (item: RecordedItem) => readonly string[],
  viewed: (action: ReportData['actions'][number]) => readonly string[],
) {
  return reportMethod(({ site, items, actions }, { parameters }) => {
    if (!site.ecommerce) return [];
    const inCarts = parameters.text('abandonedCarts') === '1';
    const kept = items.filter(({ row }) => !row.deleted && (row.order === '0') === inCarts);
    const labelled = kept.flatMap(({ visit, row }) => labelsOf(row).map(label => ({ visit, row, label })));
    const views = actions.flatMap(action => viewed(action).map(label => ({ ...action, label })));
    const labels = new Set([...labelled, ...views].map(({ label }) => label));
    return [...labels]
      .map(label => {
        const bought = labelled.filter(row => row.label === label);
        const seen = views.filter(row => row.label === label);
        const orders = distinct(bought, ({ visit, row }) => `${visit.id} ${row.order}`);
        const quantity = total(bought, ({ row }) => row.quantity);
        const revenue = money(bought, ({ row }) => row.price * row.quantity);
        const prices = seen.map(({ row }) => row.product?.price ?? 0);
        const visits = distinct(seen, ({ visit }) => visit.id);
        return {
          label,
          ...(orders > 0 ? { revenue, quantity, [inCarts ? 'abandoned_carts' : 'orders']: orders } : {}),
          ...(seen.length > 0
            ? {
                nb_visits: visits,
                nb_uniq_visitors: distinct(seen, ({ visit }) => visit.visitorId),
                nb_actions: seen.length,
              }
            : {}),
          avg_price:
            orders > 0
              ? quotient(revenue, quantity, 2)
              : quotient(
                  prices.reduce((sum, price) => sum + price, 0),
                  prices.length,
                  2,
                ),
          avg_quantity: quotient(quantity, orders, 1),
          conversion_rate: percent(orders, visits, 2),
        };
      })
      .sort((one, other) => (other.revenue ?? 0) - (one.revenue ?? 0));
  });
}
