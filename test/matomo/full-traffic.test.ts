import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { replayPlan } from '../../src/run/plan-walk.ts';
import type { Report, Verification } from '../../src/run/report.ts';
import type { RunConfig } from '../../src/run/run-config.ts';
import type { Hit, Visit } from '../../src/traffic/visit.ts';
import { expectedReferrer } from '../../src/verification/expected-referrer.ts';
import { verifyRun } from '../../src/verification/verify-run.ts';
import { fullEcommerce, fullTraffic } from '../support/plain-traffic.ts';
import { runConfig, start, targetConfig, traffic } from '../support/run-config.ts';
import { defineGoalsAndDimensions, type ThrowAwaySite, throwAwaySite } from './throw-away-site.ts';

/**
 * Runs with all that can be switched on, each into a site of its own on a real Matomo: every report shows what the plan
 * says and nothing else.
 */
const { MATOMO_URL: url, MATOMO_TOKEN_AUTH: token } = process.env;
const LONGEST_MS = 300_000;

const ways = [
  { transport: 'bulk', withToken: false, visits: 300 },
  { transport: 'single', withToken: true, visits: 120 },
  { transport: 'bulk', withToken: true, visits: 120 },
  { transport: 'single', withToken: false, visits: 120 },
] as const;

if (!url || !token) {
  console.log('Skipped: no reports of a real Matomo, because MATOMO_URL or MATOMO_TOKEN_AUTH is not set.');
  describe.skip('the reports of a real Matomo', () => it('need MATOMO_URL and MATOMO_TOKEN_AUTH', () => {}));
} else {
  describe.each(ways)('with all that can be switched on, $transport, with token $withToken', way => {
    let site: ThrowAwaySite;
    let config: RunConfig;
    let report: Report;
    let visits: readonly Visit[];
    const ask = <T>(method: string, answer: z.ZodType<T>, more: Readonly<Record<string, string>> = {}) => {
      const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
      const date = `${day(-1)},${day(0)}`;
      const parameters = {
        period: 'range',
        date,
        format_metrics: '0',
        filter_limit: '-1',
        ...more,
      };
      return site.ask(method, parameters, answer);
    };

    beforeAll(async () => {
      site = await throwAwaySite(url, token);
      await defineGoalsAndDimensions(site);
      const { transport, withToken, visits: count } = way;
      const target = targetConfig(url, {
        transport,
        siteId: site.id,
        token: withToken ? token : undefined,
        timeoutSeconds: 60,
        concurrency: 20,
        connections: 20,
      });
      config = runConfig(target, {
        visits: count,
        visitsPerSecond: 10,
        runId: `full-${transport}-${withToken}-${Date.now()}`,
        traffic: {
          ...traffic,
          ...fullTraffic,
          pageviews: { min: 1, max: 6 },
          visitMinutes: { min: 0.5, max: 20 },
          ecommerce: { ...traffic.ecommerce, ...fullEcommerce },
        },
      });
      report = await start(config).done;
      visits = [...(replayPlan(config, report).targets[0]?.visits() ?? [])];
    }, LONGEST_MS);

    afterAll(() => site.remove());

    it('every hit is accepted and every visit recorded as it is planned, by Live', async () => {
      expect(report.visits).toMatchObject({ planned: way.visits, completed: way.visits });
      expectAllEqual(await verify(config, report, token));
    });

    it('VisitsSummary.get shows the visits, their actions, bounces and seconds', async () => {
      const { plan } = report;
      const summary = await ask(
        'VisitsSummary.get',
        z.object({ nb_visits: number, nb_actions: number, bounce_count: number, sum_visit_length: number }),
      );
      expect(summary).toEqual({
        nb_visits: plan.visits,
        nb_actions: plan.actions,
        bounce_count: plan.bounces,
        sum_visit_length: plan.visitSeconds,
      });
    });

    it('UserId.getUsers shows those who were logged in', async () => {
      const users = await ask('UserId.getUsers', rowsOf({ nb_visits: number }));
      const planned = visits.flatMap(({ userId }) => userId ?? []);
      expect(planned.length).toBeGreaterThan(way.visits / 3);
      expect(users.map(({ label }) => label).sort()).toEqual(planned.sort());
      for (const { nb_visits } of users) expect(nb_visits).toBe(1);
    });

    it('Referrers.getReferrerType, getCampaigns and getSocials show where visits come from', async () => {
      const sources = visits.map(visit => expectedReferrer(visit, visit.hits[0] as Hit));
      const types: Readonly<Record<string, string>> = {
        'Direct Entry': 'direct',
        'Search Engines': 'search',
        Websites: 'website',
        'Social Networks': 'social',
        Campaigns: 'campaign',
      };
      const byType = await ask('Referrers.getReferrerType', rowsOf({ nb_visits: number }));
      expect(counts(byType.map(row => ({ ...row, label: types[row.label] ?? row.label })))).toEqual(
        tally(sources.map(({ type }) => type ?? '')),
      );
      const named = (type: string) =>
        tally(sources.filter(one => one.type === type).map(one => one.name ?? ''));
      const socials = await ask('Referrers.getSocials', rowsOf({ nb_visits: number }));
      expect(counts(socials)).toEqual(named('social'));
      const campaigns = await ask('Referrers.getCampaigns', rowsOf({ nb_visits: number }));
      expect(counts(campaigns)).toEqual(named('campaign'));
    });

    it('Goals.get shows each goal, orders and abandoned carts', async () => {
      const answer = z.object({ nb_conversions: number, revenue: number.default(0) });
      let [conversions, revenue] = [0, 0];
      for (const id of [1, 2, 3, 4]) {
        const goal = await ask('Goals.get', answer, { idGoal: String(id) });
        expect(goal.nb_conversions).toBe(visits.filter(({ hits }) => hits.some(converting(id))).length);
        conversions += goal.nb_conversions;
        revenue += goal.revenue;
      }
      expect(conversions).toBe(report.plan.goalConversions);
      expect(revenue).toBeCloseTo(report.plan.goalRevenue, 2);
      const orders = await ask('Goals.get', answer, { idGoal: 'ecommerceOrder' });
      expect(orders.nb_conversions).toBe(report.plan.orders);
      expect(orders.revenue).toBeCloseTo(report.plan.revenue, 2);
      const carts = await ask('Goals.get', answer, { idGoal: 'ecommerceAbandonedCart' });
      expect(carts.nb_conversions).toBe(report.plan.carts);
    });

    it('Goals.getItemsSku shows what was ordered and looked at', async () => {
      const rows = await ask(
        'Goals.getItemsSku',
        rowsOf({ quantity: number.default(0), revenue: number.default(0), nb_visits: number.optional() }),
      );
      const [quantity, revenueCents] = [new Map<string, number>(), new Map<string, number>()];
      for (const hit of hitsOf('order')) {
        for (const { product, priceCents, quantity: count } of hit.deed.order.items) {
          add(quantity, product.sku, count);
          add(revenueCents, product.sku, priceCents * count);
        }
      }
      const ordered = rows.filter(row => row.quantity > 0);
      expect(Object.fromEntries(ordered.map(row => [row.label, row.quantity]))).toEqual(plain(quantity));
      expect(Object.fromEntries(ordered.map(row => [row.label, Math.round(row.revenue * 100)]))).toEqual(
        plain(revenueCents),
      );
      const viewed = new Set(hitsOf('pageview').flatMap(({ product }) => product?.sku ?? []));
      expect(viewed.size).toBeGreaterThan(5);
      const labels = new Set(rows.map(({ label }) => label));
      for (const sku of viewed) expect(labels.has(sku)).toBe(true);
    });

    it('Events.getCategory shows the events', async () => {
      const rows = await ask('Events.getCategory', rowsOf({ nb_events: number }));
      const shown = Object.fromEntries(rows.map(row => [row.label, row.nb_events]));
      expect(shown).toEqual(tally(hitsOf('event').map(({ deed }) => deed.category)));
    });

    it('Contents.getContentNames shows what was seen and clicked', async () => {
      const rows = await ask(
        'Contents.getContentNames',
        rowsOf({ nb_impressions: number.default(0), nb_interactions: number.default(0) }),
      );
      const [seen, clicked] = [false, true].map(isClick =>
        tally(
          hitsOf('content').flatMap(({ deed: { name, interaction } }) =>
            (interaction !== undefined) === isClick ? [name] : [],
          ),
        ),
      );
      const nonZero = (of: (row: (typeof rows)[number]) => number) =>
        Object.fromEntries(rows.filter(row => of(row) > 0).map(row => [row.label, of(row)]));
      expect(nonZero(row => row.nb_impressions)).toEqual(seen);
      expect(nonZero(row => row.nb_interactions)).toEqual(clicked);
    });

    it.runIf(way.withToken)('UserCountry.getCountry shows where visitors are', async () => {
      const rows = await ask('UserCountry.getCountry', rowsOf({ nb_visits: number, code: z.string() }));
      const shown = Object.fromEntries(rows.map(row => [row.code, row.nb_visits]));
      expect(shown).toEqual(tally(visits.map(({ visitor }) => visitor.country ?? '')));
    });

    it('DevicesDetection.getType shows what they have', async () => {
      const rows = await ask('DevicesDetection.getType', rowsOf({ nb_visits: number }));
      const shown = Object.fromEntries(
        rows.filter(row => row.nb_visits > 0).map(row => [row.label.toLowerCase(), row.nb_visits]),
      );
      expect(shown).toEqual(tally(visits.map(({ visitor }) => visitor.deviceType)));
    });

    it('PagePerformance.get shows how long pages took', async () => {
      const parts = {
        avg_time_network: 'network',
        avg_time_server: 'server',
        avg_time_transfer: 'transfer',
        avg_time_dom_processing: 'domProcessing',
        avg_time_dom_completion: 'domCompletion',
        avg_time_on_load: 'onLoad',
      } as const;
      const shown = await ask('PagePerformance.get', z.record(z.string(), number));
      const timings = hitsOf('pageview').flatMap(({ timings }) => timings ?? []);
      for (const [metric, part] of Object.entries(parts)) {
        const sum = timings.reduce((total, timing) => total + timing[part], 0);
        // Shown in seconds, with two digits.
        expect(Math.abs((shown[metric] ?? 0) - sum / timings.length / 1000)).toBeLessThan(0.0051);
      }
    });

    it('CustomDimensions.getCustomDimension shows the values of both scopes', async () => {
      const ofVisits = await ask('CustomDimensions.getCustomDimension', rowsOf({ nb_visits: number }), {
        idDimension: '1',
      });
      const none = 'Value not defined';
      expect(counts(ofVisits.filter(({ label }) => label !== none))).toEqual(
        tally(visits.flatMap(({ dimensions }) => dimensions?.[1] ?? [])),
      );
      const ofActions = await ask('CustomDimensions.getCustomDimension', rowsOf({ nb_hits: number }), {
        idDimension: '2',
      });
      const guides = hitsOf('pageview').filter(({ dimensions }) => dimensions?.[2] === 'guide');
      expect(ofActions.find(({ label }) => label === 'guide')?.nb_hits).toBe(guides.length);
    });

    function hitsOf<T extends Hit['type']>(type: T): Extract<Hit, { type: T }>[] {
      const isOfType = (hit: Hit): hit is Extract<Hit, { type: T }> => hit.type === type;
      return visits.flatMap(({ hits }) => hits.filter(isOfType));
    }
  });
}

const number = z.coerce.number();

function rowsOf<T extends z.ZodRawShape>(shape: T) {
  return z.array(z.object({ label: z.coerce.string(), ...shape }));
}

/** Whether a hit converts a goal, by its id or its address. */
function converting(id: number): (hit: Hit) => boolean {
  return hit =>
    (hit.type === 'goal' && hit.deed.goalId === id) ||
    (hit.type === 'pageview' && hit.urlGoals?.some(goal => goal.id === id) === true);
}

function counts(rows: readonly { label: string; nb_visits: number }[]): Record<string, number> {
  return Object.fromEntries(rows.filter(row => row.nb_visits > 0).map(row => [row.label, row.nb_visits]));
}

function tally(names: readonly string[]): Record<string, number> {
  const found = new Map<string, number>();
  for (const name of names) add(found, name, 1);
  return plain(found);
}

function add(sums: Map<string, number>, name: string, amount: number): void {
  sums.set(name, (sums.get(name) ?? 0) + amount);
}

function plain(sums: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries(sums);
}

function verify(config: RunConfig, report: Report, tokenAuth: string): Promise<Verification> {
  return verifyRun({
    config,
    report,
    tokens: new Map([['target', tokenAuth]]),
    method: 'visits',
    strict: true,
    waitMs: 0,
    mask: text => text,
  });
}

function expectAllEqual(verification: Verification): void {
  for (const target of verification.targets) {
    expect(target).toMatchObject({ result: 'equal', differences: [], visits: [], causes: [] });
  }
  expect(verification.passed).toBe(true);
}
