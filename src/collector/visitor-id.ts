import { createHash, randomBytes } from 'node:crypto';
import { isEmpty } from './loose-values.ts';
import { InvalidHit } from './refusal.ts';
import type { RequestParameters } from './request-parameters.ts';

const digits = 16;

/**
 * The visitor id a hit names: made of `uid` where there is one, else `cid`, else `_id`
 * [core/Tracker/Request.php: getVisitorId].
 *
 * @throws InvalidHit for a `cid` that has not 16 characters; an `_id` too short is ignored
 */
export function visitorIdOf(parameters: RequestParameters): string | undefined {
  const userId = parameters.text('uid');
  if (!isEmpty(userId)) return visitorIdOfUser(userId);
  const forced = parameters.text('cid');
  if (!isEmpty(forced)) {
    if (Buffer.byteLength(forced) !== digits) throw new InvalidHit(`cid must be ${digits} characters long`);
    return hexDigits(forced);
  }
  const cookie = parameters.text('_id');
  return Buffer.byteLength(cookie) < digits ? undefined : hexDigits(cookie);
}

/** The visitor id of a logged-in user: the first 16 hex digits of the SHA-1 of the user id. */
export function visitorIdOfUser(userId: string): string {
  return createHash('sha1').update(userId).digest('hex').slice(0, digits);
}

export function randomVisitorId(): string {
  return randomBytes(digits / 2).toString('hex');
}

/** Ids are kept as eight bytes, so what is no hex digit becomes 0. */
function hexDigits(text: string): string {
  return text
    .slice(0, digits)
    .toLowerCase()
    .replace(/[^0-9a-f]/g, '0');
}
