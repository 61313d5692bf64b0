import type { Clock } from '../../src/run/clock.ts';

/** A clock that shows this time now and goes on from it. */
export function clockAt(time: string | number): Clock {
  const startEpochMs = typeof time === 'number' ? time : Date.parse(time);
  const startMs = performance.now();
  return { epochMs: () => startEpochMs + performance.now() - startMs };
}
