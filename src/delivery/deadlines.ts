import type { Deadlines, Exchange } from './exchange.ts';

/**
 * Ends exchanges whose answer is not whole after `timeoutMs`. One timer for all of a target's: undici's own time
 * limits restart with every byte that comes.
 */
export class ExchangeDeadlines implements Deadlines {
  // A set keeps its order, and all have the same limit: the first is always the next to end.
  readonly #waiting = new Set<Exchange>();
  readonly #timeoutMs: number;
  readonly #timer: NodeJS.Timeout;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#timer = setInterval(() => this.#endOverdue(), Math.min(Math.max(timeoutMs / 10, 10), 500));
  }

  add(exchange: Exchange): void {
    this.#waiting.add(exchange);
  }

  remove(exchange: Exchange): void {
    this.#waiting.delete(exchange);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #endOverdue(): void {
    const now = performance.now();
    for (const exchange of this.#waiting) {
      if (now - exchange.writtenMs < this.#timeoutMs) break;
      exchange.timeOut();
    }
  }
}
