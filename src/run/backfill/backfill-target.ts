import { CircuitBreaker } from '../../delivery/circuit-breaker.ts';
import type { TargetConfig } from '../../delivery/target-config.ts';
import type { Transport } from '../../delivery/transport.ts';
import { accepted, verdict } from '../../matomo/outcome.ts';
import type { Visit } from '../../traffic/visit.ts';
import { Ledger } from '../ledger.ts';
import type { HealthState } from '../report.ts';
import type { RunningTarget } from '../running-target.ts';
import { TargetTimes } from '../target-times.ts';
import { AdaptiveConcurrency } from './adaptive-concurrency.ts';
import type { BackfillVisit } from './backfill-plan.ts';
import type { DayCounts } from './day-counts.ts';
import type { Journal } from './journal.ts';
import { Parcel, type ParcelControl, type SentResult, SentVisit } from './parcel.ts';
import type { PositionSet } from './position-set.ts';
import type { Settled } from './settle.ts';

/** A target that is down is tried so often, at growing distances; then it is given up, and the journal is gone on with later. */
const TRIES = 5;
/** What is lost so often while the server takes other visits is not lost by chance. */
const MOST_LOSSES = 10;
const FIRST_RETRY_MS = 1000;
/** A token that was good so short a time ago is not asked about again. */
const TOKEN_HOLDS_MS = 60_000;

const broken = verdict(
  'skipped',
  'VISIT_BROKEN',
  'an earlier hit of the visit was lost, or its first refused',
);
const interrupted = verdict('skipped', 'INTERRUPTED', 'the backfill was stopped');

export interface BackfillTargetEvents {
  /** It may have come to its end. */
  changed(): void;
  /** What must end the whole backfill, such as a journal that cannot be written. */
  failed(error: unknown): void;
  notice(level: 'info' | 'warn' | 'error', message: string): void;
  /** Whether the token is good; asked once all hits of a request are refused. */
  askAboutToken(): Promise<'good' | 'refused' | 'unclear'>;
  /** What the server has of visits. Rejects where it does not say. */
  settle(visits: readonly Visit[]): Promise<readonly Settled[]>;
}

export interface BackfillTargetOptions {
  readonly config: TargetConfig;
  /** Plans a visit. */
  readonly plan: (visit: BackfillVisit) => Visit;
  /** All of its visits, oldest first. */
  readonly visits: Iterator<BackfillVisit>;
  /** Positions that were sent before a break, and of those the ones that are not wholly recorded. */
  readonly done: PositionSet;
  readonly notRecorded: ReadonlySet<number>;
  readonly transport: Transport;
  readonly journal: Journal;
  readonly days: DayCounts;
  /** Infinite where there is no bound. */
  readonly visitsPerSecond: number;
  readonly settleAfterMs: number;
  readonly epochMs: () => number;
  readonly mask: (text: string) => string;
  readonly events: BackfillTargetEvents;
}

/** Visits of which one at least has no answer. */
interface Unsettled {
  readonly parcel: Parcel;
  readonly results: readonly SentResult[];
  readonly sinceMs: number;
}

/**
 * Sends a target's visits of past days: oldest first, whole visits in a request, as many requests at once as make the
 * server faster. What is sent is in the journal before; what was lost is sent once more, and what may have been recorded is
 * first asked for. A visitor's later visit waits until an earlier one has its end.
 */
export class BackfillTarget implements RunningTarget, ParcelControl {
  readonly config: TargetConfig;
  readonly ledger: Ledger;
  readonly times = new TargetTimes();
  readonly concurrency: AdaptiveConcurrency;
  inFlight = 0;
  readonly waiting = 0;
  readonly #options: BackfillTargetOptions;
  readonly #breaker = new CircuitBreaker(Math.random);
  /** By visitor: the position of the visit that has no end yet. */
  readonly #busy = new Map<number, number>();
  /** To be sent once more, in their order. */
  #again: SentVisit[] = [];
  /** Ready, and waits for a visitor. */
  #head: Parcel | undefined;
  /** Drawn, and did not fit. */
  #carried: SentVisit | undefined;
  #isExhausted = false;
  #answers = 0;
  #underWay = 0;
  #unsettled: Unsettled[] = [];
  #isSettling = false;
  #settleTries = 0;
  #settleTimer: NodeJS.Timeout | undefined;
  #fillTimer: NodeJS.Timeout | undefined;
  #nextMs = 0;
  /** Wholly refused: by the site, or because the token is. */
  #doubtful: Parcel[] = [];
  #tokenGoodMs = Number.NEGATIVE_INFINITY;
  #isAsking = false;
  #isStopped = false;
  #isCut = false;
  #isLost = false;
  #isRefused = false;

  constructor(options: BackfillTargetOptions) {
    this.#options = options;
    this.config = options.config;
    this.ledger = new Ledger(options.mask);
    this.concurrency = new AdaptiveConcurrency(Math.min(this.config.concurrency, this.config.connections));
  }

  /** All is sent, and the end of each visit is known. */
  get isDone(): boolean {
    return (
      this.#isExhausted &&
      this.#carried === undefined &&
      this.#head === undefined &&
      this.#again.length === 0 &&
      this.#underWay === 0 &&
      this.#unsettled.length === 0 &&
      this.#doubtful.length === 0
    );
  }

  /** Nothing is going on any more. */
  get isIdle(): boolean {
    return this.isDone || (this.#isStopped && this.#underWay === 0 && !this.#isSettling && !this.#isAsking);
  }

  get outages(): number {
    return this.#breaker.outages;
  }

  get health(): HealthState {
    if (this.#isRefused) return 'refused';
    if (this.#isLost) return 'down';
    if (this.#breaker.isClosed) return this.#breaker.lastWasLost ? 'degraded' : 'up';
    return 'down';
  }

  /** Whether it was given up, or took nothing of all that was tried. */
  get wasLost(): boolean {
    const { accepted: taken, rejected } = this.ledger.hits;
    return this.#isRefused || this.#isLost || (taken === 0 && rejected > 0);
  }

  begin(): void {
    this.#fill();
  }

  /** Nothing more begins; what is under way is waited for. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#fillTimer);
    clearTimeout(this.#settleTimer);
    this.#options.events.changed();
  }

  /** Nothing more is sent, either: of a visit that is sent hit by hit the rest is left. */
  cut(): void {
    this.#isCut = true;
    this.stop();
  }

  /** At the end: what was tried in vain or has no answer is told in the account, and is gone on with from the journal. */
  closeAccount(): void {
    for (const { parcel } of this.#unsettled) for (const visit of parcel.visits) this.#account(visit);
    for (const parcel of this.#doubtful) for (const visit of parcel.visits) this.#account(visit);
    for (const visit of this.#again) this.#account(visit);
  }

  written(parcel: Parcel, nowMs: number): void {
    if (parcel.timesWritten > 1) {
      // Its answer may come later than the journal's last line lets one think.
      this.#options.journal.note({ alive: this.#options.epochMs() });
      this.concurrency.trouble(nowMs);
      return;
    }
    if (parcel.visits[0]?.first !== 0) return;
    for (let visit = 0; visit < parcel.visits.length; visit++) this.times.visitBegan(nowMs);
  }

  next(parcel: Parcel, nowMs: number): void {
    if (this.#isCut) {
      this.answered(parcel, nowMs);
      return;
    }
    this.times.answered(nowMs - parcel.writtenMs);
    parcel.writtenMs = Number.NaN;
    parcel.timesWritten = 0;
    this.#options.transport.deliverTogether(parcel.visits);
  }

  answered(parcel: Parcel, nowMs: number): void {
    this.#underWay--;
    this.inFlight -= parcel.visits.length;
    const results = parcel.visits.map(visit => visit.result());
    const isWell = !results.includes('unknown') && !results.includes('again');
    const latencyMs = nowMs - parcel.writtenMs;
    parcel.writtenMs = Number.NaN;
    if (isWell) {
      this.concurrency.answered(parcel.hits, latencyMs, nowMs);
      const hits = this.#options.transport.hitsTogether === 1 ? 1 : parcel.hits;
      for (let hit = 0; hit < hits; hit++) this.times.answered(latencyMs);
      this.#answers++;
      if (this.#breaker.answered()) this.#notice('info', 'answers again');
    } else if (!this.#isCut) {
      this.concurrency.trouble(nowMs);
      if (this.#breaker.lost(nowMs, parcel.isTrial)) {
        this.#notice('warn', 'does not answer: 20 requests in a row, or half of the last 100, were lost');
      }
      this.#heedLosses(parcel);
    }
    parcel.isTrial = false;
    if (results.includes('unknown')) {
      this.#unsettled.push({ parcel, results, sinceMs: nowMs });
      this.#planSettling(nowMs);
    } else if (results.every(result => result === 'refused') && nowMs - this.#tokenGoodMs > TOKEN_HOLDS_MS) {
      this.#doubtful.push(parcel);
      this.#askAboutToken();
    } else this.#finish(parcel, results);
    this.#fill();
    this.#options.events.changed();
  }

  /** Sends as much as may go now. */
  #fill(): void {
    clearTimeout(this.#fillTimer);
    while (!this.#isStopped && !this.#isAsking) {
      const nowMs = performance.now();
      if (this.#underWay >= this.concurrency.value) {
        this.concurrency.full();
        return;
      }
      if (!this.#breaker.admits(nowMs)) {
        if (this.#underWay === 0) this.#waitOrGiveUp(nowMs);
        return;
      }
      const waitMs = Math.max(this.#nextMs, this.#options.transport.heldUntilMs) - nowMs;
      if (waitMs > 0) {
        this.#fillIn(waitMs);
        return;
      }
      const parcel = this.#readyParcel();
      if (parcel === undefined) return;
      this.#launch(parcel, nowMs);
    }
  }

  #fillIn(waitMs: number): void {
    this.#fillTimer = setTimeout(() => {
      this.#fill();
      this.#options.events.changed();
    }, Math.ceil(waitMs));
  }

  #waitOrGiveUp(nowMs: number): void {
    if (this.#breaker.lostTries < TRIES) this.#fillIn(this.#breaker.tryAtMs - nowMs);
    else this.#giveUp('it does not answer');
  }

  #giveUp(reason: string): void {
    this.#isLost = true;
    this.#notice('error', `given up: ${reason}. The journal holds what was sent: go on with --resume`);
    this.stop();
  }

  /** Sent again for ever it would cost the server work, and given up it would be missing: a person must look. */
  #heedLosses({ visits, range }: Parcel): void {
    for (const visit of visits) {
      if (visit.answersAtLoss !== this.#answers) visit.losses++;
      visit.answersAtLoss = this.#answers;
      if (visit.losses < MOST_LOSSES || this.#isStopped) continue;
      const cause = visit.verdicts[0]?.cause ?? '';
      this.#giveUp(`visits ${range.join('–')} are lost again and again, while others are not (${cause})`);
    }
  }

  #waitsForVisitor({ planned: { position, recurrence } }: SentVisit): boolean {
    const busy = this.#busy.get(recurrence.firstIndex);
    return busy !== undefined && busy !== position;
  }

  #launch(parcel: Parcel, nowMs: number): void {
    const { visitsPerSecond, transport, journal } = this.#options;
    this.#underWay++;
    this.inFlight += parcel.visits.length;
    this.#nextMs = Math.max(this.#nextMs, nowMs) + (parcel.visits.length / visitsPerSecond) * 1000;
    parcel.isTrial = this.#breaker.begin();
    for (const { planned } of parcel.visits) this.#busy.set(planned.recurrence.firstIndex, planned.position);
    parcel.load(transport.hitsTogether);
    journal.write({ sent: parcel.range, to: this.config.name, at: this.#options.epochMs() }).then(
      () => {
        if (this.#isCut) this.answered(parcel, performance.now());
        else transport.deliverTogether(parcel.visits);
      },
      error => this.#options.events.failed(error),
    );
  }

  /** What is sent again first: it waits for nobody, and others may wait for it. */
  #readyParcel(): Parcel | undefined {
    if (this.#again.length > 0) {
      return this.#parcelOf(
        () => this.#again.shift(),
        visit => this.#again.unshift(visit),
      );
    }
    const parcel =
      this.#head ??
      this.#parcelOf(
        () => this.#drawn(),
        visit => {
          this.#carried = visit;
        },
      );
    this.#head = parcel?.visits.some(visit => this.#waitsForVisitor(visit)) ? parcel : undefined;
    return this.#head === undefined ? parcel : undefined;
  }

  /** Whole visits whose positions follow one another, each of another visitor; one that is too large for a request alone. */
  #parcelOf(draw: () => SentVisit | undefined, putBack: (visit: SentVisit) => void): Parcel | undefined {
    const most = this.#options.transport.hitsTogether;
    const visits: SentVisit[] = [];
    const visitors = new Set<number>();
    let hits = 0;
    for (let next = draw(); next !== undefined; next = draw()) {
      const { recurrence, position } = next.planned;
      const last = visits[visits.length - 1]?.planned.position;
      const fits =
        last === undefined ||
        (hits + next.visit.hits.length <= most &&
          last + 1 === position &&
          !visitors.has(recurrence.firstIndex));
      if (!fits) {
        putBack(next);
        break;
      }
      visits.push(next);
      visitors.add(recurrence.firstIndex);
      hits += next.visit.hits.length;
      if (hits >= most) break;
    }
    return visits.length === 0 ? undefined : new Parcel(visits, this);
  }

  #drawn(): SentVisit | undefined {
    const carried = this.#carried;
    this.#carried = undefined;
    if (carried !== undefined) return carried;
    const { visits, done, notRecorded, days, plan } = this.#options;
    while (!this.#isExhausted) {
      const { value, done: isOver } = visits.next();
      if (isOver) this.#isExhausted = true;
      else if (done.has(value.position)) days.count(value.day, !notRecorded.has(value.position));
      else return new SentVisit(value, plan(value));
    }
    return undefined;
  }

  /** All is known of a parcel. */
  #finish(parcel: Parcel, results: readonly SentResult[], wasAsked = false): void {
    const named = (wanted: SentResult) => {
      const positions = parcel.visits.flatMap(({ planned }, at) =>
        results[at] === wanted ? [planned.position] : [],
      );
      return positions.length > 0 ? { [wanted]: positions } : {};
    };
    // A visit that is sent hit by hit is gone on with where it was broken: until then it has been sent, and has no end.
    const goesOn = parcel.visits.some((visit, at) => visit.hasBegun && results[at] === 'again');
    if (!goesOn) {
      const record = {
        done: parcel.range,
        to: this.config.name,
        at: this.#options.epochMs(),
        ...named('again'),
        ...named('refused'),
        ...named('partial'),
        ...(wasAsked && { asked: true as const }),
      };
      this.#options.journal.write(record).catch(error => this.#options.events.failed(error));
    }
    for (const [at, visit] of parcel.visits.entries()) {
      if (results[at] === 'again') this.#again.push(visit);
      else this.#end(visit, results[at] === 'recorded');
    }
    this.#again.sort((one, other) => one.planned.position - other.planned.position);
  }

  #end(visit: SentVisit, isRecorded: boolean): void {
    this.#busy.delete(visit.planned.recurrence.firstIndex);
    this.#options.days.count(visit.planned.day, isRecorded);
    this.times.sliceVisits++;
    this.#account(visit);
  }

  #account({ visit, verdicts }: SentVisit): void {
    this.ledger.planned(visit);
    let [taken, tried] = [0, 0];
    let at = 0;
    for (; at < verdicts.length; at++) {
      const judgement = verdicts[at] ?? interrupted;
      this.ledger.settle(visit.index, at, judgement);
      if (judgement.outcome === 'skipped') continue;
      tried++;
      const isTaken = judgement.outcome === 'accepted' && !judgement.inDoubt;
      if (isTaken) {
        taken++;
        this.ledger.reached(visit, at);
      }
      this.times.settled(judgement.outcome === 'accepted');
    }
    this.ledger.skip(visit, at, tried === 0 ? interrupted : broken);
    if (taken === visit.hits.length) this.ledger.visitEnded('completed');
    else if (taken > 0) this.ledger.visitEnded('partial');
    else this.ledger.visitEnded(tried > 0 ? 'failed' : 'skipped');
  }

  /** Asks when the oldest of what has no answer can have none any more. */
  #planSettling(nowMs: number): void {
    const [oldest] = this.#unsettled;
    if (this.#isStopped || this.#isSettling || oldest === undefined) return;
    clearTimeout(this.#settleTimer);
    const retryMs = this.#settleTries === 0 ? 0 : FIRST_RETRY_MS * 2 ** (this.#settleTries - 1);
    const waitMs = Math.max(0, oldest.sinceMs + this.#options.settleAfterMs - nowMs, retryMs);
    this.#settleTimer = setTimeout(() => void this.#settle(), Math.ceil(waitMs));
  }

  async #settle(): Promise<void> {
    const dueMs = performance.now() - this.#options.settleAfterMs;
    const due = this.#unsettled.filter(({ sinceMs }) => sinceMs <= dueMs);
    this.#isSettling = true;
    const visits = due.flatMap(({ parcel, results }) =>
      parcel.visits.filter((_, at) => results[at] === 'unknown'),
    );
    try {
      const settled = await this.#options.events.settle(visits.map(({ visit }) => visit));
      const told = new Map(visits.map((visit, at) => [visit, settled[at] ?? 'absent'] as const));
      this.#unsettled = this.#unsettled.filter(entry => !due.includes(entry));
      this.#settleTries = 0;
      for (const { parcel, results } of due) {
        this.#finish(
          parcel,
          parcel.visits.map((visit, at) => settledResult(visit, results[at] ?? 'again', told.get(visit))),
          true,
        );
      }
    } catch (error) {
      if (++this.#settleTries > TRIES) {
        const detail = error instanceof Error ? error.message : String(error);
        this.#giveUp(`it cannot be asked what it has recorded (${detail})`);
      }
    } finally {
      this.#isSettling = false;
    }
    this.#planSettling(performance.now());
    this.#fill();
    this.#options.events.changed();
  }

  /** Nothing is sent meanwhile: about 20 refusals lock the sender out. */
  #askAboutToken(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#notice('warn', 'all hits of a request were refused; asking about the token');
    void this.#options.events.askAboutToken().then(result => {
      this.#isAsking = false;
      const doubtful = this.#doubtful.splice(0);
      if (result === 'good') {
        this.#tokenGoodMs = performance.now();
        for (const parcel of doubtful)
          this.#finish(
            parcel,
            parcel.visits.map(visit => visit.result()),
          );
        this.#fill();
      } else {
        // With a token that is taken they will be, too.
        for (const parcel of doubtful)
          this.#finish(
            parcel,
            parcel.visits.map(() => 'again'),
          );
        this.#isRefused = true;
        this.#notice('error', 'stopped, because its token was refused or could not be asked about');
        this.stop();
      }
      this.#options.events.changed();
    });
  }

  #notice(level: 'info' | 'warn' | 'error', message: string): void {
    this.#options.events.notice(level, `${this.config.name}: ${message}`);
  }
}

/** What is sent again is sent as if nothing had been. */
function settledResult(visit: SentVisit, result: SentResult, settled: Settled | undefined): SentResult {
  switch (settled) {
    case undefined:
      return result;
    case 'recorded':
      for (let at = 0; at < visit.visit.hits.length; at++) visit.verdicts[at] = accepted;
      return 'recorded';
    case 'partial':
      return 'partial';
    case 'absent':
      visit.verdicts.length = 0;
      visit.first = 0;
      return 'again';
  }
}
