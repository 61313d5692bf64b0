/** What several threads find out, each for itself, is said when the first of them does. */
export class SaidOnce {
  /** By message: how often each thread said it. */
  readonly #counts = new Map<string, Map<number, number>>();

  /** Whether nobody has said it as often as this thread has now. */
  isNew(thread: number, message: string): boolean {
    let counts = this.#counts.get(message);
    if (counts === undefined) {
      counts = new Map();
      this.#counts.set(message, counts);
    }
    const most = Math.max(0, ...counts.values());
    const own = (counts.get(thread) ?? 0) + 1;
    counts.set(thread, own);
    return own > most;
  }
}
