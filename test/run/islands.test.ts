import { afterAll, describe, expect, it } from 'vitest';
import type { RunConfig } from '../../src/run/run-config.ts';
import { expectWholeAccount } from '../support/account.ts';
import {
  bulkCounts,
  closedPort,
  delayed,
  drip,
  garbage,
  gif,
  hang,
  isProbe,
  isReporting,
  reset,
  siteAnswer,
  status,
  withToken,
} from '../support/fault-server.ts';
import { runConfig, start, targetConfig, twoPages } from '../support/run-config.ts';
import { servers } from '../support/servers.ts';
import { hardlyLater, soundRun } from '../support/sound-run.ts';

const opened = servers();
const { serve, close } = opened;
afterAll(close);

type Target = Parameters<typeof targetConfig>[1];

/** Ways for a target to be a burden. */
const burdens = [
  ['hangs', hang],
  ['is slow', delayed(250, gif)],
  ['drips', drip(50)],
  ['resets connections', reset],
  ['speaks no HTTP', garbage],
  ['fails', status(500)],
  ['is busy', status(503, '0')],
] as const;

/** As the runs that are looked at. */
const paced = { visits: 60, visitsPerSecond: 50 } as const;

// Alone: its times are looked at.
describe('a target beside others', () => {
  it('costs them no visit and no moment, whatever is wrong with it', async () => {
    const healthy = await serve(() => gif);
    // What the same number of targets is like without trouble, in this process with all its servers.
    const healthyOnes = await Promise.all([...burdens, 'dead', 'healthy'].map(() => serve(() => gif)));
    const sane = await start(
      mirrored(healthyOnes.map(({ url }, at) => targetConfig(url, { name: `t${at}` }))),
    ).done;
    const wrong = await Promise.all(burdens.map(([, answer]) => serve(() => answer)));
    const more: Target = { concurrency: 40, connections: 40, timeoutSeconds: 0.6 };
    const dead = `http://127.0.0.1:${await closedPort()}/matomo.php`;
    const beside = soundRun(opened, paced);
    const report = await start(
      mirrored([
        ...wrong.map(({ url }, at) => targetConfig(url, { ...more, name: burdens[at]?.[0] ?? '' })),
        targetConfig(dead, { ...more, name: 'is dead' }),
        targetConfig(healthy.url, { name: 'healthy' }),
      ]),
    ).done;
    expectWholeAccount(report);
    const own = report.targets.at(-1);
    expect(own?.visits).toMatchObject({ planned: 60, completed: 60 });
    const usual = sane.targets.at(-1);
    const sound = hardlyLater(await beside, 100);
    expect(own?.latenessMs?.p99).toBeLessThan(
      Math.max((usual?.latenessMs?.p99 ?? 0) + 100, sound.latenessMs),
    );
    expect(own?.latencyMs?.p99).toBeLessThan(Math.max((usual?.latencyMs?.p99 ?? 0) + 100, sound.latencyMs));
    expect(report.targets.every(({ visits }) => visits.planned === 60)).toBe(true);
  });
});

describe.concurrent('a target that has trouble', () => {
  it.each(['split', 'independent'] as const)(
    'takes no place and no connection from them when it hangs: %s',
    async distribution => {
      const [healthy, hanging] = [await serve(() => gif), await serve(() => hang)];
      const limits: Target = { concurrency: 8, connections: 4, timeoutSeconds: 0.5 };
      const beside = soundRun(opened, { visits: 120 }, limits);
      const report = await start(
        runConfig(targetConfig(healthy.url), {
          distribution,
          visits: 120,
          traffic: twoPages,
          targets: [
            targetConfig(hanging.url, { ...limits, name: 'hanging' }),
            targetConfig(healthy.url, { ...limits, name: 'healthy' }),
          ],
        }),
      ).done;
      expectWholeAccount(report);
      const [lost, own] = report.targets;
      expect(own?.visits.completed).toBe(distribution === 'split' ? 60 : 120);
      expect(own?.latenessMs?.p99).toBeLessThan(hardlyLater(await beside, 150).latenessMs);
      expect(lost?.visits.completed).toBe(0);
      expect(hanging.mostOpen).toBeLessThanOrEqual(4);
    },
  );

  it('begins late, and they in time, where its server is slow to speak of its token', async () => {
    const token = 'a secret token';
    const slow = await serve(request => {
      if (isProbe(request)) return delayed(2600, bulkCounts(1, 0));
      return isReporting(request) ? siteAnswer('UTC') : gif;
    });
    const quick = await serve(withToken(() => gif));
    const beside = soundRun(opened, paced);
    const report = await start(pair(slow.url, quick.url, token)).done;
    expectWholeAccount(report);
    expect(report.exitCode).toBe(0);
    const [late, inTime] = report.targets;
    expect(inTime?.latenessMs?.p99).toBeLessThan(hardlyLater(await beside, 150).latenessMs);
    expect(late?.latenessMs?.max).toBeGreaterThan(100);
  });

  it('does not make them late where its server is slow to speak of its visitors', async () => {
    const token = 'a secret token';
    let questions = 0;
    const slow = await serve(request => {
      if (isProbe(request)) return bulkCounts(1, 0);
      if (!isReporting(request)) return gif;
      return questions++ === 0 ? siteAnswer('UTC') : hang;
    });
    const quick = await serve(withToken(() => gif));
    const beside = soundRun(opened, paced);
    const report = await start(pair(slow.url, quick.url, token)).done;
    expectWholeAccount(report);
    expect(report.exitCode).toBe(0);
    expect(report.targets[1]?.latenessMs?.p99).toBeLessThan(hardlyLater(await beside, 150).latenessMs);
  });
});

function mirrored(targets: RunConfig['targets']): RunConfig {
  return runConfig(targetConfig('http://127.0.0.1:9/'), {
    distribution: 'mirror',
    visits: 60,
    visitsPerSecond: 50,
    traffic: twoPages,
    targets,
  });
}

function pair(one: URL, other: URL, token: string): RunConfig {
  return runConfig(targetConfig(one), {
    distribution: 'mirror',
    visits: 40,
    visitsPerSecond: 50,
    traffic: { ...twoPages, randomizeCountries: true },
    targets: [targetConfig(one, { name: 'one', token }), targetConfig(other, { name: 'other', token })],
  });
}
