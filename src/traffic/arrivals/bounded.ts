import type { Arrivals } from './arrivals.ts';

/** Where arrivals end; both undefined: never. */
export interface Bounds {
  readonly visits: number | undefined;
  readonly durationMs: number | undefined;
}

/** At most so many, and none that begins at `durationMs` or later. */
export function bounded(arrivals: Arrivals, { visits, durationMs }: Bounds): Arrivals {
  let left = visits ?? Number.POSITIVE_INFINITY;
  return {
    next() {
      if (left <= 0) return undefined;
      const atMs = arrivals.next();
      if (atMs === undefined || (durationMs !== undefined && atMs >= durationMs)) {
        left = 0;
        return undefined;
      }
      left--;
      return atMs;
    },
  };
}
