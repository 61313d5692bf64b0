import * as z from 'zod';
import { trafficOf } from '../run/planning.ts';
import type { Report } from '../run/report.ts';
import type { RunConfig } from '../run/run-config.ts';

/** What the orders of each target are in. */
export function currenciesOf(config: RunConfig): ReadonlyMap<string, string> {
  return new Map(
    config.targets.map(target => [target.name, trafficOf(config, target).ecommerce.currency] as const),
  );
}

const withCurrency = z.looseObject({ ecommerce: z.looseObject({ currency: z.string() }) });

/** What `effective.ts` wrote, as far as it is looked at here. */
const savedConfig = z.looseObject({
  traffic: withCurrency,
  targets: z.array(z.looseObject({ name: z.string(), features: withCurrency.optional() })).default([]),
});

/** The same, from what a report says of its configuration; none where that says nothing. */
export function savedCurrencies({ config, targets }: Report): ReadonlyMap<string, string> {
  const saved = savedConfig.safeParse(config).data;
  if (saved === undefined) return new Map();
  const own = new Map(saved.targets.map(({ name, features }) => [name, features?.ecommerce.currency]));
  return new Map(targets.map(({ name }) => [name, own.get(name) ?? saved.traffic.ecommerce.currency]));
}
