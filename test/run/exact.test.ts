import { afterAll, describe, expect, it } from 'vitest';
import { type Collector, startCollector } from '../../src/collector/collector.ts';
import type { Clock } from '../../src/run/clock.ts';
import type { Report } from '../../src/run/report.ts';
import type { RunConfig } from '../../src/run/run-config.ts';
import { expectRecordedAsPlanned, expectWholeAccount } from '../support/account.ts';
import { clockAt } from '../support/clock.ts';
import { runConfig, start, targetConfig } from '../support/run-config.ts';

const token = 'a'.repeat(32);
const opened: Collector[] = [];
afterAll(async () => {
  for (const collector of opened) await collector.close();
});

async function collect(timezone = 'UTC', clock?: Clock): Promise<Collector> {
  const collector = await startCollector({
    token,
    sites: [
      {
        id: 1,
        name: 'Shop',
        mainUrl: 'https://shop.example',
        currency: 'SEK',
        timezone,
        ecommerce: true,
        siteSearch: true,
        goals: [],
      },
    ],
    ...(clock && { now: clock.epochMs }),
  });
  opened.push(collector);
  return collector;
}

interface Way {
  readonly transport: 'single' | 'bulk';
  readonly hasToken: boolean;
}

const ways: readonly Way[] = [
  { transport: 'single', hasToken: false },
  { transport: 'single', hasToken: true },
  { transport: 'bulk', hasToken: false },
  { transport: 'bulk', hasToken: true },
];

function expectExact(report: Report, collector: Collector): void {
  expectWholeAccount(report);
  expect(report).toMatchObject({ exitCode: 0, hits: { accepted: report.plan.hits } });
  expectRecordedAsPlanned(collector.state().totals, report.plan);
}

async function send(
  collector: Collector,
  { transport, hasToken }: Way,
  timezone: string,
  more: Partial<RunConfig>,
  clock?: Clock,
): Promise<Report> {
  const target = targetConfig(collector.url, { transport, timezone, token: hasToken ? token : undefined });
  return start(runConfig(target, { visits: 40, visitsPerSecond: 200, ...more }), { ...(clock && { clock }) })
    .done;
}

describe.concurrent.each(ways)('what is recorded, $transport, token: $hasToken', way => {
  it('is what was planned', async () => {
    const collector = await collect();
    const report = await send(collector, way, 'UTC', { visits: 150, visitsPerSecond: 300 });
    expectExact(report, collector);
    for (const figure of [
      'events',
      'searches',
      'outlinks',
      'downloads',
      'orders',
      'bounces',
      'pings',
    ] as const)
      expect(report.plan[figure]).toBeGreaterThan(0);
  });

  it('is what was planned, under the real clock', async () => {
    const collector = await collect();
    const traffic = {
      ...runConfig(targetConfig(collector.url)).traffic,
      // Waits of more than two seconds are among them: such visits are planned again for their next hit.
      visitMinutes: { min: 0.02, max: 0.07 },
    };
    const report = await send(collector, way, 'UTC', { clock: 'real', visits: 40, traffic });
    expectExact(report, collector);
    expect(report.run.durationSeconds).toBeGreaterThan(1);
  });
});

describe.concurrent('what is recorded around midnight', () => {
  // In UTC: 2026-06-14 in summer time, and the nights before and after it.
  const midnights = {
    UTC: '2026-06-15T00:00:00Z',
    CET: '2026-06-14T22:00:00Z',
    'Europe/Stockholm': '2026-06-14T22:00:00Z',
    'Asia/Kolkata': '2026-06-14T18:30:00Z',
  } as const;
  const offsetsSeconds = [-90, -3, -0.1, 2, 6, 45, 240];
  const cases = Object.entries(midnights).flatMap(([timezone, midnight]) =>
    offsetsSeconds.map((seconds, at) => ({
      timezone,
      midnight,
      seconds,
      way: ways[at % ways.length] ?? never(),
    })),
  );

  it.each(cases)(
    'is what was planned: $timezone, $seconds s',
    async ({ timezone, midnight, seconds, way }) => {
      const clock = clockAt(Date.parse(midnight) + seconds * 1000);
      const collector = await collect(timezone, clock);
      const report = await send(collector, way, timezone, {}, clock);
      expectExact(report, collector);
    },
  );

  it('is what was planned in a winter night, and where the clocks change', async () => {
    for (const midnight of ['2026-12-31T23:00:00Z', '2026-03-28T23:00:00Z', '2026-10-24T22:00:00Z']) {
      const clock = clockAt(Date.parse(midnight) + 30_000);
      const collector = await collect('Europe/Stockholm', clock);
      expectExact(await send(collector, ways[1] ?? never(), 'Europe/Stockholm', {}, clock), collector);
    }
  });

  it('goes by the zone of the site where that can be asked', async () => {
    const clock = clockAt('2026-06-14T22:00:20Z');
    const collector = await collect('Europe/Stockholm', clock);
    const target = targetConfig(collector.url, { token, timezone: undefined });
    const report = await start(runConfig(target, { visits: 60, visitsPerSecond: 200, timezone: 'UTC' }), {
      clock,
    }).done;
    expectExact(report, collector);
  });

  it('is what was planned under the real clock', async () => {
    // Hits are dated 5 s before they are sent: midnight falls into the visits.
    const clock = clockAt('2026-06-15T00:00:04Z');
    const collector = await collect('UTC', clock);
    const traffic = {
      ...runConfig(targetConfig(collector.url)).traffic,
      visitMinutes: { min: 0.02, max: 0.05 },
    };
    expectExact(
      await send(collector, ways[0] ?? never(), 'UTC', { clock: 'real', visits: 40, traffic }, clock),
      collector,
    );
  });
});

describe('several runs in one process', () => {
  it('do not disturb one another', async () => {
    const collectors = await Promise.all([collect(), collect(), collect()]);
    const reports = await Promise.all(
      collectors.map((collector, at) =>
        send(collector, ways[at] ?? never(), 'UTC', { seed: at, runId: `run-${at}`, visits: 40 + at }),
      ),
    );
    for (const [at, report] of reports.entries()) {
      expectExact(report, collectors[at] ?? never());
      expect(report.visits.planned).toBe(40 + at);
    }
  });

  it('share a site without sharing a visitor or an order', async () => {
    const collector = await collect();
    const reports = await Promise.all(
      [1, 2].map(seed => send(collector, ways[1] ?? never(), 'UTC', { seed, runId: `run-${seed}` })),
    );
    const { visits, orders, actions } = collector.state().totals;
    const sum = (figure: 'visits' | 'orders' | 'actions') =>
      reports.reduce((all, { plan }) => all + plan[figure], 0);
    expect([visits, orders, actions]).toEqual([sum('visits'), sum('orders'), sum('actions')]);
  });

  it('are recorded anew on a site that has them already, with the same seed and run id', async () => {
    const collector = await collect();
    const way = ways[1] ?? never();
    const [first, second] = [await send(collector, way, 'UTC', {}), await send(collector, way, 'UTC', {})];
    expect(collector.state().totals.visits).toBe(first.plan.visits + second.plan.visits);
    expect(collector.state().totals.orders).toBe(first.plan.orders + second.plan.orders);
  });
});

function never(): never {
  throw new Error('there is no such one');
}
