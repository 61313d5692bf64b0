import type { Random } from '../base/random.ts';
import { type Product, products } from '../data/products.ts';
import type { Stop } from './browsing.ts';
import type { OrderItem } from './order.ts';
import type { Page } from './pages.ts';
import { slug } from './slug.ts';

/** Of carts with several items that are left behind, those of which something was taken out again. */
const TAKEN_OUT_PROBABILITY = 0.3;

/** What a visit does with the items it is about. */
export interface ShoppingTrip {
  readonly items: readonly OrderItem[];
  readonly looksAtProducts: boolean;
  readonly fillsCart: boolean;
  /** Its last page is where the order is made. */
  readonly orders: boolean;
}

/**
 * Prepares turning the pages of a visit into those of a shopping trip: a category, then the products, each of which goes
 * into the cart where one is filled. The number of pages stays; what finds no place on them is left out.
 */
export function shopping(
  pages: readonly Page[],
): (random: Random, stops: Stop[], trip: ShoppingTrip) => void {
  const pageOf = productPages(pages);
  return (random, stops, { items, looksAtProducts, fillsCart, orders }) => {
    const end = orders ? stops.length - 1 : stops.length;
    const first = looksAtProducts ? Math.max(0, end - items.length) : end - 1;
    const category = stops[first - 1];
    if (looksAtProducts && category !== undefined) {
      category.product = categoryOf(items[0]);
    }
    for (let at = first; at < end; at++) {
      const stop = stops[at];
      const item = items[at - first];
      if (stop === undefined || item === undefined) continue;
      if (looksAtProducts) showProduct(stop, item, pageOf(random, item.product));
      if (!fillsCart) continue;
      const isLast = at === end - 1;
      putCart(stop, isLast ? items : items.slice(0, at - first + 1));
      if (isLast && !orders && items.length > 1 && random.chance(TAKEN_OUT_PROBABILITY)) {
        putCart(stop, items.slice(1));
      }
    }
  };
}

function showProduct(stop: Stop, { product, priceCents }: OrderItem, page: Page | undefined): void {
  const { sku, name, category } = product;
  if (page !== undefined) stop.page = page;
  stop.product = { sku, name, category, priceCents };
}

function categoryOf(item: OrderItem | undefined): Stop['product'] {
  if (item === undefined) return undefined;
  return { sku: undefined, name: '', category: item.product.category, priceCents: undefined };
}

function putCart({ deeds }: Stop, items: readonly OrderItem[]): void {
  const totalCents = items.reduce((sum, { priceCents, quantity }) => sum + priceCents * quantity, 0);
  deeds.push({ type: 'cart', cart: { items, totalCents } });
}

/** Pages about a product: those whose last folder or file begins with its name. */
function productPages(pages: readonly Page[]): (random: Random, product: Product) => Page | undefined {
  const rows = products.map(({ sku, name }) => {
    const own: Page[] = [];
    return { sku, start: slug(name), own };
  });
  for (const page of pages) {
    const last = lastPart(page.url);
    for (const { start, own } of rows) if (last.startsWith(start)) own.push(page);
  }
  const pagesOf: ReadonlyMap<string, readonly Page[]> = new Map(rows.map(({ sku, own }) => [sku, own]));
  return (random, { sku }) => {
    const own = pagesOf.get(sku) ?? [];
    return own.length === 0 ? undefined : own[random.integer(0, own.length - 1)];
  };
}

function lastPart(url: string): string {
  return new URL(url).pathname.replace(/\/$/, '').split('/').at(-1)?.toLowerCase() ?? '';
}
