import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { ExitCode } from '../../src/base/exit-codes.ts';
import type { Collector } from '../../src/collector/collector.ts';
import type { TargetConfig } from '../../src/delivery/target-config.ts';
import { reportedPlan } from '../../src/run/build-report.ts';
import { plannedVisits, replayPlan } from '../../src/run/plan-walk.ts';
import type { Report } from '../../src/run/report.ts';
import type { RunConfig } from '../../src/run/run-config.ts';
import { addVisit, emptyPlanTotals } from '../../src/traffic/plan-totals.ts';
import type { Visit } from '../../src/traffic/visit.ts';
import { expectWholeAccount } from '../support/account.ts';
import { clockAt } from '../support/clock.ts';
import { delayed, type FaultServer, gif, hang } from '../support/fault-server.ts';
import { runConfig, start, targetConfig, twoPages } from '../support/run-config.ts';
import { servers, visitorsServed } from '../support/servers.ts';
import { until } from '../support/until.ts';

const { collect, serve, close } = servers();
afterAll(close);

const token = 'a'.repeat(32);
const distributions = ['split', 'mirror', 'independent', 'failover'] as const;

/** A run over servers, each a target with what is said of it. */
function over(
  all: readonly { readonly url: URL | string }[],
  more: Partial<RunConfig>,
  targets: readonly Partial<TargetConfig>[] = [],
): RunConfig {
  return runConfig(targetConfig('http://127.0.0.1:9/'), {
    visits: 60,
    visitsPerSecond: 300,
    targets: all.map(({ url }, at) => targetConfig(url, { name: `t${at}`, ...targets[at] })),
    ...more,
  });
}

const replayed = (config: RunConfig, report: Report): Visit[][] =>
  replayPlan(config, report).targets.map(({ visits }) => [...visits()]);

const who = (visits: Visit[]) =>
  visits.map(({ visitorId, firstEpochSeconds }) => `${visitorId} ${firstEpochSeconds}`).sort();

const recorded = (collector: Collector) =>
  collector
    .visits()
    .map(({ visitorId, firstActionAt }) => `${visitorId} ${firstActionAt}`)
    .sort();

/** What is planned again adds up to what each target's report says was planned. */
function expectSamePlan(config: RunConfig, report: Report): Visit[][] {
  const visits = replayed(config, report);
  for (const [at, target] of report.targets.entries()) {
    const totals = emptyPlanTotals();
    for (const visit of visits[at] ?? []) addVisit(totals, visit);
    expect(reportedPlan(totals)).toEqual(target.plan);
  }
  return visits;
}

/** And each collector recorded exactly those visits, with those dates. */
function expectRecorded(config: RunConfig, report: Report, collectors: readonly Collector[]): void {
  expectWholeAccount(report);
  const visits = expectSamePlan(config, report);
  expect(visits.map(who)).toEqual(collectors.map(recorded));
}

describe.concurrent('the plan of a run, made again from its report', () => {
  const shards = [undefined, { number: 2, count: 3 }] as const;
  const cases = distributions.flatMap(distribution =>
    (['single', 'bulk'] as const).flatMap(transport =>
      shards.map(shard => ({ distribution, transport, shard, hasToken: transport === 'bulk' })),
    ),
  );

  it.each(cases)(
    'is what was recorded: $distribution, $transport, $shard',
    async ({ distribution, transport, shard, hasToken }) => {
      const collectors = [await collect({ token }), await collect({ token }), await collect({ token })];
      const own = { transport, token: hasToken ? token : undefined };
      const config = over(collectors, { distribution, shard }, [
        { ...own, weight: 3 },
        { ...own, visitsPerSecond: 200 },
        own,
      ]);
      const report = await start(config).done;
      expect(report.exitCode).toBe(0);
      expectRecorded(config, report, collectors);
    },
  );

  it.each(['split', 'mirror', 'independent'] as const)(
    'is what was recorded without a schedule: %s',
    async distribution => {
      const collectors = [await collect(), await collect()];
      for (const shard of shards) {
        const config = over(
          collectors,
          { distribution, shard, visitsPerSecond: 'max', runId: `run-${shard?.number}` },
          [{ concurrency: 3, weight: 2 }, { concurrency: 5 }],
        );
        const report = await start(config).done;
        expectRecorded(config, report, collectors);
        for (const collector of collectors) collector.reset();
      }
    },
  );

  it('is what was recorded where only one of the targets has a schedule', async () => {
    const collectors = [await collect(), await collect()];
    const config = over(collectors, { distribution: 'independent' }, [{ visitsPerSecond: 'max' }]);
    expectRecorded(config, await start(config).done, collectors);
  });

  // Enough for all, also where they come late: one that waits for a place at a stop is skipped.
  const places = { concurrency: 1000 };

  it.each([...distributions, 'max'] as const)(
    'is as long as the run, which was stopped early: %s',
    async way => {
      const collectors = [await collect({ latencyMs: { min: 1, max: 5 } }), await collect()];
      const config = over(
        collectors,
        {
          distribution: way === 'max' ? 'split' : way,
          visits: undefined,
          visitsPerSecond: way === 'max' ? 'max' : 200,
        },
        collectors.map(() => places),
      );
      const run = start(config);
      await until(() => collectors[0]?.visits().length !== 0);
      await sleep(100);
      run.stop(ExitCode.Interrupted, 10_000);
      const report = await run.done;
      expect(report.run.stoppedBy).toBe('signal');
      expectRecorded(config, report, collectors);
    },
  );

  it('holds the visits that waited and were never begun', async () => {
    const server = await serve(() => delayed(60, gif));
    const config = over([server], { visits: 200, visitsPerSecond: 400, traffic: twoPages }, [
      { concurrency: 2 },
    ]);
    const run = start(config);
    await until(() => server.requests.length > 10);
    run.stop(ExitCode.Interrupted, 10_000);
    const report = await run.done;
    expect(report.visits.skipped).toBeGreaterThan(10);
    const [visits = []] = expectSamePlan(config, report);
    const tried = new Set(report.targets[0]?.exceptions.map(({ index }) => index));
    expect(visits.filter(({ index }) => !tried.has(index)).map(({ visitorId }) => visitorId)).toEqual([
      ...visitorsServed(server),
    ]);
  });

  it('holds the visits that were dropped', async () => {
    const server = await serve(() => delayed(60, gif));
    const config = over([server], { overflow: 'drop' }, [{ concurrency: 2 }]);
    const report = await start(config).done;
    expect(report.visits.dropped).toBeGreaterThan(10);
    expectSamePlan(config, report);
  });

  it('pauses where a day was full', async () => {
    const clock = clockAt('2026-06-14T21:59:59.700Z');
    const collector = await collect({ now: clock.epochMs });
    const config = over([collector], {
      visits: undefined,
      durationSeconds: 1.5,
      visitsPerSecond: 100,
      maxVisitsPerDay: 12,
      timezone: 'Europe/Stockholm',
    });
    const report = await start(config, { clock }).done;
    expect(report.visits.planned).toBe(24);
    expectRecorded(config, report, [collector]);
  });

  it('has the dates that the sites’ own zones gave, whatever is configured by then', async () => {
    const clock = clockAt('2026-06-14T22:00:20Z');
    const zones = ['Europe/Stockholm', 'UTC'];
    for (const distribution of ['split', 'mirror'] as const) {
      const collectors = await Promise.all(
        zones.map(timezone => collect({ timezone, token, now: clock.epochMs })),
      );
      const config = over(collectors, { distribution, timezone: 'Asia/Tokyo' }, [
        { token, timezone: undefined },
        { token, timezone: undefined },
      ]);
      const report = await start(config, { clock }).done;
      expect(report.targets.map(({ timezone }) => timezone)).toEqual(zones);
      expectRecorded(config, report, collectors);
      expectRecorded({ ...config, timezone: 'America/Lima' }, report, collectors);
    }
  });

  it.each([
    ['with', token, undefined],
    ['without', undefined, token],
  ])('has visitors from where they were, %s a token at the time', async (_, then, now) => {
    const collector = await collect({ token });
    const config = over([collector], {}, [{ token: then }]);
    const report = await start(config).done;
    expect(report.targets[0]?.hitsCarryToken).toBe(then !== undefined);
    const later = over([collector], {}, [{ token: now }]);
    expect(replayed(later, report)).toEqual(replayed(config, report));
    expectRecorded(later, report, [collector]);
  });

  it('has the tag that was drawn where the first was taken', async () => {
    const collector = await collect({ token });
    const startEpochMs = Date.now() + 1000;
    const config = over([collector], { startEpochMs }, [{ token }]);
    const [first, second] = [await start(config).done, await start(config).done];
    expect(first.run.tag).not.toBe(second.run.tag);
    const both = [...replayed(config, first).flat(), ...replayed(config, second).flat()];
    expect(who(both)).toEqual(recorded(collector));
  });
});

describe.concurrent('the plan of a run that moved visits, made again', () => {
  /** A visit that lost a hit may be there in part, or not at all. */
  function expectTaken(visits: Visit[], report: Report, at: number, collector: Collector): void {
    const harmed = new Set(report.targets[at]?.exceptions.map(({ index }) => index));
    const whole = who(visits.filter(({ index }) => !harmed.has(index)));
    const there = recorded(collector);
    expect(whole.filter(visit => !there.includes(visit))).toEqual([]);
    const planned = who(visits);
    expect(there.filter(visit => !planned.includes(visit))).toEqual([]);
    expect(whole.length).toBeGreaterThan(10);
  }

  function expectServed(visits: Visit[], server: FaultServer): void {
    const planned = new Set(visits.map(({ visitorId }) => visitorId));
    expect([...visitorsServed(server)].filter(visitor => !planned.has(visitor))).toEqual([]);
  }

  it('gives each to the target that got it: rerouted', async () => {
    const [dying, heavy, light] = [await serve(() => gif), await collect(), await collect()];
    const config = over(
      [dying, heavy, light],
      { whenDown: 'reroute', visits: 400, visitsPerSecond: 200, traffic: twoPages },
      [{ weight: 3 }, { weight: 2 }],
    );
    const run = start(config);
    await until(() => dying.requests.length >= 60);
    await dying.die();
    const report = await run.done;
    expectWholeAccount(report);
    const [lost = [], most = [], least = []] = expectSamePlan(config, report);
    expectTaken(most, report, 1, heavy);
    expectTaken(least, report, 2, light);
    expectServed(lost, dying);
    const [none, ...taken] = report.targets.map(target => target.taken.length);
    expect(none).toBe(0);
    expect(Math.min(...taken)).toBeGreaterThan(5);
  });

  it('gives each to the target that got it, also where it had waited at another: rerouted', async () => {
    const [hanging, live] = [await serve(() => hang), await collect()];
    const config = over(
      [hanging, live],
      { whenDown: 'reroute', visits: 300, visitsPerSecond: 200, traffic: twoPages },
      [{ concurrency: 5, timeoutSeconds: 0.25 }],
    );
    const report = await start(config).done;
    const [lost = [], taken = []] = expectSamePlan(config, report);
    expectTaken(taken, report, 1, live);
    expectServed(lost, hanging);
    expect(report.targets[1]?.taken.length).toBeGreaterThan(10);
  });

  it('gives each to the target that got it: failover, there and back again', async () => {
    const [first, second, third] = [await serve(() => gif), await serve(() => gif), await collect()];
    const config = over([first, second, third], {
      distribution: 'failover',
      visits: undefined,
      visitsPerSecond: 150,
      traffic: twoPages,
    });
    const notices: string[] = [];
    const run = start(config, { outputs: [{ notice: (_, message) => notices.push(message) }] });
    await until(() => first.requests.length > 30);
    await first.die();
    await until(() => second.requests.length > 30);
    await second.die();
    await until(() => third.visits().length > 10);
    await first.comeBack();
    await until(() => notices.includes('t0: answers again'), 20_000);
    run.stop(ExitCode.Interrupted, 5000);
    const report = await run.done;
    expectWholeAccount(report);
    const [one = [], two = [], three = []] = expectSamePlan(config, report);
    expectTaken(three, report, 2, third);
    expectServed(one, first);
    expectServed(two, second);
    const all = [one, two, three].flat().map(({ index }) => index);
    expect(all.toSorted((a, b) => a - b)).toEqual(all.map((_, at) => at));
  });
});

describe('the plan of a run that is still to come', () => {
  it('has no end where the run has none', () => {
    const config = over([{ url: 'http://127.0.0.1:9/' }], { visits: undefined, visitsPerSecond: 10 });
    const walk = plannedVisits(config, 0);
    const moments = Array.from({ length: 1000 }, () => walk.next().value);
    expect(moments.at(-1)).toMatchObject({ position: 0, index: 999, startMs: 99_900 });
  });

  it('is that of the shard alone', () => {
    const config = over([{ url: 'http://127.0.0.1:9/' }], { visits: 10, shard: { number: 1, count: 4 } });
    expect([...plannedVisits(config, 0)].map(({ index }) => index)).toEqual([1, 5, 9]);
  });
});
