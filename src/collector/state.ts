import type { FailedLogins } from './authentication.ts';
import type { CollectorSite } from './site.ts';
import type { ActionType, Visit } from './visit.ts';

/** What was recorded, counted. `actions` leaves content out, as `nb_actions` does; `revenue` is that of orders. */
export interface CollectorTotals {
  visits: number;
  actions: number;
  pageviews: number;
  events: number;
  searches: number;
  outlinks: number;
  downloads: number;
  contents: number;
  orders: number;
  carts: number;
  goalConversions: number;
  /** Visits of at most one action. */
  bounces: number;
  visitSeconds: number;
  revenue: number;
}

/** A visit as the state shows it; times are epoch seconds. */
export interface VisitSummary {
  siteId: number;
  visitorId: string;
  actions: number;
  totalTimeSeconds: number;
  returning: number;
  visitCount: number;
  firstActionAt: number;
  lastActionAt: number;
}

export interface CollectorState {
  totals: CollectorTotals;
  /** By site id. */
  sites: Record<string, CollectorTotals>;
  failedLogins: number;
  visits?: VisitSummary[];
}

const columns = {
  pageview: 'pageviews',
  event: 'events',
  search: 'searches',
  outlink: 'outlinks',
  download: 'downloads',
  content: 'contents',
} as const satisfies Record<ActionType, keyof CollectorTotals>;

/** Counts what is recorded. */
export function stateOf(
  visits: readonly Visit[],
  sites: readonly CollectorSite[],
  failures: FailedLogins,
  options: { visits?: boolean } = {},
): CollectorState {
  const bySite: Record<string, CollectorTotals> = {};
  for (const { id } of sites) bySite[id] = nothing();
  for (const visit of visits) {
    const totals = bySite[visit.siteId] ?? nothing();
    bySite[visit.siteId] = totals;
    addVisit(totals, visit);
  }
  const state: CollectorState = {
    totals: sumOf(Object.values(bySite)),
    sites: bySite,
    failedLogins: failures.total,
  };
  return options.visits ? { ...state, visits: visits.map(summary) } : state;
}

function addVisit(totals: CollectorTotals, visit: Visit): void {
  totals.visits++;
  totals.actions += visit.totalActions;
  totals.visitSeconds += visit.totalTimeSeconds;
  if (visit.totalActions <= 1) totals.bounces++;
  for (const { type } of visit.actions) totals[columns[type]]++;
  for (const { type, revenue } of visit.conversions) {
    if (type === 'goal') totals.goalConversions++;
    else if (type === 'cart') totals.carts++;
    else {
      totals.orders++;
      totals.revenue = addedMoney(totals.revenue, revenue);
    }
  }
}

/** Sums of decimals drift; cents do not. */
function addedMoney(one: number, other: number): number {
  return (Math.round(one * 100) + Math.round(other * 100)) / 100;
}

function sumOf(all: readonly CollectorTotals[]): CollectorTotals {
  const sum = nothing();
  for (const totals of all) {
    for (const name of Object.keys(sum) as (keyof CollectorTotals)[]) {
      sum[name] = name === 'revenue' ? addedMoney(sum.revenue, totals.revenue) : sum[name] + totals[name];
    }
  }
  return sum;
}

function nothing(): CollectorTotals {
  return {
    visits: 0,
    actions: 0,
    pageviews: 0,
    events: 0,
    searches: 0,
    outlinks: 0,
    downloads: 0,
    contents: 0,
    orders: 0,
    carts: 0,
    goalConversions: 0,
    bounces: 0,
    visitSeconds: 0,
    revenue: 0,
  };
}

function summary(visit: Visit): VisitSummary {
  return {
    siteId: visit.siteId,
    visitorId: visit.visitorId,
    actions: visit.totalActions,
    totalTimeSeconds: visit.totalTimeSeconds,
    returning: visit.returning,
    visitCount: visit.visitCount,
    firstActionAt: visit.firstActionAt,
    lastActionAt: visit.lastActionAt,
  };
}
