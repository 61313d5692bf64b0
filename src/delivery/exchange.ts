import type { Dispatcher } from 'undici';
import { type Verdict, verdict } from '../matomo/outcome.ts';
import type { Reply } from '../matomo/reply.ts';
import { causeOf } from './causes.ts';
import type { Passenger } from './connections.ts';
import type { Unanswered } from './deadlines.ts';
import type { Endpoint } from './endpoint.ts';
import { mostRepeats, type RepeatReason, repeatDelayMs } from './repeat.ts';

/** Enough for the answer to a bulk of thousands; what comes beyond is not kept. */
const KEPT_BODY_BYTES = 64 * 1024;
const READ_HEADERS = new Set(['content-type', 'location', 'retry-after']);
const EMPTY = Buffer.alloc(0);
const NO_HEADERS: ReadonlyMap<string, string> = new Map();

/**
 * One request at a time and its answer, used again and again. It implements undici's handler interface of
 * single callbacks, which undici calls without a wrapper and without parsing headers into an object.
 */
export abstract class Exchange implements Dispatcher.DispatchHandler, Passenger, Unanswered {
  /** When the request was written, on the clock of `performance.now()`. */
  writtenMs = 0;
  isAwaited = false;
  before: Unanswered | undefined = undefined;
  after: Unanswered | undefined = undefined;
  readonly #endpoint: Endpoint;
  #options: Dispatcher.DispatchOptions | undefined;
  /** While a request is on it, or waits to be written. */
  #connection: Dispatcher | undefined;
  #isWritten = false;
  #abort: ((error: Error) => void) | undefined;
  #isTimedOut = false;
  #status = 0;
  #headers = NO_HEADERS;
  #body: Buffer = EMPTY;
  /** Times it was sent again, by reason. */
  readonly #repeats: Record<RepeatReason, number> = { busy: 0, rolledBack: 0 };
  /** Until it is sent, for the first time or again. */
  #sendTimer: NodeJS.Timeout | undefined;
  /** Why nothing more is sent. */
  #ended: string | undefined;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  /** The request is about to be written: for the first time, or again. */
  protected abstract written(): void;
  protected abstract answered(reply: Reply): void;
  /** What became of everything the request carried. */
  protected abstract settle(judgement: Verdict): void;

  protected begin(options: Dispatcher.DispatchOptions): void {
    this.#options = options;
    this.#repeats.busy = 0;
    this.#repeats.rolledBack = 0;
    this.#sendWhenWanted();
  }

  /** Sends the same once more after what the server asked for, unless that was done often enough: then it has failed. */
  protected repeat(reply: Reply, reason: RepeatReason): void {
    const repeats = this.#repeats[reason];
    if (this.#ended !== undefined || repeats === mostRepeats[reason]) {
      const times = 1 + this.#repeats.busy + this.#repeats.rolledBack;
      const cause = `HTTP_${reply.status}`;
      this.settle(verdict('failed', cause, `status ${reply.status}, tried ${times} times`));
      return;
    }
    this.#repeats[reason]++;
    const waitMs = repeatDelayMs(reply.headers.get('retry-after'), repeats, Date.now());
    // A busy server is left alone by all hits, and not only by this one.
    if (reason === 'busy') this.#endpoint.holdUntil(performance.now() + waitMs);
    this.#wait(waitMs);
  }

  /** Gives up waiting for the answer. */
  timeOut(): void {
    this.#isTimedOut = true;
    this.#abort?.(new Error('no answer in time'));
  }

  /**
   * Nothing more is sent. What waits to be sent again has failed by that; what is under way ends when the endpoint's
   * connections are closed.
   */
  end(cause: string): void {
    this.#ended = cause;
    if (this.#sendTimer === undefined) return;
    clearTimeout(this.#sendTimer);
    this.#sendTimer = undefined;
    const wasSent = this.#repeats.busy + this.#repeats.rolledBack > 0;
    this.settle(verdict(wasSent ? 'failed' : 'skipped', cause, 'the server had asked to be tried later'));
  }

  onConnect(abort: (error?: Error) => void): void {
    if (this.#isWritten) {
      // undici may put a request that was written on a second connection. It may have been processed by then, so
      // it must not go out again.
      abort(new Error('the connection was closed before the answer'));
      return;
    }
    this.#isWritten = true;
    this.#abort = abort;
    this.writtenMs = performance.now();
    this.#endpoint.deadlines.add(this);
    this.written();
  }

  onHeaders(status: number, rawHeaders: Buffer[]): boolean {
    this.#status = status;
    if (status !== 200 && status !== 204) this.#headers = readHeaders(rawHeaders);
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (this.#body.length === 0) this.#body = chunk;
    else if (this.#body.length < KEPT_BODY_BYTES) this.#body = Buffer.concat([this.#body, chunk]);
    return true;
  }

  onComplete(): void {
    this.#endpoint.deadlines.remove(this);
    // First: what the answer makes go out is to find it free.
    if (this.#connection !== undefined) this.#endpoint.connections.giveBack(this.#connection);
    this.#connection = undefined;
    this.answered({ status: this.#status, headers: this.#headers, body: this.#body });
  }

  /** Without a whole answer all depends on whether the server may have got the request. */
  onError(error: Error): void {
    this.#endpoint.deadlines.remove(this);
    this.#discardLater();
    if (this.#isTimedOut) this.settle(verdict('unknown', 'TIMEOUT', 'no answer in time'));
    else if (this.#isWritten) {
      const example = this.#ended === undefined ? error.message : 'stopped before the answer';
      this.settle(verdict('unknown', this.#ended ?? causeOf(error), example));
    } else if (this.#ended !== undefined) this.settle(verdict('skipped', this.#ended));
    else this.settle(verdict('failed', causeOf(error), error.message));
  }

  board(connection: Dispatcher): void {
    this.#connection = connection;
    if (this.#options !== undefined) connection.dispatch(this.#options, this);
  }

  refuse(error: Error): void {
    this.onError(error);
  }

  /** Undici is not done with a connection that failed when it tells of it. */
  #discardLater(): void {
    const { connections } = this.#endpoint;
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection !== undefined) setImmediate(() => connections.discard(connection));
  }

  /** Another hit may have been told to wait longer than this one, or this one may have been ready before that. */
  #sendWhenWanted(): void {
    const { heldUntilMs } = this.#endpoint;
    const waitMs = heldUntilMs === 0 ? 0 : Math.ceil(heldUntilMs - performance.now());
    if (waitMs > 0) this.#wait(waitMs);
    else this.#send();
  }

  #wait(ms: number): void {
    this.#sendTimer = setTimeout(() => {
      this.#sendTimer = undefined;
      this.#sendWhenWanted();
    }, ms);
  }

  #send(): void {
    this.#isWritten = false;
    this.#abort = undefined;
    this.#isTimedOut = false;
    this.#status = 0;
    this.#headers = NO_HEADERS;
    this.#body = EMPTY;
    this.#endpoint.connections.take(this);
  }
}

function readHeaders(raw: readonly Buffer[]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = String(raw[at]).toLowerCase();
    if (READ_HEADERS.has(name)) headers.set(name, String(raw[at + 1]));
  }
  return headers;
}
