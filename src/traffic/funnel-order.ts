import type { Random } from '../base/random.ts';
import type { Product } from '../data/products.ts';
import type { OrderWish } from './funnel.ts';
import { drawOrder, type Order, type OrderItem, scaledTo } from './order.ts';
import type { EcommerceSettings } from './settings.ts';

/** What an order of a funnel is made from. */
export interface OrderGround {
  readonly id: string;
  /** What lies in the cart; nothing: the order is drawn as in browsing. */
  readonly cart: readonly OrderItem[];
  readonly settings: EcommerceSettings;
  readonly drawProduct: (random: Random) => Product;
}

/** The order of a step. What the step says is taken as it is; what it leaves open makes the sum right. */
export function funnelOrder(random: Random, wish: OrderWish, ground: OrderGround): Order {
  const { cart, settings } = ground;
  const order = cart.length === 0 ? drawn(random, wish, ground) : ofCart(random, ground);
  const { revenue, subtotal, tax, shipping } = wish;
  if ([revenue, subtotal, tax, shipping].every(amount => amount === undefined)) return order;
  const taxed = (net: number) => Math.round(net * settings.taxRate);
  if (revenue === undefined) {
    const subtotalCents = cents(subtotal) ?? order.subtotalCents;
    const shippingCents = cents(shipping) ?? order.shippingCents;
    const taxCents = cents(tax) ?? taxed(subtotalCents + shippingCents);
    const totalCents = subtotalCents + shippingCents + taxCents;
    return { ...order, ...itemsOf(order, subtotalCents), shippingCents, taxCents, totalCents };
  }
  const totalCents = Math.round(revenue * 100);
  const taxCents = cents(tax) ?? totalCents - Math.round(totalCents / (1 + settings.taxRate));
  const leftCents = Math.max(totalCents - taxCents, 0);
  const shippingCents =
    cents(shipping) ??
    (subtotal === undefined
      ? // Where there is no room for the shipping beside the items, it is free.
        order.shippingCents < leftCents
        ? order.shippingCents
        : 0
      : Math.max(leftCents - Math.round(subtotal * 100), 0));
  const subtotalCents = cents(subtotal) ?? Math.max(leftCents - shippingCents, 0);
  return { ...order, ...itemsOf(order, subtotalCents), shippingCents, taxCents, totalCents };
}

function drawn(random: Random, { items }: OrderWish, { id, settings, drawProduct }: OrderGround): Order {
  const range = items === undefined ? settings.items : { min: items, max: items };
  return drawOrder(random, id, { ...settings, items: range }, drawProduct);
}

/** At the prices of the cart, with a drawn shipping. */
function ofCart(random: Random, { id, cart, settings: { shippingRates, taxRate } }: OrderGround): Order {
  const subtotalCents = cart.reduce((sum, { priceCents, quantity }) => sum + priceCents * quantity, 0);
  const shippingCents = Math.round((shippingRates[random.integer(0, shippingRates.length - 1)] ?? 0) * 100);
  const taxCents = Math.round((subtotalCents + shippingCents) * taxRate);
  return {
    id,
    items: cart,
    subtotalCents,
    taxCents,
    shippingCents,
    discountCents: 0,
    totalCents: subtotalCents + shippingCents + taxCents,
  };
}

/** The items at prices that add up to the subtotal: a cent each at least, as far as there are cents. */
export function itemsOf(
  { items }: { readonly items: readonly OrderItem[] },
  subtotalCents: number,
): { readonly items: readonly OrderItem[]; readonly subtotalCents: number } {
  if (items.reduce((sum, item) => sum + item.priceCents * item.quantity, 0) === subtotalCents) {
    return { items, subtotalCents };
  }
  const kept = items.slice(0, Math.max(1, subtotalCents));
  const prices = scaledTo(
    // What costs nothing has no share to be scaled.
    kept.map(({ priceCents }) => Math.max(1, priceCents)),
    subtotalCents,
  );
  return {
    items: kept.map(({ product }, at) => ({ product, priceCents: prices[at] ?? 0, quantity: 1 })),
    subtotalCents,
  };
}

function cents(amount: number | undefined): number | undefined {
  return amount === undefined ? undefined : Math.round(amount * 100);
}
