import type { Random } from '../base/random.ts';
import type { Product } from '../data/products.ts';
import { MOST_SEARCH_RESULTS, type Stop } from './browsing.ts';
import type { Deed } from './deed.ts';
import type { Dimensions } from './dimensions.ts';
import type { Funnel, FunnelPassage, FunnelStep, ProductWish } from './funnel.ts';
import { funnelOrder, itemsOf } from './funnel-order.ts';
import type { OrderItem } from './order.ts';
import type { Page } from './pages.ts';
import type { ProductView } from './product-view.ts';
import type { TrafficSettings } from './settings.ts';
import { LONGEST_GAP_SECONDS } from './timing.ts';

/** How one visitor went through a funnel. */
export interface FunnelWalk extends FunnelPassage {
  readonly funnel: Funnel;
  readonly stops: readonly Stop[];
  /** When each hit happens, in whole seconds from the first, and one moment more: the end of the last delay. */
  readonly times: readonly number[];
  /** Custom dimensions of scope "visit". */
  readonly dimensions: Dimensions | undefined;
  /** It came to the end, and goes on browsing in the same visit. */
  readonly goesOn: boolean;
}

/** In a cart of which nothing is said. */
const MOST_CART_ITEMS = 3;

type WalkSettings = Pick<TrafficSettings, 'pages' | 'ecommerce'>;

/**
 * Prepares going through funnels: where each step happens and where links lead is the same for every visitor.
 *
 * The returned function is given the order id of the visit; its orders get ids of their own from it.
 */
export function funnelWalks(
  funnels: readonly Funnel[],
  settings: WalkSettings,
  drawProduct: (random: Random) => Product,
): (random: Random, funnel: Funnel, orderId: string) => FunnelWalk {
  const titles = titlesOf(funnels, settings.pages);
  const prepared = new Map(funnels.map(funnel => [funnel, placed(funnel, settings.pages, titles)]));
  return (random, funnel, orderId) => {
    const stops: Stop[] = [];
    const times: number[] = [];
    const steps: number[] = [];
    const basket = new Map<string, OrderItem>();
    let actionDimensions: Dimensions | undefined;
    let visitDimensions: Dimensions | undefined;
    let orders = 0;
    let nowSeconds = 0;
    let goesOn = true;
    for (const { step, page, target } of prepared.get(funnel) ?? []) {
      steps.push(times.length);
      if (step.type === 'dimension') {
        const value = { [step.id]: step.value };
        if (step.scope === 'visit') visitDimensions = { ...visitDimensions, ...value };
        else actionDimensions = { ...actionDimensions, ...value };
      } else {
        times.push(Math.round(nowSeconds));
        if (step.type === 'pageview') stops.push({ page, deeds: [], dimensions: actionDimensions });
        else if (step.type === 'product_view') {
          const product = viewed(random, step.product, basket, drawProduct);
          stops.push({ page, deeds: [], product, dimensions: actionDimensions });
        } else {
          const stop = stops[stops.length - 1] as Stop;
          const deed = deedOf(random, step, target);
          stop.deeds.push({
            ...deed,
            ...(page !== stop.page && { page }),
            ...(actionDimensions && { dimensions: actionDimensions }),
          });
        }
      }
      const lastHitSeconds = times[times.length - 1] ?? 0;
      nowSeconds = Math.min(
        nowSeconds + random.between(step.delaySeconds.min, step.delaySeconds.max),
        lastHitSeconds + LONGEST_GAP_SECONDS,
      );
      goesOn = random.chance(step.continueProbability);
      if (!goesOn) break;
    }
    times.push(Math.round(nowSeconds));
    const isFinished = steps.length === funnel.steps.length;
    // A dimension that no hit follows was set with the last one.
    const lastHit = stops.length === 1 && times.length === 2 ? 0 : times.length - 1;
    return {
      funnel,
      stops,
      times,
      dimensions: visitDimensions,
      steps: steps.map(hit => Math.min(hit, lastHit)),
      isFinished,
      goesOn: isFinished && goesOn && !funnel.exitAfterCompletion,
    };

    function deedOf(random: Random, step: DeedStep, target: string): Deed {
      switch (step.type) {
        case 'event': {
          const { type, category, action, name, value } = step;
          return { type, category, action, name, value };
        }
        case 'search': {
          const { type, keyword, category } = step;
          return { type, keyword, category, results: step.results ?? random.integer(0, MOST_SEARCH_RESULTS) };
        }
        case 'outlink':
        case 'download':
          return { type: step.type, target };
        case 'goal': {
          const { type, goalId, revenue } = step;
          return {
            type,
            goalId,
            revenueCents: revenue === undefined ? undefined : Math.round(revenue * 100),
          };
        }
        case 'content': {
          const { type, name, piece, interaction } = step;
          return { type, name, piece, target, interaction };
        }
        case 'cart': {
          fill(random, basket, step.items, drawProduct);
          const items = [...basket.values()];
          const wanted = step.total === undefined ? sumOf(items) : Math.round(step.total * 100);
          const cart = itemsOf({ items }, wanted);
          basket.clear();
          for (const item of cart.items) basket.set(item.product.sku, item);
          return { type: 'cart', cart: { items: cart.items, totalCents: wanted } };
        }
        case 'order': {
          const { items } = step.order;
          if (basket.size > 0 && items !== undefined) fill(random, basket, items, drawProduct);
          const ground = { id: `${orderId}-${++orders}`, cart: [...basket.values()] };
          const order = funnelOrder(random, step.order, {
            ...ground,
            settings: settings.ecommerce,
            drawProduct,
          });
          basket.clear();
          return { type: 'order', order };
        }
      }
    }
  };
}

type DeedStep = Exclude<FunnelStep, { readonly type: 'pageview' | 'product_view' | 'dimension' }>;

/** A step with what does not depend on the visitor. */
interface PlacedStep {
  readonly step: FunnelStep;
  readonly page: Page;
  /** Absolute; '' where the step has none. */
  readonly target: string;
}

function placed(funnel: Funnel, pages: readonly Page[], titles: ReadonlyMap<string, string>): PlacedStep[] {
  let page = pages[0] as Page;
  return funnel.steps.map((step, at) => {
    if (step.url !== undefined || step.title !== undefined) {
      const url = step.url === undefined ? page.url : absolute(step.url, pages);
      const title = step.title ?? titles.get(url) ?? `${funnel.name} (${at + 1}/${funnel.steps.length})`;
      // A label of an event or an order gives its page no other title.
      if (opensPage(step) || url !== page.url) page = { url, title };
    }
    return { step, page, target: targetOf(step, page) };
  });
}

/** The pages of all steps, each once. */
export function pagesOf(funnels: readonly Funnel[], pages: readonly Page[]): readonly Page[] {
  const titles = titlesOf(funnels, pages);
  const all = funnels.flatMap(funnel => placed(funnel, pages, titles));
  return [...new Map(all.map(({ page }) => [page.url, page])).values()];
}

function opensPage({ type }: FunnelStep): boolean {
  return type === 'pageview' || type === 'product_view';
}

function targetOf(step: FunnelStep, page: Page): string {
  if (step.type === 'outlink' || step.type === 'download') return new URL(step.target, page.url).href;
  return step.type === 'content' ? new URL(step.target ?? '', page.url).href : '';
}

/** Paths from the root are of the site the first page belongs to. */
function absolute(url: string, pages: readonly Page[]): string {
  return url.startsWith('/') ? `${new URL(pages[0]?.url ?? '').origin}${url}` : url;
}

/** The titles the page list has for the pages of funnels. */
function titlesOf(funnels: readonly Funnel[], pages: readonly Page[]): ReadonlyMap<string, string> {
  const urls = new Set(
    funnels.flatMap(({ steps }) =>
      steps.flatMap(({ url }) => (url === undefined ? [] : [absolute(url, pages)])),
    ),
  );
  const titles = new Map<string, string>();
  for (const { url, title } of pages) if (urls.has(url) && !titles.has(url)) titles.set(url, title);
  return titles;
}

/** What a page shows. A product goes into the basket, where the next cart or order finds it. */
function viewed(
  random: Random,
  wish: ProductWish,
  basket: Map<string, OrderItem>,
  drawProduct: (random: Random) => Product,
): ProductView {
  const { sku, name = sku ?? '', category = '', price = 0 } = wish;
  if (sku === undefined && wish.category !== undefined) {
    return { sku: undefined, name: '', category, priceCents: undefined };
  }
  const product = sku === undefined ? drawProduct(random) : { sku, name, category, price };
  const priceCents = Math.round(product.price * 100);
  basket.set(product.sku, { product, priceCents, quantity: 1 });
  return { sku: product.sku, name: product.name, category: product.category, priceCents };
}

/** Makes the basket hold `count` products, the last ones viewed first; a few, where nothing was viewed and said. */
function fill(
  random: Random,
  basket: Map<string, OrderItem>,
  count: number | undefined,
  drawProduct: (random: Random) => Product,
): void {
  const wanted = count ?? (basket.size === 0 ? random.integer(1, MOST_CART_ITEMS) : basket.size);
  const surplus = [...basket.keys()].slice(0, Math.max(0, basket.size - wanted));
  for (const sku of surplus) basket.delete(sku);
  // There are only so many products.
  for (let tries = 0; basket.size < wanted && tries < wanted * 20; tries++) {
    const product = drawProduct(random);
    basket.set(product.sku, { product, priceCents: Math.round(product.price * 100), quantity: 1 });
  }
}

function sumOf(items: readonly OrderItem[]): number {
  return items.reduce((sum, { priceCents, quantity }) => sum + priceCents * quantity, 0);
}
