import { afterAll, describe, expect, it } from 'vitest';
import { ExitCode } from '../../src/base/exit-codes.ts';
import { judgeOf } from '../../src/thresholds/judge-thresholds.ts';
import { parseThreshold } from '../../src/thresholds/parse.ts';
import { expectWholeAccount } from '../support/account.ts';
import { delayed, gif, hang } from '../support/fault-server.ts';
import { runConfig, start, targetConfig, twoPages } from '../support/run-config.ts';
import { servers } from '../support/servers.ts';
import { until } from '../support/until.ts';

const { serve, close } = servers();
afterAll(close);

const judge = (...expressions: readonly string[]) => judgeOf(expressions.map(parseThreshold));
const long = { visits: 2000, visitsPerSecond: 50, traffic: twoPages };

describe.concurrent('a threshold with abort', () => {
  it('is told within two seconds of its breach, and ends a run as Ctrl-C does, with 4', async () => {
    // The first answers are quick: it is the thirtieth that breaks it.
    let answered = 0;
    let brokenMs = Number.POSITIVE_INFINITY;
    const server = await serve(() => {
      answered++;
      if (answered === 30) brokenMs = performance.now();
      return answered < 30 ? gif : delayed(300, gif);
    });
    let toldMs = Number.NaN;
    const notices: string[] = [];
    const report = await start(runConfig(targetConfig(server.url), long), {
      judge: judge('latency.max < 250ms abort', 'hits.failed.rate < 1%'),
      outputs: [
        {
          notice(level, message) {
            if (level !== 'error') return;
            notices.push(message);
            toldMs = performance.now();
          },
        },
      ],
    }).done;
    expectWholeAccount(report);
    expect(toldMs - brokenMs).toBeLessThan(2000);
    expect(notices).toEqual([expect.stringMatching(/^the run ends: latency.max < 250ms abort is broken/)]);
    expect(report).toMatchObject({ exitCode: ExitCode.ThresholdFailed, run: { stoppedBy: 'threshold' } });
    const [broken, held] = report.thresholds;
    expect(broken).toMatchObject({ passed: false, abortedAtSeconds: expect.any(Number) });
    expect(broken?.value).toBeGreaterThanOrEqual(250);
    expect(held).toMatchObject({ passed: true, value: 0 });
    // Visits in flight came to their end, and no other began.
    expect(report.visits.completed).toBe(report.visits.planned);
    expect(report.run.remaining).toBe(2000 - report.visits.planned);
    expect(report.run.remaining).toBeGreaterThan(0);
  });

  it('does not end it in its grace', async () => {
    const { url } = await serve(() => delayed(50, gif));
    const report = await start(runConfig(targetConfig(url), { visits: 20, traffic: twoPages }), {
      judge: judge('latency.p50 < 1ms abort after 1m'),
    }).done;
    expect(report).toMatchObject({
      exitCode: ExitCode.ThresholdFailed,
      run: { stoppedBy: 'visits', remaining: 0 },
      thresholds: [{ passed: false }],
    });
    expect(report.thresholds[0]).not.toHaveProperty('abortedAtSeconds');
  });

  it('lets what is in flight end, until a signal that comes after it ends that, too', async () => {
    const server = await serve(() => (server.requests.length > 5 ? hang : gif));
    let isBroken = false;
    const run = start(runConfig(targetConfig(server.url), long), {
      judge: judge('hits.accepted.count < 3 abort'),
      drainMs: 60_000,
      outputs: [
        {
          notice(level) {
            isBroken ||= level === 'error';
          },
        },
      ],
    });
    await until(() => isBroken && server.requests.length > 5);
    run.stop(ExitCode.Interrupted, 0);
    const report = await run.done;
    expectWholeAccount(report);
    expect(report).toMatchObject({
      exitCode: ExitCode.Interrupted,
      run: { stoppedBy: 'signal' },
      thresholds: [{ passed: false, abortedAtSeconds: expect.any(Number) }],
    });
  });
});

describe('a run that was held to thresholds', () => {
  it('ends with 5 rather than 4 where a target was lost', async () => {
    const { url } = await serve(() => gif);
    const gone = await serve(() => gif);
    await gone.close();
    const report = await start(
      runConfig(targetConfig(url, { name: 'up' }), {
        targets: [targetConfig(url, { name: 'up' }), targetConfig(gone.url, { name: 'gone' })],
        visits: 100,
        visitsPerSecond: 500,
      }),
      { judge: judge('hits.failed.rate < 1%', 'targets.up.hits.failed.rate < 1%') },
    ).done;
    expect(report.exitCode).toBe(ExitCode.TargetLost);
    expect(report.thresholds.map(({ passed }) => passed)).toEqual([false, true]);
  });
});
