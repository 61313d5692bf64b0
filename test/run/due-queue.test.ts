import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DueQueue } from '../../src/run/due-queue.ts';

/** The same by sorting. */
class Model {
  readonly #waiting: { dueMs: number; item: number }[] = [];

  add(dueMs: number, item: number): void {
    this.#waiting.push({ dueMs, item });
    this.#waiting.sort((a, b) => a.dueMs - b.dueMs);
  }

  takeDue(nowMs: number): number | undefined {
    return (this.#waiting[0]?.dueMs ?? Number.POSITIVE_INFINITY) > nowMs
      ? undefined
      : this.#waiting.shift()?.item;
  }

  get nextMs(): number {
    return this.#waiting[0]?.dueMs ?? Number.POSITIVE_INFINITY;
  }

  get size(): number {
    return this.#waiting.length;
  }

  drain(): number[] {
    return this.#waiting.splice(0).map(({ item }) => item);
  }
}

describe('a queue of what is due', () => {
  it('always gives the earliest that is due, equal times in the order they came', () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant('add' as const), ms: fc.nat(20) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('take' as const), ms: fc.nat(20) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('drain' as const), ms: fc.constant(0) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), steps => {
        const queue = new DueQueue<number>();
        const model = new Model();
        for (const [at, { do: deed, ms }] of steps.entries()) {
          if (deed === 'add') {
            queue.add(ms, at);
            model.add(ms, at);
          } else if (deed === 'take') expect(queue.takeDue(ms)).toBe(model.takeDue(ms));
          else expect(queue.drain().sort()).toEqual(model.drain().sort());
          expect(queue.size).toBe(model.size);
          expect(queue.nextMs).toBe(model.nextMs);
        }
      }),
    );
  });
});
