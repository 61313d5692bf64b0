import type { Product } from '../data/products.ts';
import type { Dimensions } from '../traffic/dimensions.ts';
import type { Order, OrderItem } from '../traffic/order.ts';
import type { PageTimings } from '../traffic/page-timings.ts';
import type { ProductView } from '../traffic/product-view.ts';
import type { Hit, Visit } from '../traffic/visit.ts';
import { encoded, encodedOnce, encodedPage } from './encoding.ts';

/** Of a moment in seconds: V8 keeps the texts of numbers, and the moments of visits in the past are too many. */
const lastThreeDigits: readonly string[] = Array.from({ length: 1000 }, (_, rest) =>
  String(rest).padStart(3, '0'),
);

/** What follows the point in a price as JSON has it: 1250 cents are 12.5. */
const centsTexts: readonly string[] = Array.from({ length: 100 }, (_, cents) => String(cents / 100).slice(1));

/** The visitor's local time, by its parts: written once. */
const minuteOfDayTexts: readonly string[] = Array.from(
  { length: 24 * 60 },
  (_, minute) => `&h=${Math.floor(minute / 60)}&m=${minute % 60}`,
);
const secondTexts: readonly string[] = Array.from({ length: 60 }, (_, second) => `&s=${second}&cdt=`);

/** What every hit to one site begins with, and whether it may carry what needs a token. */
export interface SiteParameters {
  readonly prefix: string;
  readonly withToken: boolean;
}

/** `rec=1` on every hit: without it Matomo answers 200 and records nothing (contract case `rec-missing`). */
export function siteParameters(siteId: number, withToken: boolean): SiteParameters {
  return { prefix: `idsite=${siteId}&rec=1&apiv=1&cid=`, withToken };
}

/**
 * What all hits of a visit have in common: the visitor, with browser, languages and screen.
 *
 * Joined at once it is one piece of memory, whose parts need not be gathered again for each hit.
 */
export function visitParameters(site: SiteParameters, { visitor, visitorId, userId }: Visit): string {
  const { userAgent, clientHints, language, resolution, ip, country } = visitor;
  const parts = [site.prefix, visitorId, '&ua=', encoded(userAgent)];
  if (clientHints !== '') parts.push('&uadata=', encoded(clientHints));
  parts.push('&lang=', encoded(language), '&res=', resolution);
  if (site.withToken && ip !== undefined && country !== undefined) {
    parts.push('&cip=', ip, '&country=', country);
  }
  // Letters, digits, dots, underscores and dashes: nothing of it has to be encoded.
  if (userId !== undefined) parts.push('&uid=', userId);
  return parts.join('');
}

/**
 * One hit as Matomo's tracking API wants it: form-encoded parameters, without the token.
 *
 * Every hit carries its `cid`, because Matomo joins visitors without one by fingerprint
 * (`different-id-same-fingerprint`), and its `cdt`. Without a token no `cip` and no `country` is sent: the hit
 * would be refused (`cip-no-token`, `country-no-token`).
 *
 * Runs once a hit: plain additions, which V8 knows to be of strings, of parts that are encoded once.
 *
 * @param ofVisit what `visitParameters` says of its visit, where that is at hand
 */
export function hitParameters(
  site: SiteParameters,
  visit: Visit,
  at: number,
  ofVisit = visitParameters(site, visit),
): string {
  const hit = visit.hits[at] as Hit;
  const epochSeconds = visit.firstEpochSeconds + hit.atSeconds;
  const localMinutes = Math.floor(epochSeconds / 60) + visit.visitor.utcOffsetMinutes;
  // What a campaign leads to is a page of this visit alone.
  const page = at === 0 && visit.source === 'campaign' ? encodedOnce(hit.page) : encodedPage(hit.page);
  let text =
    ofVisit +
    minuteOfDayTexts[localMinutes % (24 * 60)] +
    secondTexts[epochSeconds % 60] +
    Math.floor(epochSeconds / 1000) +
    lastThreeDigits[epochSeconds % 1000] +
    page.opened +
    hit.pageviewId;
  if (hit.from !== undefined) text += encodedPage(hit.from).referrer;
  else if (hit.referrer !== '') text = text + '&urlref=' + encoded(hit.referrer);
  if (at === 0) {
    text += '&new_visit=1';
    // What a visit keeps is kept from its first hit on.
    if (visit.dimensions !== undefined) text += dimensionParameters(visit.dimensions);
  }
  if (hit.dimensions !== undefined) text += dimensionParameters(hit.dimensions);
  switch (hit.type) {
    case 'pageview':
      text += page.title;
      if (hit.product !== undefined) text += productParameters(hit.product);
      return hit.timings === undefined ? text : text + timingParameters(hit.timings);
    case 'event':
      text =
        text +
        '&e_c=' +
        encoded(hit.deed.category) +
        '&e_a=' +
        encoded(hit.deed.action) +
        '&e_n=' +
        encoded(hit.deed.name);
      return hit.deed.value === undefined ? text : `${text}&e_v=${hit.deed.value}`;
    case 'search':
      text += `&search=${encoded(hit.deed.keyword)}&search_count=${hit.deed.results}`;
      return hit.deed.category === undefined ? text : `${text}&search_cat=${encoded(hit.deed.category)}`;
    case 'outlink':
      return `${text}&link=${encoded(hit.deed.target)}`;
    case 'download':
      return `${text}&download=${encoded(hit.deed.target)}`;
    case 'order':
      return text + orderParameters(hit.deed.order);
    case 'cart':
      return `${text}&idgoal=0&revenue=${decimal(hit.deed.cart.totalCents)}&ec_items=${itemsParameter(hit.deed.cart.items)}`;
    case 'goal':
      text += `&idgoal=${hit.deed.goalId}`;
      return hit.deed.revenueCents === undefined ? text : `${text}&revenue=${decimal(hit.deed.revenueCents)}`;
    case 'content':
      text += `&c_n=${encoded(hit.deed.name)}&c_p=${encoded(hit.deed.piece)}&c_t=${encoded(hit.deed.target)}`;
      return hit.deed.interaction === undefined ? text : `${text}&c_i=${encoded(hit.deed.interaction)}`;
    case 'ping':
      return text + '&ping=1';
  }
}

/** A view with a SKU is a product's, one without is a category's. */
function productParameters({ sku, name, category, priceCents }: ProductView): string {
  if (sku === undefined) return `&_pkc=${encoded(category)}`;
  const price = priceCents === undefined ? '' : `&_pkp=${decimal(priceCents)}`;
  return `&_pks=${encoded(sku)}&_pkn=${encoded(name)}&_pkc=${encoded(category)}${price}`;
}

function timingParameters(timings: PageTimings): string {
  return (
    '&pf_net=' +
    timings.network +
    '&pf_srv=' +
    timings.server +
    '&pf_tfr=' +
    timings.transfer +
    '&pf_dm1=' +
    timings.domProcessing +
    '&pf_dm2=' +
    timings.domCompletion +
    '&pf_onl=' +
    timings.onLoad
  );
}

function dimensionParameters(dimensions: Dimensions): string {
  let text = '';
  for (const id in dimensions) text += `&dimension${id}=${encoded(dimensions[id] ?? '')}`;
  return text;
}

/** `idgoal=0` with an `ec_id` is an order; without, a cart. A missing `revenue` is 0 (`order-without-revenue`). */
function orderParameters(order: Order): string {
  const discount = order.discountCents === 0 ? '' : `&ec_dt=${decimal(order.discountCents)}`;
  return (
    `&idgoal=0&ec_id=${encodeURIComponent(order.id)}&revenue=${decimal(order.totalCents)}` +
    `&ec_st=${decimal(order.subtotalCents)}&ec_tx=${decimal(order.taxCents)}&ec_sh=${decimal(order.shippingCents)}` +
    `${discount}&ec_items=${itemsParameter(order.items)}`
  );
}

/** JSON, encoded: `[["sku","name","category",price,quantity],…]`. */
function itemsParameter(items: readonly OrderItem[]): string {
  let text = '';
  for (const { product, priceCents, quantity } of items) {
    text += `${text === '' ? '%5B' : '%2C'}${productText(product)}${priceText(priceCents)}%2C${quantity}%5D`;
  }
  return text === '' ? '%5B%5D' : `${text}%5D`;
}

/** By product, how its line in an order begins. There are few products, and they are the same through a run. */
const productTexts = new WeakMap<Product, string>();

function productText(product: Product): string {
  let text = productTexts.get(product);
  if (text === undefined) {
    const { sku, name, category } = product;
    text = encodeURIComponent(`${JSON.stringify([sku, name, category]).slice(0, -1)},`);
    productTexts.set(product, text);
  }
  return text;
}

/** As `String(cents / 100)`, of parts that come again: V8 keeps the texts of numbers, and prices are too many. */
function priceText(cents: number): string {
  return Math.floor(cents / 100) + (centsTexts[cents % 100] as string);
}

function decimal(cents: number): string {
  return (cents / 100).toFixed(2);
}
