import { type Random, weighted } from '../base/random.ts';
import { type ContentBlock, contentBlocks } from '../data/content-blocks.ts';
import { downloads } from '../data/downloads.ts';
import { behaviourEvents, clickEvents, type EventTemplate } from '../data/events.ts';
import { outlinks } from '../data/outlinks.ts';
import { type Product, products } from '../data/products.ts';
import { searchCategories, searchTerms } from '../data/search-terms.ts';
import type { Deed } from './deed.ts';
import type { Dimensions } from './dimensions.ts';
import { logNormalWithin } from './log-normal.ts';
import { drawOrder, type Order, PRICE_SPREAD } from './order.ts';
import type { Page } from './pages.ts';
import type { ProductView } from './product-view.ts';
import type { EcommerceSettings, TrafficSettings } from './settings.ts';
import { type ShoppingTrip, shopping } from './shopping.ts';
import { siteMap } from './site-map.ts';

/** A page that is opened, and what is done on it, in order. */
export interface Stop {
  page: Page;
  readonly deeds: Deed[];
  /** The product or the category of the shop that the page shows. */
  product?: ProductView | undefined;
  /** Custom dimensions of scope "action", of the pageview. */
  dimensions?: Dimensions | undefined;
}

/** That a search finds. */
export const MOST_SEARCH_RESULTS = 25;
const SEARCH_CATEGORY_PROBABILITY = 0.3;
const MOST_CONTENTS = 3;

/** Where half of all visits are with the shape "long-tail": a fifth of the way from the fewest pageviews to the most. */
const LONG_TAIL_MEDIAN = 0.2;
const LONG_TAIL_SPREAD = 0.9;

/**
 * Prepares free browsing: an entry page by popularity, then mostly pages nearby. Searches, events, outlinks,
 * downloads, orders and all else happen on a page, after its pageview and never instead of it; a visit of one page has
 * none of them.
 *
 * What came after the first release is drawn from `extra`, so that switching it on or off changes nothing else of a
 * visit, and plans without it stay what they were.
 */
export function browsing(
  settings: TrafficSettings,
): (random: Random, orderId: string, extra: Random) => Stop[] {
  const map = siteMap(settings.pages);
  const offers = offersOf(settings.pages);
  const drawProduct = weighted(affordable(settings), () => 1);
  const shop = shops(settings) ? shopping(settings.pages) : undefined;
  const clicks = settings.clickEvents ?? clickEvents;
  const behaviour = settings.behaviourEvents ?? behaviourEvents;
  const manualGoals = settings.goals.filter(({ matches }) => matches === undefined);
  const page = (index: number) => settings.pages[index] as Page;

  return (random, orderId, extra) => {
    const count = pageCount(random, extra, settings);
    const stops: Stop[] = [];
    for (let at = 0, index = 0; at < count; at++) {
      index = at === 0 ? map.entry(random) : map.next(random, index);
      stops.push({ page: page(index), deeds: [] });
    }
    if (count === 1) return stops;

    const somewhere = () => stops[random.integer(0, count - 1)] as Stop;
    if (random.chance(settings.behaviourEventProbability)) somewhere().deeds.push(eventOf(random, behaviour));
    if (random.chance(settings.clickEventProbability)) somewhere().deeds.push(eventOf(random, clicks));
    if (random.chance(settings.searchProbability)) somewhere().deeds.push(drawSearch(random));
    if (random.chance(settings.downloadProbability)) {
      const { page, deeds } = somewhere();
      deeds.push({ type: 'download', target: one(random, offers(page).downloads) });
    }
    if (random.chance(settings.outlinkProbability)) {
      somewhere().deeds.push({ type: 'outlink', target: one(random, outlinks) });
    }
    const { ecommerce } = settings;
    let order: Order | undefined;
    if (random.chance(ecommerce.probability)) {
      order = drawOrder(random, orderId, ecommerce, drawProduct, drawDiscount(extra, ecommerce));
    }
    if (shop !== undefined) {
      const trip = drawTrip(extra, settings, order, drawProduct);
      if (trip !== undefined) shop(extra, stops, trip);
    }
    if (settings.contentProbability > 0) addContents(extra, stops, settings, offers);
    for (const { id, probability, revenue } of manualGoals) {
      if (!extra.chance(probability)) continue;
      const revenueCents = revenue && Math.round(extra.between(revenue.min, revenue.max) * 100);
      one(extra, stops).deeds.push({ type: 'goal', goalId: id, revenueCents });
    }
    if (order !== undefined) (stops[count - 1] as Stop).deeds.push({ type: 'order', order });
    return stops;
  };
}

/** How many pages a visit has. */
function pageCount(random: Random, extra: Random, settings: TrafficSettings): number {
  const { min, max } = settings.pageviews;
  const { bounceProbability } = settings;
  // Where the share of bounces is said, no other visit is one.
  const least = bounceProbability > 0 ? Math.min(Math.max(min, 2), max) : min;
  if (bounceProbability > 0 && extra.chance(bounceProbability)) return 1;
  if (settings.shape === 'flat') return random.integer(least, max);
  const span = max - least;
  return (
    least +
    Math.floor(
      logNormalWithin(random, 0.5 + span * LONG_TAIL_MEDIAN, LONG_TAIL_SPREAD, { min: 0, max: span + 0.999 }),
    )
  );
}

/** Whether any visit looks at products or fills a cart. */
function shops({ ecommerce }: TrafficSettings): boolean {
  const { productViewProbability, cartProbability, abandonedCartProbability } = ecommerce;
  return productViewProbability > 0 || cartProbability > 0 || abandonedCartProbability > 0;
}

function drawTrip(
  random: Random,
  { ecommerce }: TrafficSettings,
  order: Order | undefined,
  drawProduct: (random: Random) => Product,
): ShoppingTrip | undefined {
  const { productViewProbability, cartProbability, abandonedCartProbability } = ecommerce;
  const fillsCart = random.chance(order === undefined ? abandonedCartProbability : cartProbability);
  const buys = order !== undefined || fillsCart;
  const looksAtProducts = random.chance(productViewProbability) || (productViewProbability > 0 && buys);
  if (!fillsCart && !looksAtProducts) return undefined;
  const items = order?.items ?? drawOrder(random, '', ecommerce, drawProduct).items;
  return { items, looksAtProducts, fillsCart, orders: order !== undefined };
}

function drawDiscount(random: Random, { discountProbability, discountRate }: EcommerceSettings): number {
  return random.chance(discountProbability) ? random.between(discountRate.min, discountRate.max) : 0;
}

/** What the pages of an origin offer besides, by absolute addresses: made once, because a new text is hashed to be found encoded. */
interface Offers {
  readonly downloads: readonly string[];
  readonly contents: readonly ContentBlock[];
}

function offersOf(pages: readonly Page[]): (page: Page) => Offers {
  const byOrigin = new Map<string, Offers>();
  const byPage = new Map<Page, Offers>();
  for (const page of pages) {
    const { origin } = new URL(page.url);
    let offers = byOrigin.get(origin);
    if (offers === undefined) {
      offers = {
        downloads: downloads.map(path => origin + path),
        contents: contentBlocks.map(({ name, piece, target, interaction }) => ({
          name,
          piece,
          target: origin + target,
          interaction,
        })),
      };
      byOrigin.set(origin, offers);
    }
    byPage.set(page, offers);
  }
  return page => byPage.get(page) as Offers;
}

/** A block is seen on the page it stands on, and may be clicked after that. */
function addContents(
  random: Random,
  stops: readonly Stop[],
  { contentProbability, contentInteractionProbability }: TrafficSettings,
  offers: (page: Page) => Offers,
): void {
  if (!random.chance(contentProbability)) return;
  for (let seen = random.integer(1, MOST_CONTENTS); seen > 0; seen--) {
    const { page, deeds } = one(random, stops);
    const { name, piece, target, interaction } = one(random, offers(page).contents);
    deeds.push({ type: 'content', name, piece, target, interaction: undefined });
    if (random.chance(contentInteractionProbability)) {
      deeds.push({ type: 'content', name, piece, target, interaction });
    }
  }
}

/** Products whose price alone does not exceed what an order may cost; all, where there is none. */
export function affordable({ ecommerce }: Pick<TrafficSettings, 'ecommerce'>) {
  const fitting = products.filter(
    product => product.price * (1 + PRICE_SPREAD) * (1 + ecommerce.taxRate) <= ecommerce.orderValue.max,
  );
  return fitting.length === 0 ? products : fitting;
}

function eventOf(random: Random, templates: readonly EventTemplate[]): Deed {
  const { category, action, name, value } = one(random, templates);
  return {
    type: 'event',
    category,
    action,
    name,
    value: value === null ? undefined : random.integer(value.min, value.max),
  };
}

function drawSearch(random: Random): Deed {
  return {
    type: 'search',
    keyword: one(random, searchTerms),
    category: random.chance(SEARCH_CATEGORY_PROBABILITY) ? one(random, searchCategories) : undefined,
    results: random.integer(0, MOST_SEARCH_RESULTS),
  };
}

function one<T>(random: Random, rows: readonly T[]): T {
  return rows[random.integer(0, rows.length - 1)] as T;
}
