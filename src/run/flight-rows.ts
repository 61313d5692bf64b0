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

const IN_DOUBT = 1;
const TRIAL = 2;

/** Room for so many visits in flight that have nothing to do, a column for each figure: 61 bytes a visit, and no object. */
export class FlightRows {
  readonly #index: Float64Array;
  /** NaN for null. */
  readonly #plannedMs: Float64Array;
  readonly #firstIndex: Float64Array;
  readonly #visitNumber: Uint32Array;
  readonly #visitsToCome: Uint32Array;
  readonly #startMs: Float64Array;
  readonly #readyMs: Float64Array;
  readonly #next: Uint32Array;
  readonly #tried: Uint32Array;
  readonly #accepted: Uint32Array;
  readonly #flags: Uint8Array;

  constructor(count: number) {
    this.#index = new Float64Array(count);
    this.#plannedMs = new Float64Array(count);
    this.#firstIndex = new Float64Array(count);
    this.#visitNumber = new Uint32Array(count);
    this.#visitsToCome = new Uint32Array(count);
    this.#startMs = new Float64Array(count);
    this.#readyMs = new Float64Array(count);
    this.#next = new Uint32Array(count);
    this.#tried = new Uint32Array(count);
    this.#accepted = new Uint32Array(count);
    this.#flags = new Uint8Array(count);
  }

  set(row: number, state: FlightState): void {
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
  }

  get(row: number): FlightState {
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
}
