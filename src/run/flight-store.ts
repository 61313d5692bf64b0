import { FlightRows, type FlightState } from './flight-rows.ts';

/** Room is made for so many at a time, so that it never takes long: to copy what half a million take was 20 to 30 ms. */
const ROWS_AT_ONCE = 1 << 14;

/**
 * Visits in flight that have nothing to do for a while, by when they have again: a binary heap of the rows they stand in.
 * With 12 bytes in the heap a visit takes 73 and no object, where its plan would take kilobytes: a million of them can wait.
 */
export class FlightStore {
  size = 0;
  /** By place in the heap. */
  #dueMs = new Float64Array(ROWS_AT_ONCE);
  /** By place in the heap: which row. Behind the heap stand the rows that are free. */
  #rows = new Uint32Array(ROWS_AT_ONCE);
  readonly #blocks: FlightRows[] = [];

  /** Infinity when nothing waits. */
  get nextMs(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : (this.#dueMs[0] as number);
  }

  put(dueMs: number, state: FlightState): void {
    if (this.size === this.#blocks.length * ROWS_AT_ONCE) this.#makeRoom();
    const row = this.#rows[this.size] as number;
    this.#blockOf(row).set(row % ROWS_AT_ONCE, state);
    this.#rise(this.size++, dueMs, row);
  }

  /** The earliest, if it is due by `nowMs`. */
  takeDue(nowMs: number): FlightState | undefined {
    if (this.nextMs > nowMs || this.size === 0) return undefined;
    const row = this.#rows[0] as number;
    const end = --this.size;
    const [lastMs, lastRow] = [this.#dueMs[end] as number, this.#rows[end] as number];
    this.#rows[end] = row;
    if (end > 0) this.#sink(lastMs, lastRow);
    return this.#blockOf(row).get(row % ROWS_AT_ONCE);
  }

  #blockOf(row: number): FlightRows {
    return this.#blocks[Math.floor(row / ROWS_AT_ONCE)] as FlightRows;
  }

  #rise(from: number, dueMs: number, row: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((this.#dueMs[parent] as number) <= dueMs) break;
      this.#place(at, this.#dueMs[parent] as number, this.#rows[parent] as number);
      at = parent;
    }
    this.#place(at, dueMs, row);
  }

  /** Finds a place from the top on. */
  #sink(dueMs: number, row: number): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.size) break;
      const right = child + 1;
      if (right < this.size && (this.#dueMs[right] as number) < (this.#dueMs[child] as number)) child = right;
      if ((this.#dueMs[child] as number) >= dueMs) break;
      this.#place(at, this.#dueMs[child] as number, this.#rows[child] as number);
      at = child;
    }
    this.#place(at, dueMs, row);
  }

  #place(at: number, dueMs: number, row: number): void {
    this.#dueMs[at] = dueMs;
    this.#rows[at] = row;
  }

  /** One block more, whose rows are free. The heap, which is a sixth of all, doubles. */
  #makeRoom(): void {
    const capacity = this.size + ROWS_AT_ONCE;
    this.#blocks.push(new FlightRows(ROWS_AT_ONCE));
    if (capacity > this.#rows.length) {
      const dueMs = new Float64Array(2 * this.#dueMs.length);
      dueMs.set(this.#dueMs);
      this.#dueMs = dueMs;
      const rows = new Uint32Array(2 * this.#rows.length);
      rows.set(this.#rows);
      this.#rows = rows;
    }
    for (let row = this.size; row < capacity; row++) this.#rows[row] = row;
  }
}
