import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ReportedPlan } from '../../src/run/report.ts';
import type { RunConfig } from '../../src/run/run-config.ts';
import { expectRecordedAsPlanned, expectWholeAccount } from '../support/account.ts';
import { fullEcommerce, fullSite, fullTraffic } from '../support/plain-traffic.ts';
import { runConfig, start, targetConfig, traffic } from '../support/run-config.ts';
import { servers } from '../support/servers.ts';
import { expectEqual, verify } from '../verification/verifying.ts';

const { collect, close } = servers();
afterAll(close);

const token = 'a'.repeat(32);

const full: Partial<RunConfig> = {
  visits: 300,
  visitsPerSecond: 150,
  traffic: {
    ...traffic,
    ...fullTraffic,
    pageviews: { min: 1, max: 8 },
    visitMinutes: { min: 0.5, max: 20 },
    ecommerce: { ...traffic.ecommerce, ...fullEcommerce },
  },
};

const ways = [
  { transport: 'single', hasToken: false },
  { transport: 'single', hasToken: true },
  { transport: 'bulk', hasToken: false },
  { transport: 'bulk', hasToken: true },
] as const;

describe.each(ways)(
  'with all that can be switched on, $transport, token: $hasToken',
  ({ transport, hasToken }) => {
    async function send() {
      const collector = await collect({
        token,
        sites: [fullSite],
      });
      const target = targetConfig(collector.url, {
        transport,
        timeoutSeconds: 30,
        token: hasToken ? token : undefined,
      });
      const config = runConfig(target, full);
      return { collector, config, report: await start(config).done };
    }

    it('what is recorded is what was planned, all from one address without a token', async () => {
      const { collector, config, report } = await send();
      expectWholeAccount(report);
      expect(report.targets[0]?.errors).toEqual([]);
      expect(report).toMatchObject({ exitCode: 0, hits: { accepted: report.plan.hits } });
      expectRecordedAsPlanned(collector.state().totals, report.plan);
      expectEqual(await verify(config, report, collector, { strict: true }), 300);
      expectReported(await reports(collector.origin), report.plan);
      for (const figure of [
        'loggedInVisits',
        'campaignVisits',
        'contentInteractions',
        'productViews',
        'categoryViews',
        'timedPageviews',
        'visitDimensionValues',
        'actionDimensionValues',
        'discount',
        'contents',
        'orders',
        'carts',
        'goalConversions',
        'goalRevenue',
        'bounces',
      ] as const) {
        expect(report.plan[figure]).toBeGreaterThan(10);
      }
    });
  },
);

const number = z.number().default(0);
const rows = z.array(
  z.object({
    nb_visits: number,
    nb_hits: number,
    nb_actions: number,
    nb_interactions: number,
    nb_hits_with_time_server: number,
  }),
);
const summary = z.record(z.string(), z.unknown());

/** What the collector's reports say of the days the visits are dated to. */
async function reports(origin: string) {
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  async function ask<T>(method: string, answer: z.ZodType<T>, more: Readonly<Record<string, string>> = {}) {
    const body = new URLSearchParams({
      ...{ module: 'API', format: 'JSON', idSite: '1', period: 'range', date: `${day(-1)},${day(0)}` },
      ...{ method, token_auth: token, ...more },
    });
    const response = await fetch(new URL('/index.php', origin), { method: 'POST', body });
    return answer.parse(await response.json());
  }
  const dimension = (id: number) =>
    ask('CustomDimensions.getCustomDimension', rows, { idDimension: String(id) });
  return {
    users: await ask('UserId.getUsers', rows),
    campaigns: await ask('Referrers.getCampaigns', rows),
    contents: await ask('Contents.getContentNames', rows),
    categories: await ask('Goals.getItemsCategory', rows),
    ofVisits: await dimension(1),
    ofActions: await dimension(2),
    orders: await ask('Goals.get', summary, { idGoal: 'ecommerceOrder' }),
    timings: await ask('PagePerformance.get', summary),
  };
}

function expectReported(told: Awaited<ReturnType<typeof reports>>, plan: ReportedPlan): void {
  const sum = (of: z.output<typeof rows>, figure: keyof z.output<typeof rows>[number]) =>
    of.reduce((total, row) => total + row[figure], 0);
  expect({
    loggedInVisits: sum(told.users, 'nb_visits'),
    campaignVisits: sum(told.campaigns, 'nb_visits'),
    contentInteractions: sum(told.contents, 'nb_interactions'),
    views: sum(told.categories, 'nb_actions'),
    visitDimensionValues: sum(told.ofVisits, 'nb_visits'),
    actionDimensionValues: sum(told.ofActions, 'nb_hits'),
    discount: told.orders.revenue_discount,
  }).toEqual({
    loggedInVisits: plan.loggedInVisits,
    campaignVisits: plan.campaignVisits,
    contentInteractions: plan.contentInteractions,
    views: plan.productViews + plan.categoryViews,
    visitDimensionValues: plan.visitDimensionValues,
    actionDimensionValues: plan.actionDimensionValues,
    discount: plan.discount,
  });
  expect(told.timings.avg_page_load_time).toBeGreaterThan(0.3);
  expect(sum(told.ofActions, 'nb_hits_with_time_server')).toBeLessThan(plan.timedPageviews);
}
