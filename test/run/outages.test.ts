import { afterAll, describe, expect, it } from 'vitest';
import { expectAsServed, expectWholeAccount } from '../support/account.ts';
import { type FaultServer, gif, hang, inTurn, status } from '../support/fault-server.ts';
import { runConfig, start, targetConfig, twoPages } from '../support/run-config.ts';
import { servers } from '../support/servers.ts';
import { until } from '../support/until.ts';

const { serve, close } = servers();
afterAll(close);

/** From each tracking request to the next, from the `from`-th on, in ms. */
function gaps({ tracking }: FaultServer, from: number): number[] {
  return tracking.slice(from).flatMap(({ atMs }, at, all) => {
    const next = all[at + 1];
    return next === undefined ? [] : [next.atMs - atMs];
  });
}

describe.concurrent('a target that loses hits', () => {
  it('is given up when half of its last hits were lost, though never many in a row', async () => {
    const server = await serve(
      inTurn(
        Array.from({ length: 300 }, (_, at) => (at % 3 === 0 ? gif : status(502))),
        gif,
      ),
    );
    const target = targetConfig(server.url, { concurrency: 1 });
    const report = await start(runConfig(target, { visits: 200, visitsPerSecond: 'max', traffic: twoPages }))
      .done;
    expectWholeAccount(report);
    expectAsServed(report, server);
    // Two of three were lost: 50 of them were among the first 75.
    expect(report.exitCode).toBe(5);
    expect(report.targets[0]?.health.outages).toBeGreaterThan(0);
  });

  it('is not given up while more than half of them are answered', async () => {
    const server = await serve(({ number }) => (number % 5 < 2 ? status(502) : gif));
    const report = await start(
      runConfig(targetConfig(server.url, { concurrency: 4 }), {
        visits: 200,
        visitsPerSecond: 'max',
        traffic: twoPages,
      }),
    ).done;
    expectWholeAccount(report);
    expectAsServed(report, server);
    expect(report.exitCode).toBe(0);
    expect(report.targets[0]?.health.outages).toBe(0);
    expect(report.hits.unknown).toBeGreaterThan(80);
  });

  it('is sent nothing of what waited for a connection once it is given up', async () => {
    const server = await serve(() => hang);
    const target = targetConfig(server.url, { connections: 5, concurrency: 100, timeoutSeconds: 0.2 });
    const report = await start(runConfig(target, { visits: 100, visitsPerSecond: 500, traffic: twoPages }))
      .done;
    expectWholeAccount(report);
    expectAsServed(report, server);
    // Four rounds of five show it; a round is on its way by then.
    expect(server.tracking.length).toBeLessThanOrEqual(25);
    expect(report.run.durationSeconds).toBeLessThan(3);
  });
});

// Alone: its times are looked at.
describe('a target that was given up', () => {
  it('is tried by one visit at a time, later and later, and is used again after the first answer', async () => {
    let isUp = false;
    const [down, other] = [await serve(() => (isUp ? gif : status(502))), await serve(() => gif)];
    const config = runConfig(targetConfig(down.url, { name: 'down' }), {
      distribution: 'mirror',
      visits: 400,
      traffic: twoPages,
    });
    const run = start({
      ...config,
      targets: [...config.targets, targetConfig(other.url, { name: 'other' })],
    });
    const waits = () => gaps(down, 19).filter(gap => gap > 400);
    await until(() => waits().length === 1);
    // The 20 that showed it, those on their way then, and one try.
    const seen = down.tracking.length;
    expect(seen).toBeLessThanOrEqual(20 + 10 + 1);
    isUp = true;
    const report = await run.done;
    expectWholeAccount(report);
    expect(report.exitCode).toBe(5);
    const [first = 0, second = 0, ...more] = waits();
    expect(first).toBeGreaterThan(480);
    expect(first).toBeLessThan(1400);
    expect(second).toBeGreaterThan(980);
    expect(second).toBeLessThan(2400);
    expect(more).toEqual([]);
    const [lost, live] = report.targets;
    expect(lost?.health).toEqual({ state: 'up', outages: 1 });
    expect(down.tracking.length - seen).toBeGreaterThan(3);
    expect(lost?.visits.completed).toBe(report.visits.completed - 400);
    expect(live?.visits.completed).toBe(400);
  });
});
