import { afterAll, describe, expect, it } from 'vitest';
import { visitorId } from '../../src/traffic/identity.ts';
import { expectWholeAccount } from '../support/account.ts';
import { clockAt } from '../support/clock.ts';
import { delayed, type FaultServer, gif, hitsIn, startFaultServer } from '../support/fault-server.ts';
import { runConfig, start, targetConfig, twoPages } from '../support/run-config.ts';

const opened: FaultServer[] = [];
afterAll(async () => {
  for (const server of opened) await server.close();
});

async function serve(...args: Parameters<typeof startFaultServer>): Promise<FaultServer> {
  const server = await startFaultServer(...args);
  opened.push(server);
  return server;
}

/** When the first hit of each visit came, in the order they came. */
function beginnings({ tracking }: FaultServer): number[] {
  return tracking.filter(request => hitsIn(request)[0]?.has('new_visit')).map(request => request.atMs);
}

/** Most visits that had begun and not ended, as the server saw them: each ends with the answer to its ping. */
function mostVisitsAtOnce({ tracking }: FaultServer): number {
  const turns = tracking.flatMap(request => {
    const [hit] = hitsIn(request);
    if (hit?.has('new_visit')) return [{ atMs: request.atMs, step: 1 }];
    return hit?.has('ping') ? [{ atMs: request.endedMs ?? request.atMs, step: -1 }] : [];
  });
  let open = 0;
  let most = 0;
  for (const { step } of turns.sort((a, b) => a.atMs - b.atMs)) {
    open += step;
    most = Math.max(most, open);
  }
  return most;
}

describe('connections', () => {
  it('for the visits of the first tenth of a second are there before they are wanted', async () => {
    const server = await serve(() => gif);
    const config = runConfig(targetConfig(server.url), {
      visits: 12,
      visitsPerSecond: 100,
      traffic: twoPages,
    });
    const report = await start(config).done;
    expectWholeAccount(report);
    expect(report.hits.accepted).toBe(report.hits.planned);
    expect(server.connections).toBeGreaterThanOrEqual(10);
  });
});

describe('the schedule', () => {
  it('is not slowed by a slow server', async () => {
    const server = await serve(() => delayed(300, gif));
    const config = runConfig(targetConfig(server.url), {
      visits: 40,
      visitsPerSecond: 50,
      traffic: twoPages,
    });
    const report = await start(config).done;
    const began = beginnings(server);
    expect(began).toHaveLength(40);
    // 39 steps of 20 ms; a closed loop would take as many answers as there are visits.
    expect((began.at(-1) ?? 0) - (began[0] ?? 0)).toBeGreaterThan(400);
    expect((began.at(-1) ?? 0) - (began[0] ?? 0)).toBeLessThan(1100);
    expect(report.latencyMs?.p50).toBeGreaterThan(290);
    expect(report.latenessMs?.p50).toBeLessThan(100);
    expect(mostVisitsAtOnce(server)).toBe(40);
  });

  it('lets visits wait for a place, and tells it as lateness and not as latency', async () => {
    const server = await serve(() => delayed(50, gif));
    const target = targetConfig(server.url, { concurrency: 3 });
    const report = await start(runConfig(target, { visits: 12, visitsPerSecond: 200, traffic: twoPages }))
      .done;
    expectWholeAccount(report);
    expect(report.visits.completed).toBe(12);
    expect(mostVisitsAtOnce(server)).toBe(3);
    expect(server.mostOpen).toBe(3);
    // Four rounds of three answers of 50 ms: the last round begins after 450 ms.
    expect(report.latenessMs?.max).toBeGreaterThan(350);
    expect(report.latencyMs?.p50).toBeLessThan(200);
  });

  it('drops what finds no place where that is asked for, and counts it', async () => {
    const server = await serve(() => delayed(100, gif));
    const target = targetConfig(server.url, { concurrency: 3 });
    const report = await start(
      runConfig(target, { visits: 40, visitsPerSecond: 200, traffic: twoPages, overflow: 'drop' }),
    ).done;
    expectWholeAccount(report);
    const { completed, dropped, planned } = report.visits;
    expect(completed + dropped).toBe(planned);
    expect(planned).toBe(40);
    expect(dropped).toBeGreaterThan(20);
    expect(completed).toBeGreaterThanOrEqual(3);
    expect(mostVisitsAtOnce(server)).toBe(3);
    expect(report.targets[0]?.errors).toEqual([
      { code: 'OVERFLOW', count: dropped * 3, example: 'the in-flight cap was reached' },
    ]);
    expect(report.exitCode).toBe(0);
  });

  it('is none under "max": as many visits at once as there are places, without lateness', async () => {
    const server = await serve(() => delayed(10, gif));
    const target = targetConfig(server.url, { concurrency: 5 });
    const report = await start(runConfig(target, { visits: 30, visitsPerSecond: 'max', traffic: twoPages }))
      .done;
    expectWholeAccount(report);
    expect(report.visits.completed).toBe(30);
    expect(report.latenessMs).toBeNull();
    expect(report.rate.offeredVisitsPerSecond).toBeNull();
    expect(mostVisitsAtOnce(server)).toBe(5);
  });

  it('ends "max" after its time', async () => {
    const server = await serve(() => delayed(10, gif));
    const target = targetConfig(server.url, { concurrency: 3 });
    const report = await start(
      runConfig(target, { visits: undefined, durationSeconds: 0.3, visitsPerSecond: 'max' }),
    ).done;
    expectWholeAccount(report);
    expect(report.run.stoppedBy).toBe('duration');
    expect(report.run.durationSeconds).toBeGreaterThanOrEqual(0.3);
    expect(report.run.durationSeconds).toBeLessThan(1);
    expect(report.visits.completed).toBeGreaterThan(3);
  });

  it.each([
    [{ visits: 15, durationSeconds: undefined }, 15, 'visits'],
    [{ visits: 15, durationSeconds: 60 }, 15, 'visits'],
    [{ visits: undefined, durationSeconds: 0.2 }, 20, 'duration'],
    [{ visits: 1000, durationSeconds: 0.2 }, 20, 'duration'],
    [{ visits: 0, durationSeconds: undefined }, 0, 'visits'],
  ] as const)('ends as its bounds say: %o', async (bounds, visits, stoppedBy) => {
    const server = await serve(() => gif);
    const report = await start(runConfig(targetConfig(server.url), { ...bounds, visitsPerSecond: 100 })).done;
    expectWholeAccount(report);
    expect(report.visits).toMatchObject({ planned: visits, completed: visits });
    expect(report.run).toMatchObject({ stoppedBy, remaining: 0 });
    expect(report.exitCode).toBe(0);
  });

  it('is shared by shards, which together send every visit once', async () => {
    const server = await serve(() => gif);
    const startEpochMs = Date.now() + 100;
    const reports = await Promise.all(
      [1, 2, 3].map(
        number =>
          start(
            runConfig(targetConfig(server.url), { visits: 31, startEpochMs, shard: { number, count: 3 } }),
          ).done,
      ),
    );
    expect(reports.map(({ visits }) => visits.completed)).toEqual([10, 10, 11]);
    expect(reports.map(({ run }) => run.shard)).toEqual(['1/3', '2/3', '3/3']);
    const tag = reports[0]?.run.tag ?? '';
    const visitors = new Set(server.tracking.flatMap(hitsIn).map(hit => hit.get('cid')));
    expect(visitors).toEqual(new Set(Array.from({ length: 31 }, (_, index) => visitorId(tag, index))));
  });

  it('pauses at the cap of a day and goes on after the midnight of the zone', async () => {
    const server = await serve(() => gif);
    // A second before midnight in Stockholm.
    const clock = clockAt('2026-06-14T21:59:59Z');
    const config = runConfig(targetConfig(server.url), {
      visits: 10,
      visitsPerSecond: 50,
      maxVisitsPerDay: 6,
      timezone: 'Europe/Stockholm',
    });
    const report = await start(config, { clock }).done;
    expectWholeAccount(report);
    expect(report.visits.completed).toBe(10);
    const began = beginnings(server);
    const gaps = began.slice(1).map((atMs, at) => atMs - (began[at] ?? 0));
    expect(gaps[5]).toBeGreaterThan(600);
    expect(gaps.toSpliced(5, 1).every(gap => gap < 500)).toBe(true);
  });

  it('begins when it is told to', async () => {
    const server = await serve(() => gif);
    const startEpochMs = Date.now() + 400;
    const startMs = performance.now();
    const report = await start(runConfig(targetConfig(server.url), { visits: 3, startEpochMs })).done;
    expect((server.requests[0]?.atMs ?? 0) - startMs).toBeGreaterThan(390);
    expect(report.run.startEpochMs).toBe(startEpochMs);
    expect(report.latenessMs?.max).toBeLessThan(200);
  });

  it('sends what is overdue at once, and tells how late it is', async () => {
    const server = await serve(() => gif);
    const report = await start(
      runConfig(targetConfig(server.url), {
        visits: 10,
        visitsPerSecond: 10,
        startEpochMs: Date.now() - 5000,
      }),
    ).done;
    expect(report.visits.completed).toBe(10);
    expect(report.run.durationSeconds).toBeLessThan(6);
    expect(report.latenessMs?.max).toBeGreaterThan(4500);
  });

  it('is the same for the same seed, run id and start', async () => {
    const sent = async () => {
      const server = await serve(() => gif);
      const { plan } = await start(
        runConfig(targetConfig(server.url), { visits: 12, startEpochMs: 1_790_000_000_000, seed: 5 }),
        { clock: clockAt(1_790_000_000_000) },
      ).done;
      return { plan, paths: server.requests.map(({ path }) => path).sort() };
    };
    expect(await sent()).toEqual(await sent());
  });
});
