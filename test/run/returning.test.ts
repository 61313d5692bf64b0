import { afterAll, describe, expect, it } from 'vitest';
import type { Collector } from '../../src/collector/collector.ts';
import { plannedVisits, replayPlan } from '../../src/run/plan-walk.ts';
import type { Report } from '../../src/run/report.ts';
import { returnNotices } from '../../src/run/return-notice.ts';
import type { RunConfig } from '../../src/run/run-config.ts';
import { countOfPlannedVisits } from '../../src/run/visit-count.ts';
import type { TrafficSettings } from '../../src/traffic/settings.ts';
import { expectOneAfterAnother, expectRecordedAsPlanned, expectWholeAccount } from '../support/account.ts';
import { allTracked, delayed, gif } from '../support/fault-server.ts';
import { runConfig, start, targetConfig, traffic, twoPages } from '../support/run-config.ts';
import { servers } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { expectEqual, figure, onlyTarget, verify } from '../verification/verifying.ts';

const { collect, serve, close } = servers();
afterAll(close);

const token = 'a'.repeat(32);
const url = 'http://127.0.0.1:9/matomo.php';

function comingAgain(of: TrafficSettings, share = 0.5): TrafficSettings {
  return { ...of, returning: { share, gapDays: 3, daysBack: 30 } };
}

function over(
  targets: readonly Parameters<typeof targetConfig>[1][],
  more: Partial<RunConfig> = {},
  urls: readonly (URL | string)[] = [],
): RunConfig {
  return runConfig(targetConfig(url), {
    targets: targets.map((target, at) =>
      targetConfig(urls[at] ?? url, { name: `t${at}`, timeoutSeconds: 30, ...target }),
    ),
    visits: 240,
    visitsPerSecond: 200,
    traffic: comingAgain(traffic),
    ...more,
  });
}

/** Visits as the plan has them and as a collector recorded them, by visitor and time. */
function plannedAndRecorded(config: RunConfig, report: Report, collectors: readonly Collector[]) {
  const recorded = collectors.map(collector =>
    (collector.state({ visits: true }).visits ?? []).map(
      ({ visitorId, firstActionAt, returning, visitCount }) =>
        `${visitorId} ${firstActionAt} ${returning > 0} ${visitCount}`,
    ),
  );
  const planned = replayPlan(config, report).targets.map(({ visits }) =>
    [...visits()].map(
      ({ visitorId, firstEpochSeconds, returning, visitNumber }) =>
        `${visitorId} ${firstEpochSeconds} ${returning} ${visitNumber}`,
    ),
  );
  return { planned: planned.map(of => of.sort()), recorded: recorded.map(of => of.sort()) };
}

describe.each([
  { transport: 'single', hasToken: false },
  { transport: 'single', hasToken: true },
  { transport: 'bulk', hasToken: false },
  { transport: 'bulk', hasToken: true },
] as const)('visitors who come again, $transport, token: $hasToken', ({ transport, hasToken }) => {
  it('are known at each target as often as planned, and by how long ago', async () => {
    const collectors = [await collect({ token }), await collect({ token })];
    const config = over(
      [{ weight: 3 }, { weight: 1 }].map(target => ({
        ...target,
        transport,
        token: hasToken ? token : undefined,
      })),
      { traffic: comingAgain({ ...traffic, loggedInProbability: 0.3, randomizeCountries: false }) },
      collectors.map(collector => collector.url),
    );
    const report = await start(config).done;
    expectWholeAccount(report);
    expect(report).toMatchObject({ exitCode: 0, visits: { completed: 240 } });
    expect(report.targets.map(({ visits }) => visits.planned)).toEqual([180, 60]);
    expect(report.plan.returningVisits).toBeGreaterThan(80);
    expect(report.plan.visitors + report.plan.returningVisits).toBe(240);
    for (const [at, { plan }] of report.targets.entries()) {
      expectRecordedAsPlanned((collectors[at] as Collector).state().totals, plan);
    }
    const { planned, recorded } = plannedAndRecorded(config, report, collectors);
    expect(recorded).toEqual(planned);
    const [heavy, light] = planned.map(visits => new Set(visits.map(visit => visit.split(' ')[0])));
    expect([...(heavy ?? [])].filter(visitor => light?.has(visitor))).toEqual([]);
    const verification = await verify(config, report, collectors, { strict: true });
    expectEqual(verification, 240);
    const told = verification.targets.map(target => figure(target, 'returningVisits').recorded);
    expect(told.reduce((sum, count) => sum + count, 0)).toBe(report.plan.returningVisits);
  });
});

it('VisitFrequency.get tells as many new and returning visits as were planned', async () => {
  const collector = await collect({ token });
  const config = over([{ token, transport: 'bulk' }], {}, [collector.url]);
  const report = await start(config).done;
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  const answer = await fetch(new URL('index.php', collector.url), {
    method: 'POST',
    body: new URLSearchParams({
      module: 'API',
      format: 'JSON',
      method: 'VisitFrequency.get',
      idSite: '1',
      period: 'range',
      date: `${day(-32)},${day(1)}`,
      token_auth: token,
    }),
  });
  expect(await answer.json()).toMatchObject({
    nb_visits_new: report.plan.visitors,
    nb_visits_returning: report.plan.returningVisits,
  });
  expect(report.targets[0]).toMatchObject({ hitsCarryToken: true });
});

describe('the plan', () => {
  const indicesOf = (config: RunConfig) =>
    [...plannedVisits(config, 0)].map(({ position, index, recurrence }) => ({
      position,
      index,
      ...recurrence,
    }));

  it.each(['split', 'mirror', 'independent', 'failover'] as const)(
    'is shared out among shards by visitors, each with all visits: %s',
    distribution => {
      const config = over([{ weight: 2 }, {}, {}], { distribution, visits: 400 });
      const whole = indicesOf(config);
      const parts = [1, 2, 3].map(number => ({ ...config, shard: { number, count: 3 } }));
      const shards = parts.map(indicesOf);
      const inOrder = (visits: typeof whole) => visits.map(visit => JSON.stringify(visit)).sort();
      expect(inOrder(shards.flat())).toEqual(inOrder(whole));
      expect(whole.filter(({ visitNumber }) => visitNumber > 1).length).toBeGreaterThan(150);
      for (const [at, visits] of shards.entries()) {
        for (const { firstIndex } of visits) expect(firstIndex % 3).toBe((at + 1) % 3);
        expect(countOfPlannedVisits(parts[at] as RunConfig)).toBe(visits.length);
      }
      expect(countOfPlannedVisits(config)).toBe(whole.length);
    },
  );

  it('keeps the visits of a visitor on one target, and the shares of all', () => {
    const config = over([{ weight: 3 }, { weight: 1 }], { visits: 400 });
    const homes = new Map<number, number>();
    const counts = [0, 0];
    for (const { position, recurrence } of plannedVisits(config, 0)) {
      expect(homes.get(recurrence.firstIndex) ?? position).toBe(position);
      homes.set(recurrence.firstIndex, position);
      counts[position] = (counts[position] ?? 0) + 1;
    }
    expect(counts).toEqual([300, 100]);
  });

  it('has returning visitors only at targets that want them', () => {
    const config = over([{ traffic }, { traffic: comingAgain(traffic, 0.7) }], { traffic });
    const returning = [...plannedVisits(config, 0)].filter(({ recurrence }) => recurrence.visitNumber > 1);
    expect(new Set(returning.map(({ position }) => position))).toEqual(new Set([1]));
    expect(returning.length).toBeGreaterThan(60);
  });

  it.each([
    ['even', undefined],
    ['random', { gaps: 'random' }],
    ['staged', { gaps: 'random', over: { kind: 'stages', stages: [stage(0.05, 0.5), stage(0.5, 0.1)] } }],
  ] as const)('lets nobody come again within half an hour under the real clock: %s', (_, arrivals) => {
    const config = over([{}], {
      clock: 'real',
      visitsPerSecond: 0.1,
      visits: 3000,
      ...(arrivals && { arrivals }),
    });
    const startsMs = new Map<number, number>();
    let returning = 0;
    for (const { startMs, recurrence } of plannedVisits(config, 0)) {
      const before = startsMs.get(recurrence.firstIndex);
      if (before !== undefined) {
        returning++;
        expect((startMs ?? 0) - before).toBeGreaterThanOrEqual((1800 + 2 * 60) * 1000);
      }
      startsMs.set(recurrence.firstIndex, startMs ?? 0);
    }
    expect(returning).toBeGreaterThan(500);
  });

  it('has nobody who comes again in a real time that is too short for it', () => {
    const config = over([{}], { clock: 'real', visitsPerSecond: 1, visits: 500 });
    expect(indicesOf(config).every(({ visitNumber }) => visitNumber === 1)).toBe(true);
  });
});

function stage(fromRate: number, toRate: number) {
  return { durationSeconds: 8000, fromRate, toRate };
}

describe('a visitor’s next visit', () => {
  it.each(['single', 'bulk'] as const)(
    'is sent after the answer to the one before, however slow that is: %s',
    async transport => {
      const server = await serve(() => delayed(40, transport === 'single' ? gif : allTracked));
      const config = over(
        [{ transport, batchSize: 10 }],
        {
          visits: 60,
          visitsPerSecond: 'max',
          traffic: comingAgain(twoPages, 0.8),
        },
        [server.url],
      );
      const report = await start(config).done;
      expectWholeAccount(report);
      expect(report.visits).toMatchObject({ planned: 60, completed: 60 });
      expect(report.plan.returningVisits).toBeGreaterThan(20);
      expectOneAfterAnother(server);
    },
  );

  it('does not count as late because it waited for that', async () => {
    const answerMs = 200;
    const server = await serve(() => delayed(answerMs, gif));
    const config = over([{}], { visits: 16, visitsPerSecond: 200, traffic: comingAgain(twoPages, 0.8) }, [
      server.url,
    ]);
    const report = await start(config).done;
    expect(report.visits.completed).toBe(16);
    const most = Math.max(...[...plannedVisits(config, 0)].map(({ recurrence }) => recurrence.visitNumber));
    // The last waited for three answers of each before it, but for what the plan put between them.
    const waitedMs = (most - 1) * 3 * answerMs - 16 * 5;
    expect(waitedMs).toBeGreaterThan(1500);
    expect(report.latenessMs?.max).toBeLessThan(waitedMs);
  });

  it('goes where the first one went, when the target of both is lost', async () => {
    const [dying, living] = [await serve(() => gif), await collect({ token })];
    const config = over(
      [{ weight: 1 }, { weight: 1 }],
      { visits: 600, visitsPerSecond: 200, whenDown: 'reroute', traffic: comingAgain(twoPages) },
      [dying.url, living.url],
    );
    const run = start(config);
    await until(() => dying.requests.length >= 100);
    await dying.die();
    const report = await run.done;
    expectWholeAccount(report);
    const [lost, alive] = report.targets;
    expect(alive?.taken.length).toBeGreaterThan(20);
    expect(alive?.visits.completed).toBe(alive?.visits.planned);
    expect((lost?.visits.planned ?? 0) + (alive?.visits.planned ?? 0)).toBe(600);
    const replayed = replayPlan(config, report).targets.map(({ visits }) => [...visits()]);
    const [atLost, atLiving] = replayed.map(visits => new Set(visits.map(({ visitorId }) => visitorId)));
    expect([...(atLost ?? [])].filter(visitor => atLiving?.has(visitor))).toEqual([]);
    const { planned, recorded } = plannedAndRecorded(config, report, [living]);
    expect(recorded[0]).toEqual(planned[1]);
  });
});

describe('what a server records when a visit was lost', () => {
  it('is compared with what it could know', async () => {
    const collector = await collect({ token, errorRate: 0.1 });
    const config = over([{ token }], { visits: 300, traffic: comingAgain(twoPages) }, [collector.url]);
    const report = await start(config).done;
    expect(report.visits.completed).toBeLessThan(300);
    const target = onlyTarget(await verify(config, report, collector));
    expect(target).toMatchObject({ result: 'equal', visits: [], differences: [] });
    expect(figure(target, 'returningVisits').recorded).toBeLessThanOrEqual(report.plan.returningVisits);
  });
});

describe('what is said at the start', () => {
  const noticesOf = (more: Partial<RunConfig>) => returnNotices(over([{}], more)).join();

  it('is nothing where as many come again as are asked for', () => {
    expect(noticesOf({ visits: 2000 })).toBe('');
    expect(noticesOf({ traffic })).toBe('');
  });

  it('is which share will be reached where a run is too short, or visits have no room in a day', () => {
    expect(noticesOf({ clock: 'real', visits: 100 })).toContain('about 0 % of the visits');
    const half = noticesOf({ clock: 'real', visitsPerSecond: 0.1, visits: 600 });
    expect(half).toMatch(/about (2[5-9]|3\d) % .* and 50 % are asked for: .* within 36 minutes/);
    const long = { ...traffic, visitMinutes: { min: 1, max: 700 } };
    expect(noticesOf({ traffic: comingAgain(long) })).toContain('visits are so long');
  });

  it('is what the plan then comes to, on the mean', () => {
    const config = over([{}], { clock: 'real', visitsPerSecond: 0.1, visits: 600 });
    const returning = [...plannedVisits(config, 0)].filter(({ recurrence }) => recurrence.visitNumber > 1);
    const [, told] = /about (\d+) %/.exec(returnNotices(config).join()) ?? [];
    expect(Math.abs(returning.length / 6 - Number(told))).toBeLessThan(8);
  });
});
