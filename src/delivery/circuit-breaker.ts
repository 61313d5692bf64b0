/** Lost hits in a row that open it, if they are of as many requests: one body with many hits may meet with an accident. */
const LOSSES_TO_OPEN = 20;
const REQUESTS_TO_OPEN = 3;
/** So does half of as many requests as this, the latest. */
const WINDOW = 100;
const SHARE_TO_OPEN = 0.5;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

/**
 * Whether a target is worth trying. After 20 lost hits in a row of three requests or more, or 50 lost among the last 100
 * requests, it opens: nothing is sent until a wait is over; then single visits are tried, one at a time (half-open), and the
 * first answer closes it. The wait doubles with every try that is lost. Pure: the times come from the caller, and hits told of
 * at the same time are of one request.
 */
export class CircuitBreaker {
  outages = 0;
  /** Tries that were lost since it opened. */
  lostTries = 0;
  #lossesInARow = 0;
  #requestsInARow = 0;
  /** When the latest hit was told of. */
  #toldMs = Number.NaN;
  /** The latest requests, 1 for a loss: a ring. */
  readonly #window = new Uint8Array(WINDOW);
  #windowAt = 0;
  #lossesInWindow = 0;
  #state: 'closed' | 'open' | 'half-open' = 'closed';
  #waitMs = FIRST_WAIT_MS;
  #tryAtMs = 0;
  readonly #jitter: () => number;

  /** @param jitter 0–1; spreads the tries of several targets. */
  constructor(jitter: () => number) {
    this.#jitter = jitter;
  }

  get isClosed(): boolean {
    return this.#state === 'closed';
  }

  get lastWasLost(): boolean {
    return this.#lossesInARow > 0;
  }

  /** Whether a visit may begin now: not while it is open, and while it is half-open not beside the one that is tried. */
  admits(nowMs: number): boolean {
    return this.#state === 'closed' || (this.#state === 'open' && nowMs >= this.#tryAtMs);
  }

  /** A visit that was admitted begins. @returns whether it is the one that is tried */
  begin(): boolean {
    if (this.#state === 'closed') return false;
    this.#state = 'half-open';
    return true;
  }

  /** The target gave an answer, a yes or a no. @returns whether it had been down */
  answered(nowMs: number): boolean {
    const isNewRequest = nowMs !== this.#toldMs;
    this.#toldMs = nowMs;
    this.#lossesInARow = 0;
    this.#requestsInARow = 0;
    if (this.#state === 'closed') {
      if (isNewRequest) this.#note(0);
      return false;
    }
    this.#state = 'closed';
    this.#waitMs = FIRST_WAIT_MS;
    this.lostTries = 0;
    this.#window.fill(0);
    this.#lossesInWindow = 0;
    return true;
  }

  /**
   * A hit was lost.
   *
   * @param wasTried whether it was of the visit that is tried: another's, sent before it opened, says nothing new
   * @returns whether this opened it
   */
  lost(nowMs: number, wasTried: boolean): boolean {
    const isNewRequest = nowMs !== this.#toldMs;
    this.#toldMs = nowMs;
    this.#lossesInARow++;
    if (isNewRequest) this.#requestsInARow++;
    if (this.#state === 'half-open') {
      if (!wasTried) return false;
      this.lostTries++;
      this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_WAIT_MS);
      this.#open(nowMs);
      return false;
    }
    if (this.#state === 'open') return false;
    if (isNewRequest) this.#note(1);
    const isRow = this.#lossesInARow >= LOSSES_TO_OPEN && this.#requestsInARow >= REQUESTS_TO_OPEN;
    if (!isRow && this.#lossesInWindow < WINDOW * SHARE_TO_OPEN) return false;
    this.outages++;
    this.#open(nowMs);
    return true;
  }

  /** When the next try may be made; meaningful while it is not closed. */
  get tryAtMs(): number {
    return this.#tryAtMs;
  }

  #note(loss: 0 | 1): void {
    this.#lossesInWindow += loss - (this.#window[this.#windowAt] as number);
    this.#window[this.#windowAt] = loss;
    this.#windowAt = (this.#windowAt + 1) % WINDOW;
  }

  #open(nowMs: number): void {
    this.#state = 'open';
    // Half of the wait is fixed, half is drawn, as in "full jitter" halved: never at once, never all together.
    this.#tryAtMs = nowMs + this.#waitMs * (0.5 + this.#jitter() / 2);
  }
}
