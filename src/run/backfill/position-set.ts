/** Whole numbers, kept as ranges: what comes nearly in order takes no room. */
export class PositionSet {
  /** Sorted, and no two touch: `[from, to]`, both belong. */
  readonly #ranges: [number, number][] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get ranges(): readonly (readonly [number, number])[] {
    return this.#ranges;
  }

  has(position: number): boolean {
    const range = this.#ranges[this.#firstEndingAt(position)];
    return range !== undefined && range[0] <= position;
  }

  /** Adds a range, both ends of which belong. */
  add(from: number, to = from): void {
    const at = this.#firstEndingAt(from - 1);
    let [low, high] = [from, to];
    let count = 0;
    for (
      let range = this.#ranges[at];
      range !== undefined && range[0] <= to + 1;
      range = this.#ranges[at + count]
    ) {
      low = Math.min(low, range[0]);
      high = Math.max(high, range[1]);
      this.#size -= range[1] - range[0] + 1;
      count++;
    }
    this.#ranges.splice(at, count, [low, high]);
    this.#size += high - low + 1;
  }

  /** Where the first range is that ends at a position or after it. */
  #firstEndingAt(position: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ranges[middle] as [number, number])[1] >= position) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
