import { createHash, hash } from 'node:crypto';
import { mix32 } from '../base/random.ts';
import { decimalDigits } from './decimal-digits.ts';
import { tenDigits } from './hex-digits.ts';

/** What tells the visitors and orders of one run from those of any other. */
export interface RunIdentity {
  readonly runId: string;
  /** The first six hex digits of every visitor id of the run. */
  readonly tag: string;
  /** Begins every order id and every user id: the whole run id, and the start, so that a run id used again makes new orders. */
  readonly orderPrefix: string;
}

const HALF_BITS = 20;
const HALF_MASK = (1 << HALF_BITS) - 1;
const HALF_SIZE = 1 << HALF_BITS;
/** Visitor numbers that have an id of their own: 2^40. */
export const VISITOR_NUMBERS = HALF_SIZE * HALF_SIZE;

/**
 * @param draw 0 at first; the next number where a server was found to hold visitors of this tag already
 */
export function runIdentity(runId: string, startEpochMs: number, draw = 0): RunIdentity {
  const digest = createHash('sha256').update(`${runId}\n${startEpochMs}\n${draw}`).digest('hex');
  return { runId, tag: digest.slice(0, 6), orderPrefix: `${runId}-${startEpochMs.toString(36)}` };
}

/**
 * Matomo's visitor id: 16 hex digits, sent as `cid` (a `cid` of another length loses the hit:
 * contract case `cid-15-characters`). Six are the run's tag, ten are a permutation of the visitor's
 * number, so that no two visitors of a run share one.
 *
 * @param number whole, 0 to 2^40 − 1
 * @throws RangeError beyond
 */
export function visitorId(tag: string, number: number): string {
  if (number >= VISITOR_NUMBERS) throw new RangeError(`visitor ${number} is beyond the ids of a run`);
  return tag + tenDigits(permute(number, Number.parseInt(tag, 16)));
}

/** A user id that is new for ever: it begins with the whole run id, as orders do. */
export function userId(identity: RunIdentity, number: number): string {
  return userIdPrefix(identity) + decimalDigits(number);
}

/** Begins all user ids of a run, and no others. */
export function userIdPrefix({ orderPrefix }: RunIdentity): string {
  return `user-${orderPrefix}-`;
}

/** What Matomo makes of a user id: the visitor id it reports, whatever `cid` says (contract case `uid-with-cid`). */
export function visitorIdOfUser(user: string): string {
  return hash('sha1', user).slice(0, 16);
}

/** A keyed permutation of 0 … 2^40 − 1: a Feistel network over two halves of 20 bits. */
function permute(number: number, key: number): number {
  let left = Math.floor(number / HALF_SIZE);
  let right = number & HALF_MASK;
  for (let round = 0; round < 4; round++) {
    const next = left ^ (mix32(right, key + Math.imul(round, 0x9e3779b9)) & HALF_MASK);
    left = right;
    right = next;
  }
  return left * HALF_SIZE + right;
}
