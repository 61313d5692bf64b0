/**
 * A visitor's visits are sent one after the other: says of each whether it may begin, and keeps those that must wait for the
 * end of the one before.
 */
export class VisitorTurns<T> {
  /** By visitor with a visit under way: the visits that wait for its end; undefined for none, as nearly always. */
  readonly #underWay = new Map<number, T[] | undefined>();
  #waiting = 0;

  get waiting(): number {
    return this.#waiting;
  }

  /** Whether a visit may begin now; else it waits. */
  begins(visitor: number, visit: T): boolean {
    if (!this.#underWay.has(visitor)) {
      this.#underWay.set(visitor, undefined);
      return true;
    }
    const others = this.#underWay.get(visitor);
    if (others === undefined) this.#underWay.set(visitor, [visit]);
    else others.push(visit);
    this.#waiting++;
    return false;
  }

  /** A visit has ended. @returns the visitor's next one, which begins now */
  ended(visitor: number): T | undefined {
    const next = this.#underWay.get(visitor)?.shift();
    if (next === undefined) this.#underWay.delete(visitor);
    else this.#waiting--;
    return next;
  }

  /** The visits that wait, which do so no longer. */
  takeWaiting(): T[] {
    const taken: T[] = [];
    for (const [visitor, waiting] of this.#underWay) {
      if (waiting === undefined) continue;
      taken.push(...waiting);
      this.#underWay.set(visitor, undefined);
    }
    this.#waiting = 0;
    return taken;
  }
}
