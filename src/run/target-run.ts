import { CircuitBreaker } from '../delivery/circuit-breaker.ts';
import type { TargetConfig } from '../delivery/target-config.ts';
import type { Transport } from '../delivery/transport.ts';
import { type Verdict, verdict } from '../matomo/outcome.ts';
import type { VisitPlan } from '../traffic/plan.ts';
import type { Visit } from '../traffic/visit.ts';
import type { Agenda } from './agenda.ts';
import { Fifo } from './fifo.ts';
import { Flight, type FlightControl } from './flight.ts';
import { Ledger, type VisitEnd } from './ledger.ts';
import type { HealthState, HitException } from './report.ts';
import { TargetTimes } from './target-times.ts';
import { TokenDoubt } from './token-doubt.ts';

const targetDown = verdict('skipped', 'TARGET_DOWN', 'not tried while the target was down');
const tokenRefused = verdict(
  'skipped',
  'TOKEN_REFUSED',
  'the target was stopped, because its token was refused',
);
const overflow = verdict('skipped', 'OVERFLOW', 'the in-flight cap was reached');
const visitBroken = verdict(
  'skipped',
  'VISIT_BROKEN',
  'an earlier hit of the visit was lost, or its first refused',
);

/** What a target tells the run it belongs to. */
export interface TargetEvents {
  /** It has nothing left to do. */
  idle(target: TargetRun): void;
  outageBegan(target: TargetRun, nowMs: number): void;
  outageEnded(target: TargetRun): void;
  /** Hits with the token are being rejected: the target holds still until `release` or `refuse`. */
  tokenDoubted(target: TargetRun): void;
}

export interface TargetRunOptions {
  readonly config: TargetConfig;
  readonly plan: VisitPlan;
  readonly transport: Transport;
  readonly agenda: Agenda;
  readonly events: TargetEvents;
  readonly overflow: 'wait' | 'drop';
  readonly hitsNeedToken: boolean;
  /** Takes secrets out of what a server said. */
  readonly mask: (text: string) => string;
  /** Gets the exceptions that the ledger does not keep. */
  readonly beyond?: ((exception: HitException) => void) | undefined;
}

/** A visit whose time has come. */
export interface Arrival {
  readonly index: number;
  /** From the start of the run; null: now, without a schedule. */
  readonly startMs: number | null;
  /** Whether it was given to the target in the place of another that was down. */
  readonly isTaken: boolean;
}

/** Visits without a schedule, for rate `max`. */
export interface VisitSource {
  /** The next index, or undefined after the last. */
  next(): number | undefined;
  /** How many would have come; null: without end. Uses the source up. */
  left(): number | null;
}

/** Without a schedule a target that is down would never end a run: after so many tries it is given up. */
const TRIES_WITHOUT_SCHEDULE = 5;

/**
 * One target during a run: its visits in flight, those waiting for a place, its ledger and its times. Targets share
 * nothing but the agenda, so that none can cost another anything.
 */
export class TargetRun implements FlightControl {
  inFlight = 0;
  readonly config: TargetConfig;
  readonly ledger: Ledger;
  readonly times = new TargetTimes();
  readonly #options: TargetRunOptions;
  readonly #breaker = new CircuitBreaker(Math.random);
  readonly #waiting = new Fifo<Arrival>();
  /** While it is held nothing is sent: the token is being asked about. */
  #isHeld = true;
  readonly #held: Flight[] = [];
  /** Deliveries under way, and what waits for one to end. */
  #underWay = 0;
  readonly #most: number;
  readonly #next = new Fifo<Flight>();
  #runStartMs = 0;
  #source: VisitSource | undefined;
  #undrawn: number | null = 0;
  #isFilling = false;
  readonly #tokenDoubt: TokenDoubt;
  #isRefused = false;
  /** Why nothing more is sent. */
  #stopped: Verdict | undefined;

  constructor(options: TargetRunOptions) {
    this.#options = options;
    this.config = options.config;
    this.ledger = new Ledger(options.mask, options.beyond);
    // A hit that waited for a connection in the pool would go out however long the target is down or busy by then.
    this.#most = options.transport.hitsTogether === 1 ? this.config.connections : Number.POSITIVE_INFINITY;
    this.#tokenDoubt = new TokenDoubt(options.hitsNeedToken);
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Visits of the source that did not begin; null: without end. Meaningful at the end of the run. */
  get undrawnVisits(): number | null {
    return this.#undrawn;
  }

  /** Neither a visit in flight nor one that waits or is still to be drawn. */
  get isIdle(): boolean {
    return this.inFlight === 0 && this.#waiting.size === 0 && this.#source === undefined;
  }

  get isRefused(): boolean {
    return this.#isRefused;
  }

  get outages(): number {
    return this.#breaker.outages;
  }

  get health(): HealthState {
    if (this.#isRefused) return 'refused';
    if (this.#breaker.isClosed) return this.#breaker.lastWasLost ? 'degraded' : 'up';
    return 'down';
  }

  /** Whether it was stopped, lost for a while, or took nothing of all that was tried. */
  get wasLost(): boolean {
    const { accepted, rejected, failed, unknown } = this.ledger.hits;
    return this.#isRefused || this.outages > 0 || (accepted === 0 && rejected + failed + unknown > 0);
  }

  /** Visits count from here; nothing is sent before `release`. */
  begin(runStartMs: number): void {
    this.#runStartMs = runStartMs;
  }

  /** It may be sent to: what was held goes out. */
  release(): void {
    this.#isHeld = false;
    const nowMs = performance.now();
    for (const flight of this.#held.splice(0)) this.advance(flight, nowMs);
    this.#advanceNext(nowMs);
    this.#fill(nowMs);
  }

  /**
   * The server said no to the token: nothing more is sent, because about 20 refusals lock the sender out.
   *
   * @param moveWaiting may give the visits that wait to others
   */
  refuse(moveWaiting: (target: TargetRun) => void): void {
    this.#isRefused = true;
    this.#stopped ??= tokenRefused;
    moveWaiting(this);
    this.stop(tokenRefused);
  }

  /** The time of a visit has come. */
  admit(arrival: Arrival, nowMs: number): void {
    if (this.inFlight < this.config.concurrency && this.#waiting.size === 0 && !this.#isHeld) {
      this.#launch(arrival, nowMs);
    } else if (this.#options.overflow === 'drop' && !this.#isHeld) {
      this.#leaveOut(this.#planned(arrival), overflow, 'dropped');
    } else {
      this.#waiting.push(arrival);
    }
  }

  /** Takes visits from `source` whenever there is a place for one. */
  drawFrom(source: VisitSource): void {
    this.#source = source;
    this.#fill(performance.now());
  }

  /** Whether a visit that is given to it now would be tried. */
  canBegin(nowMs: number): boolean {
    return this.#stopped === undefined && this.#breaker.admits(nowMs);
  }

  /** The visits that wait, which are its no more. */
  takeWaiting(): Arrival[] {
    const taken: Arrival[] = [];
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) taken.push(next);
    return taken;
  }

  /** No more visits begin: those that wait are skipped, those in flight go on. */
  stopBeginning(reason: Verdict): void {
    this.#endSource();
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      this.#leaveOut(this.#planned(next), reason, 'skipped');
    }
    this.#tellWhenIdle();
  }

  /** Nothing more is sent, either. What is on its way ends with what its transport says. */
  stop(reason: Verdict): void {
    this.#stopped ??= reason;
    this.stopBeginning(reason);
    this.release();
  }

  /** Sends what is due of a visit, puts down when that will be, or ends it. */
  advance(flight: Flight, nowMs: number): void {
    const { hits } = flight.visit;
    const at = flight.next;
    if (at === hits.length) {
      this.#end(flight, nowMs);
      return;
    }
    const reason = this.#reasonToSkip(flight);
    if (reason !== undefined) {
      this.ledger.skip(flight.visit, at, reason);
      this.#end(flight, nowMs);
      return;
    }
    if (this.#isHeld) {
      this.#held.push(flight);
      return;
    }
    const dueMs = Math.max(flight.dueMs(at), this.#options.transport.heldUntilMs);
    if (dueMs > nowMs) {
      this.#options.agenda.add(dueMs, flight);
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

  hitsWritten(flight: Flight, nowMs: number): void {
    // Sent again after a clear no: lateness and latency count from the first time, so that waiting is not hidden.
    if (flight.isWritten) return;
    flight.isWritten = true;
    flight.writtenMs = nowMs;
    if (flight.first === 0) this.times.visitBegan(nowMs);
    if (flight.visit.startMs === null) return;
    for (let at = flight.first; at < flight.next; at++) this.times.late(nowMs - flight.dueMs(at));
  }

  hitSettled(flight: Flight, at: number, judgement: Verdict, nowMs: number): void {
    const { outcome } = judgement;
    this.ledger.settle(flight.visit.index, at, judgement);
    if (judgement.inDoubt) flight.inDoubt = true;
    if (outcome !== 'skipped') {
      flight.tried++;
      this.times.settled(outcome === 'accepted');
    }
    switch (outcome) {
      case 'accepted':
        flight.accepted++;
        this.#tokenDoubt.accepted();
        this.#answered(nowMs - flight.writtenMs);
        break;
      case 'rejected':
        if (at === 0 && !judgement.inDoubt) flight.isBroken = true;
        this.#answered(nowMs - flight.writtenMs);
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

  #answered(latencyMs: number): void {
    this.times.answered(latencyMs);
    if (this.#breaker.answered()) this.#options.events.outageEnded(this);
  }

  #lost(isTrial: boolean, nowMs: number): void {
    if (this.#breaker.lost(nowMs, isTrial)) this.#options.events.outageBegan(this, nowMs);
  }

  #rejected(): void {
    if (!this.#tokenDoubt.rejected() || this.#stopped !== undefined) return;
    this.#isHeld = true;
    this.#options.events.tokenDoubted(this);
  }

  /** Plans a visit whose time has come: from now on the ledger owes it an end. */
  #planned({ index, startMs, isTaken }: Arrival): Visit {
    const visit = this.#options.plan(index, startMs);
    this.ledger.planned(visit);
    if (isTaken) this.ledger.took(index);
    return visit;
  }

  #launch(arrival: Arrival, nowMs: number): void {
    const visit = this.#planned(arrival);
    const { startMs } = arrival;
    const reason = this.#stopped ?? (this.#breaker.admits(nowMs) ? undefined : targetDown);
    if (reason !== undefined) {
      this.#leaveOut(visit, reason, 'skipped');
      return;
    }
    const isTrial = this.#breaker.begin();
    this.inFlight++;
    this.advance(
      new Flight(visit, startMs === null ? nowMs : this.#runStartMs + startMs, isTrial, this),
      nowMs,
    );
  }

  /** A visit whose time had come and of which nothing is tried. */
  #leaveOut(visit: Visit, reason: Verdict, end: VisitEnd): void {
    this.ledger.skip(visit, 0, reason);
    this.#count(end);
    this.#tellWhenIdle();
  }

  #end(flight: Flight, nowMs: number): void {
    this.inFlight--;
    const { hits } = flight.visit;
    if (flight.accepted === hits.length && !flight.inDoubt) this.#count('completed');
    else if (flight.accepted > 0 || flight.inDoubt) this.#count('partial');
    else this.#count(flight.tried > 0 ? 'failed' : 'skipped');
    this.#fill(nowMs);
    this.#tellWhenIdle();
  }

  #count(end: VisitEnd): void {
    this.ledger.visitEnded(end);
    // A target that is down would otherwise seem to be as busy as the others.
    if (end !== 'skipped' && end !== 'dropped') this.times.sliceVisits++;
  }

  /** Gives free places to those that wait, then to the source. Visits can end in here, so it does not enter itself. */
  #fill(nowMs: number): void {
    if (this.#isFilling || this.#isHeld) return;
    this.#isFilling = true;
    while (this.inFlight < this.config.concurrency) {
      const next = this.#waiting.shift();
      if (next !== undefined) {
        this.#launch(next, nowMs);
        continue;
      }
      if (this.#source === undefined) break;
      if (!this.#breaker.admits(nowMs)) {
        if (this.inFlight === 0) this.#waitOrGiveUp();
        break;
      }
      const index = this.#source.next();
      if (index === undefined) this.#source = undefined;
      else this.#launch({ index, startMs: null, isTaken: false }, nowMs);
    }
    this.#isFilling = false;
    this.#tellWhenIdle();
  }

  /** Without a schedule nothing is due while the target is down: the plan waits for the next try. */
  #waitOrGiveUp(): void {
    if (this.#breaker.lostTries < TRIES_WITHOUT_SCHEDULE) {
      this.#options.agenda.add(this.#breaker.tryAtMs, { onDue: later => this.#fill(later) });
    } else this.#endSource();
  }

  #endSource(): void {
    if (this.#source !== undefined) this.#undrawn = this.#source.left();
    this.#source = undefined;
  }

  #tellWhenIdle(): void {
    if (this.isIdle) this.#options.events.idle(this);
  }
}
