/**
 * What is under way, in no order. Not a Set: when a set has changed a few times its table is made anew, and V8 keeps a way
 * from each table to the next. Once one of them has grown old, all that was in the later ones outlives its time: a third of
 * a bulk run was then to move requests that were long done from one part of memory to another.
 */
export class UnderWay<T> implements Iterable<T> {
  readonly #items: T[] = [];

  add(item: T): void {
    this.#items.push(item);
  }

  delete(item: T): void {
    const at = this.#items.indexOf(item);
    if (at === -1) return;
    this.#items[at] = this.#items.at(-1) as T;
    this.#items.pop();
  }

  /** Those of now: what changes meanwhile does not matter. */
  [Symbol.iterator](): Iterator<T> {
    return [...this.#items].values();
  }
}
