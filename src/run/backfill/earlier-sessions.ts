import { setImmediate as nextTurn } from 'node:timers/promises';
import { accepted, type Outcome, type Verdict, verdict } from '../../matomo/outcome.ts';
import type { Visit } from '../../traffic/visit.ts';
import { backfillVisits } from './backfill-plan.ts';
import type { BackfillTarget } from './backfill-target.ts';
import type { HitRecord } from './journal-records.ts';
import { planOf, type Readiness } from './readiness.ts';

/** So long at a time nothing else goes on: a stop is heard, and what is shown moves. */
const SLICE_MS = 50;

/**
 * Puts what earlier sessions sent into the account of a target. The journal says which visits these were; what they were
 * is planned again, because an account that was kept beside it could be lost or be older.
 */
export async function countEarlier(ready: Readiness, at: number, target: BackfillTarget): Promise<void> {
  const progress = ready.before.get(ready.prepared[at]?.config.name ?? '');
  if (progress === undefined) return;
  const { done, notRecorded } = progress;
  const plan = planOf(ready, at);
  let left = done.size;
  let sinceMs = performance.now();
  for (const planned of backfillVisits(ready.config, ready.dates, at)) {
    if (left === 0 || target.isCut) return;
    if (!done.has(planned.position)) continue;
    left--;
    const visit = plan(planned);
    const notAccepted = notRecorded.get(planned.position);
    target.account.countEarlier(planned, visit, verdictsOf(visit, notAccepted), isPartlyThere(notAccepted));
    if (performance.now() - sinceMs < SLICE_MS) continue;
    await nextTurn();
    sinceMs = performance.now();
  }
}

/** A visit with an end and a hit that is unknown has its end because the server was asked, and has it in part. */
function isPartlyThere(notAccepted: readonly HitRecord[] | undefined): boolean {
  if (notAccepted === undefined) return false;
  return notAccepted.length === 0 || notAccepted.some(([, , outcome]) => outcome === 'unknown');
}

/** @param hits that were not surely accepted; none of them: it is not known which */
function verdictsOf({ hits }: Visit, notAccepted: readonly HitRecord[] | undefined): Verdict[] {
  const all = notAccepted?.length === 0 ? earlier.unknown : accepted;
  const verdicts = new Array<Verdict>(hits.length).fill(all);
  for (const [, hit, outcome, inDoubt] of notAccepted ?? []) {
    verdicts[hit] = inDoubt ? { ...earlier[outcome], inDoubt } : earlier[outcome];
  }
  return verdicts;
}

/** Their causes were told by the session that met them. */
const earlier: Readonly<Record<Outcome, Verdict>> = {
  accepted,
  rejected: toldBefore('rejected'),
  failed: toldBefore('failed'),
  unknown: toldBefore('unknown'),
  skipped: toldBefore('skipped'),
};

function toldBefore(outcome: Outcome): Verdict {
  return verdict(outcome, 'EARLIER_SESSION', 'an earlier session of the backfill told why');
}
