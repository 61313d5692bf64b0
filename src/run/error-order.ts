import type { CountedError } from './report.ts';

/** Why hits were never tried after others had been lost: they are many, and tell of nothing new. */
const consequences: ReadonlySet<string> = new Set(['VISIT_BROKEN', 'TARGET_DOWN']);

/** For sorting: what happened before what followed from it, then the most frequent first. */
export function causesFirst(one: CountedError, other: CountedError): number {
  const order = Number(consequences.has(one.code)) - Number(consequences.has(other.code));
  return order === 0 ? other.count - one.count : order;
}

/** Of several targets. */
export function mergedErrors(ofTargets: readonly (readonly CountedError[])[]): CountedError[] {
  const byCode = new Map<string, { code: string; count: number; example: string }>();
  for (const error of ofTargets.flat()) {
    const known = byCode.get(error.code);
    if (known === undefined) byCode.set(error.code, { ...error });
    else known.count += error.count;
  }
  return [...byCode.values()].sort(causesFirst);
}
