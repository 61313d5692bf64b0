import type { HitRecord, HitSink } from '../../src/run/hit-log.ts';
import type { Output } from '../../src/run/output.ts';
import { keptHits } from './kept-hits.ts';

/** Watches a run of which a target is lost and comes back, by its visits and not by what servers have read by when. */
export interface WatchedReturn {
  readonly hits: HitSink;
  readonly outputs: readonly Output[];
  readonly notices: readonly string[];
  /**
   * The first hits of the visits whose time came after the target was back, as far as they ended. Those before may
   * have been given to another one.
   */
  begunSince(): readonly HitRecord[];
}

/** @param perSecond visits that come evenly */
export function watchedReturn(perSecond: number): WatchedReturn {
  const { records, hits } = keptHits();
  const notices: string[] = [];
  let startEpochMs = Number.NaN;
  let firstBack = Number.POSITIVE_INFINITY;
  const output: Output = {
    start: info => {
      startEpochMs = info.startEpochMs;
    },
    notice: (_, message) => {
      notices.push(message);
      if (!message.includes('answers again')) return;
      firstBack = Math.ceil(((Date.now() - startEpochMs) / 1000) * perSecond) + 1;
    },
  };
  return {
    hits,
    outputs: [output],
    notices,
    begunSince: () => records.filter(({ hit, index }) => hit === 0 && index >= firstBack),
  };
}
