import { z } from 'zod';

const text = z.string().min(1);
const share = z.number().min(0).max(1);
/** In the currency's unit. */
const amount = z.number().min(0).max(1_000_000_000);

const pageRule = 'must be an http or https URL, or a path from the root of the site, such as /shop';
const page = z
  .string()
  .regex(/^(?:https?:\/\/|\/(?!\/))/, pageRule)
  .refine(isOnTheWeb, pageRule);
const target = text.refine(isOnTheWeb, 'must be an http or https URL, or relative to the page');

/** Resolved as a page's links are. */
function isOnTheWeb(url: string): boolean {
  const base = 'https://site.invalid/';
  return URL.canParse(url, base) && /^https?:$/.test(new URL(url, base).protocol);
}

/** What every step may say besides its type. */
const common = {
  title: z.string().max(120).optional().describe('what the step is called; the title of its page, too'),
  url: page
    .optional()
    .describe('page of the step, absolute or from the root of the site (/shop); default: the page before'),
  action_name: text.optional().describe('title of the page, if it is another than `title`'),
  delay_seconds_min: z
    .number()
    .min(0)
    .max(3600)
    .default(0)
    .describe('shortest time after the step in seconds; at most 1799 are kept'),
  delay_seconds_max: z
    .number()
    .min(0)
    .max(3600)
    .optional()
    .describe('longest time after the step in seconds; default: `delay_seconds_min`'),
  continue_probability: share
    .default(1)
    .describe('probability that a visitor goes on after this step; the others leave the site'),
};

/** Scopes of a custom dimension in Matomo. */
const scope = z.enum(['visit', 'action']);

/** The kinds of steps, each with the keys of its own. The first six are those of the Python Trafficinator. */
const stepSchemas = {
  pageview: z.strictObject({
    type: z.literal('pageview'),
    ...common,
    url: page.describe('page, absolute or from the root of the site (/shop)'),
  }),
  event: z.strictObject({
    type: z.literal('event'),
    ...common,
    event_category: text.describe('category of the event'),
    event_action: text.describe('action of the event'),
    event_name: text.describe('name of the event'),
    event_value: z.number().optional().describe('value of the event'),
  }),
  site_search: z.strictObject({
    type: z.literal('site_search'),
    ...common,
    search_keyword: text.describe('what is searched for'),
    search_category: text.optional().describe('where it is searched'),
    search_results: z.int().min(0).optional().describe('how many results there are; default: 0 to 25, drawn'),
  }),
  outlink: z.strictObject({
    type: z.literal('outlink'),
    ...common,
    target_url: target.describe('where the link leads'),
  }),
  download: z.strictObject({
    type: z.literal('download'),
    ...common,
    target_url: target.describe('the file, absolute or relative to the page'),
  }),
  ecommerce: z.strictObject({
    type: z.literal('ecommerce'),
    ...common,
    ecommerce_revenue: amount.optional().describe('total of the order; default: drawn'),
    ecommerce_subtotal: amount.optional().describe('of the items; default: what makes up the total'),
    ecommerce_tax: amount.optional().describe('tax; default: by `ecommerce.taxRate`'),
    ecommerce_shipping: amount.optional().describe('shipping; default: drawn'),
    ecommerce_items: z.int().min(1).max(1000).optional().describe('how many items; default: the cart'),
    ecommerce_currency: z
      .string()
      .regex(/^[A-Za-z]{3}$/, 'must be a currency of three letters, such as EUR')
      .optional()
      .describe('what the numbers are in; Matomo reads none from a hit'),
  }),
  goal: z.strictObject({
    type: z.literal('goal'),
    ...common,
    goal_id: z.int().min(1).describe('id of the goal on the site'),
    goal_revenue: amount.optional().describe("what it brings; default: what the goal's definition says"),
  }),
  cart: z.strictObject({
    type: z.literal('cart'),
    ...common,
    cart_total: amount.optional().describe('value of the cart; default: that of its items'),
    cart_items: z.int().min(1).max(1000).optional().describe('how many items; default: the products viewed'),
  }),
  product_view: z.strictObject({
    type: z.literal('product_view'),
    ...common,
    product_sku: text.optional().describe('stock number; default: a product of the catalogue is drawn'),
    product_name: text.optional().describe('name of the product'),
    product_category: text.optional().describe('category of the product'),
    product_price: amount.optional().describe('price of the product'),
  }),
  content: z.strictObject({
    type: z.literal('content'),
    ...common,
    content_name: text.describe('name of the content block'),
    content_piece: text.describe('what it shows'),
    content_target: target.optional().describe('where it leads; default: the page'),
    content_interaction: text.optional().describe('what is done with it; default: it is only seen'),
  }),
  dimension: z.strictObject({
    type: z.literal('dimension'),
    ...common,
    dimension_id: z.int().min(1).max(999).describe('id of the custom dimension on the site'),
    dimension_value: z.string().min(1).max(250).describe('its value from here on'),
    dimension_scope: scope
      .default('action')
      .describe('`visit`: of the whole visit; `action`: of the hits that follow'),
  }),
} as const;

const kinds = Object.values(stepSchemas);

export const stepSchema = z.discriminatedUnion('type', kinds as [(typeof kinds)[0], ...typeof kinds]);

export const funnelSchema = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(100)
    .refine(name => name !== 'browse', 'must not be browse, the journey of visits without a funnel')
    .describe('unique; the journey of its visits'),
  description: z.string().max(500).optional().describe('what it is for'),
  probability: share.describe('probability that it runs, where no funnel tried before it does'),
  priority: z.int().min(0).default(0).describe('lower ones are tried first; equal ones in their order'),
  enabled: z.boolean().default(true).describe('false: it never runs'),
  exit_after_completion: z
    .boolean()
    .default(true)
    .describe('false: who comes to its end goes on browsing in the same visit'),
  steps: z.array(stepSchema).min(1).describe('in this order; the first is a pageview'),
});

/** What a configuration has for `funnels`: names of shipped ones, files, folders, and funnels written out. */
export const funnelListSchema = z.array(z.union([text, funnelSchema]));

/** What a funnel file is: the list itself, as the Python Trafficinator has it, or under `funnels`. */
export const funnelFileSchema = z.union([
  z.array(funnelSchema),
  z.strictObject({ funnels: z.array(funnelSchema) }),
]);

/** A funnel as files say it. */
export type FunnelDefinition = z.output<typeof funnelSchema>;
export type StepDefinition = z.output<typeof stepSchema>;
export type StepKind = StepDefinition['type'];

export const stepKinds = Object.keys(stepSchemas) as readonly StepKind[];

/** By kind: the keys its steps may have. */
export const keysOfKind: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(stepSchemas).map(([kind, schema]) => [kind, new Set(Object.keys(schema.shape))]),
);

/** Steps and keys the Python Trafficinator knows: what its files can hold. */
const legacyKinds: ReadonlySet<string> = new Set([
  'pageview',
  'event',
  'site_search',
  'outlink',
  'download',
  'ecommerce',
]);

/** Keys of the Python Trafficinator's steps, which may all stand in a step of any kind. */
export const legacyStepKeys: ReadonlySet<string> = new Set(
  [...keysOfKind].flatMap(([kind, keys]) =>
    legacyKinds.has(kind) ? [...keys].filter(key => key !== 'continue_probability') : [],
  ),
);

export function isLegacyKind(kind: StepKind): boolean {
  return legacyKinds.has(kind);
}
