import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A request as it came. Times are those of `performance.now()`. */
export interface ReceivedRequest {
  readonly number: number;
  /** Of the connection it came on, from 0. */
  readonly connection: number;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly atMs: number;
  /** When the answer was written whole, or the connection was lost. */
  endedMs: number | undefined;
  /** What it was answered with. */
  answer: Answer | undefined;
}

/** What a sender must make of an answer to a hit; `again`: it may be sent again. */
export type Meaning = 'accepted' | 'rejected' | 'failed' | 'unknown' | 'again';

/** One way to deal with a request. */
export interface Answer {
  readonly name: string;
  readonly means: Meaning;
  give(request: ReceivedRequest, response: ServerResponse): void;
}

/** Decides on a request once its body is read. */
export type AnswerTo = (request: ReceivedRequest) => Answer;

export interface FaultServer {
  readonly origin: string;
  /** The tracking endpoint. */
  readonly url: URL;
  /** In the order they came. */
  readonly requests: readonly ReceivedRequest[];
  /** Those that carry hits: neither the probe of a token nor the Reporting API. */
  readonly tracking: readonly ReceivedRequest[];
  /** Connections that were made. */
  readonly connections: number;
  /** Most tracking requests that were open at once. */
  readonly mostOpen: number;
  answerWith(answerTo: AnswerTo): void;
  /** What becomes of new connections before a request of theirs is read. */
  onConnection(reset: boolean): void;
  /** Resets every connection and gives the port up. */
  die(): Promise<void>;
  /** Listens on the same port again. */
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a server on loopback that misbehaves on demand and records all it gets. */
export async function startFaultServer(answerTo: AnswerTo): Promise<FaultServer> {
  const requests: ReceivedRequest[] = [];
  const sockets = new Map<Socket, number>();
  let decide = answerTo;
  let connections = 0;
  let open = 0;
  let mostOpen = 0;
  let resets = false;
  const newServer = (): Server => {
    const server = createServer((message, response) => {
      const chunks: Buffer[] = [];
      message.on('data', (chunk: Buffer) => chunks.push(chunk));
      message.on('error', () => {});
      message.on('end', () => {
        const request: ReceivedRequest = {
          number: requests.length,
          connection: sockets.get(message.socket) ?? -1,
          method: message.method ?? '',
          path: message.url ?? '',
          headers: message.headers,
          body: Buffer.concat(chunks).toString('utf8'),
          atMs: performance.now(),
          endedMs: undefined,
          answer: undefined,
        };
        requests.push(request);
        if (isTracking(request)) mostOpen = Math.max(mostOpen, ++open);
        const end = () => {
          if (request.endedMs === undefined && isTracking(request)) open--;
          request.endedMs ??= performance.now();
        };
        response.on('finish', end);
        response.on('close', end);
        request.answer = decide(request);
        request.answer.give(request, response);
      });
    });
    server.keepAliveTimeout = 60_000;
    server.on('connection', socket => {
      sockets.set(socket, connections++);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
      if (resets) socket.resetAndDestroy();
    });
    return server;
  };
  let server = newServer();
  const port = await listen(server, 0);
  const origin = `http://127.0.0.1:${port}`;
  const die = async () => {
    const closed = new Promise<void>(resolve => server.close(() => resolve()));
    for (const socket of sockets.keys()) socket.resetAndDestroy();
    await closed;
  };
  return {
    origin,
    url: new URL('/matomo.php', origin),
    requests,
    get tracking() {
      return requests.filter(isTracking);
    },
    get connections() {
      return connections;
    },
    get mostOpen() {
      return mostOpen;
    },
    answerWith: next => {
      decide = next;
    },
    onConnection: reset => {
      resets = reset;
    },
    die,
    async comeBack() {
      server = newServer();
      await listen(server, port);
    },
    async close() {
      if (server.listening) await die();
    },
  };
}

/** A port of loopback on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server, 0);
  await new Promise(resolve => server.close(resolve));
  return port;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** One hit of a request, by its parameters. */
export type ReceivedHit = URLSearchParams;

/** The hits a request carries, in order. */
export function hitsIn({ method, path, body }: ReceivedRequest): ReceivedHit[] {
  if (method === 'GET') return [new URLSearchParams(path.replace(/^[^?]*/, ''))];
  if (!body.startsWith('{')) return [new URLSearchParams(body)];
  const { requests } = JSON.parse(body) as { requests: string[] };
  return requests.map(line => new URLSearchParams(line));
}

function isTracking(request: ReceivedRequest): boolean {
  return !isProbe(request) && !isReporting(request);
}

export function isProbe({ body }: ReceivedRequest): boolean {
  return body.includes('&rec=0&');
}

export function isReporting({ path }: ReceivedRequest): boolean {
  return path.startsWith('/index.php');
}

/** Gives these answers one after another, then `then` for ever. */
export function inTurn(answers: readonly Answer[], then: Answer): AnswerTo {
  let next = 0;
  return () => answers[next++] ?? then;
}

/** A server that takes the token and knows the site, and answers hits as said. */
export function withToken(answerTo: AnswerTo, timezone = 'UTC'): AnswerTo {
  return request => {
    if (isProbe(request)) return bulkCounts(1, 0);
    return isReporting(request) ? siteAnswer(timezone) : answerTo(request);
  };
}

export function siteAnswer(timezone: string, currency = 'SEK'): Answer {
  return json('site', { idsite: '1', name: 'Shop', timezone, currency });
}

/** An answer of a server whose clock is so far from ours; below 0: behind. */
export function dated(seconds: number, after: Answer): Answer {
  return {
    ...after,
    give(request, response) {
      response.setHeader('date', new Date(Date.now() + seconds * 1000).toUTCString());
      after.give(request, response);
    },
  };
}

const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAAAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64');

export const gif = answer('GIF', 'accepted', (_, response) => {
  response.writeHead(200, { 'content-type': 'image/gif' }).end(GIF);
});

export const noContent = answer('204', 'accepted', (_, response) => {
  response.writeHead(204).end();
});

/** A page with status 200: a proxy's, a login's, another program's. */
export const html = answer('HTML', 'failed', (_, response) => {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<html><h1>Welcome to nginx</h1></html>');
});

/** Accepted, read, and never answered. */
export const hang = answer('hang', 'unknown', () => {});

/** The connection is reset once the request is read. */
export const reset = answer('reset', 'unknown', (_, response) => {
  response.socket?.resetAndDestroy();
});

/** The connection is closed in the middle of the answer. */
export const cutShort = answer('cut short', 'unknown', (_, response) => {
  response.writeHead(200, { 'content-type': 'image/gif', 'content-length': GIF.length });
  response.write(GIF.subarray(0, 10), () => response.socket?.destroy());
});

/** Bytes that are no HTTP. */
export const garbage = answer('garbage', 'unknown', (_, response) => {
  response.socket?.end('SSH-2.0-OpenSSH_9.6\r\n\r\n');
});

/** One byte of the answer at a time, for ever. */
export function drip(everyMs: number): Answer {
  return answer('drip', 'unknown', (_, response) => {
    response.writeHead(200, { 'content-type': 'image/gif' });
    const timer = setInterval(() => response.write('G'), everyMs);
    response.on('close', () => clearInterval(timer));
  });
}

const meanings: Readonly<Record<number, Meaning>> = {
  400: 'rejected',
  429: 'again',
  503: 'again',
  500: 'unknown',
  502: 'unknown',
  504: 'unknown',
};

/** @param retryAfter seconds, a date, or nothing */
export function status(code: number, retryAfter?: string): Answer {
  return answer(`${code}`, meanings[code] ?? 'failed', (_, response) => {
    response
      .writeHead(code, {
        'content-type': 'text/plain',
        ...(retryAfter !== undefined && { 'retry-after': retryAfter }),
        ...(code === 302 && { location: 'https://login.example/?back=token' }),
      })
      .end(`status ${code}`);
  });
}

/** 500 to a bulk that failed at its last hit: nothing of it is kept. Says no more than that of a single hit. */
export function rolledBack(retryAfter?: string): Answer {
  return answer('rolled back', 'unknown', (request, response) => {
    const body = { status: 'error', tracked: hitsIn(request).length - 1, invalid: 0 };
    response
      .writeHead(500, {
        'content-type': 'application/json',
        ...(retryAfter !== undefined && { 'retry-after': retryAfter }),
      })
      .end(JSON.stringify(body));
  });
}

/** 500 to a bulk, of which all hits are counted: there was nothing left to commit. */
export const commitFailed = answer('commit failed', 'unknown', (request, response) => {
  const body = { status: 'error', tracked: hitsIn(request).length, invalid: 0 };
  response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify(body));
});

export function delayed(ms: number, later: Answer): Answer {
  return answer(`${later.name} after ${ms} ms`, later.means, (request, response) => {
    const timer = setTimeout(() => later.give(request, response), ms);
    response.on('close', () => clearTimeout(timer));
  });
}

/** What BulkTracking answers. */
export function bulkCounts(tracked: number, invalid: number, indices?: readonly number[]): Answer {
  return json('counts', {
    status: 'success',
    tracked,
    invalid,
    ...(indices !== undefined && { invalid_indices: indices }),
  });
}

/** All hits of the body are recorded. */
export const allTracked = answer('all tracked', 'accepted', (request, response) => {
  bulkCounts(hitsIn(request).length, 0).give(request, response);
});

/** None of them is, as with a token that may not write. */
export const noneTracked = answer('none tracked', 'rejected', (request, response) => {
  bulkCounts(0, hitsIn(request).length).give(request, response);
});

function json(name: string, value: unknown): Answer {
  return answer(name, 'accepted', (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  });
}

function answer(name: string, means: Meaning, give: Answer['give']): Answer {
  return { name, means, give };
}
