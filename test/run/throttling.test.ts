import { afterAll, describe, expect, it } from 'vitest';
import { expectAsServed, expectWholeAccount } from '../support/account.ts';
import {
  type Answer,
  type AnswerTo,
  allTracked,
  delayed,
  type FaultServer,
  gif,
  status,
} from '../support/fault-server.ts';
import { runConfig, start, targetConfig, twoPages } from '../support/run-config.ts';
import { servers } from '../support/servers.ts';
import { hardlyLater, soundRun } from '../support/sound-run.ts';

const { serve, close } = servers();
afterAll(close);

/** What is on its way when the server asks to be left alone comes all the same. */
const ON_ITS_WAY_MS = 300;

/** Answers `busy` to what comes within 20 ms of the `from`-th request, and well to all else. */
function busyAt(from: number, busy: Answer, well: Answer): AnswerTo {
  let untilMs = Number.NaN;
  return ({ number, atMs }) => {
    if (number === from) untilMs = atMs + 20;
    return number >= from && atMs <= untilMs ? busy : well;
  };
}

/** How long nothing came, from soon after the server's first wish to be left alone, in ms. */
function silence(server: FaultServer, busy: Answer): number {
  const askedMs = theOne(server.tracking.find(({ answer }) => answer === busy)?.endedMs);
  const next = server.tracking.find(({ atMs }) => atMs > askedMs + ON_ITS_WAY_MS);
  return theOne(next?.atMs) - askedMs;
}

describe('a target that asks to be left alone', () => {
  it('is sent nothing until then, and no other target is any later for it', async () => {
    const [tooMany, unavailable] = [status(429, '1'), status(503, '1')];
    const healthy = await serve(() => gif);
    const one = await serve(busyAt(30, tooMany, gif));
    const other = await serve(busyAt(4, unavailable, allTracked));
    const config = runConfig(targetConfig(healthy.url, { name: 'healthy' }), {
      distribution: 'mirror',
      visits: 100,
      visitsPerSecond: 60,
      traffic: twoPages,
    });
    const beside = soundRun({ serve }, { visits: 100, visitsPerSecond: 60 });
    const report = await start({
      ...config,
      targets: [
        ...config.targets,
        targetConfig(one.url, { name: '429' }),
        targetConfig(other.url, { name: '503', transport: 'bulk', batchSize: 20 }),
      ],
    }).done;
    expectWholeAccount(report);
    expect(silence(one, tooMany)).toBeGreaterThan(990);
    expect(silence(other, unavailable)).toBeGreaterThan(990);
    // All of it is sent later, and so it is late: that is told of these two alone.
    expect(report.exitCode).toBe(0);
    expect(report.targets.map(({ visits }) => visits.completed)).toEqual([100, 100, 100]);
    const [unhurried, ...throttled] = report.targets;
    for (const target of throttled) expect(target.latenessMs?.max).toBeGreaterThan(700);
    const sound = hardlyLater(await beside, 150);
    expect(unhurried?.latenessMs?.p99).toBeLessThan(sound.latenessMs);
    expect(unhurried?.latencyMs?.p99).toBeLessThan(sound.latencyMs);
  });
});

describe.concurrent('what is left alone', () => {
  it('includes hits that waited for a connection', async () => {
    const busy = status(429, '1');
    const server = await serve(busyAt(20, busy, delayed(20, gif)));
    const target = targetConfig(server.url, { connections: 2, concurrency: 50 });
    const report = await start(runConfig(target, { visits: 40, visitsPerSecond: 400, traffic: twoPages }))
      .done;
    expectWholeAccount(report);
    expectAsServed(report, server);
    expect(silence(server, busy)).toBeGreaterThan(990);
    expect(report.visits.completed).toBe(40);
  });

  it('is so for the longest time that was asked for', async () => {
    const [longer, shorter] = [status(429, '1'), status(429, '0')];
    let asked = 0;
    // Both are on their way at once; the one that may be sent again at once waits, too.
    const server = await serve(({ number }) => {
      if (number >= 2) return gif;
      return asked++ === 0 ? longer : delayed(100, shorter);
    });
    const target = targetConfig(server.url, { concurrency: 2 });
    const report = await start(runConfig(target, { visits: 6, visitsPerSecond: 500, traffic: twoPages }))
      .done;
    expectWholeAccount(report);
    expect(report.visits.completed).toBe(6);
    expect(silence(server, longer)).toBeGreaterThan(990);
  });

  it('and goes on asking loses the hit that was tried four times, and the others wait', async () => {
    const busy = status(503, '0');
    const server = await serve(({ number }) => (number < 4 ? busy : gif));
    const target = targetConfig(server.url, { concurrency: 1 });
    const report = await start(runConfig(target, { visits: 5, visitsPerSecond: 500, traffic: twoPages }))
      .done;
    expectWholeAccount(report);
    expectAsServed(report, server);
    expect(report.visits).toMatchObject({ failed: 1, completed: 4 });
    expect(report.exitCode).toBe(0);
  });
});

function theOne<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('there is no such one');
  return value;
}
