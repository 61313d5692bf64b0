import type { Dispatcher } from 'undici';
import type { Reply } from '../matomo/reply.ts';
import { causeOf } from './causes.ts';

/** Enough for the answer to a bulk of thousands; what comes beyond is not kept. */
const KEPT_BODY_BYTES = 64 * 1024;
const READ_HEADERS = new Set(['content-type', 'location', 'retry-after']);
const EMPTY = Buffer.alloc(0);
const NO_HEADERS: ReadonlyMap<string, string> = new Map();

/** Requests that have been written and not been answered, oldest first, with a limit on how long that may last. */
export interface Deadlines {
  add(exchange: Exchange): void;
  remove(exchange: Exchange): void;
}

/**
 * One request at a time and its answer, used again and again. It implements undici's handler interface of
 * single callbacks, which undici calls without a wrapper and without parsing headers into an object: that is a
 * third of the cost of the other one.
 */
export abstract class Exchange implements Dispatcher.DispatchHandler {
  /** When the request was written, on the clock of `performance.now()`. */
  writtenMs = 0;
  #written = false;
  #abort: ((error: Error) => void) | undefined;
  #timedOut = false;
  #status = 0;
  #headers = NO_HEADERS;
  #body: Buffer = EMPTY;
  readonly #deadlines: Deadlines;

  constructor(deadlines: Deadlines) {
    this.#deadlines = deadlines;
  }

  /** The request is about to be written. */
  protected abstract written(): void;
  protected abstract answered(reply: Reply): void;
  /** There was no whole answer; `written` says whether the server may have processed the request. */
  protected abstract broken(written: boolean, cause: string, example: string): void;

  protected send(dispatcher: Dispatcher, options: Dispatcher.DispatchOptions): void {
    this.#written = false;
    this.#abort = undefined;
    this.#timedOut = false;
    this.#status = 0;
    this.#headers = NO_HEADERS;
    this.#body = EMPTY;
    dispatcher.dispatch(options, this);
  }

  /** Gives up waiting for the answer. Without effect when nothing was written. */
  timeOut(): void {
    this.#timedOut = true;
    this.#abort?.(new Error('no answer in time'));
  }

  onConnect(abort: (error?: Error) => void): void {
    if (this.#written) {
      // undici may put a request that was written on a second connection. It may have been processed by then, so
      // it must not go out again.
      abort(new Error('the connection was closed before the answer'));
      return;
    }
    this.#written = true;
    this.#abort = abort;
    this.writtenMs = performance.now();
    this.#deadlines.add(this);
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
    this.#deadlines.remove(this);
    this.answered({ status: this.#status, headers: this.#headers, body: this.#body });
  }

  onError(error: Error): void {
    this.#deadlines.remove(this);
    if (this.#timedOut) this.broken(true, 'TIMEOUT', 'no answer in time');
    else this.broken(this.#written, causeOf(error), error.message);
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
