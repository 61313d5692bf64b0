import { campaignOf } from '../traffic/campaign-link.ts';
import type { ConvertedGoals } from '../traffic/converted-goals.ts';
import type { OrderItem } from '../traffic/order.ts';
import type { Hit, PageviewHit, Visit } from '../traffic/visit.ts';
import { hostAndPath, keptText, type Value } from './details.ts';

/** What Matomo's log is to tell of a hit in its own row. */
export function plannedDetails(hit: Hit): Map<string, readonly Value[]> {
  const details = new Map<string, readonly Value[]>();
  for (const [id, value] of Object.entries(hit.dimensions ?? {})) {
    details.set(`dimension ${id}`, [keptText(value)]);
  }
  switch (hit.type) {
    case 'pageview':
      return withPage(details, hit);
    case 'event':
      return details.set('event name', [
        keptText(hit.deed.category),
        keptText(hit.deed.action),
        hit.deed.name === '' ? null : keptText(hit.deed.name),
        // Some versions keep no 0.
        hit.deed.value === 0 ? undefined : (hit.deed.value ?? null),
      ]);
    case 'search':
      return details.set('search word', [
        keptText(hit.deed.keyword),
        hit.deed.category === undefined ? null : keptText(hit.deed.category),
        hit.deed.results,
      ]);
    case 'outlink':
      return details.set('outlink address', [hostAndPath(hit.deed.target)]);
    case 'download':
      return details.set('download address', [hostAndPath(hit.deed.target)]);
    case 'content':
      return details.set('content piece', [
        keptText(hit.deed.name),
        keptText(hit.deed.piece),
        hostAndPath(hit.deed.target),
        hit.deed.interaction === undefined ? null : keptText(hit.deed.interaction),
      ]);
    case 'order': {
      const { items, subtotalCents, taxCents, shippingCents, discountCents } = hit.deed.order;
      const amounts = [subtotalCents, taxCents, shippingCents, discountCents].map(cents => cents / 100);
      return details.set('order lines', [...amounts, linesOf(items)]);
    }
    default:
      // Pings, carts and goals have no row of their own.
      return new Map();
  }
}

function withPage(
  details: Map<string, readonly Value[]>,
  { page, product, timings }: PageviewHit,
): Map<string, readonly Value[]> {
  details.set('page address', [hostAndPath(page.url)]).set('page title', [keptText(page.title)]);
  if (product?.sku !== undefined) {
    const { sku, name, category, priceCents } = product;
    const price = priceCents === undefined || priceCents === 0 ? undefined : priceCents / 100;
    details.set('productViews', [keptText(sku), keptText(name), keptText(category), price]);
  } else if (product !== undefined) details.set('categoryViews', [keptText(product.category)]);
  if (timings !== undefined) {
    const { network, server, transfer, domProcessing, domCompletion, onLoad } = timings;
    details.set('timedPageviews', [network + server + transfer + domProcessing + domCompletion + onLoad]);
  }
  return details;
}

/** What Matomo's log is to tell of a visit besides its rows, or in rows that several hits have in common. */
export function plannedOfVisit(
  visit: Visit,
  recorded: readonly Hit[],
  goals: ConvertedGoals,
): Map<string, readonly Value[]> {
  const details = new Map<string, readonly Value[]>([['user id', [visit.userId ?? null]]]);
  const [first] = recorded;
  if (first !== undefined && first === visit.hits[0]) {
    for (const [id, value] of Object.entries(visit.dimensions ?? {})) {
      details.set(`dimension ${id}`, [keptText(value)]);
    }
  }
  const campaign = campaignOf(first?.page.url ?? '');
  if (campaign !== undefined) {
    const { name, keyword, source, medium, content } = campaign;
    details.set('campaign name', [lowerCase(name)]);
    for (const [kind, value] of Object.entries({ keyword, source, medium, content })) {
      if (value !== undefined) details.set(`campaign ${kind}`, [lowerCase(value)]);
    }
  }
  for (const [id, revenueCents] of goals) {
    details.set(`goal ${id}`, [1]);
    if (revenueCents !== undefined) details.set(`revenue of goal ${id}`, [revenueCents / 100]);
  }
  const shopped = recorded.findLast(({ type }) => type === 'cart' || type === 'order');
  if (shopped?.type === 'cart') {
    details.set('cart lines', [shopped.deed.cart.totalCents / 100, linesOf(shopped.deed.cart.items)]);
  }
  return details;
}

/** Campaigns are kept in lower case, and read from an address once more decoded than others. */
function lowerCase(text: string): string | undefined {
  return /[%+]/.test(text) ? undefined : keptText(text)?.toLowerCase();
}

/** Of a SKU that is in it twice one line is kept (contract case `order-duplicate-sku`). */
function linesOf(items: readonly OrderItem[]): string | undefined {
  const skus = new Set(items.map(({ product }) => product.sku));
  if (skus.size < items.length || [...skus].some(sku => keptText(sku) === undefined)) return undefined;
  return orderLines(
    items.map(({ product, priceCents, quantity }) => ({
      sku: product.sku,
      price: priceCents / 100,
      quantity,
    })),
  );
}

/** `1 × SKU-1 at 9.90, 2 × SKU-2 at 5.00`, in the order of their names. */
export function orderLines(
  items: readonly { readonly sku: string; readonly price: number; readonly quantity: number }[],
): string {
  return items
    .map(({ sku, price, quantity }) => ({ sku, line: `${quantity} × ${sku} at ${price.toFixed(2)}` }))
    .sort((one, other) => (one.sku < other.sku ? -1 : 1))
    .map(({ line }) => line)
    .join(', ');
}
