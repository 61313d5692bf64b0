import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Failure } from '../../base/failure.ts';
import { deferred, within } from '../../run/deferred.ts';
import type { MeasuredRun } from './measured-run.ts';
import { metrics } from './metrics-table.ts';
import { prometheusRegistry } from './prometheus-registry.ts';

/** Where Prometheus reads. */
export interface ListenAddress {
  /** undefined: all of this machine's. */
  readonly host: string | undefined;
  /** 0: any that is free. */
  readonly port: number;
}

export interface MetricsEndpoint {
  /** `http://127.0.0.1:9464/metrics` */
  readonly url: string;
  /** Whether anybody has read yet. */
  readonly wasRead: boolean;
  /** Whether somebody has read what is there after the end of the run. */
  readonly wasLastRead: boolean;
  /** Until somebody has read what is there after the end of the run; at most so long, or until `signal`. */
  lastRead(atMostMs: number, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Scrapers keep a connection each. More than this many are none. */
const MOST_CONNECTIONS = 64;

/**
 * Answers `GET /metrics` in the text format of Prometheus.
 *
 * @throws Failure PORT_UNAVAILABLE
 */
export async function startMetricsEndpoint(
  address: ListenAddress,
  run: MeasuredRun,
): Promise<MetricsEndpoint> {
  const registry = prometheusRegistry(metrics, run);
  let wasRead = false;
  let wasLastRead = false;
  const lastRead = deferred();

  async function answer({ method, url = '/' }: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path] = url.split('?');
    if (path !== '/metrics') {
      send(response, path === '/' ? 200 : 404, plain, 'The metrics of this run are at /metrics.\n');
    } else if (method !== 'GET' && method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      send(response, 405, plain, 'Metrics are only read.\n');
    } else {
      const isLast = run.report !== undefined;
      const text = await registry.metrics();
      if (method === 'GET') {
        wasRead = true;
        // Handed over whole: the connection may be closed then.
        response.once('finish', () => {
          wasLastRead ||= isLast;
          if (isLast) lastRead.settle();
        });
      }
      send(response, 200, registry.contentType, text);
    }
  }

  const server = createServer((message, response) => {
    message.resume();
    answer(message, response).catch((error: unknown) => {
      send(response, 500, plain, `${error instanceof Error ? error.message : error}\n`);
    });
  });
  server.maxConnections = MOST_CONNECTIONS;
  const url = await listen(server, address);
  return {
    url,
    get wasRead() {
      return wasRead;
    },
    get wasLastRead() {
      return wasLastRead;
    },
    async lastRead(atMostMs, signal) {
      if (signal.aborted) return;
      const stopped = deferred();
      signal.addEventListener('abort', stopped.settle, { once: true });
      await within(atMostMs, lastRead.promise, stopped.promise);
      signal.removeEventListener('abort', stopped.settle);
    },
    async close() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

const plain = 'text/plain; charset=utf-8';

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

function listen(server: Server, { host, port }: ListenAddress): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', cause => {
      reject(
        new Failure(
          'PORT_UNAVAILABLE',
          `--metrics: cannot listen on ${host ?? ''}:${port}: ${whyDeaf(cause)}`,
          { hint: 'Choose another port, or 0 for any that is free. Nothing was sent.', cause },
        ),
      );
    });
    server.listen({ port, ...(host !== undefined && { host }) }, () => {
      const { address, port: taken, family } = server.address() as AddressInfo;
      const shown = host === undefined ? 'localhost' : family === 'IPv6' ? `[${address}]` : address;
      resolve(`http://${shown}:${taken}/metrics`);
    });
  });
}

/** A system error in a person's words. */
function whyDeaf(error: Error): string {
  switch ('code' in error ? error.code : undefined) {
    case 'EADDRINUSE':
      return 'another program has the port';
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'this machine has no such address';
    case 'EACCES':
      return 'no permission, which ports under 1024 ask for';
    default:
      return error.message;
  }
}
