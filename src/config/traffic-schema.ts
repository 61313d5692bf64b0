import { z } from 'zod';
import { option } from './option.ts';
import { campaign, differentIds, dimension, goal } from './traffic-lists.ts';
import { probability, range, whole } from './value-types.ts';

/** Legacy variables whose limits are those of the key: they say all the key can say. */
function chance(env: string, byDefault: number, description: string) {
  return option(probability(byDefault), { group: 'traffic', env, description });
}

/** What the Python Trafficinator did not have: off, unless a preset or a file says otherwise. */
function newChance(description: string, byDefault = 0) {
  return option(probability(byDefault), { group: 'traffic', description });
}

/** Relative to its neighbours. */
function share(description: string, byDefault: number) {
  return option(z.number().min(0).max(1_000_000).default(byDefault), { group: 'traffic', description });
}

const currencies = new Set(Intl.supportedValuesOf('currency'));

export const ecommerceSchema = z.strictObject({
  probability: chance('ECOMMERCE_PROBABILITY', 0.05, 'probability that a visit ends in an order'),
  productViewProbability: newChance(
    'probability that a visit looks at products; above 0, visits with an order or a cart always do',
  ),
  cartProbability: newChance('probability that an order is preceded by the cart it is made from'),
  abandonedCartProbability: newChance('probability that a visit without an order leaves a cart behind'),
  discountProbability: newChance('probability that an order has a discount'),
  discountRate: range(
    { group: 'traffic', description: 'discount on the price of the items, 0–0.9', min: {}, max: {} },
    z.number().min(0).max(0.9),
    { min: 0.05, max: 0.25 },
  ),
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
    'probability of a visit without a referrer, among those that no campaign brings',
  ),
  referrerShares: z
    .strictObject({
      search: share('share of search engines among visits with a referrer', 35),
      websites: share('share of other websites among visits with a referrer', 20),
      social: share('share of social networks among visits with a referrer', 15),
    })
    .prefault({}),
  campaignProbability: newChance('probability that a visit comes by a campaign'),
  campaigns: option(z.array(campaign).min(1).optional(), {
    group: 'traffic',
    env: 'none',
    description: 'campaigns: name, source, medium, content, keyword, style (mtm or utm), referrer, weight',
    otherwise: 'ten of a shop',
  }),
  shape: option(z.enum(['flat', 'long-tail']).default('flat'), {
    group: 'traffic',
    description: 'how pageviews, visit lengths and times on a page are spread between their bounds',
  }),
  bounceProbability: newChance(
    'probability that a visit ends with its first page; 0: only where `pageviews` draws one page',
  ),
  returning: z
    .strictObject({
      share: option(z.number().min(0).max(0.8).default(0), {
        group: 'traffic',
        description: "share of the visits that are a visitor's second or later one",
      }),
      gapDays: option(z.number().min(0.05).max(90).default(3), {
        group: 'traffic',
        description:
          'days between two visits of a visitor, median, under the compressed clock; where hits carry no token, as many hours',
      }),
      daysBack: option(whole(1, 365).default(30), {
        group: 'traffic',
        description: 'how many days back the first visit of a visitor is dated at most, with a token',
      }),
    })
    .prefault({}),
  loggedInProbability: newChance('probability that a visitor is logged in and has a user id'),
  contentProbability: newChance('probability that a visit sees blocks of content'),
  contentInteractionProbability: newChance('probability that a block that was seen is clicked', 0.2),
  goals: option(differentIds(goal).default([]), {
    group: 'traffic',
    env: 'none',
    description:
      'goals of the site: id, and probability (told by id) or matches (reached by an address); revenue',
  }),
  dimensions: option(differentIds(dimension).default([]), {
    group: 'traffic',
    env: 'none',
    description: 'custom dimensions of the site: id, scope (visit or action), values, probability',
  }),
  pageTimings: z
    .strictObject({
      probability: newChance('probability that a pageview tells how long its page took to load'),
      scale: option(z.number().min(0.01).max(100).default(1), {
        group: 'traffic',
        description: 'how slow the pages are; 1: about a second on a computer',
      }),
    })
    .prefault({}),
  randomizeCountries: option(z.boolean().default(true), {
    group: 'traffic',
    env: 'RANDOMIZE_VISITOR_COUNTRIES',
    description: 'visitors from all over the world; needs a token',
  }),
  ecommerce: ecommerceSchema.prefault({}),
});
