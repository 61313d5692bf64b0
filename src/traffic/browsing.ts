import { type Random, weighted } from '../base/random.ts';
import { downloads } from '../data/downloads.ts';
import { behaviourEvents, clickEvents, type EventTemplate } from '../data/events.ts';
import { outlinks } from '../data/outlinks.ts';
import { products } from '../data/products.ts';
import { searchCategories, searchTerms } from '../data/search-terms.ts';
import { type Cart, drawOrder, type Order, PRICE_SPREAD } from './order.ts';
import type { Page } from './pages.ts';
import type { ProductView } from './product-view.ts';
import type { TrafficSettings } from './settings.ts';
import { siteMap } from './site-map.ts';
import type { Dimensions } from './visit.ts';

/** Something a visitor does on a page after opening it. */
export type PageDeed =
  | {
      readonly type: 'event';
      readonly category: string;
      readonly action: string;
      readonly name: string;
      readonly value: number | undefined;
    }
  | {
      readonly type: 'search';
      readonly keyword: string;
      readonly category: string | undefined;
      readonly results: number;
    }
  | { readonly type: 'outlink'; readonly target: string }
  | { readonly type: 'download'; readonly target: string }
  | { readonly type: 'order'; readonly order: Order }
  | { readonly type: 'cart'; readonly cart: Cart }
  | { readonly type: 'goal'; readonly goalId: number; readonly revenueCents: number | undefined }
  | {
      readonly type: 'content';
      readonly name: string;
      readonly piece: string;
      readonly target: string;
      readonly interaction: string | undefined;
    };

/** A page that is opened, and what is done on it, in order. */
export interface Stop {
  page: Page;
  readonly deeds: PageDeed[];
  /** The product or the category of the shop that the page shows. */
  product?: ProductView | undefined;
  /** Custom dimensions of scope "action", of the pageview. */
  dimensions?: Dimensions | undefined;
}

const MOST_SEARCH_RESULTS = 25;
const SEARCH_CATEGORY_PROBABILITY = 0.3;

/**
 * Prepares free browsing: an entry page by popularity, then mostly pages nearby. Searches, events, outlinks,
 * downloads and the order happen on a page, after its pageview and never instead of it; a visit of one page has
 * none of them.
 */
export function browsing(settings: TrafficSettings): (random: Random, orderId: string) => Stop[] {
  const map = siteMap(settings.pages);
  const origins = new Map(settings.pages.map(page => [page, new URL(page.url).origin]));
  const drawProduct = weighted(affordable(settings), () => 1);
  const page = (index: number) => settings.pages[index] as Page;

  return (random, orderId) => {
    const count = random.integer(settings.pageviews.min, settings.pageviews.max);
    const stops: Stop[] = [];
    for (let at = 0, index = 0; at < count; at++) {
      index = at === 0 ? map.entry(random) : map.next(random, index);
      stops.push({ page: page(index), deeds: [] });
    }
    if (count === 1) return stops;

    const somewhere = () => stops[random.integer(0, count - 1)] as Stop;
    if (random.chance(settings.behaviourEventProbability))
      somewhere().deeds.push(eventOf(random, behaviourEvents));
    if (random.chance(settings.clickEventProbability)) somewhere().deeds.push(eventOf(random, clickEvents));
    if (random.chance(settings.searchProbability)) somewhere().deeds.push(drawSearch(random));
    if (random.chance(settings.downloadProbability)) {
      const { page, deeds } = somewhere();
      deeds.push({ type: 'download', target: `${origins.get(page)}${one(random, downloads)}` });
    }
    if (random.chance(settings.outlinkProbability)) {
      somewhere().deeds.push({ type: 'outlink', target: one(random, outlinks) });
    }
    if (random.chance(settings.ecommerce.probability)) {
      const last = stops[count - 1] as Stop;
      last.deeds.push({ type: 'order', order: drawOrder(random, orderId, settings.ecommerce, drawProduct) });
    }
    return stops;
  };
}

/** Products whose price alone does not exceed what an order may cost; all, where there is none. */
function affordable({ ecommerce }: TrafficSettings) {
  const fitting = products.filter(
    product => product.price * (1 + PRICE_SPREAD) * (1 + ecommerce.taxRate) <= ecommerce.orderValue.max,
  );
  return fitting.length === 0 ? products : fitting;
}

function eventOf(random: Random, templates: readonly EventTemplate[]): PageDeed {
  const { category, action, name, value } = one(random, templates);
  return {
    type: 'event',
    category,
    action,
    name,
    value: value === null ? undefined : random.integer(value.min, value.max),
  };
}

function drawSearch(random: Random): PageDeed {
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
