import { DueQueue } from './due-queue.ts';

/** Node's timers hold no more; waking early finds nothing due and waits on. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Something that is to happen at a moment. */
export interface Appointment {
  /** @param nowMs the moment it is, at or after the one it was put down for */
  onDue(nowMs: number): void;
}

/**
 * The one absolute clock of a run: everything that is to happen later is put down here, and one timer wakes for
 * the next moment; all that is due by then happens at once. Times are those of `performance.now()`.
 */
export class Agenda {
  readonly #queue = new DueQueue<Appointment>();
  #timer: NodeJS.Timeout | undefined;
  #wakesAtMs = Number.POSITIVE_INFINITY;

  add(dueMs: number, appointment: Appointment): void {
    this.#queue.add(dueMs, appointment);
    if (dueMs < this.#wakesAtMs) this.#setTimer(dueMs);
  }

  /** Nothing of it will happen. @returns what was put down, in no order */
  clear(): Appointment[] {
    clearTimeout(this.#timer);
    this.#wakesAtMs = Number.POSITIVE_INFINITY;
    return this.#queue.drain();
  }

  #wake(): void {
    const nowMs = performance.now();
    // Until all that is due is done, nothing needs to set the timer: what is added meanwhile is looked at below.
    this.#wakesAtMs = Number.NEGATIVE_INFINITY;
    for (let due = this.#queue.takeDue(nowMs); due !== undefined; due = this.#queue.takeDue(nowMs))
      due.onDue(nowMs);
    this.#wakesAtMs = Number.POSITIVE_INFINITY;
    if (this.#queue.size > 0) this.#setTimer(this.#queue.nextMs);
  }

  #setTimer(dueMs: number): void {
    clearTimeout(this.#timer);
    this.#wakesAtMs = dueMs;
    // A timer counts whole milliseconds from a clock that may be one behind.
    this.#timer = setTimeout(
      () => this.#wake(),
      Math.min(Math.max(0, Math.ceil(dueMs - performance.now())), LONGEST_TIMER_MS),
    );
  }
}
