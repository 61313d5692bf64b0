import type { TargetConfig } from '../../delivery/target-config.ts';
import type { Transport } from '../../delivery/transport.ts';
import type { Visit } from '../../traffic/visit.ts';
import type { Ledger } from '../ledger.ts';
import type { HealthState } from '../report.ts';
import type { RunningTarget } from '../running-target.ts';
import type { TargetTimes } from '../target-times.ts';
import type { AdaptiveConcurrency } from './adaptive-concurrency.ts';
import type { BackfillAccount } from './backfill-account.ts';
import { BackfillPace } from './backfill-pace.ts';
import type { BackfillVisit } from './backfill-plan.ts';
import type { Parcel, ParcelControl } from './parcel.ts';
import { ParcelSource } from './parcel-source.ts';
import type { PositionSet } from './position-set.ts';
import { RepeatedLosses } from './repeated-losses.ts';
import type { Settled } from './settle.ts';
import { VisitEnds } from './visit-ends.ts';

/** Shorter ones are over before they are read. */
const TOLD_WAIT_MS = 2000;

export interface BackfillTargetEvents {
  /** It may have come to its end. */
  changed(): void;
  notice(level: 'info' | 'warn' | 'error', message: string): void;
  /** Whether the token is good; asked once all hits of a request are refused. */
  askAboutToken(): Promise<'good' | 'refused' | 'unclear'>;
  /** What the server has of visits. Rejects where it does not say. */
  settle(visits: readonly Visit[]): Promise<readonly Settled[]>;
}

export interface BackfillTargetOptions {
  readonly config: TargetConfig;
  readonly account: BackfillAccount;
  /** Plans a visit. */
  readonly plan: (visit: BackfillVisit) => Visit;
  /** All of its visits, oldest first. */
  readonly visits: Iterator<BackfillVisit>;
  /** Positions that were sent in earlier sessions. */
  readonly done: PositionSet;
  readonly transport: Transport;
  /** Infinite where there is no bound. */
  readonly visitsPerSecond: number;
  readonly settleAfterMs: number;
  readonly events: BackfillTargetEvents;
}

/**
 * Sends a target's visits of past days: oldest first, whole visits in a request, as many requests at once as make the
 * server faster. What is sent is in the journal before; what was lost is sent once more, and what may have been recorded is
 * first asked for. A visitor's later visit waits until an earlier one has its end.
 */
export class BackfillTarget implements RunningTarget, ParcelControl {
  readonly config: TargetConfig;
  readonly account: BackfillAccount;
  inFlight = 0;
  readonly waiting = 0;
  readonly #options: BackfillTargetOptions;
  readonly #pace: BackfillPace;
  readonly #losses = new RepeatedLosses();
  readonly #source: ParcelSource;
  readonly #ends: VisitEnds;
  #underWay = 0;
  #fillTimer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #isCut = false;
  #isLost = false;
  #isRefused = false;
  #hasToldOfWaiting = false;

  constructor(options: BackfillTargetOptions) {
    this.#options = options;
    this.config = options.config;
    this.account = options.account;
    this.#pace = new BackfillPace(options.config, options.visitsPerSecond);
    this.#source = new ParcelSource({ ...options, mostHits: options.transport.hitsTogether, control: this });
    this.#ends = new VisitEnds({
      account: options.account,
      source: this.#source,
      settleAfterMs: options.settleAfterMs,
      askAboutToken: () => {
        this.#notice('warn', 'all hits of a request were refused; asking about the token');
        return options.events.askAboutToken();
      },
      settle: visits => options.events.settle(visits),
      gaveUp: reason => this.#giveUp(reason),
      tokenLost: () => this.#refuse(),
      asked: () => this.#goOn(),
    });
  }

  /** All is sent, and the end of each visit is known. */
  get isDone(): boolean {
    return this.#source.isEmpty && this.#underWay === 0 && this.#ends.isEmpty;
  }

  /** Nothing is going on any more. */
  get isIdle(): boolean {
    return this.isDone || (this.#isStopped && this.#underWay === 0 && !this.#ends.isAsking);
  }

  get ledger(): Ledger {
    return this.account.ledger;
  }

  get times(): TargetTimes {
    return this.account.times;
  }

  get earlierHits(): number {
    return this.account.earlierHits;
  }

  get concurrency(): AdaptiveConcurrency {
    return this.#pace.concurrency;
  }

  get outages(): number {
    return this.#pace.outages;
  }

  get health(): HealthState {
    if (this.#isRefused) return 'refused';
    return this.#isLost ? 'down' : this.#pace.health;
  }

  /** Whether it was given up, or took nothing of all that was tried. */
  get wasLost(): boolean {
    return this.#isRefused || this.#isLost || this.account.tookNothing;
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
    this.#ends.stop();
    this.#options.events.changed();
  }

  /** Nothing more is sent, either: of a visit that is sent hit by hit the rest is left. */
  cut(): void {
    this.#isCut = true;
    this.stop();
  }

  /** At the end: what was tried in vain or has no answer is told in the account, and is gone on with from the journal. */
  closeAccount(): void {
    this.account.close([...this.#ends.open, ...this.#source.triedInVain]);
  }

  written(parcel: Parcel, nowMs: number): void {
    if (parcel.timesWritten > 1) {
      this.account.repeated();
      this.#pace.repeated(nowMs);
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
      const hits = this.#options.transport.hitsTogether === 1 ? 1 : parcel.hits;
      for (let hit = 0; hit < hits; hit++) this.times.answered(latencyMs);
      this.#losses.answered();
      if (this.#pace.answered(parcel.hits, latencyMs, nowMs)) this.#notice('info', 'answers again');
    } else if (!this.#isCut) {
      if (this.#pace.lost(nowMs, parcel.isTrial)) {
        this.#notice('warn', 'does not answer: 20 requests in a row, or half of the last 100, were lost');
      }
      this.#heedLosses(parcel);
    }
    parcel.isTrial = false;
    this.#ends.answered(parcel, results, nowMs);
    this.#goOn();
  }

  #goOn(): void {
    this.#fill();
    this.#options.events.changed();
  }

  /** Sends as much as may go now. */
  #fill(): void {
    clearTimeout(this.#fillTimer);
    while (!this.#isStopped && !this.#ends.isAskingAboutToken) {
      const nowMs = performance.now();
      const waitMs = this.#pace.waitMs(nowMs, this.#underWay, this.#options.transport.heldUntilMs);
      if (waitMs === undefined) {
        this.#giveUp('it does not answer');
        return;
      }
      if (waitMs > 0) {
        if (Number.isFinite(waitMs)) this.#fillIn(waitMs);
        return;
      }
      const parcel = this.#source.next();
      if (parcel === undefined) {
        this.#tellOfWaiting(nowMs);
        return;
      }
      this.#hasToldOfWaiting = false;
      this.#launch(parcel, nowMs);
    }
  }

  /** While nothing else goes on. */
  #tellOfWaiting(nowMs: number): void {
    const waiting = this.#underWay > 0 || this.#hasToldOfWaiting ? undefined : this.#ends.waiting(nowMs);
    if (waiting === undefined || waiting.ms < TOLD_WAIT_MS) return;
    this.#hasToldOfWaiting = true;
    const when = `in ${Math.ceil(waiting.ms / 1000)} s, when none of the requests can be under way`;
    const visits = waiting.visits === 1 ? '1 visit' : `${waiting.visits} visits`;
    this.#notice('info', `${visits} may be recorded or not: the server is asked ${when}`);
  }

  #fillIn(waitMs: number): void {
    this.#fillTimer = setTimeout(() => this.#goOn(), Math.ceil(waitMs));
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

  #heedLosses({ visits, range }: Parcel): void {
    const lost = this.#losses.lost(visits);
    if (lost === undefined || this.#isStopped) return;
    const cause = lost.verdicts[0]?.cause ?? '';
    this.#giveUp(`visits ${range.join('–')} are lost again and again, while others are not (${cause})`);
  }

  #launch(parcel: Parcel, nowMs: number): void {
    const { transport } = this.#options;
    this.#underWay++;
    this.inFlight += parcel.visits.length;
    parcel.isTrial = this.#pace.begin(parcel.visits.length, nowMs);
    parcel.load(transport.hitsTogether);
    this.account.begin(parcel, () => {
      if (this.#isCut) this.answered(parcel, performance.now());
      else transport.deliverTogether(parcel.visits);
    });
  }

  #notice(level: 'info' | 'warn' | 'error', message: string): void {
    this.#options.events.notice(level, `${this.config.name}: ${message}`);
  }
}
