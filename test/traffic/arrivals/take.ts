import type { Arrivals } from '../../../src/traffic/arrivals/arrivals.ts';

/** The first of them, or all where there are fewer. */
export function take(arrivals: Arrivals, count: number): number[] {
  const taken: number[] = [];
  while (taken.length < count) {
    const atMs = arrivals.next();
    if (atMs === undefined) break;
    taken.push(atMs);
  }
  return taken;
}

/** What rounding to microseconds may cost, in ms. */
export const ROUNDING = 0.000_51;
