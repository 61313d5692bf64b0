import { afterAll, describe, expect, it } from 'vitest';
import { expectAsServed, expectWholeAccount } from '../support/account.ts';
import {
  type Answer,
  type AnswerTo,
  allTracked,
  delayed,
  gif,
  type ReceivedRequest,
  status,
} from '../support/fault-server.ts';
import { keptHits, longestPause } from '../support/kept-hits.ts';
import { runConfig, start, targetConfig, twoPages } from '../support/run-config.ts';
import { servers } from '../support/servers.ts';
import { hardlyLater, soundRun } from '../support/sound-run.ts';

const { serve, close } = servers();
afterAll(close);

/** Of the second that is asked for: what was under way at the wish goes out a little after it. */
const PAUSE_MS = 900;

/** Answers `busy` to what comes within 20 ms of the `from`-th request, and well to all else. */
function busyAt(from: number, busy: Answer, well: Answer): AnswerTo {
  let untilMs = Number.NaN;
  return ({ number, atMs }) => {
    if (number === from) untilMs = atMs + 20;
    return number >= from && atMs <= untilMs ? busy : well;
  };
}

function isBusy({ answer }: ReceivedRequest): boolean {
  return answer?.means === 'again';
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
    const { records, hits } = keptHits();
    const targets = [
      ...config.targets,
      targetConfig(one.url, { name: '429' }),
      targetConfig(other.url, { name: '503', transport: 'bulk', batchSize: 20 }),
    ];
    const report = await start({ ...config, targets }, { hits }).done;
    expectWholeAccount(report);
    expect([one, other].map(({ tracking }) => tracking.some(isBusy))).toEqual([true, true]);
    expect(longestPause(records, '429')).toBeGreaterThan(PAUSE_MS);
    expect(longestPause(records, '503')).toBeGreaterThan(PAUSE_MS);
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
    const { records, hits } = keptHits();
    const config = runConfig(target, { visits: 40, visitsPerSecond: 400, traffic: twoPages });
    const report = await start(config, { hits }).done;
    expectWholeAccount(report);
    expectAsServed(report, server);
    expect(server.tracking.some(isBusy)).toBe(true);
    expect(longestPause(records, 'target')).toBeGreaterThan(PAUSE_MS);
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
    const askedMs = server.tracking.find(({ answer }) => answer === longer)?.endedMs ?? Number.NaN;
    for (const { atMs } of server.tracking.slice(2)) expect(atMs - askedMs).toBeGreaterThan(990);
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
