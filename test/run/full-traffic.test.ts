import { afterAll, describe, expect, it } from 'vitest';
import type { RunConfig } from '../../src/run/run-config.ts';
import { expectRecordedAsPlanned, expectWholeAccount } from '../support/account.ts';
import { fullEcommerce, fullTraffic, shopGoals } from '../support/plain-traffic.ts';
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
        sites: [
          {
            id: 1,
            name: 'Shop',
            mainUrl: 'https://shop.example',
            currency: 'SEK',
            timezone: 'UTC',
            ecommerce: true,
            siteSearch: true,
            goals: [...shopGoals],
          },
        ],
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
      for (const figure of [
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
