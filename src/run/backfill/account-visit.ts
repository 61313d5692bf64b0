import { type Verdict, verdict } from '../../matomo/outcome.ts';
import type { Visit } from '../../traffic/visit.ts';
import type { Ledger } from '../ledger.ts';

const broken = verdict(
  'skipped',
  'VISIT_BROKEN',
  'an earlier hit of the visit was lost, or its first refused',
);
const interrupted = verdict('skipped', 'INTERRUPTED', 'the backfill was stopped');

/**
 * Puts a visit and what became of its hits into the account of its target.
 *
 * @param isPartlyThere the server said so of one whose answer never came: which of its hits, nobody knows
 * @returns how many hits were tried
 */
export function accountVisit(
  ledger: Ledger,
  visit: Visit,
  verdicts: readonly (Verdict | undefined)[],
  isPartlyThere: boolean,
): number {
  ledger.planned(visit);
  let [taken, doubted, tried] = [0, 0, 0];
  let at = 0;
  for (; at < verdicts.length; at++) {
    const judgement = verdicts[at] ?? interrupted;
    ledger.settle(visit.index, at, judgement);
    if (judgement.outcome === 'skipped') continue;
    tried++;
    if (judgement.inDoubt) doubted++;
    if (judgement.outcome !== 'accepted' || judgement.inDoubt) continue;
    taken++;
    ledger.reached(visit, at);
  }
  ledger.skip(visit, at, tried === 0 ? interrupted : broken);
  if (taken === visit.hits.length) ledger.visitEnded('completed');
  else if (taken > 0 || doubted > 0 || isPartlyThere) ledger.visitEnded('partial');
  else ledger.visitEnded(tried > 0 ? 'failed' : 'skipped');
  return tried;
}
