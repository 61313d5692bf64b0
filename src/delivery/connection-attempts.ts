import { Socket } from 'node:net';
import type { buildConnector } from 'undici';

/**
 * Connections that are still being made, also those whose TLS is. Undici's clients know a socket once it is connected: one
 * that a server leaves without an answer outlives them, and holds its request and the process until the time to connect
 * is over.
 */
export class ConnectionAttempts {
  readonly #connect: buildConnector.connector;
  readonly #signal: AbortSignal | undefined;
  readonly #underWay = new Set<Socket>();
  readonly #heed = () => this.#giveUp(this.#signal?.reason);

  /**
   * @param connect undici's: how a connection is made
   * @param signal gives up those under way, too: requests heed theirs only on a connection
   */
  constructor(connect: buildConnector.connector, signal?: AbortSignal) {
    this.#connect = connect;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#heed, { once: true });
  }

  /** For clients. */
  readonly connector: buildConnector.connector = (options, done) => {
    // It returns the socket, which its type does not say. (lib/core/connect.js)
    const socket: unknown = this.#connect(options, (...result) => {
      if (socket instanceof Socket) this.#underWay.delete(socket);
      done(...result);
    });
    if (socket instanceof Socket) this.#underWay.add(socket);
    if (this.#signal?.aborted) this.#heed();
  };

  /** Gives up those under way. */
  close(): void {
    this.#signal?.removeEventListener('abort', this.#heed);
    this.#giveUp(undefined);
  }

  /** With an error, because undici ends its timer with that. */
  #giveUp(reason: unknown): void {
    const error = reason instanceof Error ? reason : new Error('the connection is not waited for any more');
    for (const socket of this.#underWay) socket.destroy(error);
  }
}
