import { Fifo } from '../base/fifo.ts';
import { CircuitBreaker } from '../delivery/circuit-breaker.ts';
import type { TargetConfig } from '../delivery/target-config.ts';
import type { Transport } from '../delivery/transport.ts';
import { type Verdict, verdict } from '../matomo/outcome.ts';
import type { VisitPlan } from '../traffic/plan.ts';
import type { Recurrence } from '../traffic/recurrences.ts';
import type { Visit } from '../traffic/visit.ts';
import type { Agenda } from './agenda.ts';
import type { Flight } from './flight.ts';
import { Flights } from './flights.ts';
import type { HitLog } from './hit-log.ts';
import { Ledger, type VisitEnd } from './ledger.ts';
import type { HealthState, HitException } from './report.ts';
import { TargetTimes } from './target-times.ts';
import { VisitorTurns } from './visitor-turns.ts';

const tokenRefused = verdict(
  'skipped',
  'TOKEN_REFUSED',
  'the target was stopped, because its token was refused',
);
const overflow = verdict('skipped', 'OVERFLOW', 'the in-flight cap was reached');

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
  readonly visitorsComeAgain: boolean;
  /** Takes secrets out of what a server said. */
  readonly mask: (text: string) => string;
  /** Gets the exceptions that the ledger does not keep. */
  readonly beyond?: ((exception: HitException) => void) | undefined;
  /** Is told of every hit. */
  readonly log?: HitLog | undefined;
}

/** A visit whose time has come. */
export interface Arrival {
  readonly index: number;
  /** From the start of the run; null: now, without a schedule. */
  readonly startMs: number | null;
  readonly recurrence: Recurrence;
  /** Whether it was given to the target in the place of another that was down. */
  readonly isTaken: boolean;
}

/** Visits without a schedule, for rate `max`. */
export interface VisitSource {
  /** The next visit, or undefined after the last. */
  next(): Pick<Arrival, 'index' | 'recurrence'> | undefined;
  /** How many would have come; null: without end. Uses the source up. */
  left(): number | null;
}

/** Without a schedule a target that is down would never end a run: after so many tries it is given up. */
const TRIES_WITHOUT_SCHEDULE = 5;

/**
 * One target during a run: which visits begin and when, its ledger and its times. Once a visit has begun it is the
 * business of `Flights`. Targets share nothing but the agenda, so that none can cost another anything.
 */
export class TargetRun {
  inFlight = 0;
  readonly config: TargetConfig;
  readonly ledger: Ledger;
  readonly times = new TargetTimes();
  readonly #options: TargetRunOptions;
  readonly #breaker = new CircuitBreaker(Math.random);
  readonly #flights: Flights;
  readonly #waiting = new Fifo<Arrival>();
  /** Only where visitors come again. */
  readonly #turns: VisitorTurns<Arrival> | undefined;
  #runStartMs = 0;
  #source: VisitSource | undefined;
  #undrawn: number | null = 0;
  #isFilling = false;
  #isRefused = false;

  constructor(options: TargetRunOptions) {
    this.#options = options;
    this.#turns = options.visitorsComeAgain ? new VisitorTurns() : undefined;
    this.config = options.config;
    this.ledger = new Ledger(options.mask, options.beyond, options.log);
    const { events } = options;
    this.#flights = new Flights({
      plan: options.plan,
      transport: options.transport,
      connections: this.config.connections,
      agenda: options.agenda,
      breaker: this.#breaker,
      ledger: this.ledger,
      times: this.times,
      hitsNeedToken: options.hitsNeedToken,
      log: options.log,
      events: {
        ended: (flight, nowMs) => this.#end(flight, nowMs),
        outageBegan: nowMs => events.outageBegan(this, nowMs),
        outageEnded: () => events.outageEnded(this),
        tokenDoubted: () => events.tokenDoubted(this),
      },
    });
  }

  get waiting(): number {
    return this.#waiting.size + (this.#turns?.waiting ?? 0);
  }

  /** Visits of the source that did not begin; null: without end. Meaningful at the end of the run. */
  get undrawnVisits(): number | null {
    return this.#undrawn;
  }

  /** Neither a visit in flight nor one that waits or is still to be drawn. */
  get isIdle(): boolean {
    return this.inFlight === 0 && this.waiting === 0 && this.#source === undefined;
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
    const nowMs = performance.now();
    this.#flights.release(nowMs);
    this.#fill(nowMs);
  }

  /** Another thread's hits with the token are being rejected: it holds still and asks, too. */
  doubtToken(): void {
    this.#flights.doubtToken();
  }

  /**
   * The server said no to the token: nothing more is sent, because about 20 refusals lock the sender out.
   *
   * @param moveWaiting may give the visits that wait to others
   */
  refuse(moveWaiting: (target: TargetRun) => void): void {
    this.#isRefused = true;
    this.#flights.stop(tokenRefused);
    moveWaiting(this);
    this.stop(tokenRefused);
  }

  /** The time of a visit has come. */
  admit(arrival: Arrival, nowMs: number): void {
    if (this.inFlight < this.config.concurrency && this.#waiting.size === 0 && !this.#flights.isHeld) {
      this.#launch(arrival, nowMs);
    } else if (this.#options.overflow === 'drop' && !this.#flights.isHeld) {
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
    return this.#flights.reasonNotToBegin(nowMs) === undefined;
  }

  /** The visits that wait, which are its no more; those whose visitors are here stay. */
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
    for (const next of this.#turns?.takeWaiting() ?? [])
      this.#leaveOut(this.#planned(next), reason, 'skipped');
    this.#tellWhenIdle();
  }

  /** Nothing more is sent, either. What is on its way ends with what its transport says. */
  stop(reason: Verdict): void {
    this.#flights.stop(reason);
    this.stopBeginning(reason);
    this.release();
  }

  /** Plans a visit whose time has come: from now on the ledger owes it an end. */
  #planned({ index, startMs, recurrence, isTaken }: Arrival): Visit {
    const visit = this.#options.plan(index, startMs, recurrence);
    this.ledger.planned(visit);
    if (isTaken) this.ledger.took(index);
    return visit;
  }

  /** A visit that may begin does, unless the same visitor's earlier one has not ended: then after that. */
  #launch(arrival: Arrival, nowMs: number): void {
    if (this.#turns?.begins(arrival.recurrence.firstIndex, arrival) ?? true) this.#begin(arrival, nowMs);
  }

  /** @param readyMs when the visitor's earlier visit ended, where it waited for that */
  #begin(arrival: Arrival, nowMs: number, readyMs?: number): void {
    const visit = this.#planned(arrival);
    const { startMs } = arrival;
    const reason = this.#flights.reasonNotToBegin(nowMs);
    if (reason !== undefined) {
      this.#leaveOut(visit, reason, 'skipped');
      this.#beginNextOf(visit, nowMs);
      return;
    }
    this.inFlight++;
    const beginMs = startMs === null ? nowMs : this.#runStartMs + startMs;
    this.#flights.begin(visit, arrival.recurrence, beginMs, nowMs, readyMs);
  }

  /** The visitor's next visit, where it waited for the end of this one. */
  #beginNextOf({ visitorIndex }: Visit, nowMs: number): void {
    const next = this.#turns?.ended(visitorIndex);
    if (next !== undefined) this.#begin(next, nowMs, nowMs);
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
    this.#beginNextOf(flight.visit, nowMs);
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
    if (this.#isFilling || this.#flights.isHeld) return;
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
      const drawn = this.#source.next();
      if (drawn === undefined) this.#source = undefined;
      else {
        const { index, recurrence } = drawn;
        this.#launch({ index, recurrence, startMs: null, isTaken: false }, nowMs);
      }
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
