import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/run/report.ts';
import { causes, expectAsServed, expectOneAfterAnother, expectWholeAccount } from '../support/account.ts';
import {
  type Answer,
  allTracked,
  bulkCounts,
  closedPort,
  commitFailed,
  cutShort,
  drip,
  type FaultServer,
  garbage,
  gif,
  hang,
  hitsIn,
  html,
  inTurn,
  noContent,
  reset,
  rolledBack,
  startFaultServer,
  status,
} from '../support/fault-server.ts';
import { runConfig, start, targetConfig, traffic, twoPages } from '../support/run-config.ts';
import { hardlyLater, soundRun } from '../support/sound-run.ts';
import { until } from '../support/until.ts';

const opened: FaultServer[] = [];
afterAll(async () => {
  for (const server of opened.splice(0)) await server.close();
});

async function serve(...args: Parameters<typeof startFaultServer>): Promise<FaultServer> {
  const server = await startFaultServer(...args);
  opened.push(server);
  return server;
}

/** Long enough that no answer is late, short enough to wait for. */
const timeoutSeconds = 1.5;

describe.concurrent('a target that does wrong', () => {
  it.each([
    gif,
    noContent,
    html,
    status(302),
    status(400),
    status(403),
    status(404),
    status(429, '0'),
    status(503, '0'),
    status(500),
    rolledBack('0'),
    commitFailed,
    status(502),
    status(504),
    reset,
    cutShort,
    garbage,
    hang,
    drip(50),
  ])('leaves a whole account, single and bulk: $name', async answer => {
    for (const transport of ['single', 'bulk'] as const) {
      const server = await serve(() => answer);
      const report = await start(
        runConfig(targetConfig(server.url, { transport, timeoutSeconds }), {
          visits: 8,
          visitsPerSecond: 200,
        }),
      ).done;
      expectWholeAccount(report);
      expectOneAfterAnother(server);
      expectAsServed(report, server);
      const isTaken = answer === gif || answer === noContent;
      expect(report.exitCode).toBe(isTaken ? 0 : 5);
      expect(report.run).toMatchObject({ stoppedBy: 'visits', remaining: 0 });
      expect(report.visits[isTaken ? 'completed' : 'failed']).toBe(8);
    }
  });

  const faults: readonly (readonly [number, Answer])[] = [
    [8, gif],
    [2, noContent],
    [2, status(400)],
    [1, html],
    [1, status(302)],
    [1, status(403)],
    [1, status(404)],
    [2, status(429, '0')],
    [2, status(503, '0')],
    [1, status(500)],
    [2, rolledBack('0')],
    [1, commitFailed],
    [1, status(502)],
    [1, status(504)],
    [2, reset],
    [1, cutShort],
    [1, garbage],
  ];

  function sequenceOf(accepting: readonly Answer[]) {
    const rows = faults.flatMap(([weight, answer]) =>
      answer.means === 'accepted'
        ? accepting.map(arbitrary => ({ weight, arbitrary: fc.constant(arbitrary) }))
        : [{ weight, arbitrary: fc.constant(answer) }],
    );
    return fc.record({
      answers: fc.array(fc.oneof(...rows), { maxLength: 60 }),
      hangAt: fc.option(fc.nat(40), { freq: 3 }),
      seed: fc.nat(),
      isMax: fc.boolean(),
      batchSize: fc.integer({ min: 1, max: 12 }),
      concurrency: fc.integer({ min: 1, max: 12 }),
    });
  }

  it.each([
    ['single', [gif], gif],
    ['bulk', [allTracked], allTracked],
  ] as const)(
    'leaves an account that agrees with the server after any faults: %s',
    async (transport, accepting, well) => {
      await fc.assert(
        // Four at once: most of their time is waiting.
        fc.asyncProperty(fc.array(sequenceOf(accepting), { minLength: 4, maxLength: 4 }), async sequences => {
          const tried = sequences.map(async ({ answers, hangAt, seed, isMax, batchSize, concurrency }) => {
            const sequence = hangAt === null ? answers : answers.toSpliced(hangAt, 0, hang);
            const server = await serve(inTurn(sequence, well));
            const target = targetConfig(server.url, { transport, timeoutSeconds, batchSize, concurrency });
            const report = await start(
              runConfig(target, { visits: 7, visitsPerSecond: isMax ? 'max' : 300, seed }),
            ).done;
            expectWholeAccount(report);
            expectAsServed(report, server);
            expectOneAfterAnother(server);
            expect(report.visits.planned).toBe(7);
          });
          await Promise.all(tried);
        }),
        { numRuns: 3 },
      );
    },
  );

  it('has the hits of a bulk right in number where the server counts and does not name', async () => {
    const server = await serve(request => {
      const { length } = hitsIn(request);
      return bulkCounts(length - 1, 1);
    });
    const target = targetConfig(server.url, { transport: 'bulk', batchSize: 6 });
    const report = await start(runConfig(target, { visits: 6, traffic: twoPages })).done;
    expectWholeAccount(report);
    expect(report.hits).toMatchObject({ planned: 18, rejected: server.requests.length });
    // None is known to be whole until it is verified.
    expect(report.visits).toMatchObject({ completed: 0, partial: 6 });
  });

  it('keeps what is queued apart from what is confirmed', async () => {
    const server = await serve(() => noContent);
    const bulk = await start(runConfig(targetConfig(server.url, { transport: 'bulk' }))).done;
    expect(bulk.hits).toMatchObject({ accepted: bulk.plan.hits, unconfirmed: bulk.plan.hits });
    expect(bulk.exitCode).toBe(0);
  });

  it('skips the rest of a visit whose hit is unknown, and whose first hit is lost or refused', async () => {
    const outcomes = async (answers: readonly Answer[]) => {
      const server = await serve(inTurn(answers, gif));
      const { hits, visits } = await start(
        runConfig(targetConfig(server.url), { visits: 1, traffic: twoPages }),
      ).done;
      const { accepted, rejected, failed, unknown, skipped } = hits;
      return [accepted, rejected, failed, unknown, skipped, visits.partial];
    };
    expect(await outcomes([status(502)])).toEqual([0, 0, 0, 1, 2, 0]);
    expect(await outcomes([gif, status(502)])).toEqual([1, 0, 0, 1, 1, 1]);
    expect(await outcomes([status(404)])).toEqual([0, 0, 1, 0, 2, 0]);
    expect(await outcomes([status(400)])).toEqual([0, 1, 0, 0, 2, 0]);
    expect(await outcomes([gif, status(404)])).toEqual([2, 0, 1, 0, 0, 1]);
    expect(await outcomes([gif, status(400)])).toEqual([2, 1, 0, 0, 0, 1]);
  });
});

describe.concurrent('a target that is lost', () => {
  it('is dead from the start: 20 losses open its breaker, it is tried again, and the run ends with 5', async () => {
    const port = await closedPort();
    const notices: string[] = [];
    const report = await start(
      runConfig(targetConfig(`http://127.0.0.1:${port}/matomo.php`), { visits: 160, visitsPerSecond: 100 }),
      { outputs: [{ notice: (_, message) => notices.push(message) }] },
    ).done;
    expectWholeAccount(report);
    expect(report.exitCode).toBe(5);
    expect(report.targets[0]?.health).toEqual({ state: 'down', outages: 1 });
    expect(report.hits).toMatchObject({ accepted: 0, rejected: 0, unknown: 0 });
    // 20 visits opened it, and at least one more was tried within the 1.4 s that followed.
    expect(report.visits.failed).toBeGreaterThanOrEqual(21);
    expect(report.visits.failed).toBeLessThanOrEqual(60);
    const { ECONNREFUSED = 0, VISIT_BROKEN = 0, TARGET_DOWN = 0, ...others } = causes(report);
    expect(others).toEqual({});
    expect(ECONNREFUSED).toBe(report.hits.failed);
    expect(VISIT_BROKEN + TARGET_DOWN).toBe(report.hits.skipped);
    expect(notices.filter(message => message.includes('lost'))).toHaveLength(1);
  });

  it('hangs: no hit goes out twice, every one is unknown or skipped', async () => {
    const server = await serve(() => hang);
    const report = await start(
      runConfig(targetConfig(server.url, { timeoutSeconds: 2 }), { visits: 40, visitsPerSecond: 200 }),
    ).done;
    expectWholeAccount(report);
    expectAsServed(report, server);
    expect(report.exitCode).toBe(5);
    expect(causes(report).TIMEOUT).toBe(report.hits.unknown);
    expect(report.targets[0]?.health.outages).toBe(1);
  });

  it.each(['single', 'bulk'] as const)('dies in the middle: %s', async transport => {
    const server = await serve(() => (transport === 'bulk' ? allTracked : gif));
    const run = start(
      runConfig(targetConfig(server.url, { transport, batchSize: 10 }), {
        visits: 120,
        visitsPerSecond: 100,
      }),
    );
    await until(() => server.requests.length >= (transport === 'bulk' ? 5 : 60));
    await server.die();
    const report = await run.done;
    expectWholeAccount(report);
    expect(report.exitCode).toBe(5);
    expect(report.hits.accepted).toBeGreaterThan(0);
    expect(report.targets[0]?.health).toMatchObject({ state: 'down', outages: 1 });
  });

  it('comes back: it is found by a visit that is tried, and the report still ends with 5', async () => {
    const server = await serve(() => gif);
    const notices: string[] = [];
    const run = start(runConfig(targetConfig(server.url), { visits: 300, visitsPerSecond: 100 }), {
      outputs: [{ notice: (_, message) => notices.push(message) }],
    });
    await until(() => server.requests.length >= 20);
    await server.die();
    await until(() => notices.length > 0);
    await server.comeBack();
    await sleep(50);
    const report = await run.done;
    expectWholeAccount(report);
    expect(report.exitCode).toBe(5);
    expect(report.targets[0]?.health).toEqual({ state: 'up', outages: 1 });
    expect(report.visits.skipped).toBeGreaterThan(0);
    expect(report.visits.completed).toBeGreaterThan(100);
    expect(notices).toEqual([expect.stringContaining('lost'), expect.stringContaining('answers again')]);
  });

  it('costs no other target a visit or a moment', async () => {
    const [good, bad] = [await serve(() => gif), await serve(() => hang)];
    const beside = soundRun({ serve }, { visits: 60, visitsPerSecond: 200 });
    const config = runConfig(targetConfig(good.url, { name: 'good' }), {
      visits: 60,
      visitsPerSecond: 200,
      distribution: 'mirror',
    });
    const report: Report = await start({
      ...config,
      targets: [
        ...config.targets,
        targetConfig(bad.url, { name: 'bad', timeoutSeconds: 0.7, concurrency: 5 }),
        targetConfig(`http://127.0.0.1:${await closedPort()}/matomo.php`, { name: 'dead' }),
      ],
    }).done;
    expectWholeAccount(report);
    const [first, second, third] = report.targets;
    expect(first?.visits).toMatchObject({ planned: 60, completed: 60 });
    expect(first?.latenessMs?.p99).toBeLessThan(hardlyLater(await beside, 150).latenessMs);
    expect([second?.visits.completed, third?.visits.completed]).toEqual([0, 0]);
    expect([first?.health.state, third?.health.state]).toEqual(['up', 'down']);
  });

  it('with the schedule "as fast as possible": waits with the rest of its visits for the next try', async () => {
    const server = await serve(() => gif);
    await server.die();
    const notices: string[] = [];
    const run = start(
      runConfig(targetConfig(server.url, { concurrency: 30 }), {
        visits: 80,
        visitsPerSecond: 'max',
        traffic,
      }),
      { outputs: [{ notice: (_, message) => notices.push(message) }] },
    );
    await until(() => notices.length > 0);
    await server.comeBack();
    const report = await run.done;
    expectWholeAccount(report);
    expect(report.visits).toMatchObject({ planned: 80, skipped: 0 });
    expect(report.visits.completed).toBeGreaterThanOrEqual(30);
  });
});
