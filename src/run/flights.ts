import { Fifo } from '../base/fifo.ts';
import type { CircuitBreaker } from '../delivery/circuit-breaker.ts';
import type { Transport } from '../delivery/transport.ts';
import { type Verdict, verdict } from '../matomo/outcome.ts';
import type { VisitPlan } from '../traffic/plan.ts';
import type { Recurrence } from '../traffic/recurrences.ts';
import type { Visit } from '../traffic/visit.ts';
import type { Agenda, Appointment } from './agenda.ts';
import { Flight, type FlightControl } from './flight.ts';
import { FlightStore } from './flight-store.ts';
import type { HitLog } from './hit-log.ts';
import type { Ledger } from './ledger.ts';
import type { TargetTimes } from './target-times.ts';
import { TokenDoubt } from './token-doubt.ts';

const targetDown = verdict('skipped', 'TARGET_DOWN', 'not tried while the target was down');
const visitBroken = verdict(
  'skipped',
  'VISIT_BROKEN',
  'an earlier hit of the visit was lost, or its first refused',
);

/** A visit that waits for longer is planned again then: that costs less than keeping its plan. */
const LONG_WAIT_MS = 2000;

/** What visits in flight tell their target. */
export interface FlightEvents {
  /** All its hits have an outcome. */
  ended(flight: Flight, nowMs: number): void;
  outageBegan(nowMs: number): void;
  outageEnded(): void;
  /** Hits with the token are being rejected: nothing goes out until `release`. */
  tokenDoubted(): void;
}

export interface FlightsOptions {
  readonly plan: VisitPlan;
  readonly transport: Transport;
  /** Requests under way at once, where each has a connection of its own. */
  readonly connections: number;
  readonly agenda: Agenda;
  readonly breaker: CircuitBreaker;
  readonly ledger: Ledger;
  readonly times: TargetTimes;
  readonly hitsNeedToken: boolean;
  readonly events: FlightEvents;
  /** Is told of every hit. */
  readonly log?: HitLog | undefined;
}

/**
 * The visits in flight to one target, from the first hit of each to the outcome of its last: what goes out when, and
 * what an answer means for what follows. It runs for every hit, and allocates nothing then.
 */
export class Flights implements FlightControl, Appointment {
  readonly #options: FlightsOptions;
  readonly #breaker: CircuitBreaker;
  readonly #ledger: Ledger;
  readonly #times: TargetTimes;
  readonly #tokenDoubt: TokenDoubt;
  readonly #log: HitLog | undefined;
  /** While it is held nothing is sent: the token is being asked about. */
  #isHeld = true;
  readonly #held: Flight[] = [];
  /** Deliveries under way, and what waits for one to end. */
  #underWay = 0;
  readonly #most: number;
  readonly #next = new Fifo<Flight>();
  /** Those that have nothing to do for long, and when the agenda wakes them. */
  readonly #resting = new FlightStore();
  #wakesAtMs = Number.POSITIVE_INFINITY;
  /** Why nothing more is sent. */
  #stopped: Verdict | undefined;

  constructor(options: FlightsOptions) {
    this.#options = options;
    this.#breaker = options.breaker;
    this.#ledger = options.ledger;
    this.#times = options.times;
    this.#tokenDoubt = new TokenDoubt(options.hitsNeedToken);
    this.#log = options.log;
    // A hit that waited for a connection would go out however long the target is down or busy by then.
    this.#most = options.transport.hitsTogether === 1 ? options.connections : Number.POSITIVE_INFINITY;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Why a visit that begins now would not be tried. */
  reasonNotToBegin(nowMs: number): Verdict | undefined {
    return this.#stopped ?? (this.#breaker.admits(nowMs) ? undefined : targetDown);
  }

  /**
   * A visit that may begin does.
   *
   * @param startMs when it is planned to, on the clock of `performance.now()`
   * @param readyMs when its visitor's visit before had its last answer, where that is later
   */
  begin(visit: Visit, recurrence: Recurrence, startMs: number, nowMs: number, readyMs?: number): void {
    const flight = new Flight(visit, recurrence, startMs, this.#breaker.begin(), this);
    if (readyMs !== undefined) flight.readyMs = readyMs;
    this.advance(flight, nowMs);
  }

  /** Hits may be sent: what was held goes out, or is left where nothing is sent any more. */
  release(nowMs: number): void {
    const { transport } = this.#options;
    this.#isHeld = false;
    if (this.#stopped === undefined) transport.release();
    for (const flight of this.#held.splice(0)) this.advance(flight, nowMs);
    this.#advanceNext(nowMs);
    if (this.#stopped !== undefined) transport.end(this.#stopped.cause);
  }

  /** Nothing more is sent once `release` is called; the first reason counts. */
  stop(reason: Verdict): void {
    this.#stopped ??= reason;
  }

  /** Sends what is due of a visit, puts down when that will be, or ends it. */
  advance(flight: Flight, nowMs: number): void {
    const { hits } = flight.visit;
    const at = flight.next;
    if (at === hits.length) {
      this.#options.events.ended(flight, nowMs);
      return;
    }
    const reason = this.#reasonToSkip(flight);
    if (reason !== undefined) {
      this.#ledger.skip(flight.visit, at, reason);
      this.#options.events.ended(flight, nowMs);
      return;
    }
    if (this.#isHeld) {
      this.#held.push(flight);
      return;
    }
    const dueMs = Math.max(flight.dueMs(at), this.#options.transport.heldUntilMs);
    if (dueMs > nowMs) {
      if (dueMs - nowMs > LONG_WAIT_MS) this.#rest(flight, dueMs);
      else this.#options.agenda.add(dueMs, flight);
      return;
    }
    if (this.#underWay >= this.#most) {
      this.#next.push(flight);
      return;
    }
    const most = Math.min(this.#options.transport.hitsTogether, hits.length - at);
    let count = 1;
    while (count < most && flight.dueMs(at + count) <= nowMs) count++;
    flight.first = at;
    flight.count = count;
    flight.next = at + count;
    flight.isWritten = false;
    this.#underWay++;
    this.#options.transport.deliver(flight);
  }

  /** Those that have rested long enough; all of them, once nothing more is sent. */
  onDue(nowMs: number): void {
    const untilMs = this.#stopped === undefined ? nowMs : Number.POSITIVE_INFINITY;
    for (let due = this.#resting.takeDue(untilMs); due !== undefined; due = this.#resting.takeDue(untilMs)) {
      const visit = this.#options.plan(due.index, due.plannedMs, due.recurrence);
      this.advance(Flight.resumed(due, visit, this), nowMs);
    }
    if (nowMs >= this.#wakesAtMs) this.#wakesAtMs = Number.POSITIVE_INFINITY;
    this.#wakeBy(this.#resting.nextMs);
  }

  #rest(flight: Flight, dueMs: number): void {
    this.#resting.put(dueMs, flight.state());
    this.#wakeBy(dueMs);
  }

  #wakeBy(dueMs: number): void {
    if (dueMs >= this.#wakesAtMs) return;
    this.#wakesAtMs = dueMs;
    this.#options.agenda.add(dueMs, this);
  }

  hitsWritten(flight: Flight, nowMs: number): void {
    // Sent again after a clear no: lateness and latency count from the first time, so that waiting is not hidden.
    if (flight.isWritten) return;
    flight.isWritten = true;
    flight.writtenMs = nowMs;
    if (flight.first === 0) this.#times.visitBegan(nowMs);
    if (flight.visit.startMs === null) return;
    for (let at = flight.first; at < flight.next; at++) this.#times.late(nowMs - flight.dueMs(at));
  }

  hitSettled(flight: Flight, at: number, judgement: Verdict, nowMs: number): void {
    const { outcome } = judgement;
    this.#ledger.settle(flight.visit.index, at, judgement);
    if (this.#log !== undefined) this.#log.settled(flight, at, judgement, nowMs);
    if (outcome === 'accepted' && !judgement.inDoubt) this.#ledger.reached(flight.visit, at);
    if (judgement.inDoubt) flight.inDoubt = true;
    if (outcome !== 'skipped') {
      flight.tried++;
      this.#times.settled(outcome === 'accepted');
    }
    switch (outcome) {
      case 'accepted':
        flight.accepted++;
        this.#tokenDoubt.accepted();
        this.#answered(nowMs, nowMs - flight.writtenMs);
        break;
      case 'rejected':
        if (at === 0 && !judgement.inDoubt) flight.isBroken = true;
        this.#answered(nowMs, nowMs - flight.writtenMs);
        this.#rejected();
        break;
      case 'failed':
        if (at === 0) flight.isBroken = true;
        this.#lost(flight.isTrial, nowMs);
        break;
      case 'unknown':
        flight.isBroken = true;
        this.#lost(flight.isTrial, nowMs);
        break;
    }
    if (at === flight.next - 1) {
      this.#underWay--;
      flight.readyMs = nowMs;
      this.advance(flight, nowMs);
      this.#advanceNext(nowMs);
    }
  }

  /** What waits for its turn, while there is one. Those that are not to be sent any more take none. */
  #advanceNext(nowMs: number): void {
    while (this.#next.size > 0 && (this.#underWay < this.#most || this.#stopped !== undefined)) {
      this.advance(this.#next.shift() as Flight, nowMs);
    }
  }

  #reasonToSkip(flight: Flight): Verdict | undefined {
    if (this.#stopped !== undefined) return this.#stopped;
    if (flight.isBroken) return visitBroken;
    return this.#breaker.isClosed || flight.isTrial ? undefined : targetDown;
  }

  #answered(nowMs: number, latencyMs: number): void {
    this.#times.answered(latencyMs);
    if (this.#breaker.answered(nowMs)) this.#options.events.outageEnded();
  }

  #lost(isTrial: boolean, nowMs: number): void {
    // What was cut off in the middle says nothing about the target.
    if (this.#stopped !== undefined) return;
    if (this.#breaker.lost(nowMs, isTrial)) this.#options.events.outageBegan(nowMs);
  }

  #rejected(): void {
    if (this.#tokenDoubt.rejected()) this.doubtToken();
  }

  /** Holds still until `release`, because the token may have been withdrawn. */
  doubtToken(): void {
    if (this.#isHeld || this.#stopped !== undefined) return;
    this.#isHeld = true;
    this.#options.transport.hold();
    this.#options.events.tokenDoubted();
  }
}
