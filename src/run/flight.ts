import type { Delivery } from '../delivery/transport.ts';
import type { Verdict } from '../matomo/outcome.ts';
import type { Recurrence } from '../traffic/recurrences.ts';
import type { Visit } from '../traffic/visit.ts';
import type { Appointment } from './agenda.ts';
import type { FlightState } from './flight-rows.ts';

/** Who decides what becomes of a flight: its target. */
export interface FlightControl {
  /** Sends what is due of it, puts down when that will be, or ends it. */
  advance(flight: Flight, nowMs: number): void;
  hitsWritten(flight: Flight, nowMs: number): void;
  hitSettled(flight: Flight, at: number, verdict: Verdict, nowMs: number): void;
}

/** A visit in flight: one object that sees all its hits through, so that a hit costs no allocation of ours. */
export class Flight implements Delivery, Appointment {
  /** The hits that travel now, or did last. */
  first = 0;
  count = 0;
  /** The first hit that has not been handed over. */
  next = 0;
  tried = 0;
  accepted = 0;
  inDoubt = false;
  /** After an unknown, or when the first hit was lost or refused, the rest of the visit is not sent. */
  isBroken = false;
  /** When the hits that travel were written, and whether they were before. */
  writtenMs = 0;
  isWritten = false;
  /** When the answer to the previous hit came; −Infinity before the first. */
  readyMs = Number.NEGATIVE_INFINITY;
  readonly visit: Visit;
  readonly recurrence: Recurrence;
  /** When the visit begins, as planned; hits are due at their `sendMs` from there. */
  readonly startMs: number;
  /** It finds out whether a target that was down answers again. */
  readonly isTrial: boolean;
  ofVisit: string | undefined = undefined;
  readonly #control: FlightControl;

  constructor(
    visit: Visit,
    recurrence: Recurrence,
    startMs: number,
    isTrial: boolean,
    control: FlightControl,
  ) {
    this.visit = visit;
    this.recurrence = recurrence;
    this.startMs = startMs;
    this.isTrial = isTrial;
    this.#control = control;
  }

  /** When a hit is due: its planned time, or the answer to the hit before, whichever is later. */
  dueMs(at: number): number {
    const plannedMs = this.startMs + (this.visit.hits[at]?.sendMs ?? 0);
    return Math.max(plannedMs, this.readyMs);
  }

  /** What is needed to go on later without its plan. */
  state(): FlightState {
    const { visit, recurrence, startMs, isTrial, next, tried, accepted, inDoubt, readyMs } = this;
    return {
      index: visit.index,
      plannedMs: visit.startMs,
      recurrence,
      startMs,
      isTrial,
      next,
      tried,
      accepted,
      inDoubt,
      readyMs,
    };
  }

  /** Goes on with the same visit, planned again. */
  static resumed(state: FlightState, visit: Visit, control: FlightControl): Flight {
    const flight = new Flight(visit, state.recurrence, state.startMs, state.isTrial, control);
    flight.next = state.next;
    flight.tried = state.tried;
    flight.accepted = state.accepted;
    flight.inDoubt = state.inDoubt;
    flight.readyMs = state.readyMs;
    return flight;
  }

  onDue(nowMs: number): void {
    this.#control.advance(this, nowMs);
  }

  onSent(nowMs: number): void {
    this.#control.hitsWritten(this, nowMs);
  }

  onVerdict(at: number, verdict: Verdict, nowMs: number): void {
    this.#control.hitSettled(this, at, verdict, nowMs);
  }
}
