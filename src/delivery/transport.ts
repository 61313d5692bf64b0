import type { Verdict } from '../matomo/outcome.ts';
import type { Visit } from '../traffic/visit.ts';

/**
 * One or more hits of one visit on their way. The run implements it on an object that serves all hits of a
 * visit, so that sending a hit makes no promise and no closure.
 */
export interface Delivery {
  readonly visit: Visit;
  /** The hits that travel now: `count` of them, from `first` on. */
  readonly first: number;
  readonly count: number;
  /** Their bytes are about to be written. Called again when they are sent again. Times are those of `performance.now()`. */
  onSent(nowMs: number): void;
  /** Called once for each hit, in order. After the last one the delivery may be handed over again, also from within. */
  onVerdict(at: number, verdict: Verdict, nowMs: number): void;
}

/** How hits travel to one target. */
export interface Transport {
  /** Hits of one visit that may travel together. */
  readonly hitsTogether: number;
  deliver(delivery: Delivery): void;
  /**
   * Ends everything under way: what was written becomes `unknown`, what was not `skipped`, what waited to be sent
   * again after a clear no `failed`. Later deliveries are `skipped`.
   */
  abort(cause: string): void;
}

/** Times a hit is sent again after 429 or 503. */
export const REPEATS_WHEN_BUSY = 3;
/** Times a bulk is sent again after 500: it was rolled back whole. */
export const REPEATS_OF_ROLLED_BACK_BULK = 1;

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

/** RFC 9110, 10.2.3 */
function retryAfterMs(value: string, nowEpochMs: number): number {
  return /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - nowEpochMs;
}
