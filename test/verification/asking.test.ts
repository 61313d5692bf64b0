import { afterAll, describe, expect, it } from 'vitest';
import type { Collector } from '../../src/collector/collector.ts';
import type { Report } from '../../src/run/report.ts';
import type { RunConfig } from '../../src/run/run-config.ts';
import type { VerificationProgress } from '../../src/verification/verification-progress.ts';
import { runConfig, start, targetConfig, twoPages } from '../support/run-config.ts';
import { servers } from '../support/servers.ts';
import { startTamperingProxy } from './tampering-proxy.ts';
import { expectEqual, onlyTarget, verify } from './verifying.ts';

const { collect, close } = servers();
afterAll(close);

async function run(collector: Collector, more: Partial<RunConfig> = {}) {
  const config = runConfig(targetConfig(collector.url), { visits: 5, ...more });
  return { config, report: await start(config).done };
}

function retargeted(config: RunConfig, more: Parameters<typeof targetConfig>[1]): RunConfig {
  return { ...config, targets: config.targets.map(target => ({ ...target, ...more })) };
}

describe.concurrent('a target that cannot be asked', () => {
  it('for want of a token is told, with the variable to set, before any is asked', async () => {
    const { config, report } = await run(await collect());
    const named = retargeted(config, { tokenEnv: 'SHOP_TOKEN' });
    await expect(verify(named, report, [], { tokens: new Map() })).rejects.toMatchObject({
      code: 'USAGE',
      exitCode: 2,
      hint: expect.stringContaining('SHOP_TOKEN'),
    });
  });

  it('because it refuses the token is told after exactly one refused call', async () => {
    const collector = await collect();
    const { config, report } = await run(collector);
    const bad = 'c0ffee00c0ffee00c0ffee00c0ffee00';
    const failure = verify(config, report, [], { tokens: new Map([['target', bad]]) });
    await expect(failure).rejects.toMatchObject({ code: 'TARGET_REFUSED', exitCode: 3 });
    await expect(failure).rejects.not.toMatchObject({ message: expect.stringContaining(bad) });
    expect(collector.state().failedLogins).toBe(1);
  });

  it('because it is no longer there is told', async () => {
    const collector = await collect();
    const { config, report } = await run(collector);
    const { token } = collector;
    await collector.close();
    await expect(verify(config, report, [], { tokens: new Map([['target', token]]) })).rejects.toMatchObject({
      code: 'TARGET_REFUSED',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('because the site is gone is told', async () => {
    const collector = await collect();
    const { config, report } = await run(collector);
    const targets = report.targets.map(target => ({ ...target, siteId: 77 }));
    await expect(
      verify(retargeted(config, { siteId: 77 }), { ...report, targets }, collector),
    ).rejects.toMatchObject({ code: 'TARGET_REFUSED', hint: expect.stringContaining('site 77') });
  });

  it('because something else answers is told', async () => {
    const collector = await collect();
    const { config, report } = await run(collector);
    const page = retargeted(config, { apiUrl: new URL('/collector/state', collector.origin) });
    await expect(verify(page, report, collector)).rejects.toMatchObject({ code: 'TARGET_REFUSED' });
  });

  it('and got nothing is not asked', async () => {
    const collector = await collect();
    const { config, report } = await run(collector);
    await collector.close();
    const none = { ...report, targets: report.targets.map(target => ({ ...target, ...refused(target) })) };
    const verification = await verify(config, none, [], { tokens: new Map([['target', 'any']]) });
    expect(onlyTarget(verification)).toMatchObject({ result: 'equal' });
  });
});

function refused({ hits }: Report['targets'][number]) {
  return { hits: { ...hits, accepted: 0, failed: hits.planned } };
}

describe.concurrent('a report that leaves out', () => {
  it('which hits were lost is not comparable without the file that has them', async () => {
    const collector = await collect();
    const { config, report } = await run(collector);
    const targets = report.targets.map(target => ({
      ...target,
      exceptionsLeftOut: 3,
      exceptionsFile: 'run.exceptions.ndjson',
    }));
    const verification = await verify(config, { ...report, targets }, collector);
    expect(onlyTarget(verification)).toMatchObject({ result: 'not-comparable' });
    expect(onlyTarget(verification).reason).toContain('run.exceptions.ndjson');
  });
});

describe.concurrent('a server that lists no visits', () => {
  const withoutLog = (collector: Collector) =>
    startTamperingProxy(collector, {
      answer: async form =>
        form.get('method') === 'Live.getLastVisitsDetails'
          ? JSON.stringify({ result: 'error', message: 'Visits log is deactivated.' })
          : undefined,
    });

  it('says so, and the result is not comparable', async () => {
    const collector = await collect();
    const proxy = await withoutLog(collector);
    const config = runConfig(targetConfig(proxy.url), { visits: 5 });
    const report = await start(config).done;
    const verification = await verify(config, report, collector, { method: 'auto' });
    expect(verification.passed).toBeNull();
    expect(onlyTarget(verification).reason).toContain('Visits log is deactivated.');
    await proxy.close();
  });

  it('is verified by its totals where there are some from before', async () => {
    const collector = await collect();
    const proxy = await withoutLog(collector);
    const config = runConfig(targetConfig(proxy.url), { visits: 5 });
    const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
    const nothing = { [day(-1)]: {}, [day(0)]: {} };
    const before = { at: new Date().toISOString(), isFresh: true, days: nothing };
    const report = await start(config, { totalsBefore: new Map([['target', before]]) }).done;
    const verification = await verify(config, report, collector, { method: 'auto' });
    expect(verification).toMatchObject({ method: 'totals', passed: true });
    await proxy.close();
  });
});

describe.concurrent('hits in a queue', () => {
  /** Answers hits at once and hands them on in their order when it is told to. */
  async function queueing() {
    const collector = await collect({ plugins: { QueuedTracking: true } });
    const queue: URLSearchParams[] = [];
    const proxy = await startTamperingProxy(collector, {
      hit: ({ parameters }) => {
        queue.push(parameters);
        return 'drop';
      },
    });
    const config = runConfig(targetConfig(proxy.url), { visits: 8, traffic: twoPages });
    const report = await start(config).done;
    return {
      collector,
      config,
      report,
      async work() {
        for (const parameters of queue.splice(0)) await fetch(`${collector.url}?${parameters}`);
      },
    };
  }

  it('are waited for, with progress', async () => {
    const { collector, config, report, work } = await queueing();
    const seen: VerificationProgress[] = [];
    const verification = await verify(config, report, collector, {
      waitMs: 20_000,
      progress: progress => {
        seen.push(progress);
        if (progress.stage === 'waiting' && seen.filter(({ stage }) => stage === 'waiting').length === 1)
          void work();
      },
    });
    expectEqual(verification, 8);
    expect(seen.find(({ stage }) => stage === 'waiting')).toMatchObject({ found: 0, expected: 8 });
    expect(seen.at(-1)).toMatchObject({ stage: 'reading', found: 8 });
  });

  it('are named as such where they do not come in time', async () => {
    const { collector, config, report } = await queueing();
    const { result, causes } = onlyTarget(await verify(config, report, collector, { waitMs: 50 }));
    expect(result).toBe('different');
    expect(causes).toEqual([{ cause: 'queued', visits: 8 }]);
  });
});
