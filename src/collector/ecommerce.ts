import { isEmpty, isNumeric, roundedMoney, trimmed } from './loose-values.ts';
import type { ParameterValue } from './query-string.ts';
import { InvalidHit } from './refusal.ts';
import type { TrackedHit } from './tracked-hit.ts';
import type { RecordedConversion, RecordedItem, Visit } from './visit.ts';

/** The order of items that are in a cart. */
export const cartOrder = '0';
const mostCategories = 5;
/** What the columns hold; more is cut off without an error. */
const longestOrder = 100;
const mostItems = 65_535;

/** What a hit with `idgoal=0` does to the shop's log; it is an order where it has an id. */
export interface ShopHit {
  order: string | undefined;
}

/** A hit is one of the shop where `idgoal` is 0; goals and pages have another or none. */
export function shopHitOf({ parameters }: TrackedHit): ShopHit | undefined {
  if (parameters.whole('idgoal', -1) !== 0) return undefined;
  const order = parameters.text('ec_id');
  return { order: isEmpty(order) ? undefined : order.slice(0, longestOrder) };
}

/** Orders of a site: an id is taken for ever. */
export interface OrderBook {
  has(order: string): boolean;
  add(order: string): void;
}

/**
 * Records an order or a cart. With a cart open that row is rewritten, and a repeated order id is then ignored in
 * silence; without one a repeated id is refused [core/Tracker/GoalManager.php: recordEcommerceGoal].
 *
 * @param hasOpenCart what the visit's row said before this hit
 * @throws InvalidHit for an order id the site has already
 */
export function recordShopHit(
  hit: TrackedHit,
  { order }: ShopHit,
  visit: Visit,
  hasOpenCart: boolean,
  orders: OrderBook,
): void {
  const lines = orderedLines(hit.parameters.json('ec_items'), hit.at);
  if (!lines) return;
  const row = conversionRow(hit, order, lines);
  const cart = visit.conversions.find(candidate => candidate.type === 'cart');
  if (order !== undefined && orders.has(order)) {
    if (hasOpenCart && cart) return;
    if (!hasOpenCart) throw new InvalidHit(`order ${order} is recorded already`);
  }
  if (hasOpenCart) {
    if (cart) {
      Object.assign(cart, row);
      if (order !== undefined) orders.add(order);
    }
  } else {
    if (order === undefined && cart) return;
    visit.conversions.push(row);
    if (order !== undefined) orders.add(order);
  }
  recordItems(visit, order ?? cartOrder, lines);
}

function conversionRow(
  { parameters, at }: TrackedHit,
  order: string | undefined,
  lines: RecordedItem[],
): RecordedConversion {
  const money = (name: string) => {
    const amount = order === undefined ? undefined : parameters.decimal(name);
    return amount === undefined ? null : roundedMoney(amount);
  };
  return {
    type: order === undefined ? 'cart' : 'order',
    at,
    goal: null,
    order: order ?? null,
    revenue: roundedMoney(parameters.decimalOr('revenue', 0)),
    items: Math.min(
      mostItems,
      lines.reduce((sum, line) => sum + line.quantity, 0),
    ),
    subtotal: money('ec_st'),
    tax: money('ec_tx'),
    shipping: money('ec_sh'),
    discount: money('ec_dt'),
    url: parameters.text('url'),
    pageViewId: null,
  };
}

/** Items of the cart (or of the order) that are no longer listed stay as deleted; a SKU is kept once an order. */
function recordItems(visit: Visit, order: string, lines: readonly RecordedItem[]): void {
  // Of a SKU listed twice the last one updates a row that is there, and the first one is inserted.
  const bySku = new Map(lines.map(line => [line.sku, line]));
  const known = new Set<string>();
  for (const item of visit.items) {
    if (item.order !== order && item.order !== cartOrder) continue;
    known.add(item.sku);
    const line = bySku.get(item.sku);
    if (line) Object.assign(item, line);
    else item.deleted = true;
    item.order = order;
  }
  for (const line of lines) {
    if (known.has(line.sku)) continue;
    known.add(line.sku);
    visit.items.push({ ...line, order });
  }
}

/** The lines of `ec_items`; undefined where that is neither a list nor nothing, and then the hit records no conversion. */
function orderedLines(items: ParameterValue | undefined, at: number): RecordedItem[] | undefined {
  if (isEmpty(items)) return [];
  if (typeof items !== 'object' || items === null) return undefined;
  const lines: RecordedItem[] = [];
  for (const line of Object.values(items)) {
    const item = itemOf(line, at);
    if (item) lines.push(item);
  }
  return lines;
}

/** `[sku, name, category or categories, price, quantity]`; without a SKU the line is none. */
function itemOf(line: ParameterValue, at: number): RecordedItem | undefined {
  if (typeof line !== 'object' || line === null) return undefined;
  const fields: readonly ParameterValue[] = Array.isArray(line)
    ? line
    : [0, 1, 2, 3, 4].map(place => line[place] ?? null);
  const [sku = null, name = null, category = null, price = null, quantity = null] = fields;
  if (isEmpty(sku)) return undefined;
  return {
    order: cartOrder,
    sku: joined(sku),
    name: isEmpty(name) ? '' : joined(name),
    categories: categoriesOf(category),
    price: isNumeric(price) ? roundedMoney(Number(price)) : 0,
    quantity: !isEmpty(quantity) && isNumeric(quantity) ? Math.max(0, Math.trunc(Number(quantity))) : 1,
    deleted: false,
    at,
  };
}

function categoriesOf(category: ParameterValue): string[] {
  const all = typeof category === 'object' && category !== null ? Object.values(category) : [category];
  return all
    .map(one => (isEmpty(one) ? '' : trimmed(String(one))))
    .filter(one => !isEmpty(one))
    .slice(0, mostCategories);
}

function joined(value: ParameterValue): string {
  return trimmed(
    typeof value === 'object' && value !== null ? Object.values(value).join(',') : String(value),
  );
}
