import { afterAll, describe, expect, it } from 'vitest';
import type { Output } from '../../src/run/output.ts';
import type { Report } from '../../src/run/report.ts';
import type { RunConfig } from '../../src/run/run-config.ts';
import { expectRecordedAsPlanned, expectWholeAccount } from '../support/account.ts';
import {
  allTracked,
  bulkCounts,
  delayed,
  type FaultServer,
  gif,
  hang,
  isProbe,
  status,
  withToken,
} from '../support/fault-server.ts';
import { runConfig, start, targetConfig, twoPages } from '../support/run-config.ts';
import { servers, visitorsRecorded, visitorsServed } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { watchedReturn } from '../support/watched-return.ts';

const { collect, serve, close } = servers();
afterAll(close);

type Target = Parameters<typeof targetConfig>[1];
interface Addressed {
  readonly url: URL | string;
}

/** A run over servers, each a target with what is said of it. */
function over(all: readonly Addressed[], more: Partial<RunConfig>, targets: readonly Target[] = []) {
  return runConfig(targetConfig('http://127.0.0.1:9/'), {
    whenDown: 'reroute',
    traffic: twoPages,
    targets: all.map(({ url }, at) => targetConfig(url, { name: `t${at}`, ...targets[at] })),
    ...more,
  });
}

function inAll({ targets }: Report, figure: 'planned' | 'completed' | 'skipped'): number {
  return targets.reduce((sum, { visits }) => sum + visits[figure], 0);
}

function causesAt(report: Report, at: number): Record<string, number> {
  return Object.fromEntries((report.targets[at]?.errors ?? []).map(({ code, count }) => [code, count]));
}

describe.concurrent('visits of a target that dies, rerouted', () => {
  it.each(['single', 'bulk'] as const)(
    'go to the live ones by weight, but for those that had begun, which go nowhere: %s',
    async transport => {
      const answer = () => (transport === 'single' ? gif : allTracked);
      const [dying, heavy, light] = [await serve(answer), await collect(), await collect()];
      const config = over(
        [dying, heavy, light],
        { visits: 400, visitsPerSecond: 160, pauseSeconds: { min: 0, max: 0.1 } },
        [{ transport, batchSize: 4, weight: 3 }, { weight: 2 }, { weight: 1 }],
      );
      const run = start(config);
      await until(() => dying.requests.length >= (transport === 'single' ? 60 : 15));
      await dying.die();
      const report = await run.done;
      expectWholeAccount(report);
      expect(report.exitCode).toBe(5);
      const [lost, most, least] = report.targets;
      // Nothing of a visit is sent to two targets.
      const all = [...visitorsServed(dying), ...visitorsRecorded(heavy), ...visitorsRecorded(light)];
      expect(new Set(all).size).toBe(all.length);
      // What was recorded on the live ones and what was lost is what was planned.
      expect(inAll(report, 'planned')).toBe(400);
      for (const [target, collector] of [
        [most, heavy],
        [least, light],
      ] as const) {
        expect(target?.visits.completed).toBe(target?.visits.planned);
        if (target !== undefined) expectRecordedAsPlanned(collector.state().totals, target.plan);
      }
      const recorded = heavy.state().totals.visits + light.state().totals.visits;
      expect(recorded + (lost?.visits.planned ?? 0)).toBe(400);
      // Of those that came to the dead one something was tried: those in flight, and the twenty that showed it.
      expect(lost?.visits.skipped).toBe(0);
      expect((lost?.visits.planned ?? 0) - (lost?.visits.completed ?? 0)).toBeLessThan(120);
      const [one = 0, other = 0] = [most?.visits.planned, least?.visits.planned];
      expect(one / other).toBeGreaterThan(1.8);
      expect(one / other).toBeLessThan(2.2);
    },
  );

  it('go away even if they wait for a place already', async () => {
    const [hanging, live] = [await serve(() => hang), await serve(() => gif)];
    const config = over([hanging, live], { visits: 300, visitsPerSecond: 200 }, [
      { concurrency: 5, timeoutSeconds: 0.25 },
    ]);
    const report = await start(config).done;
    expectWholeAccount(report);
    const [lost, taken] = report.targets;
    // Four rounds of five, and tries: of some 100 that waited by then none stayed.
    expect(lost?.visits.planned).toBeLessThanOrEqual(20 + 5 + 3);
    expect(lost?.visits.skipped).toBe(0);
    expect(causesAt(report, 0).TARGET_DOWN).toBeUndefined();
    expect(taken?.visits.completed).toBe(300 - (lost?.visits.planned ?? 0));
    expect([...visitorsServed(live)].filter(visitor => visitorsServed(hanging).has(visitor))).toEqual([]);
  });

  it('stay, and are skipped, where no other is up', async () => {
    const [one, other] = [await serve(() => gif), await serve(() => gif)];
    await one.die();
    await other.die();
    const report = await start(over([one, other], { visits: 150 })).done;
    expectWholeAccount(report);
    expect(report.exitCode).toBe(5);
    expect(inAll(report, 'planned')).toBe(150);
    expect(inAll(report, 'completed')).toBe(0);
    expect(inAll(report, 'skipped')).toBeGreaterThan(0);
    expect(report.run).toMatchObject({ stoppedBy: 'visits', remaining: 0 });
  });
});

describe.concurrent('visits of a target that was down, rerouted', () => {
  it('come to it again by its weight once it answers', async () => {
    let died: Promise<void> | undefined;
    const dying: FaultServer = await serve(({ number }) => {
      if (number === 120) died = dying.die();
      return gif;
    });
    const live = await serve(() => gif);
    const { hits, outputs, begunSince } = watchedReturn(100);
    const comeBack: Output = {
      notice: (_, message) => {
        if (message.includes('lost')) void died?.then(() => dying.comeBack());
      },
    };
    const config = over([dying, live], { visits: undefined, visitsPerSecond: 100 }, [{ weight: 3 }]);
    const run = start(config, { hits, outputs: [...outputs, comeBack] });
    await until(() => begunSince().length > 60);
    run.stop(130, 30_000);
    const report = await run.done;
    expectWholeAccount(report);
    // Also those that waited for a place at the stop.
    const [one = 0, other = 0] = ['t0', 't1'].map(
      name => begunSince().filter(({ target }) => target === name).length,
    );
    expect(one / other).toBeGreaterThan(2);
    expect(one / other).toBeLessThan(4);
    expect(report.targets[0]?.health).toEqual({ state: 'up', outages: 1 });
  });
});

describe.concurrent('visits of a target whose token is refused, rerouted', () => {
  const token = 'a secret token';

  it('go to the others, all of them, after one request', async () => {
    const [bad, good] = [await serve(() => bulkCounts(0, 1)), await serve(withToken(() => gif))];
    const report = await start(over([bad, good], { visits: 60 }, [{ token }, { token }])).done;
    expectWholeAccount(report);
    expect(bad.requests).toHaveLength(1);
    expect(report.exitCode).toBe(5);
    expect(report.targets.map(({ visits }) => visits.completed)).toEqual([0, 60]);
    expect(report.targets.map(({ health }) => health.state)).toEqual(['refused', 'up']);
    expect(report.hits.skipped).toBe(0);
  });

  it('go to the others even if they have waited for what the server says', async () => {
    // Later than a run waits for such answers before it begins, even if it takes its time to begin.
    const refusesLate = await serve(() => delayed(4000, bulkCounts(0, 1)));
    const good = await serve(withToken(() => gif));
    const report = await start(over([refusesLate, good], { visits: 60 }, [{ token }, { token }])).done;
    expectWholeAccount(report);
    expect(refusesLate.requests).toHaveLength(1);
    expect(report.targets.map(({ visits }) => visits.completed)).toEqual([0, 60]);
    expect(report.targets[1]?.latenessMs?.max).toBeGreaterThan(100);
  });

  it('that is withdrawn in mid-run loses what had begun and nothing else', async () => {
    let hits = 0;
    const withdrawn = await serve(request => {
      if (isProbe(request)) return hits > 60 ? bulkCounts(0, 1) : bulkCounts(1, 0);
      return ++hits > 60 ? status(400) : gif;
    });
    const good = await serve(withToken(() => gif));
    const report = await start(over([withdrawn, good], { visits: 400 }, [{ token }, { token }])).done;
    expectWholeAccount(report);
    const [stopped, taken] = report.targets;
    expect(stopped?.health.state).toBe('refused');
    // It would have had 200.
    expect(stopped?.visits.planned).toBeLessThan(120);
    expect(taken?.visits.completed).toBe(400 - (stopped?.visits.planned ?? 0));
    expect([...visitorsServed(good)].filter(visitor => visitorsServed(withdrawn).has(visitor))).toEqual([]);
  });

  it('stay and are skipped where all are refused, and the run ends', async () => {
    const all = [await serve(() => bulkCounts(0, 1)), await serve(() => status(403))];
    const report = await start(over(all, { visits: 1000 }, [{ token }, { token }])).done;
    expectWholeAccount(report);
    expect(all.map(({ requests }) => requests.length)).toEqual([1, 1]);
    expect(report).toMatchObject({ exitCode: 5, run: { stoppedBy: 'lost-targets' } });
    expect(report.run.remaining).toBe(1000 - report.visits.planned);
    expect(inAll(report, 'skipped')).toBe(report.visits.planned);
  });
});

describe.concurrent('visits of a target that dies, not rerouted', () => {
  it.each([
    ['split', 'skip'],
    ['split', undefined],
    ['mirror', undefined],
    ['independent', undefined],
  ] as const)('are skipped and counted, and no other gets one: %s, %s', async (distribution, whenDown) => {
    const [dying, live] = [await serve(() => gif), await serve(() => gif)];
    const { whenDown: _, ...config } = over([dying, live], {
      distribution,
      visits: 400,
      visitsPerSecond: 125,
    });
    const run = start({ ...config, ...(whenDown && { whenDown }) });
    await until(() => dying.requests.length > 60);
    await dying.die();
    const report = await run.done;
    expectWholeAccount(report);
    const share = distribution === 'split' ? 200 : 400;
    expect(report.targets.map(({ visits }) => visits.planned)).toEqual([share, share]);
    expect(report.targets[1]?.visits.completed).toBe(share);
    expect(visitorsServed(live).size).toBe(share);
    expect(report.targets[0]?.visits.skipped).toBeGreaterThan(20);
    expect(causesAt(report, 0).TARGET_DOWN).toBeGreaterThan(60);
    expect(report.exitCode).toBe(5);
  });

  it.each(['split', 'mirror'] as const)(
    'end the run where that is asked for, and those in flight elsewhere are finished: %s',
    async distribution => {
      const [dying, live] = [await serve(() => gif), await serve(() => gif)];
      const notices: string[] = [];
      // With a place for each, also where all come late: one that waits for a place is skipped.
      const places = { concurrency: 2000 };
      const run = start(
        over(
          [dying, live],
          { whenDown: 'abort', distribution, visits: 2000, pauseSeconds: { min: 0.1, max: 0.1 } },
          [places, places],
        ),
        { outputs: [{ notice: (_, message) => notices.push(message) }] },
      );
      await until(() => dying.requests.length > 60);
      await dying.die();
      const report = await run.done;
      expectWholeAccount(report);
      expect(report).toMatchObject({ exitCode: 5, run: { stoppedBy: 'lost-targets' } });
      expect(report.run.remaining).toBe((distribution === 'mirror' ? 4000 : 2000) - report.visits.planned);
      // Of visits for 20 s most had not come when it ended.
      expect(report.run.remaining).toBeGreaterThan(distribution === 'mirror' ? 2000 : 1000);
      const [, other] = report.targets;
      expect(other?.visits.completed).toBe(other?.visits.planned);
      expect(notices.filter(message => message.includes('the run ends'))).toHaveLength(1);
    },
  );
});
