import type { HitException } from '../run/report.ts';
import type { Fate } from './matched-hits.ts';

/** What became of a target's hits, as its sender knows it. */
export interface HitFates {
  /** Of the hits of a visit. */
  of(index: number, hits: number): readonly Fate[];
  /** Whether its outcome may be another's, because the server did not say which hits of a body it refused. */
  isInDoubt(index: number, hit: number): boolean;
  /** How many exceptions are known. */
  readonly exceptions: number;
  /** Hits that a server refused without saying which they were. */
  readonly refusedInDoubt: number;
}

/** Those that are not named were accepted. */
export function hitFates(exceptions: Iterable<HitException>): HitFates {
  const byVisit = new Map<number, HitException[]>();
  let refusedInDoubt = 0;
  let count = 0;
  for (const exception of exceptions) {
    const known = byVisit.get(exception.index);
    count++;
    if (known === undefined) byVisit.set(exception.index, [exception]);
    else known.push(exception);
    if (exception.inDoubt && exception.outcome === 'rejected') refusedInDoubt++;
  }
  return {
    exceptions: count,
    refusedInDoubt,
    isInDoubt(index, hit) {
      return byVisit.get(index)?.some(one => one.hit === hit && one.inDoubt === true) === true;
    },
    of(index, hits) {
      const fates = new Array<Fate>(hits).fill('accepted');
      for (const { hit, outcome, inDoubt } of byVisit.get(index) ?? []) {
        if (outcome === 'unknown' || inDoubt) fates[hit] = 'open';
        else if (outcome !== 'accepted') fates[hit] = 'lost';
      }
      return fates;
    },
  };
}
