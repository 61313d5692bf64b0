import { afterAll, describe, expect, it } from 'vitest';
import { startCollector } from '../../src/collector/collector.ts';
import { toRunConfig } from '../../src/config/to-run-config.ts';
import { plannedVisits, replayPlan } from '../../src/run/plan-walk.ts';
import type { RunConfig } from '../../src/run/run-config.ts';
import { load } from '../config/loading.ts';
import { expectRecordedAsPlanned, expectWholeAccount } from '../support/account.ts';
import { clockAt } from '../support/clock.ts';
import { type FaultServer, gif, hitsIn, startFaultServer } from '../support/fault-server.ts';
import { runConfig, start, targetConfig, twoPages } from '../support/run-config.ts';

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
});

async function serve(): Promise<FaultServer> {
  const server = await startFaultServer(() => gif);
  closing.push(() => server.close());
  return server;
}

/** When the first hit of each visit came, in epoch ms, in the order they came. */
function beginnings({ tracking }: FaultServer): number[] {
  return tracking
    .filter(request => hitsIn(request)[0]?.has('new_visit'))
    .map(({ atMs }) => performance.timeOrigin + atMs);
}

const given = (text: string): Pick<RunConfig, 'arrivals'> => {
  const { arrivals } = toRunConfig(load({ flags: { stages: text } }), { command: 'run' });
  return arrivals === undefined ? {} : { arrivals };
};

describe('stages of a second at 10/s and two from 10/s to 40/s', () => {
  const stages = { ...given('1s@10/s,2s@10-40/s'), visits: undefined };

  it('are 60 visits, recorded as planned, and then the end of the run', async () => {
    const collector = await startCollector();
    closing.push(() => collector.close());
    const report = await start(runConfig(targetConfig(collector.url), stages)).done;
    expectWholeAccount(report);
    expectRecordedAsPlanned(collector.state().totals, report.plan);
    expect(report).toMatchObject({
      visits: { planned: 60, completed: 60 },
      run: { stoppedBy: 'plan-end', remaining: 0 },
      rate: { offeredVisitsPerSecond: 20 },
      exitCode: 0,
    });
    expect(report.run.durationSeconds).toBeGreaterThan(2.9);
  });

  it('begin visits as they say, and none before its time', async () => {
    const server = await serve();
    const config = runConfig(targetConfig(server.url), { ...stages, traffic: twoPages });
    const report = await start(config).done;
    const { startEpochMs } = report.run;
    const planned = [...plannedVisits(config, startEpochMs)].map(
      ({ startMs }) => startEpochMs + (startMs ?? 0),
    );
    const began = beginnings(server);
    expect(began).toHaveLength(60);
    // The two clocks of a process differ by a little.
    const early = planned.map((atMs, index) => atMs - (began[index] ?? 0));
    expect(Math.max(...early)).toBeLessThan(20);
    expect(report.latenessMs?.p50).toBeLessThan(100);
  });

  it('leave the rest when a signal stops them', async () => {
    const server = await serve();
    const stop = new AbortController();
    const { done } = start(runConfig(targetConfig(server.url), { ...stages, traffic: twoPages }), {
      signal: stop.signal,
    });
    setTimeout(() => stop.abort(), 500);
    const report = await done;
    expectWholeAccount(report);
    expect(report.run.stoppedBy).toBe('signal');
    expect(report.visits.planned + (report.run.remaining ?? 0)).toBe(60);
    expect(report.run.remaining).toBeGreaterThan(10);
  });

  it.each([
    [{ visits: 7 }, 7, 'visits'],
    [{ visits: 7000 }, 60, 'plan-end'],
    [{ durationSeconds: 0.55 }, 6, 'duration'],
    [{ durationSeconds: 60 }, 60, 'plan-end'],
  ] as const)('end by what comes first: %o', async (bounds, visits, stoppedBy) => {
    const server = await serve();
    const report = await start(
      runConfig(targetConfig(server.url), { ...stages, ...bounds, traffic: twoPages }),
    ).done;
    expect(report.visits).toMatchObject({ planned: visits, completed: visits });
    expect(report.run).toMatchObject({ stoppedBy, remaining: 0 });
  });

  it('are shared by shards', async () => {
    const server = await serve();
    const startEpochMs = Date.now() + 100;
    const reports = await Promise.all(
      [1, 2, 3].map(number => {
        const shard = { number, count: 3 };
        return start(
          runConfig(targetConfig(server.url), { ...stages, traffic: twoPages, startEpochMs, shard }),
        ).done;
      }),
    );
    expect(reports.map(({ visits }) => visits.completed)).toEqual([20, 20, 20]);
    expect(reports.map(({ rate }) => rate.offeredVisitsPerSecond)).toEqual([
      6.66666667, 6.66666667, 6.66666667,
    ]);
    expect(reports.map(({ run }) => run.stoppedBy)).toEqual(['plan-end', 'plan-end', 'plan-end']);
  });
});

describe('a run whose visits come at random', () => {
  it.each(['split', 'mirror', 'independent'] as const)(
    'is planned again from its report: %s',
    async distribution => {
      const server = await serve();
      const config = runConfig(targetConfig(server.url), {
        distribution,
        targets: ['a', 'b'].map((name, at) => targetConfig(server.url, { name, siteId: at + 1 })),
        arrivals: {
          gaps: 'random',
          over: { kind: 'curve', weights: Array.from({ length: 24 }, (_, hour) => hour) },
        },
        visitsPerSecond: 60,
        visits: undefined,
        durationSeconds: 0.5,
        startEpochMs: Date.parse('2026-10-25T00:59:59.750Z'),
        traffic: twoPages,
      });
      const report = await start(config, { clock: clockAt(config.startEpochMs ?? 0) }).done;
      expectWholeAccount(report);
      expect(report.visits.planned).toBeGreaterThan(0);
      expect(report.run.stoppedBy).toBe('duration');
      const replayed = replayPlan(config, report).targets.map(({ visits }) => [...visits()].length);
      expect(replayed).toEqual(report.targets.map(({ visits }) => visits.planned));
      const sent = new Set(
        server.tracking.flatMap(hitsIn).map(hit => `${hit.get('idsite')} ${hit.get('cid')}`),
      );
      const planned = replayPlan(config, report).targets.flatMap(({ visits }, at) =>
        [...visits()].map(({ visitorId }) => `${at + 1} ${visitorId}`),
      );
      expect(new Set(planned)).toEqual(sent);
    },
  );
});
