/** A request that was written and has no whole answer yet. */
export interface Unanswered {
  /** On the clock of `performance.now()`. */
  readonly writtenMs: number;
  timeOut(): void;
}

/**
 * Ends requests whose answer is not whole after `timeoutMs`. One timer for all of a target's: undici's own time
 * limits restart with every byte that comes.
 */
export class Deadlines {
  // A set keeps its order, and all have the same limit: the first is always the next to end.
  readonly #waiting = new Set<Unanswered>();
  readonly #timeoutMs: number;
  readonly #timer: NodeJS.Timeout;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#timer = setInterval(() => this.#endOverdue(), Math.min(Math.max(timeoutMs / 10, 10), 500));
  }

  add(request: Unanswered): void {
    this.#waiting.add(request);
  }

  remove(request: Unanswered): void {
    this.#waiting.delete(request);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #endOverdue(): void {
    const now = performance.now();
    for (const request of this.#waiting) {
      if (now - request.writtenMs < this.#timeoutMs) break;
      request.timeOut();
    }
  }
}
