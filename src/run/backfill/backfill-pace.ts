import { CircuitBreaker } from '../../delivery/circuit-breaker.ts';
import type { TargetConfig } from '../../delivery/target-config.ts';
import { AdaptiveConcurrency } from './adaptive-concurrency.ts';

/** A target that is down is tried so often, at growing distances; then it is given up, and the journal is gone on with later. */
const TRIES = 5;

/**
 * When the next parcel may go to a target: as many at once as make the server faster, no more visits a second than are
 * wanted, and none but single tries while it is down. Times are on the clock of `performance.now()` and come from the caller.
 */
export class BackfillPace {
  readonly concurrency: AdaptiveConcurrency;
  readonly #breaker = new CircuitBreaker(Math.random);
  readonly #visitsPerSecond: number;
  #nextMs = 0;

  /** @param visitsPerSecond infinite where there is no bound */
  constructor({ concurrency, connections }: TargetConfig, visitsPerSecond: number) {
    this.concurrency = new AdaptiveConcurrency(Math.min(concurrency, connections));
    this.#visitsPerSecond = visitsPerSecond;
  }

  get outages(): number {
    return this.#breaker.outages;
  }

  get health(): 'up' | 'degraded' | 'down' {
    if (!this.#breaker.isClosed) return 'down';
    return this.#breaker.lastWasLost ? 'degraded' : 'up';
  }

  /**
   * How long the next parcel waits, in ms; 0 or less: it may go. Infinite: until one under way has its answer. Undefined: the
   * target was tried often enough.
   *
   * @param underWay parcels
   * @param heldUntilMs the server asked to be left alone until then
   */
  waitMs(nowMs: number, underWay: number, heldUntilMs: number): number | undefined {
    if (underWay >= this.concurrency.value) {
      this.concurrency.full();
      return Number.POSITIVE_INFINITY;
    }
    if (this.#breaker.admits(nowMs)) return Math.max(this.#nextMs, heldUntilMs) - nowMs;
    if (underWay > 0) return Number.POSITIVE_INFINITY;
    return this.#breaker.lostTries < TRIES ? this.#breaker.tryAtMs - nowMs : undefined;
  }

  /** A parcel of so many visits goes. @returns whether it finds out if the target answers again */
  begin(visits: number, nowMs: number): boolean {
    this.#nextMs = Math.max(this.#nextMs, nowMs) + (visits / this.#visitsPerSecond) * 1000;
    return this.#breaker.begin();
  }

  /** @returns whether the target had been down */
  answered(hits: number, latencyMs: number, nowMs: number): boolean {
    this.concurrency.answered(hits, latencyMs, nowMs);
    return this.#breaker.answered(nowMs);
  }

  /** A request had to be written once more. */
  repeated(nowMs: number): void {
    this.concurrency.trouble(nowMs);
  }

  /** @returns whether the target is taken to be down because of it */
  lost(nowMs: number, wasTrial: boolean): boolean {
    this.concurrency.trouble(nowMs);
    return this.#breaker.lost(nowMs, wasTrial);
  }
}
