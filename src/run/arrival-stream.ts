import type { Arrivals } from '../traffic/arrivals/arrivals.ts';
import { onlyVisit, type Recurrence } from '../traffic/recurrences.ts';
import { type Shard, shardTakes } from '../traffic/shard.ts';
import type { Agenda, Appointment } from './agenda.ts';

/** A visit of the plan, before it is planned. */
export interface ScheduledVisit {
  readonly index: number;
  /** From the start of the run. */
  readonly startMs: number;
  readonly recurrence: Recurrence;
}

/** Where visits go. All are asked in the order of indices. */
export interface Route {
  /** Whose visit it is: asked for all of them, those of other shards too. */
  recurrence(index: number, startMs: number): Recurrence;
  /** Puts a visit before the targets that get it. */
  admit(visit: ScheduledVisit, nowMs: number): void;
  /** How many targets get a visit. */
  recipients(index: number): number;
}

/** Beyond this, how many visits would still have come is not counted. */
const MOST_COUNTED = 2_000_000;

/** Puts visits before their targets at the moment each is planned to begin. */
export class ArrivalStream implements Appointment {
  isEnded = false;
  readonly #arrivals: Arrivals;
  readonly #route: Route;
  readonly #shard: Shard | undefined;
  readonly #agenda: Agenda;
  readonly #ended: () => void;
  #startMs = 0;
  #index = -1;
  #recurrence: Recurrence = onlyVisit(0);
  /** Of the next visit, from the start of the run. */
  #nextMs: number | undefined;

  constructor(arrivals: Arrivals, route: Route, shard: Shard | undefined, agenda: Agenda, ended: () => void) {
    this.#arrivals = arrivals;
    this.#route = route;
    this.#shard = shard;
    this.#agenda = agenda;
    this.#ended = ended;
  }

  /** How many visits have come or are due next, with those of other shards. */
  get drawnVisits(): number {
    return this.#index + (this.#nextMs === undefined ? 0 : 1);
  }

  /** The moment of the next visit, on the clock of `performance.now()`; undefined when there is none. */
  get nextDueMs(): number | undefined {
    return this.#nextMs === undefined ? undefined : this.#startMs + this.#nextMs;
  }

  begin(startMs: number): void {
    this.#startMs = startMs;
    this.#draw();
    this.#putDown();
  }

  onDue(nowMs: number): void {
    while (!this.isEnded && this.#nextMs !== undefined && this.#startMs + this.#nextMs <= nowMs) {
      const visit = { index: this.#index, startMs: this.#nextMs, recurrence: this.#recurrence };
      this.#draw();
      this.#route.admit(visit, nowMs);
    }
    this.#putDown();
  }

  /** No more visits. @returns how many would have come; null where the plan has no end, or none that can be counted */
  stop(isBounded: boolean): number | null {
    if (this.isEnded) return 0;
    this.isEnded = true;
    if (!isBounded) return null;
    let left = 0;
    for (let tried = 0; this.#nextMs !== undefined; tried++) {
      if (tried === MOST_COUNTED) return null;
      left += this.#route.recipients(this.#index);
      this.#draw();
    }
    return left;
  }

  #draw(): void {
    for (;;) {
      this.#nextMs = this.#arrivals.next();
      this.#index++;
      if (this.#nextMs === undefined) return;
      this.#recurrence = this.#route.recurrence(this.#index, this.#nextMs);
      if (shardTakes(this.#shard, this.#recurrence.firstIndex)) return;
    }
  }

  #putDown(): void {
    if (this.isEnded) return;
    if (this.#nextMs !== undefined) {
      this.#agenda.add(this.#startMs + this.#nextMs, this);
      return;
    }
    this.isEnded = true;
    this.#ended();
  }
}
