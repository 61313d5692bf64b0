import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fifo } from '../../src/base/fifo.ts';

describe('a queue of what waits', () => {
  it('gives what came first, as an array does', () => {
    // Runs of up to 3,000 pushes or shifts, so that it clears what it has given out.
    const step = fc.record({ push: fc.boolean(), times: fc.nat(3000) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), steps => {
        const fifo = new Fifo<number>();
        const model: number[] = [];
        let given = 0;
        let number = 0;
        for (const { push, times } of steps) {
          for (let time = 0; time < times; time++) {
            if (push) {
              fifo.push(number);
              model.push(number++);
            } else {
              const expected = given < model.length ? model[given++] : undefined;
              if (fifo.shift() !== expected) throw new Error(`not ${expected}`);
            }
          }
          expect(fifo.size).toBe(model.length - given);
        }
      }),
      { numRuns: 50 },
    );
  });
});
