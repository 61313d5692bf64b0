import { afterAll, describe, expect, it } from 'vitest';
import type { Failure } from '../../src/base/failure.ts';
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

function several(targets: RunConfig['targets'], more: Partial<RunConfig>): RunConfig {
  return { ...runConfig(targetConfig('http://127.0.0.1:9/'), more), targets };
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

describe.concurrent('targets of which some cannot be asked', () => {
  async function threeTargets() {
    const collectors = [await collect(), await collect(), await collect()];
    const targets = collectors.map(({ url }, at) => targetConfig(url, { name: `target ${at}` }));
    const config = several(targets, { visits: 9, distribution: 'mirror' });
    return { collectors, config, report: await start(config).done };
  }
  const bad = 'c0ffee00c0ffee00c0ffee00c0ffee00';

  it('say no less of the others, and none is refused twice', async () => {
    const { collectors, config, report } = await threeTargets();
    const [one, two, three] = collectors as [Collector, Collector, Collector];
    await three.close();
    const tokens = new Map([
      ['target 0', one.token],
      ['target 1', bad],
      ['target 2', three.token],
    ]);
    const failures: Failure[] = [];
    const notAsked = (failure: Failure) => void failures.push(failure);
    const verification = await verify(config, report, [], { tokens, notAsked });
    expect(verification.passed).toBeNull();
    expect(verification.targets).toMatchObject([
      { name: 'target 0', result: 'equal', reason: null },
      { name: 'target 1', result: 'not-comparable', reason: expect.stringContaining('not take the token') },
      { name: 'target 2', result: 'not-comparable', reason: expect.stringContaining('ECONNREFUSED') },
    ]);
    expect(failures).toMatchObject([{ exitCode: 3 }, { exitCode: 3 }]);
    expect(two.state().failedLogins).toBe(1);

    one.reset();
    expect((await verify(config, report, [], { tokens })).passed).toBe(false);
  });

  it('are refused together where that are all of them', async () => {
    const { collectors, config, report } = await threeTargets();
    const tokens = new Map(config.targets.map(({ name }) => [name, bad]));
    await expect(verify(config, report, [], { tokens })).rejects.toMatchObject({
      code: 'TARGET_REFUSED',
      message: expect.stringMatching(/target 0 .*\n.*target 1 .*\n.*target 2 /),
    });
    expect(collectors.map(collector => collector.state().failedLogins)).toEqual([1, 1, 1]);
  });

  it('are not asked again where another lists no visits and is verified by totals', async () => {
    const [silent, refusing] = [await collect(), await collect()];
    const proxy = await withoutLog(silent);
    const targets = [targetConfig(proxy.url), targetConfig(refusing.url, { name: 'refusing' })];
    const config = several(targets, { visits: 4, distribution: 'mirror' });
    const totalsBefore = new Map(targets.map(({ name }) => [name, nothingBefore()]));
    const report = await start(config, { totalsBefore }).done;
    const tokens = new Map([
      ['target', silent.token],
      ['refusing', bad],
    ]);
    const verification = await verify(config, report, [], { method: 'auto', tokens });
    expect(verification).toMatchObject({
      method: 'totals',
      targets: [{ result: 'equal' }, { result: 'not-comparable' }],
    });
    expect(refusing.state().failedLogins).toBe(1);
    await proxy.close();
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

  it('which visits were moved is not comparable, whoever had them', async () => {
    const [one, other] = [await collect(), await collect()];
    const targets = [targetConfig(one.url), targetConfig(other.url, { name: 'other' })];
    const config = several(targets, { visits: 6 });
    const report = await start(config).done;
    const moved = report.targets.map((target, at) => ({ ...target, takenLeftOut: at * 4 }));
    const { targets: verified } = await verify(config, { ...report, targets: moved }, [one, other]);
    expect(verified).toMatchObject([{ result: 'not-comparable' }, { result: 'not-comparable' }]);
  });
});

describe.concurrent('a report of which another plan is made than it counts', () => {
  it.each([
    [
      'because its counts were changed',
      (report: Report) => {
        const [target] = report.targets as [Report['targets'][number]];
        const visits = { ...target.visits, planned: target.visits.planned - 1 };
        return { ...report, targets: [{ ...target, visits }] };
      },
    ],
    ['because it has another seed', (report: Report) => report],
  ])('is refused: %s', async (why, changed) => {
    const { config, report } = await run(await collect());
    const seed = why.includes('seed') ? config.seed + 1 : config.seed;
    await expect(
      verify({ ...config, seed }, changed(report), [], { tokens: new Map() }),
    ).rejects.toMatchObject({
      code: 'FILE_INVALID',
      message: expect.stringMatching(/another than it counts: .*, and it counts /),
    });
  });
});

function withoutLog(collector: Collector) {
  return startTamperingProxy(collector, {
    answer: async form =>
      form.get('method') === 'Live.getLastVisitsDetails'
        ? JSON.stringify({ result: 'error', message: 'Visits log is deactivated.' })
        : undefined,
  });
}

/** Totals of a site that had no visits yesterday and today. */
function nothingBefore() {
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  return { at: new Date().toISOString(), isFresh: true, days: { [day(-1)]: {}, [day(0)]: {} } };
}

describe.concurrent('a server that lists no visits', () => {
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
    const report = await start(config, { totalsBefore: new Map([['target', nothingBefore()]]) }).done;
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
