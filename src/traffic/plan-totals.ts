import type { HitType, Visit } from './visit.ts';

/** What Matomo will show of planned visits. Figures add up over visits and targets. */
export interface PlanTotals {
  visits: number;
  visitors: number;
  returningVisits: number;
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
  contents: number;
  pings: number;
  orders: number;
  carts: number;
  goalConversions: number;
  /** Of orders, in cents. */
  revenueCents: number;
}

export function emptyPlanTotals(): PlanTotals {
  return {
    visits: 0,
    visitors: 0,
    returningVisits: 0,
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
    pings: 0,
    orders: 0,
    carts: 0,
    goalConversions: 0,
    revenueCents: 0,
  };
}

/** Which figure counts a kind of hit, and whether that is an action. */
const kinds = {
  pageview: { figure: 'pageviews', isAction: true },
  event: { figure: 'events', isAction: true },
  search: { figure: 'searches', isAction: true },
  outlink: { figure: 'outlinks', isAction: true },
  download: { figure: 'downloads', isAction: true },
  order: { figure: 'orders', isAction: false },
  ping: { figure: 'pings', isAction: false },
} as const satisfies Record<HitType, { figure: keyof PlanTotals; isAction: boolean }>;

export function addVisit(totals: PlanTotals, visit: Visit): void {
  let actions = 0;
  for (const hit of visit.hits) {
    const { figure, isAction } = kinds[hit.type];
    totals[figure]++;
    if (isAction) actions++;
    if (hit.type === 'order') totals.revenueCents += hit.order.totalCents;
  }
  totals.visits++;
  if (visit.returning) totals.returningVisits++;
  else totals.visitors++;
  totals.hits += visit.hits.length;
  totals.actions += actions;
  if (actions <= 1) totals.bounces++;
  totals.visitSeconds += visitSeconds(visit);
}

export function addTotals(sum: PlanTotals, more: PlanTotals): void {
  for (const figure of Object.keys(more) as (keyof PlanTotals)[]) sum[figure] += more[figure];
}

/** An order adds 2 to the seconds of the visit it is the last hit of, and nothing to others (`seconds-order-last`). */
const ORDER_EXTRA_SECONDS = 2;

/**
 * What Matomo keeps as the length of a visit whose hits arrive in order: each hit sets it anew to 1 + the time
 * since the first + the extra of its own kind, and a visit of one hit has 0 (contract group `visit-seconds`).
 */
export function visitSeconds(visit: Visit): number {
  const last = visit.hits[visit.hits.length - 1];
  if (last === undefined || visit.hits.length === 1) return 0;
  return 1 + last.atSeconds + (last.type === 'order' ? ORDER_EXTRA_SECONDS : 0);
}
