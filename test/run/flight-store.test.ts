import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FlightState } from '../../src/run/flight-rows.ts';
import { FlightStore } from '../../src/run/flight-store.ts';

const time = fc.double({ min: 0, max: 1e9, noNaN: true });
const count = fc.nat(2 ** 32 - 1);
const index = fc.nat(2 ** 40);

const state: fc.Arbitrary<FlightState> = fc.record({
  index,
  plannedMs: fc.option(time),
  recurrence: fc.record({ firstIndex: index, visitNumber: count, visitsToCome: count }),
  startMs: time,
  isTrial: fc.boolean(),
  next: count,
  tried: count,
  accepted: count,
  inDoubt: fc.boolean(),
  readyMs: fc.oneof(time, fc.constant(Number.NEGATIVE_INFINITY)),
});

describe('a store of visits in flight', () => {
  it('gives each back as it was, the earliest first, and none before it is due', () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ put: state, ms: fc.nat(20) }) },
      { weight: 2, arbitrary: fc.record({ put: fc.constant(undefined), ms: fc.nat(20) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const store = new FlightStore();
        const waiting: { dueMs: number; state: FlightState }[] = [];
        for (const { put, ms } of steps) {
          if (put !== undefined) {
            store.put(ms, put);
            waiting.push({ dueMs: ms, state: put });
          } else {
            const earliest = Math.min(...waiting.map(({ dueMs }) => dueMs));
            expect(store.nextMs).toBe(earliest);
            const taken = store.takeDue(ms);
            expect(taken !== undefined).toBe(earliest <= ms);
            if (taken === undefined) continue;
            const at = waiting.findIndex(
              ({ dueMs, state }) => dueMs === earliest && state.index === taken.index,
            );
            expect(taken).toEqual(waiting.splice(at, 1)[0]?.state);
          }
          expect(store.size).toBe(waiting.length);
        }
      }),
    );
  });

  it('has room for as many as come, and uses again what has become free', () => {
    const store = new FlightStore();
    const [plain] = fc.sample(state, 1);
    const dueMs = (number: number) => (number * 7919) % 5003;
    for (let round = 0; round < 2; round++) {
      for (let number = 0; number < 40_000; number++)
        store.put(dueMs(number), { ...(plain as FlightState), index: number });
      const order: number[] = [];
      for (let next = store.takeDue(1e6); next !== undefined; next = store.takeDue(1e6))
        order.push(next.index);
      expect(new Set(order).size).toBe(40_000);
      expect(order.map(dueMs)).toEqual(order.map(dueMs).sort((a, b) => a - b));
    }
  });
});
