import { accepted } from '../../matomo/outcome.ts';
import type { Visit } from '../../traffic/visit.ts';
import type { Parcel, SentResult, SentVisit } from './parcel.ts';
import type { Settled } from './settle.ts';

export interface UnsettledOptions {
  /** Nothing is asked before a request can have ended. */
  readonly settleAfterMs: number;
  /** What the server has of visits. Rejects where it does not say. */
  settle(visits: readonly Visit[]): Promise<readonly Settled[]>;
  /** All is known of a parcel. */
  settled(parcel: Parcel, results: readonly SentResult[]): void;
  /** It was asked too often in vain. */
  gaveUp(reason: string): void;
  /** A question has come to its end, whatever was said. */
  asked(): void;
}

/** Visits of which one at least has no answer. */
interface Entry {
  readonly parcel: Parcel;
  readonly results: readonly SentResult[];
  readonly sinceMs: number;
}

const TRIES = 5;
const FIRST_RETRY_MS = 1000;

/** Visits whose answer never came: the server is asked what it has of them, once their requests can have ended. */
export class Unsettled {
  isAsking = false;
  readonly #options: UnsettledOptions;
  #entries: Entry[] = [];
  #tries = 0;
  #timer: NodeJS.Timeout | undefined;
  #dueMs = 0;
  #isStopped = false;

  constructor(options: UnsettledOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  get visits(): readonly SentVisit[] {
    return this.#entries.flatMap(({ parcel }) => parcel.visits);
  }

  /** How many visits the server is asked about, and in how long of the first; undefined for none, or once it was asked. */
  waiting(nowMs: number): { readonly visits: number; readonly ms: number } | undefined {
    if (this.isEmpty || this.isAsking || this.#tries > 0) return undefined;
    const open = this.#entries.map(({ results }) => results.filter(result => result === 'unknown').length);
    return { visits: open.reduce((sum, visits) => sum + visits, 0), ms: this.#dueMs - nowMs };
  }

  add(parcel: Parcel, results: readonly SentResult[], nowMs: number): void {
    this.#entries.push({ parcel, results, sinceMs: nowMs });
    this.#planAsking(nowMs);
  }

  /** Nothing more is asked; what is asked now is heard. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** When the oldest of what has no answer can have none any more. */
  #planAsking(nowMs: number): void {
    const [oldest] = this.#entries;
    if (this.#isStopped || this.isAsking || oldest === undefined) return;
    clearTimeout(this.#timer);
    const retryMs = this.#tries === 0 ? 0 : FIRST_RETRY_MS * 2 ** (this.#tries - 1);
    const waitMs = Math.max(0, oldest.sinceMs + this.#options.settleAfterMs - nowMs, retryMs);
    this.#dueMs = nowMs + waitMs;
    this.#timer = setTimeout(() => void this.#ask(), Math.ceil(waitMs));
  }

  async #ask(): Promise<void> {
    const dueMs = performance.now() - this.#options.settleAfterMs;
    const due = this.#entries.filter(({ sinceMs }) => sinceMs <= dueMs);
    const visits = due.flatMap(({ parcel, results }) =>
      parcel.visits.filter((_, at) => results[at] === 'unknown'),
    );
    this.isAsking = true;
    try {
      const settled = await this.#options.settle(visits.map(({ visit }) => visit));
      const told = new Map(visits.map((visit, at) => [visit, settled[at] ?? 'absent'] as const));
      this.#entries = this.#entries.filter(entry => !due.includes(entry));
      this.#tries = 0;
      for (const { parcel, results } of due) {
        const known = parcel.visits.map((visit, at) => heed(visit, results[at] ?? 'again', told.get(visit)));
        this.#options.settled(parcel, known);
      }
    } catch (error) {
      if (++this.#tries > TRIES) {
        const detail = error instanceof Error ? error.message : String(error);
        this.#options.gaveUp(`it cannot be asked what it has recorded (${detail})`);
      }
    } finally {
      this.isAsking = false;
    }
    this.#planAsking(performance.now());
    this.#options.asked();
  }
}

/** What is sent again is sent as if nothing had been. */
function heed(visit: SentVisit, result: SentResult, settled: Settled | undefined): SentResult {
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
