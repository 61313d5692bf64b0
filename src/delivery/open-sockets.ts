import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

/** As long as undici keeps a connection that nothing comes on. */
const KEPT_MS = 4000;

/**
 * Sockets that are open before there is a request for them, to one server. A connector hands them out in place of new
 * ones. Those that the server closes meanwhile, or says something on, are none, and those that nobody has wanted in 4 s
 * are closed.
 */
export class OpenSockets {
  readonly #address: buildConnector.Options;
  readonly #connect: buildConnector.connector;
  readonly #open = new Set<Socket>();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** @param connect how a connection is made */
  constructor(origin: URL, connect: buildConnector.connector) {
    this.#address = {
      // Of an IPv6 address the number alone.
      hostname: origin.hostname.replace(/^\[(.*)\]$/, '$1'),
      host: origin.host,
      protocol: origin.protocol,
      port: origin.port,
    };
    this.#connect = connect;
  }

  /** Opens so many more. Never rejects: requests will tell of a server that cannot be reached. */
  async open(count: number): Promise<void> {
    clearTimeout(this.#timer);
    await Promise.all(Array.from({ length: count }, () => this.#openOne()));
    if (!this.#isClosed) this.#timer = setTimeout(() => this.#closeAll(), KEPT_MS);
  }

  /** For clients: one that is open, else a new one. */
  readonly connector: buildConnector.connector = (options, done) => {
    // Those that are open were made under the server's own name.
    const socket = options.servername ? undefined : this.#take();
    if (socket === undefined) this.#connect(options, done);
    // undici is still at asking for it.
    else queueMicrotask(() => done(null, socket));
  };

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#closeAll();
  }

  #closeAll(): void {
    for (const socket of this.#open) socket.destroy();
  }

  #openOne(): Promise<void> {
    return new Promise(done => {
      this.#connect(this.#address, (error, socket) => {
        done();
        if (error !== null) return;
        if (this.#isClosed) socket.destroy();
        this.#open.add(socket);
        socket.once('close', () => this.#open.delete(socket));
      });
    });
  }

  #take(): Socket | undefined {
    for (const socket of this.#open) {
      this.#open.delete(socket);
      if (socket.readyState === 'open' && socket.readableLength === 0) return socket;
      socket.destroy();
    }
    return undefined;
  }
}
