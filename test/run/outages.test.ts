import { afterAll, describe, expect, it } from 'vitest';
import type { HitSink } from '../../src/run/hit-log.ts';
import { expectAsServed, expectRecordedAsPlanned, expectWholeAccount } from '../support/account.ts';
import {
  allTracked,
  commitFailed,
  gif,
  hang,
  hitsIn,
  inTurn,
  type ReceivedRequest,
  status,
} from '../support/fault-server.ts';
import { runConfig, start, targetConfig, twoPages } from '../support/run-config.ts';
import { servers } from '../support/servers.ts';
import { hardlyLater } from '../support/sound-run.ts';
import { until } from '../support/until.ts';

const { collect, serve, close } = servers();
afterAll(close);

/** With a place for each visit, also where all come late: one that waits for a place at a stop is skipped. */
const places = { concurrency: 5000 };

/** The ping that ends a visit. */
function isLast(request: ReceivedRequest): boolean {
  return hitsIn(request).some(hit => hit.has('ping'));
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

  it('is not given up for a body here and there, however many hits it holds', async () => {
    const server = await serve(({ number }) => (number % 3 === 1 ? commitFailed : allTracked));
    const target = targetConfig(server.url, { transport: 'bulk', batchSize: 60, concurrency: 100 });
    const report = await start(runConfig(target, { visits: 300, visitsPerSecond: 'max', traffic: twoPages }))
      .done;
    expectWholeAccount(report);
    expectAsServed(report, server);
    expect(report.exitCode).toBe(0);
    expect(report.targets[0]?.health.outages).toBe(0);
    expect(report.hits.unknown).toBeGreaterThan(60);
  });

  it('is sent nothing of what waited for a connection once it is given up', async () => {
    const server = await serve(() => hang);
    const target = targetConfig(server.url, { connections: 5, concurrency: 100, timeoutSeconds: 0.5 });
    const report = await start(runConfig(target, { visits: 100, visitsPerSecond: 500, traffic: twoPages }))
      .done;
    expectWholeAccount(report);
    // Four rounds of five show it; a round is on its way by then. A busy server may not have read all of them.
    const { unknown } = report.hits;
    expect(unknown).toBeGreaterThanOrEqual(20);
    expect(unknown).toBeLessThanOrEqual(25);
    expect(server.tracking.length).toBeLessThanOrEqual(unknown);
    expect(report.hits).toMatchObject({ accepted: 0, rejected: 0, failed: 0 });
  });
});

describe.concurrent('a target that was given up', () => {
  it('is tried by one visit at a time, later and later, and is used again after the first answer', async () => {
    let isUp = false;
    const [down, other] = [await serve(() => (isUp ? gif : status(502))), await serve(() => gif)];
    // As the sender has it: a busy server reads late. By when each began and came to its end, in this order.
    const tried: { readonly dueMs: number; readonly sentMs: number; readonly answeredMs: number }[] = [];
    const givenUpMs = () => tried[19]?.answeredMs ?? Number.NaN;
    const tries = () => tried.filter(({ dueMs }) => dueMs > givenUpMs());
    let seen = 0;
    const hits: HitSink = {
      add({ target, dueMs, sentMs, answeredMs }) {
        if (target !== 'down' || dueMs === null || sentMs === null || answeredMs === null) return;
        tried.push({ dueMs, sentMs, answeredMs });
        if (isUp || !(dueMs > givenUpMs())) return;
        isUp = true;
        seen = tried.length;
      },
    };
    const config = runConfig(targetConfig(down.url), {
      distribution: 'mirror',
      visits: undefined,
      visitsPerSecond: 40,
      traffic: twoPages,
      targets: [
        targetConfig(down.url, { name: 'down', concurrency: 10 }),
        targetConfig(other.url, { name: 'other', ...places }),
      ],
    });
    const run = start(config, { hits });
    // However long that takes: more than the visit that was tried.
    await until(() => isUp && tried.length > seen + 6);
    run.stop(130, 30_000);
    const report = await run.done;
    expectWholeAccount(report);
    // The 20 that showed it, those on their way then, and one try.
    expect(seen).toBeLessThanOrEqual(20 + 10 + 1);
    // Half of a second and of two at least: the rest is drawn.
    const [first, second] = tries();
    expect((first?.sentMs ?? 0) - givenUpMs()).toBeGreaterThan(499);
    expect((second?.sentMs ?? 0) - (first?.answeredMs ?? 0)).toBeGreaterThan(999);
    const [lost, live] = report.targets;
    expect(lost?.health).toEqual({ state: 'up', outages: 1 });
    expect(lost?.visits.completed).toBeGreaterThan(0);
    expect(live?.visits.completed).toBe(live?.visits.planned);
  });
});

// The same with servers and sender in processes of their own, in half a minute: test/long.
describe.concurrent('a target that hangs and one that is killed and comes back', () => {
  it('cost a third nothing, and the one that comes back is used again', async () => {
    const run = (at: readonly { readonly url: URL | string }[], notice: (message: string) => void) =>
      start(
        runConfig(targetConfig('http://127.0.0.1:9/'), {
          visits: undefined,
          visitsPerSecond: 60,
          traffic: twoPages,
          targets: ['healthy', 'hanging', 'killed'].map((name, which) =>
            targetConfig(at[which]?.url ?? '', {
              name,
              ...places,
              ...(name === 'hanging' && { timeoutSeconds: 1.5 }),
            }),
          ),
        }),
        { outputs: [{ notice: (_, message) => notice(message) }] },
      );
    // Each is well for ten visits.
    let wellHanging = 0;
    let wellKilled = 0;
    const healthy = await collect();
    const hanging = await serve(request => {
      if (wellHanging >= 10) return hang;
      if (isLast(request)) wellHanging++;
      return gif;
    });
    let died: Promise<void> | undefined;
    const killed = await serve(request => {
      if (isLast(request) && ++wellKilled === 10) died = killed.die();
      return gif;
    });
    const sound = await Promise.all([collect(), serve(() => gif), serve(() => gif)]);
    const notices: string[] = [];
    const troubled = run([healthy, hanging, killed], message => {
      notices.push(message);
      if (message.startsWith('killed: lost')) void died?.then(() => killed.comeBack());
    });
    // At the same time, so that it meets the same pauses of this machine.
    const untroubled = run(sound, () => {});
    await until(() => notices.some(message => message.startsWith('hanging: lost')));
    await until(() => wellKilled > 20);
    for (const each of [troubled, untroubled]) each.stop(130, 30_000);
    const report = await troubled.done;
    const [usual] = (await untroubled.done).targets;

    expectWholeAccount(report);
    const [own, hung, back] = report.targets;
    expect(own?.visits.completed).toBe(own?.visits.planned);
    expect(own?.health).toEqual({ state: 'up', outages: 0 });
    if (own !== undefined) expectRecordedAsPlanned(healthy.state().totals, own.plan);
    const most = hardlyLater(usual ?? { latenessMs: null, latencyMs: null }, 150);
    expect(own?.latenessMs?.p99).toBeLessThan(most.latenessMs);
    expect(own?.latencyMs?.p99).toBeLessThan(most.latencyMs);
    expect(hung?.health.outages).toBeGreaterThan(0);
    expect(back?.health).toEqual({ state: 'up', outages: 1 });
    expect(back?.visits.completed).toBeGreaterThanOrEqual(18);
  });
});
