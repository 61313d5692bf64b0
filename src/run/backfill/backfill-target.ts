import { CircuitBreaker } from '../../delivery/circuit-breaker.ts';
import type { TargetConfig } from '../../delivery/target-config.ts';
import type { Transport } from '../../delivery/transport.ts';
import { accepted, type Verdict } from '../../matomo/outcome.ts';
import type { Visit } from '../../traffic/visit.ts';
import { Ledger } from '../ledger.ts';
import type { HealthState, HitException } from '../report.ts';
import type { RunningTarget } from '../running-target.ts';
import { TargetTimes } from '../target-times.ts';
import { accountVisit } from './account-visit.ts';
import { AdaptiveConcurrency } from './adaptive-concurrency.ts';
import type { BackfillVisit } from './backfill-plan.ts';
import type { DayCounts } from './day-counts.ts';
import type { Journal } from './journal.ts';
import { doneRecord, type Parcel, type ParcelControl, type SentResult, type SentVisit } from './parcel.ts';
import { ParcelSource } from './parcel-source.ts';
import { PositionSet } from './position-set.ts';
import type { Settled } from './settle.ts';
import { TokenQuestion } from './token-question.ts';
import { Unsettled } from './unsettled.ts';

/** A target that is down is tried so often, at growing distances; then it is given up, and the journal is gone on with later. */
const TRIES = 5;
/** What is lost so often while the server takes other visits is not lost by chance. */
const MOST_LOSSES = 10;

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
  /** Positions that were sent in earlier sessions. */
  readonly done: PositionSet;
  readonly transport: Transport;
  readonly journal: Journal;
  readonly days: DayCounts;
  /** Infinite where there is no bound. */
  readonly visitsPerSecond: number;
  readonly settleAfterMs: number;
  readonly epochMs: () => number;
  readonly mask: (text: string) => string;
  /** Gets the exceptions that the ledger does not keep. */
  readonly beyond?: ((exception: HitException) => void) | undefined;
  readonly events: BackfillTargetEvents;
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
  /** Positions of the visits in the account. */
  readonly accounted = new PositionSet();
  earlierVisits = 0;
  earlierHits = 0;
  inFlight = 0;
  readonly waiting = 0;
  readonly #options: BackfillTargetOptions;
  readonly #breaker = new CircuitBreaker(Math.random);
  readonly #source: ParcelSource;
  readonly #unsettled: Unsettled;
  readonly #token: TokenQuestion;
  #answers = 0;
  #underWay = 0;
  #fillTimer: NodeJS.Timeout | undefined;
  #nextMs = 0;
  #isStopped = false;
  #isCut = false;
  #isLost = false;
  #isRefused = false;

  constructor(options: BackfillTargetOptions) {
    this.#options = options;
    this.config = options.config;
    this.ledger = new Ledger(options.mask, options.beyond);
    this.concurrency = new AdaptiveConcurrency(Math.min(this.config.concurrency, this.config.connections));
    this.#source = new ParcelSource({ ...options, mostHits: options.transport.hitsTogether, control: this });
    this.#unsettled = new Unsettled({
      settleAfterMs: options.settleAfterMs,
      settle: visits => options.events.settle(visits),
      settled: (parcel, results) => this.#finish(parcel, results, true),
      gaveUp: reason => this.#giveUp(reason),
      asked: () => this.#goOn(),
    });
    this.#token = new TokenQuestion({
      ask: () => options.events.askAboutToken(),
      refused: parcel => this.#finish(parcel, parcel.results()),
      toSendAgain: parcel =>
        this.#finish(
          parcel,
          parcel.visits.map(() => 'again'),
        ),
      lost: () => this.#refuse(),
      asked: () => this.#goOn(),
    });
  }

  /** All is sent, and the end of each visit is known. */
  get isDone(): boolean {
    return (
      this.#source.isEmpty &&
      this.#underWay === 0 &&
      this.#unsettled.isEmpty &&
      this.#token.parcels.length === 0
    );
  }

  /** Nothing is going on any more. */
  get isIdle(): boolean {
    return (
      this.isDone ||
      (this.#isStopped && this.#underWay === 0 && !this.#unsettled.isAsking && !this.#token.isAsking)
    );
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

  /** What an earlier session sent is in the account, too. */
  countEarlier(planned: BackfillVisit, visit: Visit, verdicts: readonly Verdict[]): void {
    this.accounted.add(planned.position);
    this.#options.days.count(
      planned.day,
      verdicts.every(verdict => verdict === accepted),
    );
    this.earlierHits += accountVisit(this.ledger, visit, verdicts);
    this.earlierVisits++;
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  begin(): void {
    this.#fill();
  }

  /** Nothing more begins; what is under way is waited for. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#fillTimer);
    this.#unsettled.stop();
    this.#options.events.changed();
  }

  /** Nothing more is sent, either: of a visit that is sent hit by hit the rest is left. */
  cut(): void {
    this.#isCut = true;
    this.stop();
  }

  /** At the end: what was tried in vain or has no answer is told in the account, and is gone on with from the journal. */
  closeAccount(): void {
    const open = [
      ...this.#unsettled.visits,
      ...this.#token.parcels.flatMap(({ visits }) => visits),
      ...this.#source.triedInVain,
    ];
    for (const visit of open) this.#account(visit);
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
    const results = parcel.results();
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
      this.#unsettled.add(parcel, results, nowMs);
    } else if (results.every(result => result === 'refused') && this.#token.isOpen(nowMs)) {
      if (this.#token.add(parcel))
        this.#notice('warn', 'all hits of a request were refused; asking about the token');
    } else this.#finish(parcel, results);
    this.#goOn();
  }

  #goOn(): void {
    this.#fill();
    this.#options.events.changed();
  }

  /** Sends as much as may go now. */
  #fill(): void {
    clearTimeout(this.#fillTimer);
    while (!this.#isStopped && !this.#token.isAsking) {
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
      const parcel = this.#source.next();
      if (parcel === undefined) return;
      this.#launch(parcel, nowMs);
    }
  }

  #fillIn(waitMs: number): void {
    this.#fillTimer = setTimeout(() => this.#goOn(), Math.ceil(waitMs));
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

  #refuse(): void {
    this.#isRefused = true;
    this.#notice('error', 'stopped, because its token was refused or could not be asked about');
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

  #launch(parcel: Parcel, nowMs: number): void {
    const { visitsPerSecond, transport, journal } = this.#options;
    this.#underWay++;
    this.inFlight += parcel.visits.length;
    this.#nextMs = Math.max(this.#nextMs, nowMs) + (parcel.visits.length / visitsPerSecond) * 1000;
    parcel.isTrial = this.#breaker.begin();
    parcel.load(transport.hitsTogether);
    journal.write({ sent: parcel.range, to: this.config.name, at: this.#options.epochMs() }).then(
      () => {
        if (this.#isCut) this.answered(parcel, performance.now());
        else transport.deliverTogether(parcel.visits);
      },
      error => this.#options.events.failed(error),
    );
  }

  /** All is known of a parcel. */
  #finish(parcel: Parcel, results: readonly SentResult[], wasAsked = false): void {
    // A visit that is sent hit by hit is gone on with where it was broken: until then it has been sent, and has no end.
    const goesOn = parcel.visits.some((visit, at) => visit.hasBegun && results[at] === 'again');
    if (!goesOn) {
      const facts = { to: this.config.name, at: this.#options.epochMs(), wasAsked };
      const record = doneRecord(parcel, results, facts);
      this.#options.journal.write(record).catch(error => this.#options.events.failed(error));
    }
    const again: SentVisit[] = [];
    for (const [at, visit] of parcel.visits.entries()) {
      if (results[at] === 'again') again.push(visit);
      else this.#end(visit, results[at] === 'recorded');
    }
    this.#source.sendAgain(again);
  }

  #end(visit: SentVisit, isRecorded: boolean): void {
    this.#source.ended(visit);
    this.#options.days.count(visit.planned.day, isRecorded);
    this.times.sliceVisits++;
    this.#account(visit);
  }

  #account({ planned, visit, verdicts }: SentVisit): void {
    this.accounted.add(planned.position);
    accountVisit(this.ledger, visit, verdicts);
    for (const verdict of verdicts) {
      if (verdict !== undefined && verdict.outcome !== 'skipped')
        this.times.settled(verdict.outcome === 'accepted');
    }
  }

  #notice(level: 'info' | 'warn' | 'error', message: string): void {
    this.#options.events.notice(level, `${this.config.name}: ${message}`);
  }
}
