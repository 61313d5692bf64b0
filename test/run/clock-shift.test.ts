import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayPlan } from '../../src/run/plan-walk.ts';
import { expectRecordedAsPlanned } from '../support/account.ts';
import { clockAt } from '../support/clock.ts';
import { dated, type FaultServer, gif, hitsIn, isReporting, withToken } from '../support/fault-server.ts';
import { runConfig, start, targetConfig } from '../support/run-config.ts';
import { servers } from '../support/servers.ts';

const { collect, serve, close } = servers();
afterAll(close);

const token = 'a'.repeat(32);

/** A zone in which it is noon, so that no midnight moves a visit. */
const hours = 12 - new Date().getUTCHours();
const timezone = `UTC${hours < 0 ? '' : '+'}${hours}`;

/** A server whose clock is so far from ours; below 0: behind. */
const servedAt = (seconds: number) =>
  serve(request => dated(seconds, withToken(() => gif, timezone)(request)));

// A run begins without what it is not told in time: what the first one costs this process is behind us then.
beforeAll(async () => {
  const server = await servedAt(0);
  await start(runConfig(targetConfig(server.url, { token }), { visits: 1 })).done;
});

/** By visitor: the date of each hit. */
function datesAt({ tracking }: FaultServer): Map<string, number[]> {
  const dates = new Map<string, number[]>();
  for (const hit of tracking.flatMap(hitsIn)) {
    const visitor = hit.get('cid') ?? '';
    dates.set(visitor, [...(dates.get(visitor) ?? []), Number(hit.get('cdt'))]);
  }
  return dates;
}

describe.concurrent('visits to a server whose clock is behind', () => {
  it('are dated as much earlier, each of their hits, and the report says so', async () => {
    const startEpochMs = Date.now() + 1500;
    const servedBy = await Promise.all([0, -90].map(servedAt));
    const reports = await Promise.all(
      servedBy.map(({ url }) => start(runConfig(targetConfig(url, { token }), { startEpochMs })).done),
    );
    const [none, shift = 0] = reports.map(({ targets }) => targets[0]?.clockShiftSeconds);
    expect(none).toBe(0);
    expect([90, 91]).toContain(shift);
    const [right, shifted] = servedBy.map(datesAt);
    expect(right?.size).toBe(20);
    expect(shifted).toEqual(
      new Map([...(right ?? [])].map(([visitor, dates]) => [visitor, dates.map(date => date - shift)])),
    );
  });

  it('are recorded at their dates and not when they come', async () => {
    const behind = clockAt(Date.now() - 600_000);
    const collector = await collect({ token, now: behind.epochMs });
    const config = runConfig(targetConfig(collector.url, { token }));
    const report = await start(config).done;
    expect([600, 601]).toContain(report.targets[0]?.clockShiftSeconds);
    expectRecordedAsPlanned(collector.state().totals, report.plan);
    const visits = replayPlan(config, report).targets.flatMap(target => [...target.visits()]);
    expect(
      collector
        .visits()
        .map(({ visitorId, firstActionAt }) => [visitorId, firstActionAt])
        .sort(),
    ).toEqual(visits.map(({ visitorId, firstEpochSeconds }) => [visitorId, firstEpochSeconds]).sort());
  });

  it('are shifted alike on every target under mirror, and on each by itself otherwise', async () => {
    const servedBy = await Promise.all([-90, 0, -30].map(servedAt));
    const notices: string[] = [];
    const shifts = async (distribution: 'mirror' | 'split') => {
      const config = runConfig(targetConfig(servedBy[0]?.url ?? ''), {
        distribution,
        runId: distribution,
        targets: servedBy.map(({ url }, at) => targetConfig(url, { name: `t${at}`, token })),
      });
      const outputs = [{ notice: (_: string, message: string) => notices.push(message) }];
      return (await start(config, { outputs }).done).targets.map(({ clockShiftSeconds }) =>
        Math.floor(clockShiftSeconds / 10),
      );
    };
    expect(await shifts('mirror')).toEqual([9, 9, 9]);
    expect(notices.splice(0)).toHaveLength(3);
    expect(await shifts('split')).toEqual([9, 0, 3]);
    expect(notices).toEqual([
      expect.stringMatching(/^t0: visits are dated 9[01] s earlier/),
      expect.stringMatching(/^t2: visits are dated 3[01] s earlier/),
    ]);
  });

  it('are shifted by what validation has found', async () => {
    const server = await servedAt(0);
    const known = new Map([['target', { token: undefined, site: undefined, serverLagSeconds: 40 }]]);
    const report = await start(runConfig(targetConfig(server.url, { token })), { known }).done;
    expect(report.targets[0]?.clockShiftSeconds).toBe(40);
  });
});

describe.concurrent('visits to a server whose clock is not behind', () => {
  it.each([1, 90])('keep their dates: %s s ahead', async seconds => {
    const server = await servedAt(seconds);
    const report = await start(runConfig(targetConfig(server.url, { token }))).done;
    expect(report.targets[0]?.clockShiftSeconds).toBe(0);
  });
});

describe.concurrent('a target of which all is known', () => {
  const site = { name: 'Shop', timezone: 'Asia/Kolkata', currency: 'EUR' };
  const good = { result: 'good', detail: '' } as const;

  it('is not asked again, but for the run’s first visitor', async () => {
    const server = await servedAt(0);
    const notices: string[] = [];
    const known = new Map([['target', { token: good, site, serverLagSeconds: 0 }]]);
    const report = await start(runConfig(targetConfig(server.url, { token })), {
      known,
      outputs: [{ notice: (_, message) => notices.push(message) }],
    }).done;
    expect(report).toMatchObject({ exitCode: 0, visits: { completed: 20 } });
    expect(report.targets[0]).toMatchObject({ timezone: 'Asia/Kolkata', hitsCarryToken: true });
    const others = server.requests.filter(request => !server.tracking.includes(request));
    expect(others.map(isReporting)).toEqual([true]);
    expect(others[0]?.body).toContain('Live.getLastVisitsDetails');
    // Who asked has told what there is to tell: that the currency is another, too.
    expect(notices).toEqual([]);
  });

  it('gets nothing where its token was refused', async () => {
    const server = await servedAt(0);
    const refused = { result: 'refused', detail: 'no' } as const;
    const known = new Map([['target', { token: refused, site: undefined, serverLagSeconds: 0 }]]);
    const report = await start(runConfig(targetConfig(server.url, { token })), { known }).done;
    expect(server.requests).toHaveLength(0);
    expect(report.targets[0]?.health.state).toBe('refused');
  });

  it('has what its site held before in the report', async () => {
    const server = await servedAt(0);
    const before = { at: '2026-05-04T12:00:00Z', isFresh: true, days: { '2026-05-04': { visits: 7 } } };
    const report = await start(runConfig(targetConfig(server.url)), {
      totalsBefore: new Map([['target', before]]),
    }).done;
    expect(report.targets[0]?.totalsBefore).toEqual(before);
  });
});
