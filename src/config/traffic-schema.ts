import { z } from 'zod';
import { option } from './option.ts';
import { probability, range, whole } from './value-types.ts';

/** Legacy variables whose limits are those of the key: they say all the key can say. */
function chance(env: string, byDefault: number, description: string) {
  return option(probability(byDefault), { group: 'traffic', env, description });
}

const currencies = new Set(Intl.supportedValuesOf('currency'));

export const ecommerceSchema = z.strictObject({
  probability: chance('ECOMMERCE_PROBABILITY', 0.05, 'probability that a visit ends in an order'),
  orderValue: range(
    {
      group: 'traffic',
      description: "total of an order with tax and shipping, in the site's currency",
      min: { env: 'ECOMMERCE_ORDER_VALUE_MIN' },
      max: { env: 'ECOMMERCE_ORDER_VALUE_MAX' },
    },
    z.number().min(0.01).max(1_000_000_000),
    { min: 15.99, max: 299.99 },
  ),
  items: range(
    {
      group: 'traffic',
      description: 'items in an order',
      min: { env: 'ECOMMERCE_ITEMS_MIN' },
      max: { env: 'ECOMMERCE_ITEMS_MAX' },
    },
    whole(1, 1000),
    { min: 1, max: 5 },
  ),
  taxRate: option(z.number().min(0).max(1).default(0.1), {
    group: 'traffic',
    env: 'ECOMMERCE_TAX_RATE',
    description: 'tax on subtotal and shipping, 0–1',
  }),
  shippingRates: option(z.array(z.number().min(0).max(1_000_000)).min(1).default([0, 5.99, 9.99, 15.99]), {
    group: 'traffic',
    env: 'ECOMMERCE_SHIPPING_RATES',
    description: 'costs of shipping, one of which is drawn for each order',
  }),
  currency: option(
    z
      .string()
      .refine(code => currencies.has(code), 'must be a currency of ISO 4217 in upper case, such as EUR')
      .default('SEK'),
    {
      group: 'traffic',
      env: 'ECOMMERCE_CURRENCY',
      description: "currency the numbers are in; Matomo reads none from a hit, the site's setting rules",
    },
  ),
});

export const trafficSchema = z.strictObject({
  pageviews: range(
    {
      group: 'traffic',
      description: 'pageviews a visit',
      min: { legacy: { name: 'PAGEVIEWS_MIN', min: 1, max: 100 } },
      max: { legacy: { name: 'PAGEVIEWS_MAX', min: 1, max: 100 } },
    },
    whole(1, 1000),
    { min: 3, max: 6 },
  ),
  visitMinutes: range(
    {
      group: 'traffic',
      description: 'simulated length of a visit in minutes',
      min: { legacy: { name: 'VISIT_DURATION_MIN', min: 0.1, max: 120 } },
      max: { legacy: { name: 'VISIT_DURATION_MAX', min: 0.1, max: 120 } },
    },
    z.number().min(0).max(240),
    { min: 1, max: 8 },
  ),
  searchProbability: chance(
    'SITESEARCH_PROBABILITY',
    0.15,
    'probability that a visit contains a site search',
  ),
  outlinkProbability: chance('OUTLINKS_PROBABILITY', 0.1, 'probability that a visit contains an outlink'),
  downloadProbability: chance('DOWNLOADS_PROBABILITY', 0.08, 'probability that a visit contains a download'),
  clickEventProbability: chance(
    'CLICK_EVENTS_PROBABILITY',
    0.25,
    'probability that a visit contains a click event',
  ),
  behaviourEventProbability: chance(
    'RANDOM_EVENTS_PROBABILITY',
    0.12,
    'probability that a visit contains a behavioural event (scrolling, video, forms)',
  ),
  directProbability: chance(
    'DIRECT_TRAFFIC_PROBABILITY',
    0.3,
    'probability of a visit without a referrer; the others are search 35 : websites 20 : social 15',
  ),
  randomizeCountries: option(z.boolean().default(true), {
    group: 'traffic',
    env: 'RANDOMIZE_VISITOR_COUNTRIES',
    description: 'visitors from all over the world; needs a token',
  }),
  ecommerce: ecommerceSchema.prefault({}),
});
