import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WeightedSequence } from '../../src/traffic/weighted-sequence.ts';

const anyWeights = fc.array(
  fc.integer({ min: 1, max: 20_000 }).map(thousandths => thousandths / 1000),
  {
    minLength: 1,
    maxLength: 6,
  },
);

describe('dealing out by weight', () => {
  it('gives 3 to 1 exactly 300 and 100 of 400, never in long runs', () => {
    const sequence = new WeightedSequence([3, 1]);
    const dealt = Array.from({ length: 400 }, (_, index) => sequence.at(index));
    expect(dealt.filter(whose => whose === 0)).toHaveLength(300);
    expect(dealt.filter(whose => whose === 1)).toHaveLength(100);
    expect(dealt.join('')).not.toContain('0000');
    expect(dealt.join('')).not.toContain('11');
  });

  it('is within one of every weight’s share after any number of indices', () => {
    fc.assert(
      fc.property(anyWeights, weights => {
        const sequence = new WeightedSequence(weights);
        const whole = weights.reduce((sum, weight) => sum + weight, 0);
        const counts = weights.map(() => 0);
        let furthest = 0;
        for (let index = 0; index < 500; index++) {
          const whose = sequence.at(index);
          counts[whose] = (counts[whose] ?? 0) + 1;
          for (const [at, weight] of weights.entries()) {
            furthest = Math.max(furthest, Math.abs((counts[at] ?? 0) - ((index + 1) * weight) / whole));
          }
        }
        expect(furthest).toBeLessThan(1);
      }),
    );
  });

  it('is the same in whatever order it is asked', () => {
    fc.assert(
      fc.property(anyWeights, fc.array(fc.nat(2000), { maxLength: 20 }), (weights, indices) => {
        const asked = new WeightedSequence(weights);
        for (const index of indices) expect(asked.at(index)).toBe(new WeightedSequence(weights).at(index));
      }),
    );
  });
});
