import type { Random } from '../base/random.ts';
import type { Product } from '../data/products.ts';
import type { EcommerceSettings } from './settings.ts';

/** One line of an order or a cart. */
export interface OrderItem {
  readonly product: Product;
  readonly priceCents: number;
  readonly quantity: number;
}

/** What lies in a cart, in whole cents. */
export interface Cart {
  readonly items: readonly OrderItem[];
  readonly totalCents: number;
}

/** An order, in whole cents so that sums are exact. `totalCents` = subtotal + tax + shipping − discount. */
export interface Order {
  /** Must be new on a site for ever: Matomo refuses a repeated one (contract case `order-duplicate-other-visitor`). */
  readonly id: string;
  readonly items: readonly OrderItem[];
  readonly subtotalCents: number;
  readonly taxCents: number;
  readonly shippingCents: number;
  readonly discountCents: number;
  readonly totalCents: number;
}

/** How far the price of an item is from the product's own, up or down. */
export const PRICE_SPREAD = 0.05;
const LEAST_ITEMS_PROBABILITY = 0.6;

/**
 * Draws an order whose total lies inside `settings.orderValue`. Prices are the products' own ± 5 %, scaled
 * together only where the total would fall outside; tax is `taxRate` on subtotal and shipping, less the discount, to the
 * cent.
 *
 * @param discountRate on the subtotal, 0–1; the items cost so much more that the total is the same
 */
export function drawOrder(
  random: Random,
  id: string,
  settings: EcommerceSettings,
  drawProduct: (random: Random) => Product,
  discountRate = 0,
): Order {
  const maxCents = Math.floor(settings.orderValue.max * 100 + 1e-6);
  // Each item costs a cent or more, so a very small order holds fewer of them.
  const mostItems = Math.max(1, Math.floor(maxCents / (1 + settings.taxRate)));
  const products = drawProducts(random, Math.min(itemCount(random, settings), mostItems), drawProduct);
  const prices = products.map(product =>
    Math.max(1, Math.round(product.price * 100 * random.between(1 - PRICE_SPREAD, 1 + PRICE_SPREAD))),
  );
  const rates = settings.shippingRates;
  const drawnShipping = Math.round((rates[random.integer(0, rates.length - 1)] ?? 0) * 100);

  const minCents = Math.ceil(settings.orderValue.min * 100 - 1e-6);
  const net = sum(prices) + drawnShipping;
  const totalCents = Math.min(Math.max(Math.round(net * (1 + settings.taxRate)), minCents), maxCents);
  const netCents = Math.round(totalCents / (1 + settings.taxRate));
  // Where the range leaves no room for the shipping beside the items, it is free.
  const shippingCents = netCents - drawnShipping >= prices.length ? drawnShipping : 0;
  const paidCents = Math.max(netCents - shippingCents, 0);
  const discountCents = Math.round((paidCents * discountRate) / (1 - discountRate));
  const subtotalCents = paidCents + discountCents;
  const items = scaledTo(prices, subtotalCents).map((priceCents, at) => ({
    product: products[at] as Product,
    priceCents,
    quantity: 1,
  }));
  return {
    id,
    items,
    subtotalCents,
    taxCents: totalCents - netCents,
    shippingCents,
    discountCents,
    totalCents,
  };
}

function itemCount(random: Random, { items }: EcommerceSettings): number {
  if (items.min === items.max || random.chance(LEAST_ITEMS_PROBABILITY)) return items.min;
  return random.integer(items.min + 1, items.max);
}

/** Without repeats as far as the range of products allows: Matomo keeps a SKU once an order (`order-duplicate-sku`). */
function drawProducts(random: Random, count: number, drawProduct: (random: Random) => Product): Product[] {
  const drawn = new Map<string, Product>();
  for (let tries = 0; drawn.size < count && tries < count * 20; tries++) {
    const product = drawProduct(random);
    drawn.set(product.sku, product);
  }
  return [...drawn.values()];
}

/**
 * Changes the prices in proportion so that they add up to `wanted` cents: a cent each, then by price; what
 * rounding leaves goes to the largest.
 */
export function scaledTo(prices: readonly number[], wanted: number): readonly number[] {
  const had = sum(prices);
  if (had === wanted) return prices;
  const scaled = prices.map(price => 1 + Math.floor((price * (wanted - prices.length)) / had));
  const largest = scaled.indexOf(Math.max(...scaled));
  scaled[largest] = (scaled[largest] ?? 0) + wanted - sum(scaled);
  return scaled;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
