import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visitPlan } from '../../src/traffic/plan.ts';
import { shardSize, shardTakes, threadOf } from '../../src/traffic/shard.ts';
import { anyIndex, usualRun, usualTarget } from './any-traffic.ts';

const anyCount = fc.integer({ min: 1, max: 64 });
const numbers = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

describe('the shards of a plan', () => {
  it('take every index, each exactly once', () => {
    fc.assert(
      fc.property(anyCount, anyIndex, (count, index) => {
        const takers = numbers(count).filter(number => shardTakes({ number, count }, index));
        expect(takers).toHaveLength(1);
      }),
    );
  });

  it('take the index ≡ k (mod n) as shard k of n', () => {
    fc.assert(
      fc.property(anyCount, anyIndex, (count, index) => {
        for (const number of numbers(count)) {
          expect(shardTakes({ number, count }, index)).toBe((index - number) % count === 0);
        }
      }),
    );
  });

  it('are the whole plan where there is none', () => {
    fc.assert(fc.property(anyIndex, index => shardTakes(undefined, index)));
  });

  it('plan together the visits of the whole, though none plans the others’', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), count => {
        const indices = Array.from({ length: 30 }, (_, index) => index);
        const whole = visitPlan(usualRun, usualTarget);
        const shards = numbers(count).flatMap(number => {
          const ofShard = visitPlan(usualRun, usualTarget);
          return indices
            .filter(index => shardTakes({ number, count }, index))
            .map(index => ofShard(index, index * 10));
        });
        shards.sort((one, other) => one.index - other.index);
        expect(shards).toEqual(indices.map(index => whole(index, index * 10)));
      }),
      { numRuns: 7 },
    );
  });
});

describe('the threads of a shard', () => {
  const anyThreads = fc.integer({ min: 2, max: 9 });
  const anyShards = fc.integer({ min: 1, max: 4 });

  it('take every index of it, each exactly once, and as many as they say', () => {
    fc.assert(
      fc.property(anyShards, anyThreads, fc.integer({ min: 0, max: 300 }), (count, threads, size) => {
        const shard = { number: 1, count };
        const indices = Array.from({ length: size }, (_, index) => index).filter(index =>
          shardTakes(shard, index),
        );
        const parts = Array.from({ length: threads }, (_, number) => ({
          ...shard,
          thread: { number, count: threads },
        }));
        const taken = parts.map(part => indices.filter(index => shardTakes(part, index)));
        expect(taken.flat().sort((one, other) => one - other)).toEqual(indices);
        expect(parts.map(part => shardSize(part, size))).toEqual(taken.map(({ length }) => length));
      }),
    );
  });

  it('have about as many of each target, however targets take turns', () => {
    fc.assert(
      fc.property(anyThreads, fc.integer({ min: 2, max: 12 }), (threads, period) => {
        const counts = new Map<string, number>();
        for (let index = 0; index < 20_000; index++) {
          const key = `${index % period} ${threadOf(index, 1, threads)}`;
          counts.set(key, (counts.get(key) ?? 0) + 1);
        }
        const even = 20_000 / period / threads;
        for (let target = 0; target < period; target++)
          for (let thread = 0; thread < threads; thread++)
            expect(Math.abs((counts.get(`${target} ${thread}`) ?? 0) - even)).toBeLessThan(even / 2);
      }),
    );
  });
});
