import type { HitRecord, HitSink } from '../../src/run/hit-log.ts';

/** Keeps every hit of a run as the sender saw it: when it went out does not depend on when a busy server reads it. */
export function keptHits(): { readonly records: HitRecord[]; readonly hits: HitSink } {
  const records: HitRecord[] = [];
  return { records, hits: { add: record => void records.push(record) } };
}

/** The longest time in which nothing was sent to a target between two hits, in ms. */
export function longestPause(records: readonly HitRecord[], target: string): number {
  const sent = records
    .flatMap(record => (record.target === target && record.sentMs !== null ? [record.sentMs] : []))
    .sort((one, other) => one - other);
  return Math.max(0, ...sent.slice(1).map((ms, at) => ms - (sent[at] ?? ms)));
}
