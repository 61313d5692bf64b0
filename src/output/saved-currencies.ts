import * as z from 'zod';
import type { Report } from '../run/report.ts';

const shop = z.looseObject({ currency: z.string() });

/** What `effective.ts` wrote, as far as it is looked at here. */
const savedConfig = z.looseObject({
  traffic: z.looseObject({ ecommerce: shop }),
  targets: z
    .array(
      z.looseObject({ name: z.string(), features: z.looseObject({ ecommerce: shop.optional() }).optional() }),
    )
    .default([]),
});

/** What the orders of each target are in, from what a report says of its configuration; none where that says nothing. */
export function savedCurrencies({ config, targets }: Report): ReadonlyMap<string, string> {
  const saved = savedConfig.safeParse(config).data;
  if (saved === undefined) return new Map();
  const own = new Map(saved.targets.map(({ name, features }) => [name, features?.ecommerce?.currency]));
  return new Map(targets.map(({ name }) => [name, own.get(name) ?? saved.traffic.ecommerce.currency]));
}
