import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visitPlan } from '../../src/traffic/plan.ts';
import { shardTakes } from '../../src/traffic/shard.ts';
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
