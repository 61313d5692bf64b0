/** A request that was written and has no whole answer yet. Those of a target stand in a chain, which is `Deadlines`' own. */
export interface Unanswered {
  /** On the clock of `performance.now()`. */
  readonly writtenMs: number;
  isAwaited: boolean;
  before: Unanswered | undefined;
  after: Unanswered | undefined;
  timeOut(): void;
}

/**
 * Ends requests whose answer is not whole after `timeoutMs`. One timer for all of a target's: undici's own time
 * limits restart with every byte that comes. A chain rather than a set, because it changes twice a hit.
 */
export class Deadlines {
  // All have the same limit: the first is always the next to end.
  #first: Unanswered | undefined;
  #last: Unanswered | undefined;
  readonly #timeoutMs: number;
  readonly #timer: NodeJS.Timeout;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#timer = setInterval(() => this.#endOverdue(), Math.min(Math.max(timeoutMs / 10, 10), 500));
  }

  add(request: Unanswered): void {
    request.isAwaited = true;
    request.before = this.#last;
    if (this.#last === undefined) this.#first = request;
    else this.#last.after = request;
    this.#last = request;
  }

  /** Does nothing for one that is not there. */
  remove(request: Unanswered): void {
    if (!request.isAwaited) return;
    const { before, after } = request;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    request.isAwaited = false;
    request.before = undefined;
    request.after = undefined;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #endOverdue(): void {
    const now = performance.now();
    while (this.#first !== undefined && now - this.#first.writtenMs >= this.#timeoutMs) {
      const overdue = this.#first;
      this.remove(overdue);
      overdue.timeOut();
    }
  }
}
