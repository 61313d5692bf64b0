import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrivalGroups } from '../../src/run/arrival-groups.ts';
import { hasEnd, offeredVisitsPerSecond } from '../../src/run/expectation.ts';
import { plannedVisits } from '../../src/run/plan-walk.ts';
import { arrivalsOf } from '../../src/run/planned-arrivals.ts';
import { datesOf } from '../../src/run/planning.ts';
import type { ArrivalShape, RunConfig } from '../../src/run/run-config.ts';
import { countOfPlannedVisits } from '../../src/run/visit-count.ts';
import { runConfig, targetConfig } from '../support/run-config.ts';

const url = 'http://127.0.0.1:9/matomo.php';
const distributions = ['split', 'mirror', 'independent', 'failover'] as const;

function run(more: Partial<RunConfig>, ...targets: Parameters<typeof targetConfig>[1][]): RunConfig {
  return runConfig(targetConfig(url), {
    targets: targets.map((target, at) => targetConfig(url, { name: `t${at}`, ...target })),
    ...more,
  });
}

/** The first arrivals of the group that a target is in. */
function first(config: RunConfig, at: number, count: number, startEpochMs = 0) {
  const group = arrivalGroups(config).find(({ targets }) => targets.includes(at));
  if (group === undefined) throw new Error('no such target');
  const arrivals = arrivalsOf(config, group, startEpochMs, datesOf(config, []));
  return arrivals && Array.from({ length: count }, () => arrivals.next());
}

const random: ArrivalShape = { gaps: 'random' };
const stages: ArrivalShape = {
  gaps: 'even',
  over: {
    kind: 'stages',
    stages: [
      { durationSeconds: 1, fromRate: 10, toRate: 10 },
      { durationSeconds: 2, fromRate: 10, toRate: 40 },
    ],
  },
};
/** All visits from 10:00 to 11:00. */
const atTen: ArrivalShape = {
  gaps: 'even',
  over: { kind: 'curve', weights: Array.from({ length: 24 }, (_, hour) => (hour === 10 ? 1 : 0)) },
};

describe('the arrivals of a target', () => {
  it('have its own rate under independent, else the run’s', () => {
    for (const distribution of distributions) {
      const config = run({ distribution, visitsPerSecond: 10 }, { visitsPerSecond: 4 }, {});
      expect(first(config, 0, 3)).toEqual(distribution === 'independent' ? [0, 250, 500] : [0, 100, 200]);
      expect(first(config, 1, 3)).toEqual([0, 100, 200]);
    }
  });

  it('have no schedule under rate max, which a target may have of its own', () => {
    const config = run({ distribution: 'independent' }, { visitsPerSecond: 'max' }, {});
    expect(first(config, 0, 1)).toBeUndefined();
    expect(first(config, 1, 1)).toEqual([0]);
  });

  it('end after the visits and the time of the run, which are each target’s under independent', () => {
    const config = run(
      { distribution: 'independent', visits: 3, visitsPerSecond: 10, durationSeconds: 0.5 },
      {},
      { visitsPerSecond: 4 },
    );
    expect(first(config, 0, 5)).toEqual([0, 100, 200, undefined, undefined]);
    expect(first(config, 1, 3)).toEqual([0, 250, undefined]);
  });

  it('are random where that is asked for, by the seed, and each its own under independent', () => {
    const config = (seed: number, distribution: RunConfig['distribution']) =>
      run({ seed, distribution, arrivals: random, visits: 10_000 }, {}, {});
    const [one, other] = [0, 1].map(at => first(config(1, 'independent'), at, 50));
    expect(one).not.toEqual(other);
    expect(first(config(1, 'split'), 1, 50)).toEqual(one);
    expect(first(config(1, 'split'), 1, 50)).not.toEqual(first(config(2, 'split'), 1, 50));
    const times = first(config(1, 'split'), 0, 10_000) ?? [];
    // The mean of 10,000 exponential gaps is within five hundredths of 10 ms but for once in millions.
    expect(Math.abs((times.at(-1) ?? 0) / 10_000 - 10)).toBeLessThan(0.5);
  });

  it('follow a curve in the site’s zone, and in the run’s where sites that share them differ', () => {
    const hours = (distribution: RunConfig['distribution'], ...timezones: string[]) => {
      const config = run(
        { distribution, timezone: 'Asia/Tokyo', arrivals: atTen, visitsPerSecond: 1 / 86_400 },
        ...timezones.map(timezone => ({ timezone })),
      );
      return timezones.map((_, at) => (first(config, at, 1)?.[0] ?? 0) / 3_600_000);
    };
    // 10:00 in Stockholm in winter is 09:00 UTC, in Lima 15:00, in Tokyo 01:00.
    expect(hours('split', 'Europe/Stockholm')).toEqual([9]);
    expect(hours('mirror', 'America/Lima', 'America/Lima')).toEqual([15, 15]);
    expect(hours('split', 'America/Lima', 'Europe/Stockholm')).toEqual([1, 1]);
    expect(hours('independent', 'America/Lima', 'Europe/Stockholm')).toEqual([15, 9]);
  });

  it('of stages end with the last of them, or as the run does', () => {
    const count = (more: Partial<RunConfig>) => {
      const times = first(run({ arrivals: stages, visits: undefined, ...more }, {}), 0, 100) ?? [];
      return times.filter(atMs => atMs !== undefined).length;
    };
    expect(count({})).toBe(60);
    expect(count({ visits: 33 })).toBe(33);
    expect(count({ durationSeconds: 2 })).toBe(28);
    expect(count({ durationSeconds: 3600 })).toBe(60);
  });

  it('of stages are put off by the cap of a day, and those of a curve are not', () => {
    const day = 24;
    const hours = (arrivals: ArrivalShape) =>
      first(
        run({ arrivals, visits: undefined, maxVisitsPerDay: 2, visitsPerSecond: 4 / 86_400 }, {}),
        0,
        5,
      )?.map(atMs => (atMs ?? 0) / 3_600_000);
    expect(hours(atTen)).toEqual([10, 10.25, day + 10, day + 10.25, 2 * day + 10]);
    const steady: ArrivalShape = {
      gaps: 'even',
      over: { kind: 'stages', stages: [{ durationSeconds: 3600, fromRate: 1 / 600, toRate: 1 / 600 }] },
    };
    expect(hours(steady)?.map(hour => Math.floor(hour))).toEqual([0, 0, day, day, 2 * day]);
  });
});

describe('what is expected of a run', () => {
  const anyArrivals = fc.constantFrom(undefined, stages, random, { ...stages, gaps: 'random' as const });

  it('is what its plan has, and shards add up to it', () => {
    fc.assert(
      fc.property(
        anyArrivals,
        fc.constantFrom(...distributions),
        fc.integer({ min: 1, max: 3 }),
        fc.option(fc.nat(80), { nil: undefined }),
        fc.option(fc.double({ min: 0.01, max: 4, noNaN: true }), { nil: undefined }),
        (arrivals, distribution, count, visits, durationSeconds) => {
          const config = run(
            {
              distribution,
              visits,
              durationSeconds,
              visitsPerSecond: 30,
              ...(arrivals && { arrivals }),
            },
            {},
            {},
          );
          fc.pre(hasEnd(config));
          const walk = (shard: RunConfig['shard']) =>
            [...plannedVisits({ ...config, shard }, 0)].map(visit => JSON.stringify(visit));
          const whole = walk(undefined);
          const shards = Array.from({ length: count }, (_, at) => ({ number: at + 1, count }));
          const parts = shards.map(walk);
          expect(parts.flat().sort()).toEqual(whole.sort());
          const expected = countOfPlannedVisits(config);
          if (expected === null) expect(arrivals?.gaps).toBe('random');
          else expect(expected).toBe(whole.length);
          for (const [at, shard] of shards.entries()) {
            const ofShard = countOfPlannedVisits({ ...config, shard });
            if (ofShard !== null) expect(ofShard).toBe(parts[at]?.length);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('is the mean rate of stages as far as they go', () => {
    const offered = (more: Partial<RunConfig>) =>
      offeredVisitsPerSecond(run({ arrivals: stages, visits: undefined, ...more }, {}));
    expect(offered({})).toBe(20);
    expect(offered({ durationSeconds: 1 })).toBe(10);
    expect(offered({ visits: 5 })).toBe(10);
    expect(offered({ visits: 0 })).toBe(0);
    expect(offered({ shard: { number: 1, count: 4 } })).toBe(5);
    expect(
      offeredVisitsPerSecond(run({ arrivals: stages, visits: undefined, distribution: 'mirror' }, {}, {})),
    ).toBe(40);
  });

  it('is no number where only time tells', () => {
    const count = (more: Partial<RunConfig>) => countOfPlannedVisits(run({ visits: undefined, ...more }, {}));
    expect(count({ arrivals: random, durationSeconds: 60 })).toBeNull();
    expect(count({ arrivals: atTen, durationSeconds: 60 })).toBeNull();
    expect(count({ arrivals: random, visits: 7 })).toBe(7);
    expect(count({ arrivals: stages, maxVisitsPerDay: 10 })).toBe(60);
  });

  it('has an end with stages', () => {
    const ends = (more: Partial<RunConfig>) => hasEnd(run({ visits: undefined, ...more }, {}));
    expect([ends({}), ends({ arrivals: random }), ends({ arrivals: atTen })]).toEqual([false, false, false]);
    expect([ends({ arrivals: stages }), ends({ visits: 1 }), ends({ durationSeconds: 1 })]).toEqual([
      true,
      true,
      true,
    ]);
  });
});
