import { describe, expect, it } from 'vitest';
import { AdaptiveConcurrency } from '../../../src/run/backfill/adaptive-concurrency.ts';

/** A server that works on so many requests at once, 20 ms each: what is beyond waits. */
function run(concurrency: AdaptiveConcurrency, workers: number, seconds: number, fromMs = 0): number {
  let nowMs = fromMs;
  while (nowMs < fromMs + seconds * 1000) {
    const underWay = concurrency.value;
    const rounds = Math.max(1, underWay / workers);
    const latencyMs = 20 * rounds;
    nowMs += latencyMs;
    concurrency.full();
    for (let request = 0; request < underWay; request++) concurrency.answered(100, latencyMs, nowMs);
  }
  return nowMs;
}

describe('adaptive concurrency', () => {
  it('grows to what the server can work on, and not far beyond', () => {
    const concurrency = new AdaptiveConcurrency(200);
    run(concurrency, 16, 60);
    expect(concurrency.value).toBeGreaterThanOrEqual(14);
    expect(concurrency.value).toBeLessThanOrEqual(40);
  });

  it('never goes beyond the most', () => {
    const concurrency = new AdaptiveConcurrency(5);
    run(concurrency, 1000, 60);
    expect(concurrency.value).toBe(5);
  });

  it('is halved by trouble, once for what comes together, and recovers', () => {
    const concurrency = new AdaptiveConcurrency(64);
    const nowMs = run(concurrency, 1000, 30);
    expect(concurrency.value).toBe(64);
    for (let lost = 0; lost < 10; lost++) concurrency.trouble(nowMs);
    expect(concurrency.value).toBe(32);
    run(concurrency, 1000, 60, nowMs);
    expect(concurrency.value).toBeGreaterThan(48);
  });

  it('falls with a server that becomes slower', () => {
    const concurrency = new AdaptiveConcurrency(200);
    const nowMs = run(concurrency, 64, 60);
    const before = concurrency.value;
    run(concurrency, 4, 120, nowMs);
    expect(concurrency.value).toBeLessThan(before / 2);
  });

  it('stays as it is where there is not more to send', () => {
    const concurrency = new AdaptiveConcurrency(64);
    for (let nowMs = 20; nowMs < 20_000; nowMs += 20) concurrency.answered(100, 20, nowMs);
    expect(concurrency.value).toBe(2);
  });

  it('is never below one', () => {
    const concurrency = new AdaptiveConcurrency(4);
    for (let nowMs = 0; nowMs < 10_000; nowMs += 100) {
      concurrency.trouble(nowMs);
      concurrency.answered(1, 300, nowMs);
    }
    expect(concurrency.value).toBe(1);
  });
});
