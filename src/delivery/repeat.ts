/** `busy`: 429 or 503. `rolledBack`: 500 to a bulk that failed at a hit, and of which nothing was kept. */
export type RepeatReason = 'busy' | 'rolledBack';

/** Times a request is sent again. */
export const mostRepeats: Readonly<Record<RepeatReason, number>> = { busy: 3, rolledBack: 1 };

const FIRST_BACK_OFF_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

/**
 * How long to wait before sending again: what `Retry-After` says (seconds or a date), else twice as long each
 * time, from 1 s; a minute at most.
 */
export function repeatDelayMs(retryAfter: string | undefined, repeats: number, nowEpochMs: number): number {
  const asked = retryAfter === undefined ? Number.NaN : retryAfterMs(retryAfter, nowEpochMs);
  const waitMs = Number.isNaN(asked) ? FIRST_BACK_OFF_MS * 2 ** repeats : asked;
  return Math.min(Math.max(waitMs, 0), LONGEST_WAIT_MS);
}

/** RFC 9110, 10.2.3: whole seconds or a date, which begins with the name of its day. NaN for anything else. */
function retryAfterMs(value: string, nowEpochMs: number): number {
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
  return /^\s*[A-Z]/i.test(value) ? Date.parse(value) - nowEpochMs : Number.NaN;
}
