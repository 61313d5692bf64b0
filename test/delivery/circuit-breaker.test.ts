import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CircuitBreaker } from '../../src/delivery/circuit-breaker.ts';

const LOSSES_TO_OPEN = 20;

function opened(jitter = 0): CircuitBreaker {
  const breaker = new CircuitBreaker(() => jitter);
  for (let loss = 1; loss <= LOSSES_TO_OPEN; loss++) breaker.lost(loss - LOSSES_TO_OPEN, false);
  return breaker;
}

describe('a circuit breaker', () => {
  it('opens with the 20th loss in a row, and counts one outage', () => {
    const breaker = new CircuitBreaker(() => 0);
    const opening = Array.from({ length: LOSSES_TO_OPEN }, (_, nowMs) => breaker.lost(nowMs, false));
    expect(opening.indexOf(true)).toBe(LOSSES_TO_OPEN - 1);
    expect(breaker).toMatchObject({ isClosed: false, outages: 1 });
    expect(breaker.admits(LOSSES_TO_OPEN)).toBe(false);
  });

  it('stays closed while fewer than half of the hits are lost, and never 20 in a row', () => {
    const breaker = new CircuitBreaker(() => 0);
    let nowMs = 0;
    for (let round = 0; round < 20; round++) {
      for (let answer = 0; answer < LOSSES_TO_OPEN; answer++) breaker.answered(nowMs++);
      for (let loss = 0; loss < 15; loss++) expect(breaker.lost(nowMs++, false)).toBe(false);
    }
    expect(breaker).toMatchObject({ isClosed: true, outages: 0, lastWasLost: true });
  });

  it('opens when 50 of the last 100 were lost, though never 20 in a row', () => {
    const breaker = new CircuitBreaker(() => 0);
    let losses = 0;
    for (let hit = 0; breaker.isClosed && hit < 1000; hit++) {
      if (hit % 3 === 0) breaker.answered(hit);
      else {
        losses++;
        breaker.lost(hit, false);
      }
    }
    expect(losses).toBe(50);
    expect(breaker.outages).toBe(1);
  });

  it('opens with the third body that is lost, however many hits they hold, and needs 20', () => {
    for (const [hits, bodies] of [
      [200, 3],
      [10, 3],
      [7, 3],
      [6, 4],
      [1, 20],
    ] as const) {
      const breaker = new CircuitBreaker(() => 0);
      let nowMs = 0;
      for (; breaker.isClosed; nowMs++) for (let hit = 0; hit < hits; hit++) breaker.lost(nowMs, false);
      expect([hits, nowMs, breaker.outages]).toEqual([hits, bodies, 1]);
    }
  });

  it('counts a body once in the last 100, and one that was answered in part for answered', () => {
    const breaker = new CircuitBreaker(() => 0);
    for (let body = 0; body < 200; body++) {
      breaker.answered(body);
      for (let hit = 0; hit < 50; hit++) breaker.lost(body, false);
    }
    expect(breaker).toMatchObject({ isClosed: true, outages: 0 });
    let lost = 0;
    for (let body = 200; breaker.isClosed; body++) {
      for (let hit = 0; hit < 50; hit++) {
        if (body % 3 === 0) breaker.answered(body);
        else breaker.lost(body, false);
      }
      if (body % 3 !== 0) lost++;
    }
    expect(lost).toBe(50);
  });

  it('lets one visit through when its wait is over, and no other beside it', () => {
    const breaker = opened();
    expect(breaker.tryAtMs).toBe(500);
    expect(breaker.admits(499)).toBe(false);
    expect(breaker.admits(500)).toBe(true);
    expect(breaker.begin()).toBe(true);
    expect(breaker.admits(10_000)).toBe(false);
  });

  it('closes with the first answer, which tells that it had been down', () => {
    const breaker = opened();
    breaker.begin();
    expect(breaker.answered(500)).toBe(true);
    expect(breaker.answered(501)).toBe(false);
    expect(breaker).toMatchObject({ isClosed: true, lastWasLost: false, outages: 1 });
    expect(breaker.begin()).toBe(false);
  });

  it('takes no notice of what was sent before it opened and is lost during a try', () => {
    const breaker = opened();
    const { tryAtMs } = breaker;
    breaker.begin();
    expect(breaker.lost(tryAtMs + 1, false)).toBe(false);
    expect(breaker).toMatchObject({ tryAtMs, lostTries: 0, outages: 1 });
    expect(breaker.admits(Number.MAX_SAFE_INTEGER)).toBe(false);
  });

  it('waits twice as long after each try that is lost, up to half a minute', () => {
    const breaker = opened(1);
    const waits: number[] = [];
    for (let nowMs = breaker.tryAtMs; waits.length < 7; nowMs = breaker.tryAtMs) {
      breaker.begin();
      expect(breaker.lost(nowMs, true)).toBe(false);
      waits.push(breaker.tryAtMs - nowMs);
    }
    expect(waits).toEqual([2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    expect(breaker.outages).toBe(1);
  });

  it('is not moved by losses of what was sent before it opened', () => {
    const breaker = opened();
    const { tryAtMs } = breaker;
    for (let loss = 0; loss < 50; loss++) breaker.lost(loss, false);
    expect(breaker).toMatchObject({ tryAtMs, outages: 1 });
  });

  it('never admits before its wait is over, never waits longer than 30 s, and is closed after every answer', () => {
    const step = fc.record({ passMs: fc.nat(5000), event: fc.constantFrom('lost', 'answered', 'begin') });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 300 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (steps, jitter) => {
          const breaker = new CircuitBreaker(() => jitter);
          let nowMs = 0;
          let lossesInARow = 0;
          let outages = 0;
          for (const { passMs, event } of steps) {
            nowMs += 1 + passMs;
            if (event === 'begin' && breaker.admits(nowMs)) {
              expect(breaker.isClosed || nowMs >= breaker.tryAtMs).toBe(true);
              expect(breaker.begin()).toBe(!breaker.isClosed);
            }
            if (event === 'answered') {
              breaker.answered(nowMs);
              lossesInARow = 0;
              expect(breaker.isClosed).toBe(true);
            }
            if (event === 'lost') {
              lossesInARow++;
              if (breaker.lost(nowMs, true)) outages++;
              expect(breaker.isClosed).toBe(lossesInARow < LOSSES_TO_OPEN);
            }
            expect(breaker.tryAtMs - nowMs).toBeLessThanOrEqual(30_000);
            expect(breaker.outages).toBe(outages);
          }
        },
      ),
    );
  });
});
