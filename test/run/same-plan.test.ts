import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { RunConfig } from '../../src/run/run-config.ts';
import { clockAt } from '../support/clock.ts';
import { type FaultServer, gif, hitsIn } from '../support/fault-server.ts';
import { type PlannedLine, plannedLines } from '../support/planned-lines.ts';
import { runConfig, start, targetConfig, traffic } from '../support/run-config.ts';
import { servers } from '../support/servers.ts';

const { serve, close } = servers();
afterAll(close);

const distributions = ['split', 'mirror', 'independent', 'failover'] as const;
const startEpochMs = Date.parse('2026-06-14T21:59:58Z');

/** Any run over one to four targets. */
const anyRun = fc
  .record({
    distribution: fc.constantFrom(...distributions),
    seed: fc.nat(),
    visits: fc.integer({ min: 0, max: 40 }),
    isUnscheduled: fc.boolean(),
    targets: fc.array(
      fc.record({
        weight: fc.integer({ min: 1, max: 5000 }).map(thousandths => thousandths / 1000),
        timezone: fc.constantFrom('UTC', 'Europe/Stockholm', 'Asia/Kolkata', undefined),
        rate: fc.option(fc.integer({ min: 1, max: 300 })),
        hasToken: fc.boolean(),
        hasOrders: fc.boolean(),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ isUnscheduled, targets, ...run }) =>
    runConfig(targetConfig('http://127.0.0.1:9/matomo.php'), {
      ...run,
      startEpochMs,
      visitsPerSecond: isUnscheduled ? 'max' : 100,
      targets: targets.map(({ weight, timezone, rate, hasToken, hasOrders }, at) =>
        targetConfig('http://127.0.0.1:9/matomo.php', {
          name: `t${at}`,
          weight,
          timezone,
          token: hasToken ? 'secret' : undefined,
          ...(rate !== null && { visitsPerSecond: rate }),
          ...(run.distribution !== 'mirror' &&
            !hasOrders && { traffic: { ...traffic, ecommerce: { ...traffic.ecommerce, probability: 0 } } }),
        }),
      ),
    }),
  );

describe('the plan of several targets', () => {
  it('is the same every time, for each target', async () => {
    await fc.assert(
      fc.asyncProperty(anyRun, async config => {
        expect(await plannedLines(config)).toEqual(await plannedLines(config));
      }),
      { numRuns: 40 },
    );
  });

  it('is for each target what its shards have together, none of them twice', async () => {
    await fc.assert(
      fc.asyncProperty(anyRun, fc.integer({ min: 2, max: 3 }), async (config, count) => {
        const whole = await plannedLines(config);
        const parts = await Promise.all(
          Array.from({ length: count }, (_, at) =>
            plannedLines({ ...config, shard: { number: at + 1, count } }),
          ),
        );
        for (const { name } of config.targets) {
          const together = parts.flatMap(part => part.get(name) ?? []).sort(byIndex);
          expect(together).toEqual(whole.get(name));
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe.concurrent.each(distributions)('what is sent under %s', distribution => {
  it('is what was planned for each target, in two runs alike, and by two shards together', async () => {
    const [first, second, shards] = [await threeServers(), await threeServers(), await threeServers()];
    const planned = await plannedLines(over(first, distribution));
    const reports = [
      ...(await Promise.all([run(over(first, distribution)), run(over(second, distribution))])),
      ...(await Promise.all(
        [1, 2].map(number => run({ ...over(shards, distribution), shard: { number, count: 2 } })),
      )),
    ];
    for (const report of reports) expect(report).toMatchObject({ exitCode: 0, hits: { skipped: 0 } });
    for (const [at, { name }] of over(first, distribution).targets.entries()) {
      const expected = (planned.get(name) ?? []).flatMap(({ hits }) => hits.map(({ params }) => params));
      expect(received(first[at])).toEqual(inOrder(expected));
      expect(received(second[at])).toEqual(received(first[at]));
      expect(received(shards[at])).toEqual(received(first[at]));
    }
  });
});

function threeServers(): Promise<FaultServer[]> {
  return Promise.all([1, 2, 3].map(() => serve(() => gif)));
}

function over(targets: readonly FaultServer[], distribution: RunConfig['distribution']): RunConfig {
  return runConfig(targetConfig('http://127.0.0.1:9/'), {
    distribution,
    seed: 7,
    visits: 30,
    visitsPerSecond: 100,
    startEpochMs,
    targets: targets.map(({ url }, at) =>
      targetConfig(url, { name: `t${at}`, weight: at + 1, ...(at === 2 && { visitsPerSecond: 60 }) }),
    ),
  });
}

function run(config: RunConfig) {
  return start(config, { clock: clockAt(startEpochMs) }).done;
}

/** Everything a server was told, hit by hit. */
function received(server: FaultServer | undefined) {
  return inOrder((server?.tracking ?? []).flatMap(hitsIn).map(hit => Object.fromEntries(hit)));
}

function inOrder(hits: readonly Readonly<Record<string, string>>[]) {
  return hits.map(hit => JSON.stringify(hit)).sort();
}

function byIndex(one: PlannedLine, other: PlannedLine): number {
  return one.index - other.index;
}
