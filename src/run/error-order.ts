import type { CountedError } from './report.ts';

/** Why hits were never tried after others had been lost: they are many, and tell of nothing new. */
const consequences: ReadonlySet<string> = new Set(['VISIT_BROKEN', 'TARGET_DOWN']);

/** For sorting: what happened before what followed from it, then the most frequent first. */
export function causesFirst(one: CountedError, other: CountedError): number {
  const order = Number(consequences.has(one.code)) - Number(consequences.has(other.code));
  return order === 0 ? other.count - one.count : order;
}
