import { afterAll, describe, expect, it } from 'vitest';
import type { Collector } from '../../src/collector/collector.ts';
import type { Report } from '../../src/run/report.ts';
import type { RunConfig } from '../../src/run/run-config.ts';
import { expectRecordedAsPlanned, expectWholeAccount } from '../support/account.ts';
import { clockAt } from '../support/clock.ts';
import { type FaultServer, gif } from '../support/fault-server.ts';
import { plannedLines, visitorsOf } from '../support/planned-lines.ts';
import { runConfig, start, targetConfig, traffic, twoPages } from '../support/run-config.ts';
import { beginnings, servers, visitorsRecorded, visitorsServed } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { watchedReturn } from '../support/watched-return.ts';

const { collect, serve, close } = servers();
afterAll(close);

type Target = Parameters<typeof targetConfig>[1];

/** A run over collectors, each a target with what is said of it. */
function over(collectors: readonly Collector[], more: Partial<RunConfig>, targets: readonly Target[] = []) {
  return runConfig(targetConfig('http://127.0.0.1:9/'), {
    targets: collectors.map(({ url }, at) => targetConfig(url, { name: `t${at}`, ...targets[at] })),
    ...more,
  });
}

/** Each target recorded exactly its plan, and nothing was lost. */
function expectExact(report: Report, collectors: readonly Collector[]): void {
  expectWholeAccount(report);
  expect(report).toMatchObject({ exitCode: 0, hits: { accepted: report.plan.hits } });
  for (const [at, { plan }] of report.targets.entries()) {
    expectRecordedAsPlanned(theOne(collectors[at]).state().totals, plan);
  }
}

describe.concurrent('split', () => {
  it('gives 3:1 of 400 visits as exactly 300 and 100, recorded as planned', async () => {
    const collectors = [await collect(), await collect()];
    const config = over(collectors, { visits: 400, visitsPerSecond: 400 }, [{ weight: 3 }, { weight: 1 }]);
    const report = await start(config).done;
    expect(report.targets.map(({ visits }) => visits.completed)).toEqual([300, 100]);
    expectExact(report, collectors);
    expect(report.targets.map(({ rate }) => rate.offeredVisitsPerSecond)).toEqual([300, 100]);
  });

  it('gives no two targets the same visitor, and every visitor to one', async () => {
    const collectors = [await collect(), await collect(), await collect()];
    const config = over(collectors, { visits: 90, visitsPerSecond: 300 }, [{ weight: 1.5 }, { weight: 0.5 }]);
    const report = await start(config).done;
    expectExact(report, collectors);
    expect(report.targets.map(({ visits }) => visits.planned)).toEqual([45, 15, 30]);
    expect(new Set(collectors.flatMap(visitorsRecorded)).size).toBe(90);
  });

  it('is exact under "as fast as possible", too', async () => {
    const collectors = [await collect(), await collect()];
    const config = over(collectors, { visits: 120, visitsPerSecond: 'max' }, [
      { weight: 3, concurrency: 4 },
      { weight: 1, concurrency: 4 },
    ]);
    const report = await start(config).done;
    expect(report.targets.map(({ visits }) => visits.completed)).toEqual([90, 30]);
    expectExact(report, collectors);
  });
});

describe.concurrent('mirror', () => {
  it('gives every target the same visits of the same visitors at the same times', async () => {
    const collectors = [await collect(), await collect(), await collect()];
    const config = over(collectors, { distribution: 'mirror', visits: 100, visitsPerSecond: 100 }, [
      {},
      { transport: 'bulk' },
      { method: 'post', concurrency: 7 },
    ]);
    const report = await start(config).done;
    expectExact(report, collectors);
    expect(report.plan.visits).toBe(300);
    const [first, ...others] = collectors.map(recorded);
    expect(first).toHaveLength(100);
    for (const other of others) expect(other).toEqual(first);
    const [totals, ...otherTotals] = collectors.map(collector => collector.state().totals);
    for (const other of otherTotals) expect(other).toEqual(totals);
  });

  // The midnights of these two are a quarter of an hour apart, at 18:15 and 18:30 UTC.
  const nearby = ['Asia/Kathmandu', 'Asia/Kolkata', 'UTC'];

  it.each(['18:14:30', '18:15:02', '18:20:00', '18:30:30', '18:41:00'])(
    'keeps clear of the midnights of all targets: %s',
    async time => {
      const clock = clockAt(`2026-06-14T${time}Z`);
      const collectors = await Promise.all(nearby.map(timezone => collect({ timezone, now: clock.epochMs })));
      const config = over(
        collectors,
        {
          distribution: 'mirror',
          visits: 40,
          visitsPerSecond: 200,
          traffic: { ...traffic, pageviews: { min: 1, max: 6 }, visitMinutes: { min: 1, max: 24 } },
        },
        nearby.map(timezone => ({ timezone })),
      );
      const report = await start(config, { clock }).done;
      expectExact(report, collectors);
      const [first, ...others] = collectors.map(recorded);
      for (const other of others) expect(other).toEqual(first);
    },
  );
});

// Alone: its times are looked at.
describe('the rate of an independent target', () => {
  it('is its own, within 0.5 %', async () => {
    const targets = [await serve(() => gif), await serve(() => gif), await serve(() => gif)];
    const rates = [40, 100, 20];
    const config = runConfig(targetConfig('http://127.0.0.1:9/'), {
      distribution: 'independent',
      visits: undefined,
      durationSeconds: 3,
      visitsPerSecond: 100,
      traffic: twoPages,
      targets: targets.map(({ url }, at) =>
        targetConfig(url, { name: `t${at}`, ...(at !== 1 && { visitsPerSecond: theOne(rates[at]) }) }),
      ),
    });
    const report = await start(config).done;
    expectWholeAccount(report);
    expect(report.exitCode).toBe(0);
    for (const [at, target] of targets.entries()) {
      const rate = theOne(rates[at]);
      const own = theOne(report.targets[at]);
      expect(own.visits.completed).toBe(rate * 3);
      expect(own.rate.offeredVisitsPerSecond).toBe(rate);
      // Half a run apart, at its middle: a pause of this machine moves single visits and not the schedule.
      expect(rateOf(beginnings(target)) / rate).toBeGreaterThan(0.995);
      expect(rateOf(beginnings(target)) / rate).toBeLessThan(1.005);
    }
    expect(report.rate.offeredVisitsPerSecond).toBe(160);
    expect(new Set(targets.flatMap(target => [...visitorsServed(target)])).size).toBe(3 * 160);
  });
});

describe.concurrent('independent', () => {
  it('gives each target a plan of its own, recorded as planned, without a shared visitor or order', async () => {
    const collectors = [await collect(), await collect()];
    const config = over(collectors, { distribution: 'independent', visits: 80, visitsPerSecond: 200 }, [
      { visitsPerSecond: 100 },
    ]);
    const report = await start(config).done;
    expectExact(report, collectors);
    expect(report.targets.map(({ visits }) => visits.completed)).toEqual([80, 80]);
    expect(new Set(collectors.flatMap(visitorsRecorded)).size).toBe(160);
    const [first = [], second = []] = collectors.map(orderIds);
    expect(first.length).toBeGreaterThan(5);
    expect(new Set([...first, ...second]).size).toBe(first.length + second.length);
    expect(theOne(report.targets[0]).plan).not.toEqual(theOne(report.targets[1]).plan);
  });

  it('does not let the number or the rate of one target change the plan of another', async () => {
    const plan = async (visitsPerSecond: number) => {
      const config = over(
        [await collect(), await collect()],
        { distribution: 'independent', startEpochMs: 0 },
        [{ visitsPerSecond }],
      );
      return (await plannedLines(config)).get('t1');
    };
    expect(await plan(3)).toEqual(await plan(50));
  });
});

describe.concurrent('failover', () => {
  it('gives all to the first while it is up, to the next while it is down, and to the first again', async () => {
    let died: Promise<void> | undefined;
    let early = Number.NaN;
    const first: FaultServer = await serve(({ number }) => {
      if (number === 60) {
        early = second.tracking.length;
        died = first.die();
      }
      return gif;
    });
    const second: FaultServer = await serve(({ number }) => {
      if (number === 60) void died?.then(() => first.comeBack());
      return gif;
    });
    const third = await serve(() => gif);
    const config = runConfig(targetConfig(first.url), {
      distribution: 'failover',
      visits: undefined,
      visitsPerSecond: 100,
      traffic: twoPages,
      targets: [first, second, third].map(({ url }, at) => targetConfig(url, { name: `t${at}` })),
    });
    const { hits, outputs, notices, begunSince } = watchedReturn(100);
    const run = start(config, { hits, outputs });
    await until(() => begunSince().length > 60);
    run.stop(130, 30_000);
    const report = await run.done;
    expectWholeAccount(report);
    expect(notices).toEqual([
      expect.stringContaining('t0: lost'),
      expect.stringContaining('t0: answers again'),
    ]);
    expect(early).toBe(0);
    expect(new Set(begunSince().map(({ target }) => target))).toEqual(new Set(['t0']));
    expect(third.tracking).toHaveLength(0);
    expect([...visitorsServed(first)].filter(visitor => visitorsServed(second).has(visitor))).toEqual([]);
    const [one, two] = report.targets;
    expect(theOne(two).visits).toMatchObject({ partial: 0, failed: 0, dropped: 0 });
    expect(theOne(two).visits.completed).toBeGreaterThanOrEqual(20);
    // While it was down only those in flight and those that try it are lost, not what comes meanwhile.
    const { planned, completed, skipped } = theOne(one).visits;
    expect(planned - completed - skipped).toBeLessThan(150);
  });

  it('gives all to the first that is not dead from the start, exactly as planned', async () => {
    const [dead, live] = [await serve(() => gif), await collect()];
    await dead.die();
    const config = over([live], { distribution: 'failover', visits: 150, visitsPerSecond: 150 });
    const report = await start({
      ...config,
      targets: [targetConfig(dead.url, { name: 'dead' }), ...config.targets],
    }).done;
    expectWholeAccount(report);
    const [lost, taken] = report.targets;
    expect(theOne(lost).visits.completed).toBe(0);
    expect(theOne(lost).visits.planned + theOne(taken).visits.planned).toBe(150);
    expect(theOne(taken).visits.completed).toBeGreaterThan(60);
    expectRecordedAsPlanned(live.state().totals, theOne(taken).plan);
  });
});

describe.concurrent('features of a target', () => {
  it('are its own: orders on one target and none on the other', async () => {
    const collectors = [await collect(), await collect()];
    const ecommerce = (probability: number) => ({
      ...traffic,
      ecommerce: { ...traffic.ecommerce, probability },
    });
    const config = over(collectors, { visits: 120, visitsPerSecond: 240, traffic: ecommerce(0) }, [
      { traffic: { ...ecommerce(1), searchProbability: 0 } },
    ]);
    const report = await start(config).done;
    expectExact(report, collectors);
    const [shop, plain] = collectors.map(collector => collector.state().totals);
    // Those of one page have bought nothing.
    expect(shop).toMatchObject({ visits: 60, orders: 60 - theOne(shop).bounces, searches: 0 });
    expect(plain).toMatchObject({ visits: 60, orders: 0, revenue: 0 });
    expect(theOne(plain).searches).toBeGreaterThan(0);
  });

  it('leave the visitors and the other targets’ visits as they are', async () => {
    const collectors = [await collect(), await collect()];
    const plan = (targets: readonly Target[]) =>
      plannedLines(over(collectors, { visits: 60, startEpochMs: 0 }, targets));
    const [same, different] = [
      await plan([]),
      await plan([{ traffic: { ...traffic, pageviews: { min: 7, max: 7 } } }]),
    ];
    expect(different.get('t1')).toEqual(same.get('t1'));
    expect(visitorsOf(different.get('t0') ?? [])).toEqual(visitorsOf(same.get('t0') ?? []));
    expect(different.get('t0')).not.toEqual(same.get('t0'));
  });
});

describe.concurrent('several sites of one server', () => {
  it('are targets like others: each records its own plan', async () => {
    const site = { name: 'Shop', mainUrl: 'https://shop.example', currency: 'SEK', timezone: 'UTC' };
    const collector = await collect({
      sites: [1, 2].map(id => ({ id, ...site, ecommerce: true, siteSearch: true, goals: [] })),
    });
    const config = over([collector, collector], { distribution: 'mirror', visits: 60 }, [{}, { siteId: 2 }]);
    const report = await start(config).done;
    expectWholeAccount(report);
    const { sites } = collector.state();
    for (const [at, { plan }] of report.targets.entries()) {
      expectRecordedAsPlanned(theOne(sites[at + 1]), plan);
    }
  });
});

/** The visits a collector holds, by visitor, without what differs between sites: numbers, and the site's own day. */
function recorded(collector: Collector) {
  return [...collector.visits()]
    .sort((one, other) => (one.visitorId < other.visitorId ? -1 : 1))
    .map(({ id: _, fingerprint: __, ...visit }) => visit);
}

function orderIds(collector: Collector): string[] {
  return collector.visits().flatMap(({ conversions }) => conversions.flatMap(({ order }) => order ?? []));
}

/** Visits a second, from those half a run apart. */
function rateOf(times: readonly number[]): number {
  const half = times.length / 2;
  const spans = times.slice(0, half).map((atMs, at) => theOne(times[at + half]) - atMs);
  return (half * 1000) / theOne(spans.sort((a, b) => a - b)[Math.floor(half / 2)]);
}

function theOne<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('there is no such one');
  return value;
}
