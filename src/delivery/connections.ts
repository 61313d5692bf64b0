import type { Client as ClientOf, Dispatcher } from 'undici';
import { Fifo } from '../base/fifo.ts';
import { Client } from './undici.ts';

/** A request that wants a connection. */
export interface Passenger {
  /** The connection is its own until it gives it back. */
  board(connection: Dispatcher): void;
  /** There will be none. */
  refuse(error: Error): void;
}

/**
 * A target's connections, each of which carries one request at a time.
 *
 * Undici's own pool looks through all of its clients for each request, and sends what follows an answer two turns of
 * the event loop later, when it has found out that the connection is free. Here a connection is given back with the
 * answer, and what is sent because of that answer goes out on it.
 */
export class Connections {
  readonly #origin: string;
  readonly #options: ClientOf.Options;
  readonly #most: number;
  readonly #all = new Set<Dispatcher>();
  /** The one that was used last is used next, so that those that are not needed close. */
  readonly #idle: Dispatcher[] = [];
  readonly #waiting = new Fifo<Passenger>();
  #isClosed = false;

  /** @param most of them at once */
  constructor(origin: string, most: number, options: ClientOf.Options) {
    this.#origin = origin;
    this.#most = most;
    this.#options = options;
  }

  /** A connection for `passenger`, or a place in the queue for one. */
  take(passenger: Passenger): void {
    if (this.#isClosed) passenger.refuse(new Error('the connections are closed'));
    else {
      const connection = this.#idle.pop() ?? this.#oneMore();
      if (connection === undefined) this.#waiting.push(passenger);
      else passenger.board(connection);
    }
  }

  /** It is free: who has waited longest gets it. */
  giveBack(connection: Dispatcher): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(connection);
    else next.board(connection);
  }

  /** A request on it failed: it is not used again, and another may be opened in its place. */
  discard(connection: Dispatcher): void {
    this.#all.delete(connection);
    void connection.destroy();
    if (!this.#isClosed && this.#waiting.size > 0) this.take(this.#waiting.shift() as Passenger);
  }

  /** Ends what is under way, and what waits. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const ended = Promise.all([...this.#all].map(connection => connection.destroy()));
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift())
      next.refuse(new Error('the connections were closed'));
    await ended;
  }

  #oneMore(): Dispatcher | undefined {
    if (this.#all.size === this.#most) return undefined;
    const client = new Client(this.#origin, this.#options);
    this.#all.add(client);
    return client;
  }
}
