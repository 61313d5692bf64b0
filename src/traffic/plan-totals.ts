import { hasCampaign } from './campaign-link.ts';
import { convertedGoals } from './converted-goals.ts';
import type { Dimensions } from './dimensions.ts';
import type { ProductView } from './product-view.ts';
import type { Visit } from './visit.ts';
import { visitSeconds } from './visit-seconds.ts';

/** What Matomo will show of planned visits. Figures add up over visits and targets. */
export interface PlanTotals {
  visits: number;
  visitors: number;
  returningVisits: number;
  /** Of visitors with a user id. */
  loggedInVisits: number;
  /** Visits whose first page is one that a campaign leads to. */
  campaignVisits: number;
  hits: number;
  /** Pageviews, events, searches, outlinks and downloads: Matomo's nb_actions. */
  actions: number;
  /** Visits of at most one action. */
  bounces: number;
  /** Sum of what Matomo keeps as a visit's length. */
  visitSeconds: number;
  pageviews: number;
  events: number;
  searches: number;
  outlinks: number;
  downloads: number;
  /** Content seen and interacted with. */
  contents: number;
  /** Of `contents`: interacted with. */
  contentInteractions: number;
  pings: number;
  /** Pageviews that show a product, and those that show a category. */
  productViews: number;
  categoryViews: number;
  /** Pageviews that tell how long their page took. */
  timedPageviews: number;
  /** Values of custom dimensions: one for each dimension of a visit, and of a hit. */
  visitDimensionValues: number;
  actionDimensionValues: number;
  orders: number;
  /** Carts that were left: an order takes the place of its visit's (contract case `cart-then-order`). */
  carts: number;
  goalConversions: number;
  /** Of orders, in cents. */
  revenueCents: number;
  /** Of orders, in cents: what `revenueCents` would be more without. */
  discountCents: number;
  /** Of other goals, in cents, as far as the plan says what a conversion brings. */
  goalRevenueCents: number;
}

export function emptyPlanTotals(): PlanTotals {
  return {
    visits: 0,
    visitors: 0,
    returningVisits: 0,
    loggedInVisits: 0,
    campaignVisits: 0,
    hits: 0,
    actions: 0,
    bounces: 0,
    visitSeconds: 0,
    pageviews: 0,
    events: 0,
    searches: 0,
    outlinks: 0,
    downloads: 0,
    contents: 0,
    contentInteractions: 0,
    pings: 0,
    productViews: 0,
    categoryViews: 0,
    timedPageviews: 0,
    visitDimensionValues: 0,
    actionDimensionValues: 0,
    orders: 0,
    carts: 0,
    goalConversions: 0,
    revenueCents: 0,
    discountCents: 0,
    goalRevenueCents: 0,
  };
}

/** Runs once a visit: each figure by its name, which V8 finds faster than one whose name is read from a table. */
export function addVisit(totals: PlanTotals, visit: Visit): void {
  let actions = 0;
  let hasCart = false;
  for (const hit of visit.hits) {
    if (hit.dimensions !== undefined) totals.actionDimensionValues += valuesIn(hit.dimensions);
    switch (hit.type) {
      case 'pageview':
        totals.pageviews++;
        actions++;
        if (hit.timings !== undefined) totals.timedPageviews++;
        if (hit.product !== undefined) totals[viewFigure(hit.product)]++;
        break;
      case 'event':
        totals.events++;
        actions++;
        break;
      case 'search':
        totals.searches++;
        actions++;
        break;
      case 'outlink':
        totals.outlinks++;
        actions++;
        break;
      case 'download':
        totals.downloads++;
        actions++;
        break;
      case 'content':
        totals.contents++;
        if (hit.deed.interaction !== undefined) totals.contentInteractions++;
        break;
      case 'ping':
        totals.pings++;
        break;
      case 'cart':
        hasCart = true;
        break;
      case 'order':
        hasCart = false;
        totals.orders++;
        totals.revenueCents += hit.deed.order.totalCents;
        totals.discountCents += hit.deed.order.discountCents;
        break;
      case 'goal':
        // Counted by visit.
        break;
      default:
        hit satisfies never;
    }
  }
  totals.visits++;
  if (visit.returning) totals.returningVisits++;
  else totals.visitors++;
  if (visit.userId !== undefined) totals.loggedInVisits++;
  if (hasCampaign(visit.hits[0]?.page.url ?? '')) totals.campaignVisits++;
  if (visit.dimensions !== undefined) totals.visitDimensionValues += valuesIn(visit.dimensions);
  totals.hits += visit.hits.length;
  totals.actions += actions;
  if (actions <= 1) totals.bounces++;
  if (hasCart) totals.carts++;
  const goals = convertedGoals(visit.hits);
  totals.goalConversions += goals.size;
  for (const revenueCents of goals.values()) totals.goalRevenueCents += revenueCents ?? 0;
  totals.visitSeconds += visitSeconds(visit);
}

/** Which figure counts what a page of the shop shows: without a SKU it is a category. */
export function viewFigure({ sku }: ProductView): 'productViews' | 'categoryViews' {
  return sku === undefined ? 'categoryViews' : 'productViews';
}

function valuesIn(dimensions: Dimensions): number {
  let values = 0;
  for (const _ in dimensions) values++;
  return values;
}

export function addTotals(sum: PlanTotals, more: PlanTotals): void {
  for (const figure of Object.keys(more) as (keyof PlanTotals)[]) sum[figure] += more[figure];
}
