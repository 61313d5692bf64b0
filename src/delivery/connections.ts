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
 * A target's connections, each of which carries one request at a time. Undici's own pool looks through all of its clients
 * for each request; here a connection is given back with the answer, and what is sent because of that answer gets it.
 *
 * A connection that has just been used is boarded in the check phase of the event loop, no sooner: undici then waits for
 * one more look at the socket before it writes, and sees whether the server has closed it behind its answer. A request
 * that is there with the answer would be written unseen, and lost.
 */
export class Connections {
  readonly #origin: string;
  readonly #options: ClientOf.Options;
  readonly #most: number;
  readonly #all = new Set<Dispatcher>();
  /** The one that was used last is used next, so that those that are not needed close. */
  readonly #idle: Dispatcher[] = [];
  /** Given back in this turn of the event loop. */
  #fresh: Dispatcher[] = [];
  /** Passengers of those, and the connection each will board. */
  #boarding: Passenger[] = [];
  #boarded: Dispatcher[] = [];
  #turnEnds: NodeJS.Immediate | undefined;
  readonly #waiting = new Fifo<Passenger>();
  #isClosed = false;

  /** @param most of them at once */
  constructor(origin: string, most: number, options: ClientOf.Options) {
    this.#origin = origin;
    this.#most = most;
    this.#options = options;
  }

  /** A connection for `passenger`, now or soon, or a place in the queue for one. */
  take(passenger: Passenger): void {
    if (this.#isClosed) {
      passenger.refuse(closed());
      return;
    }
    const fresh = this.#fresh.pop();
    if (fresh !== undefined) {
      this.#boardSoon(passenger, fresh);
      return;
    }
    const connection = this.#idle.pop() ?? this.#oneMore();
    if (connection === undefined) this.#waiting.push(passenger);
    else passenger.board(connection);
  }

  /** It is free: who has waited longest gets it. */
  giveBack(connection: Dispatcher): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#fresh.push(connection);
    else this.#boardSoon(next, connection);
    this.#turnEnds ??= setImmediate(() => this.#endTurn());
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
    clearImmediate(this.#turnEnds);
    const ended = Promise.all([...this.#all].map(connection => connection.destroy()));
    for (const passenger of this.#boarding.splice(0)) passenger.refuse(closed());
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift())
      next.refuse(closed());
    await ended;
  }

  #boardSoon(passenger: Passenger, connection: Dispatcher): void {
    this.#boarding.push(passenger);
    this.#boarded.push(connection);
  }

  #endTurn(): void {
    this.#turnEnds = undefined;
    const passengers = this.#boarding;
    const connections = this.#boarded;
    this.#boarding = [];
    this.#boarded = [];
    for (const connection of this.#fresh) this.#idle.push(connection);
    this.#fresh.length = 0;
    for (let at = 0; at < passengers.length; at++)
      (passengers[at] as Passenger).board(connections[at] as Dispatcher);
  }

  #oneMore(): Dispatcher | undefined {
    if (this.#all.size === this.#most) return undefined;
    const client = new Client(this.#origin, this.#options);
    this.#all.add(client);
    return client;
  }
}

function closed(): Error {
  return new Error('the connections are closed');
}
