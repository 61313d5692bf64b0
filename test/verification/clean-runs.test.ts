import { afterAll, describe, expect, it } from 'vitest';
import { ExitCode } from '../../src/base/exit-codes.ts';
import type { Collector } from '../../src/collector/collector.ts';
import { defaultSites } from '../../src/collector/site.ts';
import type { RunConfig } from '../../src/run/run-config.ts';
import { fullEcommerce, fullTraffic, shopGoals } from '../support/plain-traffic.ts';
import { runConfig, start, targetConfig, traffic, twoPages } from '../support/run-config.ts';
import { servers } from '../support/servers.ts';
import { expectEqual, figure, onlyTarget, verify } from './verifying.ts';

const { collect, close } = servers();
afterAll(close);

type Target = Parameters<typeof targetConfig>[1];

function over(collectors: readonly Collector[], more: Partial<RunConfig>, target: Target = {}): RunConfig {
  return runConfig(targetConfig('http://127.0.0.1:9/'), {
    targets: collectors.map(({ url, token }, at) =>
      targetConfig(url, {
        name: `t${at}`,
        timeoutSeconds: 60,
        ...target,
        token: target.token === '' ? undefined : token,
      }),
    ),
    visitsPerSecond: 200,
    ...more,
  });
}

describe.concurrent('a run without a fault is found equal', () => {
  it.each([
    ['single', 'with a token'],
    ['single', 'without a token'],
    ['bulk', 'with a token'],
    ['bulk', 'without a token'],
  ] as const)('%s, %s', async (transport, token) => {
    const collector = await collect();
    const config = over(
      [collector],
      { visits: 40 },
      { transport, ...(token === 'without a token' && { token: '' }) },
    );
    const report = await start(config).done;
    const verification = await verify(config, report, collector, { strict: true });
    expectEqual(verification, 40);
    const countries = onlyTarget(verification).figures.filter(({ name }) => name.startsWith('country '));
    expect(countries.length > 0).toBe(token === 'with a token');
  });

  it.each(['split', 'mirror', 'independent', 'failover'] as const)('distribution %s', async distribution => {
    const collectors = [await collect(), await collect()];
    const config = over(collectors, { distribution, visits: 30 });
    const report = await start(config).done;
    expectEqual(await verify(config, report, collectors), report.visits.planned);
  });

  it('each shard of it, and only its own visits', async () => {
    const collector = await collect();
    for (const number of [1, 2, 3]) {
      const config = over([collector], { visits: 31, shard: { number, count: 3 }, startEpochMs: Date.now() });
      const report = await start(config).done;
      expectEqual(await verify(config, report, collector), report.visits.planned);
      expect(report.visits.planned).toBeLessThan(12);
    }
  });

  it('as fast as possible', async () => {
    const collector = await collect();
    const config = over([collector], { visits: 60, visitsPerSecond: 'max' });
    const report = await start(config).done;
    expectEqual(await verify(config, report, collector), 60);
  });

  it('under the real clock', async () => {
    const collector = await collect();
    const short = { ...traffic, visitMinutes: { min: 0.02, max: 0.04 } };
    const config = over([collector], { visits: 20, clock: 'real', traffic: short });
    const report = await start(config).done;
    expectEqual(await verify(config, report, collector), 20);
  });

  it('that was stopped on the way', async () => {
    const collector = await collect();
    const config = over([collector], { visits: 1000, visitsPerSecond: 100 });
    const run = start(config);
    setTimeout(() => run.stop(ExitCode.Interrupted, 5000), 300);
    const report = await run.done;
    expect(report.visits.planned).toBeLessThan(1000);
    expectEqual(await verify(config, report, collector), report.visits.completed);
  });

  it.each(['Europe/Stockholm', 'Asia/Kolkata', 'America/St_Johns', 'Pacific/Auckland'])(
    'on a site in %s',
    async timezone => {
      const collector = await collect({ timezone });
      const config = over([collector], { visits: 20 });
      const report = await start(config).done;
      expectEqual(await verify(config, report, collector), 20);
    },
  );

  it('of visits longer than the log shows', async () => {
    const collector = await collect();
    const long = { pageviews: { min: 505, max: 510 }, visitMinutes: { min: 200, max: 240 } };
    const ecommerce = { ...traffic.ecommerce, probability: 1 };
    const config = over(
      [collector],
      { visits: 4, traffic: { ...traffic, ...long, ecommerce } },
      { transport: 'bulk' },
    );
    const report = await start(config).done;
    expect(report.plan.orders).toBeGreaterThan(0);
    expectEqual(await verify(config, report, collector), 4);
  });

  it('of more visits than a page of the log holds, many in the same second', async () => {
    const collector = await collect();
    // All end at the same moment before they are sent.
    const short = { ...twoPages, visitMinutes: { min: 0.1, max: 0.1 } };
    const config = over(
      [collector],
      { visits: 450, visitsPerSecond: 'max', traffic: short },
      { concurrency: 20 },
    );
    const report = await start(config).done;
    expectEqual(await verify(config, report, collector), 450);
  });

  it.each(['single', 'bulk'] as const)('with all that can be switched on, %s', async transport => {
    const [shop] = defaultSites;
    if (shop === undefined) throw new Error('the collector has no site');
    const collector = await collect({ sites: [{ ...shop, goals: [...shopGoals] }] });
    const ecommerce = { ...traffic.ecommerce, ...fullEcommerce };
    const config = over(
      [collector],
      { visits: 60, traffic: { ...traffic, ...fullTraffic, ecommerce } },
      { transport },
    );
    const report = await start(config).done;
    const verification = await verify(config, report, collector, { strict: true });
    expectEqual(verification, 60);
    for (const name of ['contents', 'carts', 'goalConversions', 'orders'] as const) {
      expect(figure(onlyTarget(verification), name).recorded).toBe(report.plan[name]);
      expect(report.plan[name]).toBeGreaterThan(0);
    }
  });

  it('with visits of others between its own', async () => {
    const collector = await collect();
    const config = over([collector], { visits: 20 });
    const other = over([collector], { visits: 30, runId: 'other' });
    const [report] = await Promise.all([start(config).done, start(other).done]);
    expectEqual(await verify(config, report, collector), 20);
  });
});

describe('no false alarm', () => {
  it.each([0, 10, 20, 30, 40])('in ten of 50 runs of different traffic, from seed %i', async from => {
    const collector = await collect();
    for (let seed = from; seed < from + 10; seed++) {
      const config = over(
        [collector],
        { seed, runId: `run-${seed}`, visits: 10, visitsPerSecond: 'max' },
        { transport: seed % 2 === 0 ? 'single' : 'bulk', ...(seed % 3 === 0 && { token: '' }) },
      );
      const report = await start(config).done;
      const verification = await verify(config, report, collector, { strict: true });
      expectEqual(verification, 10);
      expect(figure(onlyTarget(verification), 'actions').recorded).toBe(report.plan.actions);
    }
  });
});
