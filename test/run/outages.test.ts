import { afterAll, describe, expect, it } from 'vitest';
import { expectAsServed, expectRecordedAsPlanned, expectWholeAccount } from '../support/account.ts';
import { type FaultServer, gif, hang, inTurn, status } from '../support/fault-server.ts';
import { runConfig, start, targetConfig, twoPages } from '../support/run-config.ts';
import { servers } from '../support/servers.ts';
import { until } from '../support/until.ts';

const { collect, serve, close } = servers();
afterAll(close);

/** From each tracking request to the next, from the `from`-th on, to the first that was answered well, in ms. */
function gaps({ tracking }: FaultServer, from: number): number[] {
  const good = tracking.findIndex(({ answer }) => answer === gif);
  const until = good === -1 ? tracking.length : good + 1;
  return tracking.slice(from, until).flatMap(({ atMs }, at, all) => {
    const next = all[at + 1];
    return next === undefined ? [] : [next.atMs - atMs];
  });
}

describe.concurrent('a target that loses hits', () => {
  it('is given up when half of its last hits were lost, though never many in a row', async () => {
    const server = await serve(
      inTurn(
        Array.from({ length: 100 }, (_, at) => (at % 3 === 0 ? gif : status(502))),
        gif,
      ),
    );
    const target = targetConfig(server.url, { concurrency: 1 });
    const report = await start(runConfig(target, { visits: 120, visitsPerSecond: 'max', traffic: twoPages }))
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
    const target = targetConfig(server.url, { connections: 5, concurrency: 100, timeoutSeconds: 0.5 });
    const report = await start(runConfig(target, { visits: 100, visitsPerSecond: 500, traffic: twoPages }))
      .done;
    expectWholeAccount(report);
    expectAsServed(report, server);
    // Four rounds of five show it; a round is on its way by then.
    expect(server.tracking.length).toBeLessThanOrEqual(25);
    expect(report.run.durationSeconds).toBeLessThan(6);
  });
});

describe.concurrent('a target that was given up', () => {
  it('is tried by one visit at a time, later and later, and is used again after the first answer', async () => {
    let isUp = false;
    const [down, other] = [await serve(() => (isUp ? gif : status(502))), await serve(() => gif)];
    const config = runConfig(targetConfig(down.url, { name: 'down', concurrency: 10 }), {
      distribution: 'mirror',
      visits: 600,
      traffic: twoPages,
    });
    const run = start({
      ...config,
      targets: [...config.targets, targetConfig(other.url, { name: 'other' })],
    });
    const waits = () => gaps(down, 19).filter(gap => gap > 400);
    // Some thirty requests: cheap to look at again and again.
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
    expect(first).toBeLessThan(2000);
    expect(second).toBeGreaterThan(980);
    expect(second).toBeLessThan(3500);
    expect(more).toEqual([]);
    const [lost, live] = report.targets;
    expect(lost?.health).toEqual({ state: 'up', outages: 1 });
    expect(down.tracking.length - seen).toBeGreaterThan(3);
    expect(lost?.visits.completed).toBe(report.visits.completed - 600);
    expect(live?.visits.completed).toBe(600);
  });
});

// The same with servers and sender in processes of their own, in half a minute: test/long.
describe.concurrent('a target that hangs and one that is killed and comes back', () => {
  it('cost a third nothing, and the one that comes back is used again', async () => {
    const run = (at: readonly { readonly url: URL | string }[], notice: (message: string) => void) =>
      start(
        runConfig(targetConfig('http://127.0.0.1:9/'), {
          visits: undefined,
          durationSeconds: 6,
          traffic: twoPages,
          targets: ['healthy', 'hanging', 'killed'].map((name, which) =>
            targetConfig(at[which]?.url ?? '', {
              name,
              ...(name === 'hanging' && { timeoutSeconds: 1 }),
            }),
          ),
        }),
        { outputs: [{ notice: (_, message) => notice(message) }] },
      );
    let isHanging = false;
    const healthy = await collect();
    const [hanging, killed] = [await serve(() => (isHanging ? hang : gif)), await serve(() => gif)];
    const sound = await Promise.all([collect(), serve(() => gif), serve(() => gif)]);
    const notices: string[] = [];
    const troubled = run([healthy, hanging, killed], message => notices.push(message));
    // At the same time, so that it meets the same pauses of this machine.
    const untroubled = run(sound, () => {});
    await until(() => hanging.tracking.length > 100);
    isHanging = true;
    await until(() => killed.tracking.length > 130);
    await killed.die();
    await until(() => notices.some(message => message.startsWith('killed: lost')));
    await killed.comeBack();
    const report = await troubled.done;
    const usual = (await untroubled.done).targets[0];

    expectWholeAccount(report);
    expect(report.exitCode).toBe(5);
    expect(report.targets.map(({ visits }) => visits.planned)).toEqual([200, 200, 200]);
    const [own, hung, back] = report.targets;
    expect(own?.visits.completed).toBe(200);
    expect(own?.health).toEqual({ state: 'up', outages: 0 });
    if (own !== undefined) expectRecordedAsPlanned(healthy.state().totals, own.plan);
    expect(own?.latenessMs?.p99).toBeLessThan((usual?.latenessMs?.p99 ?? 0) + 150);
    expect(own?.latencyMs?.p99).toBeLessThan((usual?.latencyMs?.p99 ?? 0) + 150);
    expect(hung?.health).toEqual({ state: 'down', outages: 1 });
    expect(hung?.visits.completed).toBeGreaterThan(0);
    expect(back?.health).toEqual({ state: 'up', outages: 1 });
    expect(back?.series.at(-1)?.failed).toBe(0);
    expect(back?.visits.completed).toBeGreaterThan(60);
  });
});
