import { afterAll, describe, expect, it } from 'vitest';
import { funnelsOfPackage } from '../../src/config/funnel-source.ts';
import { toFunnel } from '../../src/config/to-funnel.ts';
import type { RunConfig } from '../../src/run/run-config.ts';
import type { Funnel, FunnelStep } from '../../src/traffic/funnel.ts';
import { expectRecordedAsPlanned, expectWholeAccount } from '../support/account.ts';
import { gif, status } from '../support/fault-server.ts';
import { shopGoals } from '../support/plain-traffic.ts';
import { runConfig, start, targetConfig, traffic } from '../support/run-config.ts';
import { servers } from '../support/servers.ts';
import { funnelOf, landing, plainStep } from '../traffic/any-funnels.ts';
import { expectEqual, verify } from '../verification/verifying.ts';

const { collect, serve, close } = servers();
afterAll(close);

const token = 'a'.repeat(32);

const nothing = {
  revenue: undefined,
  subtotal: undefined,
  tax: undefined,
  shipping: undefined,
  items: undefined,
};
const view = { sku: undefined, name: undefined, category: undefined, price: undefined };
const long = { delaySeconds: { min: 600, max: 1799 } };

/** A step of every kind, on its own page and on that before, some without a gap and some with the longest. */
const everyKind: readonly FunnelStep[] = [
  { ...landing, ...long },
  { ...plainStep, type: 'dimension', id: 1, value: 'member', scope: 'visit' },
  { ...plainStep, type: 'dimension', id: 2, value: 'guide', scope: 'action' },
  { ...plainStep, type: 'product_view', url: '/hat', product: view, continueProbability: 0.9 },
  { ...plainStep, type: 'event', category: 'Shop', action: 'Add', name: 'Hat', value: 2 },
  { ...plainStep, type: 'cart', total: undefined, items: undefined, ...long },
  { ...plainStep, type: 'order', order: nothing, continueProbability: 0.9 },
  { ...plainStep, type: 'goal', goalId: 1, revenue: 12.5, ...long },
  { ...plainStep, type: 'goal', url: '/done', goalId: 1, revenue: 1 },
  { ...plainStep, type: 'search', keyword: 'hat', category: undefined, results: undefined },
  { ...plainStep, type: 'content', name: 'Box', piece: 'Hat', target: '/hat', interaction: 'click' },
  { ...plainStep, type: 'order', order: { ...nothing, revenue: 19.9, items: 2 } },
  { ...plainStep, type: 'cart', total: 7.5, items: 1 },
  { ...plainStep, type: 'download', target: 'hat.pdf', continueProbability: 0.8 },
  { ...plainStep, type: 'outlink', target: 'https://partner.example/' },
];

const funnels: readonly Funnel[] = [
  ...funnelsOfPackage().funnels.map(({ definition }) => ({
    ...toFunnel(definition),
    priority: 0,
    probability: 0.13,
  })),
  funnelOf({
    name: 'Every kind',
    priority: 1,
    probability: 0.5,
    steps: everyKind,
    exitAfterCompletion: false,
  }),
];

const withFunnels: Partial<RunConfig> = {
  visits: 300,
  visitsPerSecond: 150,
  traffic: { ...traffic, pageviews: { min: 1, max: 3 }, funnels },
};

const ways = [
  { transport: 'single', hasToken: false },
  { transport: 'single', hasToken: true },
  { transport: 'bulk', hasToken: false },
  { transport: 'bulk', hasToken: true },
] as const;

describe.each(ways)('visits through funnels, $transport, token: $hasToken', ({ transport, hasToken }) => {
  it('are recorded as they were planned, and told by the report', async () => {
    const collector = await collect({
      token,
      sites: [
        {
          id: 1,
          name: 'Shop',
          mainUrl: 'https://shop.example',
          currency: 'SEK',
          timezone: 'UTC',
          ecommerce: true,
          siteSearch: true,
          goals: shopGoals.filter(({ match }) => match === 'manually'),
        },
      ],
    });
    const config = runConfig(
      targetConfig(collector.url, { transport, timeoutSeconds: 30, token: hasToken ? token : undefined }),
      withFunnels,
    );
    const report = await start(config).done;
    expectWholeAccount(report);
    expect(report).toMatchObject({ exitCode: 0, hits: { accepted: report.plan.hits } });
    expectRecordedAsPlanned(collector.state().totals, report.plan);
    expectEqual(await verify(config, report, collector, { strict: true }), 300);

    expect(report.funnels.map(({ name }) => name)).toEqual([
      'Cart abandonment',
      'Content reading',
      'E-commerce purchase',
      'Lead generation',
      'Sign-up',
      'Support search',
      'Every kind',
    ]);
    for (const { sent, name: _, ...planned } of report.funnels) {
      expect(sent).toEqual(planned);
      expect(planned.began).toBeGreaterThan(5);
      expect(planned.began).toBe(planned.steps[0]);
      expect(planned.finished).toBe(planned.steps.at(-1));
    }
    expect(report.targets[0]?.funnels).toEqual(report.funnels);
    for (const figure of ['contents', 'orders', 'carts', 'goalConversions', 'bounces'] as const) {
      expect(report.plan[figure]).toBeGreaterThan(5);
    }
  });
});

describe('what the report says was sent of a funnel', () => {
  it('ends where hits were lost', async () => {
    const server = await serve(({ path }) => (path.includes('e_c=') ? status(400) : gif));
    const steps: FunnelStep[] = [
      landing,
      { ...plainStep, type: 'event', category: 'c', action: 'a', name: 'n', value: undefined },
      landing,
    ];
    const target = targetConfig(server.url);
    const report = await start(runConfig(target, { traffic: { ...traffic, funnels: [funnelOf({ steps })] } }))
      .done;
    expect(report.funnels).toEqual([
      {
        name: 'Funnel',
        began: 20,
        steps: [20, 20, 20],
        finished: 20,
        sent: { began: 20, steps: [20, 0, 20], finished: 20 },
      },
    ]);
  });
});
