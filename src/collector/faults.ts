import { isBulk } from './bulk-request.ts';
import type { IncomingRequest } from './incoming-request.ts';

/** Which tracking requests: every so many-th, or those a test picks. */
export type Choice = number | ((request: IncomingRequest) => boolean);

/** What the collector does wrong on purpose, so that a sender's dealing with it can be tried. */
export interface FaultOptions {
  /** How long an answer is held back, milliseconds, evenly spread. */
  readonly latencyMs?: { readonly min: number; readonly max: number };
  /** Share of tracking requests answered 500 without being recorded, as where the database is away, 0–1. */
  readonly errorRate?: number;
  /** Share of tracking requests that are never answered and not recorded, 0–1. */
  readonly hangRate?: number;
  /** After so many tracking requests connections are reset, for good. */
  readonly failAfter?: number;
  /** These are recorded, and then their connection is reset in the place of an answer. */
  readonly cutAfterRecording?: Choice;
  /**
   * Of these bulks the first lines are lost, the others are recorded, and the answer is 500 with all of them counted: so it
   * is with Matomo where a deadlock, which it passed over, has ended the transaction before the commit.
   */
  readonly failCommit?: Choice;
  /** These are answered as if they were recorded, and are not: so a queue loses hits. */
  readonly loseQuietly?: Choice;
  /** Hits are answered at once, and recorded so many seconds later: so the plugin QueuedTracking works. */
  readonly queueSeconds?: number;
}

export type Fault = 'none' | 'error' | 'hang' | 'reset';

/** What goes wrong only once a request was read. */
export type LateFault = 'none' | 'lose' | 'cut' | 'commit';

/** Decides, request by request, what goes wrong. */
export class Faults {
  readonly #options: FaultOptions;
  #served = 0;
  #read = 0;

  constructor(options: FaultOptions) {
    this.#options = options;
  }

  /** True once the server is to be taken for dead. */
  get isDead(): boolean {
    const { failAfter } = this.#options;
    return failAfter !== undefined && this.#served >= failAfter;
  }

  /** What becomes of the next tracking request. */
  next(): Fault {
    if (this.isDead) return 'reset';
    this.#served++;
    const { errorRate = 0, hangRate = 0 } = this.#options;
    if (errorRate === 0 && hangRate === 0) return 'none';
    const drawn = Math.random();
    if (drawn < hangRate) return 'hang';
    return drawn < hangRate + errorRate ? 'error' : 'none';
  }

  /** What becomes of a tracking request that is otherwise answered. */
  late(request: IncomingRequest): LateFault {
    this.#read++;
    const { loseQuietly, cutAfterRecording, failCommit } = this.#options;
    if (this.#isChosen(loseQuietly, request)) return 'lose';
    if (isBulk(request.body) && this.#isChosen(failCommit, request)) return 'commit';
    return this.#isChosen(cutAfterRecording, request) ? 'cut' : 'none';
  }

  /** How long to hold the next answer back, milliseconds. */
  delayMs(): number {
    const { latencyMs } = this.#options;
    return latencyMs ? latencyMs.min + Math.random() * (latencyMs.max - latencyMs.min) : 0;
  }

  #isChosen(choice: Choice | undefined, request: IncomingRequest): boolean {
    if (typeof choice === 'function') return choice(request);
    return choice !== undefined && this.#read % choice === 0;
  }
}
