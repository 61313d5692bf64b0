import { randomBytes } from 'node:crypto';
import type { ReportingClient } from '../matomo/reporting/reporting-client.ts';
import { ReportingError } from '../matomo/reporting/reporting-error.ts';
import {
  actionsQuestion,
  contentsQuestion,
  conversionsQuestion,
  type DayOfSite,
  eventsQuestion,
  invalidationQuestion,
  referrersQuestion,
  summaryQuestion,
} from '../matomo/reporting/totals.ts';
import type { SiteTotals } from '../run/report.ts';

/** Figures of one day, by the names a verification gives them. */
export type DayTotals = Readonly<Record<string, number>>;

/**
 * A site's totals as its log has them now.
 *
 * A server keeps today's reports for up to 15 minutes. A segment that nobody has used before has no report to keep,
 * and is processed on demand: that of all visitors but one who does not exist is all visits. Where a server processes
 * no such segment, a superuser's token makes it forget its reports, which helps where it then makes new ones; they may
 * be of some time before, and are not `isFresh`.
 *
 * @param days of the site's zone: `2026-11-22`
 * @throws ReportingError
 */
export async function readSiteTotals(
  client: ReportingClient,
  siteId: number,
  days: readonly string[],
): Promise<SiteTotals> {
  const at = new Date().toISOString();
  try {
    return { at, isFresh: true, days: await readDays(client, siteId, days, unusedSegment()) };
  } catch (error) {
    if (!(error instanceof ReportingError) || error.kind !== 'told') throw error;
  }
  await forgetReports(client, siteId, days);
  return { at, isFresh: false, days: await readDays(client, siteId, days, '') };
}

/** As a visitor id, 64 random bits are nobody's, and this reader's alone. */
function unusedSegment(): string {
  return `visitorId!=${randomBytes(8).toString('hex')}`;
}

async function forgetReports(
  client: ReportingClient,
  siteId: number,
  days: readonly string[],
): Promise<void> {
  for (const day of days) {
    try {
      await client.ask(invalidationQuestion(siteId, day));
    } catch (error) {
      // Nobody but a superuser may.
      if (!(error instanceof ReportingError) || error.kind !== 'told') throw error;
      return;
    }
  }
}

async function readDays(
  client: ReportingClient,
  siteId: number,
  days: readonly string[],
  segment: string,
): Promise<Record<string, DayTotals>> {
  const totals: Record<string, DayTotals> = {};
  for (const day of days) totals[day] = await readDay(client, { siteId, day, segment });
  return totals;
}

async function readDay(client: ReportingClient, of: DayOfSite): Promise<DayTotals> {
  const [summary, actions, events, contents, referrers, conversions, all] = await client.askTogether([
    summaryQuestion(of),
    actionsQuestion(of),
    eventsQuestion(of),
    contentsQuestion(of),
    referrersQuestion(of),
    conversionsQuestion(of),
    summaryQuestion({ ...of, segment: '' }),
  ]);
  // Contents is a plugin that may be off; the others every server has.
  for (const answer of [summary, actions, events, referrers, conversions]) {
    if (answer.error !== undefined) throw answer.error;
  }
  if ((summary.value?.nb_visits ?? 0) < (all.value?.nb_visits ?? 0)) {
    // Its reports are never newer than its log: a server that processes no segments on demand answers with nothing.
    throw new ReportingError('told', 'VisitsSummary.get', 'the server processes no segments on demand');
  }
  const converted = sumOf(conversions.value ?? []);
  return {
    visits: summary.value?.nb_visits ?? 0,
    actions: summary.value?.nb_actions ?? 0,
    bounces: summary.value?.bounce_count ?? 0,
    visitSeconds: summary.value?.sum_visit_length ?? 0,
    pageviews: actions.value?.nb_pageviews ?? 0,
    events: sum(events.value ?? [], row => row.nb_events),
    searches: actions.value?.nb_searches ?? 0,
    outlinks: actions.value?.nb_outlinks ?? 0,
    downloads: actions.value?.nb_downloads ?? 0,
    ...(summary.value?.nb_users !== undefined && { users: summary.value.nb_users }),
    ...(contents.value !== undefined && {
      contents: sum(contents.value, row => row.nb_impressions + row.nb_interactions),
      contentInteractions: sum(contents.value, row => row.nb_interactions),
    }),
    ...converted,
    'referrer direct': referrers.value?.Referrers_visitorsFromDirectEntry ?? 0,
    'referrer search': referrers.value?.Referrers_visitorsFromSearchEngines ?? 0,
    'referrer website': referrers.value?.Referrers_visitorsFromWebsites ?? 0,
    'referrer social': referrers.value?.Referrers_visitorsFromSocialNetworks ?? 0,
    'referrer campaign': referrers.value?.Referrers_visitorsFromCampaigns ?? 0,
  };
}

type Conversions = readonly {
  readonly goals: Readonly<
    Record<string, { nb_conversions: number; revenue: number; revenue_discount: number }>
  >;
}[];

/** Besides the sums each goal by itself: `goal 3`, `revenue of goal 3`. */
function sumOf(rows: Conversions): DayTotals {
  const totals: Record<string, number> = { orders: 0, carts: 0, goalConversions: 0, revenue: 0, discount: 0 };
  const add = (name: string, value: number) => {
    totals[name] = (totals[name] ?? 0) + value;
  };
  for (const { goals } of rows) {
    for (const [kind, { nb_conversions: count, revenue, revenue_discount: discount }] of Object.entries(
      goals,
    )) {
      if (kind === 'idgoal=ecommerceOrder') {
        add('orders', count);
        add('revenue', revenue);
        add('discount', discount);
      } else if (kind === 'idgoal=ecommerceAbandonedCart') add('carts', count);
      else {
        const goal = kind.replace('idgoal=', 'goal ');
        add('goalConversions', count);
        add(goal, count);
        add(`revenue of ${goal}`, revenue);
      }
    }
  }
  return Object.fromEntries(
    Object.entries(totals).map(([name, value]) => [name, Math.round(value * 100) / 100]),
  );
}

function sum<T>(rows: readonly T[], of: (row: T) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}
