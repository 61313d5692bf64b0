import type { Visit } from '../../traffic/visit.ts';
import type { BackfillAccount } from './backfill-account.ts';
import type { Parcel, SentResult, SentVisit } from './parcel.ts';
import type { ParcelSource } from './parcel-source.ts';
import type { Settled } from './settle.ts';
import { TokenQuestion } from './token-question.ts';
import { Unsettled } from './unsettled.ts';

export interface VisitEndsOptions {
  readonly account: BackfillAccount;
  /** Gets what is sent once more. */
  readonly source: ParcelSource;
  readonly settleAfterMs: number;
  /** Whether the token is good; asked once all hits of a request are refused. */
  askAboutToken(): Promise<'good' | 'refused' | 'unclear'>;
  /** What the server has of visits. Rejects where it does not say. */
  settle(visits: readonly Visit[]): Promise<readonly Settled[]>;
  /** The server does not say what it has. */
  gaveUp(reason: string): void;
  /** The token is not taken, or nobody says so. */
  tokenLost(): void;
  /** A question has come to its end. */
  asked(): void;
}

/**
 * How visits that were sent come to their end: by their answers, or by asking the server where those say too little. What was
 * surely not recorded has none yet, and is sent once more.
 */
export class VisitEnds {
  readonly #options: VisitEndsOptions;
  readonly #unsettled: Unsettled;
  readonly #token: TokenQuestion;

  constructor(options: VisitEndsOptions) {
    this.#options = options;
    this.#unsettled = new Unsettled({
      settleAfterMs: options.settleAfterMs,
      settle: visits => options.settle(visits),
      settled: (parcel, results) => this.#finish(parcel, results, true),
      gaveUp: reason => options.gaveUp(reason),
      asked: () => options.asked(),
    });
    this.#token = new TokenQuestion({
      ask: () => options.askAboutToken(),
      refused: parcel => this.#finish(parcel, parcel.results(), false),
      toSendAgain: parcel =>
        this.#finish(
          parcel,
          parcel.visits.map(() => 'again'),
          false,
        ),
      lost: () => options.tokenLost(),
      asked: () => options.asked(),
    });
  }

  /** Nothing waits for a question. */
  get isEmpty(): boolean {
    return this.#unsettled.isEmpty && this.#token.parcels.length === 0;
  }

  get isAsking(): boolean {
    return this.#unsettled.isAsking || this.#token.isAsking;
  }

  /** Nothing is to be sent meanwhile. */
  get isAskingAboutToken(): boolean {
    return this.#token.isAsking;
  }

  /** Visits whose end is not known. */
  get open(): readonly SentVisit[] {
    return [...this.#unsettled.visits, ...this.#token.parcels.flatMap(({ visits }) => visits)];
  }

  /** How many visits the server is asked about, and in how long of the first; undefined for none, or once it was asked. */
  waiting(nowMs: number): { readonly visits: number; readonly ms: number } | undefined {
    return this.#unsettled.waiting(nowMs);
  }

  /** All requests of a parcel are over. */
  answered(parcel: Parcel, results: readonly SentResult[], nowMs: number): void {
    if (results.includes('unknown')) this.#unsettled.add(parcel, results, nowMs);
    else if (results.every(result => result === 'refused') && this.#token.isOpen(nowMs))
      this.#token.add(parcel);
    else this.#finish(parcel, results, false);
  }

  /** Nothing more is asked; what is asked now is heard. */
  stop(): void {
    this.#unsettled.stop();
  }

  /** All is known of a parcel. */
  #finish(parcel: Parcel, results: readonly SentResult[], wasAsked: boolean): void {
    const { account, source } = this.#options;
    account.finish(parcel, results, wasAsked);
    const again: SentVisit[] = [];
    for (const [at, visit] of parcel.visits.entries()) {
      if (results[at] === 'again') again.push(visit);
      else source.ended(visit);
    }
    source.sendAgain(again);
  }
}
