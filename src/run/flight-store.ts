import type { Recurrence } from '../traffic/recurrences.ts';

/** What a visit in flight is between two hits, besides its plan: that is a function of this, and made again. */
export interface FlightState {
  readonly index: number;
  /** From the start of the run; null where there is no schedule. */
  readonly plannedMs: number | null;
  readonly recurrence: Recurrence;
  /** When it begins, on the clock of `performance.now()`. */
  readonly startMs: number;
  readonly isTrial: boolean;
  /** The first hit that has not been handed over. */
  readonly next: number;
  readonly tried: number;
  readonly accepted: number;
  readonly inDoubt: boolean;
  readonly readyMs: number;
}

const FIRST_CAPACITY = 1024;
const IN_DOUBT = 1;
const TRIAL = 2;

/**
 * Visits in flight that have nothing to do for a while, by when they have again: a binary heap, and a column for each
 * figure. A visit takes 73 bytes here and no object, where its plan would take kilobytes: a million of them can wait.
 */
export class FlightStore {
  size = 0;
  /** By place in the heap. */
  #dueMs = new Float64Array(FIRST_CAPACITY);
  /** By place in the heap: which row. Behind the heap stand the rows that are free. */
  #rows = Uint32Array.from({ length: FIRST_CAPACITY }, (_, row) => row);
  #index = new Float64Array(FIRST_CAPACITY);
  /** NaN for null. */
  #plannedMs = new Float64Array(FIRST_CAPACITY);
  #firstIndex = new Float64Array(FIRST_CAPACITY);
  #visitNumber = new Uint32Array(FIRST_CAPACITY);
  #visitsToCome = new Uint32Array(FIRST_CAPACITY);
  #startMs = new Float64Array(FIRST_CAPACITY);
  #readyMs = new Float64Array(FIRST_CAPACITY);
  #next = new Uint32Array(FIRST_CAPACITY);
  #tried = new Uint32Array(FIRST_CAPACITY);
  #accepted = new Uint32Array(FIRST_CAPACITY);
  #flags = new Uint8Array(FIRST_CAPACITY);

  /** Infinity when nothing waits. */
  get nextMs(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : (this.#dueMs[0] as number);
  }

  put(dueMs: number, state: FlightState): void {
    if (this.size === this.#rows.length) this.#grow();
    const row = this.#rows[this.size] as number;
    this.#index[row] = state.index;
    this.#plannedMs[row] = state.plannedMs ?? Number.NaN;
    this.#firstIndex[row] = state.recurrence.firstIndex;
    this.#visitNumber[row] = state.recurrence.visitNumber;
    this.#visitsToCome[row] = state.recurrence.visitsToCome;
    this.#startMs[row] = state.startMs;
    this.#readyMs[row] = state.readyMs;
    this.#next[row] = state.next;
    this.#tried[row] = state.tried;
    this.#accepted[row] = state.accepted;
    this.#flags[row] = (state.inDoubt ? IN_DOUBT : 0) | (state.isTrial ? TRIAL : 0);
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
    return this.#stateOf(row);
  }

  #stateOf(row: number): FlightState {
    const plannedMs = this.#plannedMs[row] as number;
    const flags = this.#flags[row] as number;
    return {
      index: this.#index[row] as number,
      plannedMs: Number.isNaN(plannedMs) ? null : plannedMs,
      recurrence: {
        firstIndex: this.#firstIndex[row] as number,
        visitNumber: this.#visitNumber[row] as number,
        visitsToCome: this.#visitsToCome[row] as number,
      },
      startMs: this.#startMs[row] as number,
      readyMs: this.#readyMs[row] as number,
      next: this.#next[row] as number,
      tried: this.#tried[row] as number,
      accepted: this.#accepted[row] as number,
      inDoubt: (flags & IN_DOUBT) !== 0,
      isTrial: (flags & TRIAL) !== 0,
    };
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

  /** Twice the room. The new rows are free. */
  #grow(): void {
    const capacity = 2 * this.size;
    this.#dueMs = grown(this.#dueMs, new Float64Array(capacity));
    this.#rows = grown(this.#rows, new Uint32Array(capacity));
    for (let row = this.size; row < capacity; row++) this.#rows[row] = row;
    this.#index = grown(this.#index, new Float64Array(capacity));
    this.#plannedMs = grown(this.#plannedMs, new Float64Array(capacity));
    this.#firstIndex = grown(this.#firstIndex, new Float64Array(capacity));
    this.#visitNumber = grown(this.#visitNumber, new Uint32Array(capacity));
    this.#visitsToCome = grown(this.#visitsToCome, new Uint32Array(capacity));
    this.#startMs = grown(this.#startMs, new Float64Array(capacity));
    this.#readyMs = grown(this.#readyMs, new Float64Array(capacity));
    this.#next = grown(this.#next, new Uint32Array(capacity));
    this.#tried = grown(this.#tried, new Uint32Array(capacity));
    this.#accepted = grown(this.#accepted, new Uint32Array(capacity));
    this.#flags = grown(this.#flags, new Uint8Array(capacity));
  }
}

function grown<T extends Float64Array | Uint32Array | Uint8Array>(column: T, longer: T): T {
  longer.set(column);
  return longer;
}
