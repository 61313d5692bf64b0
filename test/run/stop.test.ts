import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { ExitCode } from '../../src/base/exit-codes.ts';
import { causes, expectAsServed, expectWholeAccount } from '../support/account.ts';
import {
  allTracked,
  delayed,
  type FaultServer,
  gif,
  hang,
  startFaultServer,
  status,
  withToken,
} from '../support/fault-server.ts';
import { runConfig, start, targetConfig, twoPages } from '../support/run-config.ts';
import { until } from '../support/until.ts';

const opened: FaultServer[] = [];
afterAll(async () => {
  for (const server of opened) await server.close();
});

async function serve(...args: Parameters<typeof startFaultServer>): Promise<FaultServer> {
  const server = await startFaultServer(...args);
  opened.push(server);
  return server;
}

const { Interrupted, Terminated } = ExitCode;

describe.concurrent('a run that is stopped', () => {
  it.each(['single', 'bulk'] as const)(
    'finishes the visits in flight and begins no other: %s',
    async transport => {
      const server = await serve(() => delayed(60, transport === 'bulk' ? allTracked : gif));
      const run = start(
        // With a place for each, also where all come late: one that waits for a place is skipped.
        runConfig(targetConfig(server.url, { transport, concurrency: 300 }), {
          visits: 300,
          traffic: twoPages,
          // Visits of two seconds and more, so that some are in flight at any stop.
          pauseSeconds: { min: 0.1, max: 0.2 },
        }),
      );
      await until(() => server.requests.length >= (transport === 'bulk' ? 2 : 20));
      run.stop(Interrupted, 10_000);
      const report = await run.done;
      expectWholeAccount(report);
      expectAsServed(report, server);
      expect(report).toMatchObject({ exitCode: Interrupted, run: { stoppedBy: 'signal' } });
      expect(report.visits.completed).toBe(report.visits.planned);
      expect(report.run.remaining).toBe(300 - report.visits.planned);
      expect(report.visits.planned).toBeGreaterThan(0);
    },
  );

  it('accounts for visits of minutes that have nothing to do for long', async () => {
    const server = await serve(() => gif);
    const run = start(
      runConfig(targetConfig(server.url, { concurrency: 300 }), {
        visits: 300,
        clock: 'real',
        traffic: { ...twoPages, visitMinutes: { min: 5, max: 10 } },
      }),
    );
    await until(() => server.requests.length >= 60);
    run.stop(Interrupted, 0);
    const report = await run.done;
    expectWholeAccount(report);
    expect(report.visits.completed).toBe(0);
    expect(report.visits.partial).toBeGreaterThan(0);
    expect(report.hits.skipped).toBeGreaterThanOrEqual(2 * report.visits.partial);
  });

  it('skips the visits that waited for a place', async () => {
    const server = await serve(() => delayed(60, gif));
    const run = start(
      runConfig(targetConfig(server.url, { concurrency: 2 }), {
        visits: 100,
        visitsPerSecond: 400,
        traffic: twoPages,
      }),
    );
    await sleep(300);
    run.stop(Terminated, 10_000);
    const report = await run.done;
    expectWholeAccount(report);
    expect(report.exitCode).toBe(Terminated);
    expect(report.visits.planned + (report.run.remaining ?? Number.NaN)).toBe(100);
    expect(report.visits.skipped).toBeGreaterThan(20);
    expect(causes(report)).toEqual({ INTERRUPTED: report.hits.skipped });
  });

  it.each(['single', 'bulk'] as const)(
    'cuts at once at the second stop, with a whole account: %s',
    async transport => {
      const server = await serve(() => hang);
      const run = start(
        runConfig(targetConfig(server.url, { transport, connections: 5, batchSize: 6 }), {
          visits: 100,
          visitsPerSecond: 400,
        }),
      );
      await until(() => server.requests.length >= 3);
      run.stop(Interrupted, 60_000);
      await sleep(50);
      const stoppedMs = performance.now();
      run.stop(Interrupted, 60_000);
      run.stop(Interrupted, 60_000);
      const report = await run.done;
      expect(performance.now() - stoppedMs).toBeLessThan(1000);
      expectWholeAccount(report);
      expect(report.exitCode).toBe(Interrupted);
      expect(report.hits.unknown).toBeGreaterThan(0);
      expect(report.hits).toMatchObject({ accepted: 0, failed: 0 });
      expect(causes(report).INTERRUPTED).toBeGreaterThanOrEqual(report.hits.unknown);
    },
  );

  it('holds what it cut off against no target', async () => {
    const server = await serve(() => hang);
    const run = start(runConfig(targetConfig(server.url), { visits: 30, visitsPerSecond: 400 }));
    await until(() => server.requests.length === 30);
    run.stop(Interrupted, 0);
    const { hits, targets } = await run.done;
    expect(hits.unknown).toBe(30);
    expect(targets.map(({ health }) => health)).toEqual([{ state: 'up', outages: 0 }]);
  });

  it('cuts when the time to drain is over', async () => {
    const server = await serve(() => hang);
    const run = start(runConfig(targetConfig(server.url), { visits: 10, visitsPerSecond: 400 }));
    await until(() => server.requests.length === 10);
    const stoppedMs = performance.now();
    run.stop(Interrupted, 200);
    const report = await run.done;
    expect(performance.now() - stoppedMs).toBeGreaterThan(190);
    expect(performance.now() - stoppedMs).toBeLessThan(1500);
    expectWholeAccount(report);
    expectAsServed(report, server);
  });

  it('gives up what the server had asked to try later', async () => {
    const server = await serve(() => status(503, '60'));
    // All at once: after the first answer nothing more is sent.
    const run = start(
      runConfig(targetConfig(server.url), { visits: 5, visitsPerSecond: 1_000_000, traffic: twoPages }),
    );
    await until(() => server.requests.length === 5);
    await sleep(50);
    run.stop(Interrupted, 0);
    const report = await run.done;
    expectWholeAccount(report);
    expectAsServed(report, server);
    expect(report.hits).toMatchObject({ failed: 5, skipped: 10 });
  });

  it('stops by an abort signal, also by one that came before', async () => {
    const server = await serve(() => gif);
    const config = runConfig(targetConfig(server.url), { visits: undefined, visitsPerSecond: 50 });
    const controller = new AbortController();
    const running = start(config, { signal: controller.signal });
    await until(() => server.requests.length > 5);
    controller.abort();
    expect((await running.done).exitCode).toBe(Interrupted);
    const before = server.requests.length;
    const report = await start(config, { signal: AbortSignal.abort() }).done;
    expect(report).toMatchObject({ exitCode: Interrupted, visits: { planned: 0 } });
    expect(server.requests).toHaveLength(before);
  });

  it('tells nothing of what is left of a plan without an end, and what is left of one without a schedule', async () => {
    const server = await serve(() => delayed(30, gif));
    const target = targetConfig(server.url, { concurrency: 3 });
    const endless = start(runConfig(target, { visits: undefined }));
    const quick = start(runConfig(target, { visits: 1000, visitsPerSecond: 'max' }));
    await until(() => server.requests.length > 20);
    for (const run of [endless, quick]) run.stop(Interrupted, 10_000);
    expect((await endless.done).run.remaining).toBeNull();
    const report = await quick.done;
    expectWholeAccount(report);
    expect(report.run.remaining).toBe(1000 - report.visits.planned);
  });

  it('ends at once while the token is being asked about, and nothing is sent', async () => {
    const server = await serve(() => hang);
    const run = start(runConfig(targetConfig(server.url, { token: 'a secret token' })));
    await until(() => server.requests.length === 1);
    const stoppedMs = performance.now();
    run.stop(Interrupted, 10_000);
    const report = await run.done;
    expect(performance.now() - stoppedMs).toBeLessThan(1000);
    expectWholeAccount(report);
    expect(report).toMatchObject({ exitCode: Interrupted, run: { remaining: 20 }, visits: { planned: 0 } });
    expect(server.requests).toHaveLength(1);
    // Nobody waits for that answer any more.
    await until(() => server.requests[0]?.endedMs !== undefined);
  });

  it('ends at once before its start, and nothing is sent', async () => {
    const server = await serve(() => gif);
    const run = start(runConfig(targetConfig(server.url), { startEpochMs: Date.now() + 3_600_000 }));
    await sleep(30);
    run.stop(Interrupted, 10_000);
    const report = await run.done;
    expectWholeAccount(report);
    expect(report).toMatchObject({
      exitCode: Interrupted,
      run: { stoppedBy: 'signal', remaining: 20, durationSeconds: 0 },
    });
    expect(server.requests).toHaveLength(0);
  });

  it('is not kept waiting by a stop that comes when all is done', async () => {
    const server = await serve(withToken(() => gif));
    const run = start(runConfig(targetConfig(server.url), { visits: 2 }), {
      outputs: [{ finish: () => run.stop(Interrupted, 60_000) }],
    });
    expect((await run.done).exitCode).toBe(0);
    run.stop(Interrupted, 60_000);
  });
});

describe('a process in which runs have ended', () => {
  it('has nothing left that keeps it: it ends by itself', async () => {
    const server = await serve(withToken(() => delayed(20, gif)));
    const hanging = await serve(() => hang);
    // Built beforehand: see test/build-is-current.ts.
    const dist = new URL('../../dist/', import.meta.url);
    const script = `
      import { startRun } from '${new URL('run/start-run.js', dist)}';
      import { generatedPages } from '${new URL('traffic/page-catalogue.js', dist)}';
      const [good, bad] = process.argv.slice(1).map(url => new URL(url));
      const traffic = ${JSON.stringify({ ...twoPages, pages: [] }).replace('"pages":[]', 'pages: generatedPages()')};
      const run = (url, more, others = []) => {
        const target = { name: 'a', url, apiUrl: new URL('index.php', url), siteId: 1, weight: 1, concurrency: 9,
          connections: 9, transport: 'single', method: 'get', batchSize: 9, timeoutSeconds: 60,
          connectTimeoutSeconds: 60, ...more };
        return startRun({ command: 'run', seed: 1, runId: 'x', distribution: 'split',
          targets: [target, ...others.map(other => ({ ...target, ...other }))],
          visitsPerSecond: 100, visits: 10, overflow: 'wait', clock: 'compressed', pauseSeconds: { min: 0, max: 0.01 },
          timezone: 'UTC', effective: {}, traffic,
        }, { version: 'x', mask: text => text });
      };
      await run(good).done;
      await run(good, { transport: 'bulk' }).done;
      await run(good, { token: 'a secret token' }).done;
      const cut = run(bad);
      setTimeout(() => { cut.stop(130, 60_000); cut.stop(130, 60_000); }, 200);
      await cut.done;
      cut.stop(130, 60_000);
      const asked = run(bad, { token: 'a secret token' });
      setTimeout(() => asked.stop(130, 60_000), 200);
      await asked.done;
      asked.stop(130, 60_000);
      // What cannot be planned, and what cannot be dated, each stopped before it was known.
      for (const unfit of [{ traffic: { ...traffic, pages: [] } }, { timezone: 'No/Where' }]) {
        const refused = run(good, {}, [{ name: 'b', ...unfit }]);
        refused.stop(130, 60_000);
        await refused.done.then(() => process.exit(3), () => {});
      }
      console.log('done');
    `;
    const child = spawn(
      process.execPath,
      ['--input-type=module', '-e', script, '--', server.url.href, hanging.url.href],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const guard = setTimeout(() => child.kill('SIGKILL'), 20_000);
    let doneMs = Number.NaN;
    child.stdout.on('data', () => {
      doneMs = performance.now();
    });
    const [exitCode] = await once(child, 'close');
    clearTimeout(guard);
    expect(exitCode).toBe(0);
    expect(performance.now() - doneMs).toBeLessThan(1500);
  });
});
