import type { Verdict } from '../matomo/outcome.ts';
import type { Visit } from '../traffic/visit.ts';

/**
 * One or more hits of one visit on their way. The run implements it on an object that serves all hits of a
 * visit, so that sending a hit makes no promise and no closure. Times are those of `performance.now()`.
 */
export interface Delivery {
  readonly visit: Visit;
  /** What all its hits have in common, `visitParameters`: the transport writes it once and leaves it here. */
  ofVisit?: string | undefined;
  /** The hits that travel now: `count` of them, from `first` on. */
  readonly first: number;
  readonly count: number;
  /** Their bytes are about to be written. Called again when they are sent again. */
  onSent(nowMs: number): void;
  /**
   * Called once for each hit, in order. After the last one the delivery may be handed over again, also from within.
   *
   * @param nowMs the same for all hits of a request, and for no others
   */
  onVerdict(at: number, verdict: Verdict, nowMs: number): void;
}

/** How long a bulk body waits to be filled (docs/exactness.md). */
export const BULK_FILL_MS = 200;

/** How hits travel to one target. */
export interface Transport {
  /** Hits of one visit that may travel together. */
  readonly hitsTogether: number;
  /** The server asked to be left alone until then, on the clock of `performance.now()`; in the past: it did not. */
  readonly heldUntilMs: number;
  deliver(delivery: Delivery): void;
  /** Several at once that wait for no others: where hits can travel together they go in one request of their own. */
  deliverTogether(deliveries: readonly Delivery[]): void;
  /** What is being put together does not begin to travel until `release` or `end`; nothing is to be delivered meanwhile. */
  hold(): void;
  release(): void;
  /**
   * Sends nothing more. What is under way ends when the endpoint's connections are closed: what was written becomes
   * `unknown`, what was not `skipped`. What waited to be sent again after a clear no has `failed`; later deliveries
   * are `skipped`.
   */
  end(cause: string): void;
}

/** One verdict for all hits of a delivery. */
export function settleDelivery(delivery: Delivery, judgement: Verdict, nowMs: number): void {
  // Read first: settling the last hit may hand the delivery over again.
  const { first, count } = delivery;
  for (let at = first; at < first + count; at++) delivery.onVerdict(at, judgement, nowMs);
}
