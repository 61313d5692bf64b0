/** What became of a hit. */
export type Outcome = 'accepted' | 'rejected' | 'failed' | 'unknown' | 'skipped';

/** An outcome and its cause. Made once for each kind of answer, not once a hit, where nothing varies. */
export interface Verdict {
  readonly outcome: Outcome;
  /** A stable code to count by, for example `ECONNREFUSED`, `HTTP_400`, `TIMEOUT`; '' for an accepted hit. */
  readonly cause: string;
  /** What the server or the system said; the ledger takes secrets out of it. */
  readonly example: string;
  /** Accepted by an answer that counts nothing: a bulk answered as a queue answers. */
  readonly unconfirmed: boolean;
  /**
   * The answer said how many hits of a body it refused and not which: the outcomes are right in number, and
   * this one may be another hit's.
   */
  readonly inDoubt: boolean;
}

export function verdict(outcome: Outcome, cause: string, example = ''): Verdict {
  return { outcome, cause, example, unconfirmed: false, inDoubt: false };
}

export const accepted: Verdict = verdict('accepted', '');
export const acceptedUnconfirmed: Verdict = { ...accepted, unconfirmed: true };
export const acceptedInDoubt: Verdict = { ...accepted, inDoubt: true };
