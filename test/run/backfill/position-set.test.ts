import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PositionSet } from '../../../src/run/backfill/position-set.ts';

const range = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 8 }))
  .map(([from, more]) => [from, from + more] as const);

describe('a set of positions', () => {
  it('has always what was added, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 30 }), ranges => {
        const set = new PositionSet();
        const plain = new Set<number>();
        for (const [from, to] of ranges) {
          set.add(from, to);
          for (let position = from; position <= to; position++) plain.add(position);
          expect(set.size).toBe(plain.size);
        }
        for (let position = 0; position <= 70; position++)
          expect(set.has(position)).toBe(plain.has(position));
      }),
    );
  });
});
