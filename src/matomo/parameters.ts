import type { Order, OrderItem } from '../traffic/order.ts';
import type { PageTimings } from '../traffic/page-timings.ts';
import type { ProductView } from '../traffic/product-view.ts';
import type { Dimensions, Hit, PageviewHit, Visit } from '../traffic/visit.ts';
import { encoded } from './encoding.ts';

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
 * One hit as Matomo's tracking API wants it: form-encoded parameters, without the token.
 *
 * Every hit carries its `cid`, because Matomo joins visitors without one by fingerprint
 * (`different-id-same-fingerprint`), and its `cdt`. Without a token no `cip` and no `country` is sent: the hit
 * would be refused (`cip-no-token`, `country-no-token`).
 *
 * Runs once a hit: plain concatenation of parts that are encoded once.
 */
export function hitParameters(site: SiteParameters, visit: Visit, at: number): string {
  const hit = visit.hits[at] as Hit;
  const { visitor } = visit;
  const epochSeconds = visit.firstEpochSeconds + hit.atSeconds;
  const localSeconds = epochSeconds + visitor.utcOffsetMinutes * 60;
  let text =
    site.prefix +
    visit.visitorId +
    (at === 0 ? '&new_visit=1&ua=' : '&ua=') +
    encoded(visitor.userAgent) +
    (visitor.clientHints === '' ? '' : `&uadata=${encoded(visitor.clientHints)}`) +
    '&lang=' +
    encoded(visitor.language) +
    '&res=' +
    visitor.resolution +
    '&h=' +
    (Math.floor(localSeconds / 3600) % 24) +
    '&m=' +
    (Math.floor(localSeconds / 60) % 60) +
    '&s=' +
    (localSeconds % 60) +
    '&cdt=' +
    epochSeconds;
  if (site.withToken && visitor.ip !== undefined && visitor.country !== undefined) {
    text += `&cip=${visitor.ip}&country=${visitor.country}`;
  }
  text += `&url=${encoded(hit.page.url)}&pv_id=${hit.pageviewId}`;
  if (hit.referrer !== '') text += `&urlref=${encoded(hit.referrer)}`;
  // Letters, digits, dots, underscores and dashes: nothing of it has to be encoded.
  if (visit.userId !== undefined) text += `&uid=${visit.userId}`;
  // What a visit keeps is kept from its first hit on.
  if (at === 0 && visit.dimensions !== undefined) text += dimensionParameters(visit.dimensions);
  if (hit.dimensions !== undefined) text += dimensionParameters(hit.dimensions);
  switch (hit.type) {
    case 'pageview':
      return text + pageviewParameters(hit);
    case 'event':
      text += `&e_c=${encoded(hit.category)}&e_a=${encoded(hit.action)}&e_n=${encoded(hit.name)}`;
      return hit.value === undefined ? text : `${text}&e_v=${hit.value}`;
    case 'search':
      text += `&search=${encoded(hit.keyword)}&search_count=${hit.results}`;
      return hit.category === undefined ? text : `${text}&search_cat=${encoded(hit.category)}`;
    case 'outlink':
      return `${text}&link=${encoded(hit.target)}`;
    case 'download':
      return `${text}&download=${encoded(hit.target)}`;
    case 'order':
      return text + orderParameters(hit.order);
    case 'cart':
      return `${text}&idgoal=0&revenue=${decimal(hit.cart.totalCents)}&ec_items=${itemsParameter(hit.cart.items)}`;
    case 'goal':
      text += `&idgoal=${hit.goalId}`;
      return hit.revenueCents === undefined ? text : `${text}&revenue=${decimal(hit.revenueCents)}`;
    case 'content':
      text += `&c_n=${encoded(hit.name)}&c_p=${encoded(hit.piece)}&c_t=${encoded(hit.target)}`;
      return hit.interaction === undefined ? text : `${text}&c_i=${encoded(hit.interaction)}`;
    case 'ping':
      return `${text}&ping=1`;
  }
}

function pageviewParameters({ page, product, timings }: PageviewHit): string {
  let text = `&action_name=${encoded(page.title)}`;
  if (product !== undefined) text += productParameters(product);
  if (timings !== undefined) text += timingParameters(timings);
  return text;
}

/** A view with a SKU is a product's, one without is a category's. */
function productParameters({ sku, name, category, priceCents }: ProductView): string {
  if (sku === undefined) return `&_pkc=${encoded(category)}`;
  const price = priceCents === undefined ? '' : `&_pkp=${decimal(priceCents)}`;
  return `&_pks=${encoded(sku)}&_pkn=${encoded(name)}&_pkc=${encoded(category)}${price}`;
}

function timingParameters(timings: PageTimings): string {
  return (
    `&pf_net=${timings.network}&pf_srv=${timings.server}&pf_tfr=${timings.transfer}` +
    `&pf_dm1=${timings.domProcessing}&pf_dm2=${timings.domCompletion}&pf_onl=${timings.onLoad}`
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

function itemsParameter(items: readonly OrderItem[]): string {
  const rows = items.map(({ product, priceCents, quantity }) => [
    product.sku,
    product.name,
    product.category,
    priceCents / 100,
    quantity,
  ]);
  return encodeURIComponent(JSON.stringify(rows));
}

function decimal(cents: number): string {
  return (cents / 100).toFixed(2);
}
