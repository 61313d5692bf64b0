/**
 * What is to happen at which time, earliest first; equal times come out in the order they were put in. A binary
 * heap over parallel arrays: no object an entry.
 */
export class DueQueue<T> {
  readonly #dueMs: number[] = [];
  readonly #order: number[] = [];
  readonly #items: T[] = [];
  #added = 0;

  get size(): number {
    return this.#items.length;
  }

  /** Infinity when nothing waits. */
  get nextMs(): number {
    return this.#dueMs[0] ?? Number.POSITIVE_INFINITY;
  }

  add(dueMs: number, item: T): void {
    const order = this.#added++;
    let at = this.#items.length;
    this.#items.push(item);
    this.#dueMs.push(dueMs);
    this.#order.push(order);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#isBefore(parent, dueMs, order)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#put(at, dueMs, order, item);
  }

  /** The earliest, if it is due by `nowMs`. */
  takeDue(nowMs: number): T | undefined {
    if (this.nextMs > nowMs) return undefined;
    const first = this.#items[0];
    const lastItem = this.#items.pop() as T;
    const lastDue = this.#dueMs.pop() as number;
    const lastOrder = this.#order.pop() as number;
    const size = this.#items.length;
    if (size === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      const right = child + 1;
      if (right < size && this.#isBefore(right, this.#dueMs[child] as number, this.#order[child] as number))
        child = right;
      if (!this.#isBefore(child, lastDue, lastOrder)) break;
      this.#move(child, at);
      at = child;
    }
    this.#put(at, lastDue, lastOrder, lastItem);
    return first;
  }

  /** Everything that waits, in no order; the queue is empty then. */
  drain(): T[] {
    this.#dueMs.length = 0;
    this.#order.length = 0;
    return this.#items.splice(0);
  }

  #isBefore(at: number, dueMs: number, order: number): boolean {
    const its = this.#dueMs[at] as number;
    return its < dueMs || (its === dueMs && (this.#order[at] as number) < order);
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#dueMs[from] as number, this.#order[from] as number, this.#items[from] as T);
  }

  #put(at: number, dueMs: number, order: number, item: T): void {
    this.#dueMs[at] = dueMs;
    this.#order[at] = order;
    this.#items[at] = item;
  }
}
