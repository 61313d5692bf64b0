import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Purpose, type Random, randomStream, weighted } from '../../src/base/random.ts';
import { type Product, products } from '../../src/data/products.ts';
import { drawOrder, type Order } from '../../src/traffic/order.ts';
import type { EcommerceSettings } from '../../src/traffic/settings.ts';
import { chiSquare, tally, worstBy } from '../base/chi-square.ts';
import { anyEcommerce, usualTraffic } from './any-traffic.ts';

const usual = usualTraffic.ecommerce;
const stream = (seed: number) => randomStream(seed, Purpose.Visit, 0);
const anyProduct = weighted<Product>(products, () => 1);

const order = (random: Random, settings: EcommerceSettings, draw = anyProduct) =>
  drawOrder(random, 'an-order', settings, draw);

/** Checks a rule on orders of any settings. */
function always(rule: (order: Order, settings: EcommerceSettings) => void) {
  fc.assert(
    fc.property(fc.maxSafeNat(), anyEcommerce, (seed, settings) => {
      rule(order(stream(seed), settings), settings);
    }),
    { numRuns: 500 },
  );
}

const cents = (amount: number) => Math.round(amount * 100);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('an order', () => {
  it('is always the same for the same stream', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), anyEcommerce, (seed, settings) => {
        expect(order(stream(seed), settings)).toEqual(order(stream(seed), settings));
      }),
    );
  });

  it('always has a total inside the configured range, to the cent', () => {
    always(({ totalCents }, { orderValue }) => {
      expect(Number.isInteger(totalCents)).toBe(true);
      expect(totalCents).toBeGreaterThanOrEqual(cents(orderValue.min));
      expect(totalCents).toBeLessThanOrEqual(cents(orderValue.max));
    });
  });

  it('always adds up: subtotal, tax and shipping are the total', () => {
    always(({ subtotalCents, taxCents, shippingCents, totalCents }) => {
      expect(subtotalCents + taxCents + shippingCents).toBe(totalCents);
      for (const part of [subtotalCents, taxCents, shippingCents]) expect(part).toBeGreaterThanOrEqual(0);
    });
  });

  it('always has items whose prices, each a cent or more, are the subtotal', () => {
    always(({ items, subtotalCents }) => {
      expect(sum(items.map(({ priceCents, quantity }) => priceCents * quantity))).toBe(subtotalCents);
      for (const { priceCents } of items) {
        expect(Number.isInteger(priceCents)).toBe(true);
        expect(priceCents).toBeGreaterThanOrEqual(1);
      }
    });
  });

  it('is always taxed on subtotal and shipping, to the cent unless the range decides the total', () => {
    always(({ subtotalCents, shippingCents, taxCents, totalCents }, { orderValue, taxRate }) => {
      const exact = (subtotalCents + shippingCents) * taxRate;
      const isDecided = totalCents === cents(orderValue.min) || totalCents === cents(orderValue.max);
      // A total that is given leaves no whole cents that are exact: half a cent of the net amount and its tax.
      expect(Math.abs(taxCents - exact)).toBeLessThanOrEqual((isDecided ? 0.5 * (1 + taxRate) : 0.5) + 1e-6);
    });
  });

  it('never lists a product twice, which Matomo would keep once', () => {
    always(({ items }) => {
      expect(new Set(items.map(({ product }) => product.sku)).size).toBe(items.length);
    });
  });

  it('always has as many items as configured, as far as products and cents go', () => {
    always(({ items }, settings) => {
      expect(items.length).toBeGreaterThanOrEqual(1);
      expect(items.length).toBeLessThanOrEqual(settings.items.max);
      // Drawing again and again finds nearly all of a few dozen products: not every last one.
      const room = Math.min(Math.floor(cents(settings.orderValue.max) / (1 + settings.taxRate)), 50);
      expect(items.length).toBeGreaterThanOrEqual(Math.max(1, Math.min(settings.items.min, room)));
    });
  });

  it('always ships at one of the rates, or for nothing where the range leaves no room', () => {
    always(({ items, shippingCents, subtotalCents }, { shippingRates }) => {
      const rates = shippingRates.map(cents);
      expect([0, ...rates]).toContain(shippingCents);
      if (!rates.includes(shippingCents)) {
        expect(subtotalCents - Math.max(...rates)).toBeLessThan(items.length);
      }
    });
  });

  it('asks for each product its price ± 5 %, where the total lies inside the range', () => {
    always(({ items, totalCents }, { orderValue }) => {
      if (totalCents <= cents(orderValue.min) || totalCents >= cents(orderValue.max)) return;
      for (const { product, priceCents } of items) {
        expect(Math.abs(priceCents - product.price * 100)).toBeLessThanOrEqual(product.price * 5 + 0.5);
      }
    });
  });

  it('keeps the id it is given', () => {
    expect(drawOrder(stream(1), 'run-7', usual, anyProduct).id).toBe('run-7');
  });

  it('keeps every item above nothing when dear and cheap things share a few cents', () => {
    const wares = [1999, 1999, 12.9, 14.9, 16.9, 18.5].map((price, at) => ({
      sku: `S${at}`,
      name: 'Ware',
      category: 'Wares',
      price,
    }));
    const settings = {
      ...usual,
      orderValue: { min: 0.06, max: 0.07 },
      items: { min: 6, max: 6 },
      taxRate: 0,
      shippingRates: [0],
    };
    const { items } = order(
      stream(3),
      settings,
      weighted<Product>(wares, () => 1),
    );
    expect(items).toHaveLength(6);
    expect(Math.min(...items.map(({ priceCents }) => priceCents))).toBe(1);
  });
});

describe('20,000 orders', () => {
  it('have the least items in 60 of 100, the other numbers evenly', () => {
    const random = stream(4);
    const settings = { ...usual, items: { min: 1, max: 5 }, orderValue: { min: 1, max: 100_000 } };
    const seen = tally(5, 20_000, () => order(random, settings).items.length - 1);
    expect(chiSquare(seen, [60, 10, 10, 10, 10])).toBeLessThan(worstBy[4]);
  });

  it('draw each rate of shipping as often', () => {
    const random = stream(5);
    const settings = { ...usual, orderValue: { min: 1, max: 100_000 } };
    const rates = settings.shippingRates.map(cents);
    const seen = tally(4, 20_000, () => rates.indexOf(order(random, settings).shippingCents));
    expect(chiSquare(seen, [1, 1, 1, 1])).toBeLessThan(worstBy[3]);
  });
});
