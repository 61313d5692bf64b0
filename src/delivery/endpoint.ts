import type { buildConnector as BuildConnector } from 'undici';
import { type SiteParameters, siteParameters } from '../matomo/parameters.ts';
import { ConnectionAttempts } from './connection-attempts.ts';
import { Connections } from './connections.ts';
import { Deadlines } from './deadlines.ts';
import { OpenSockets } from './open-sockets.ts';
import type { TargetConfig } from './target-config.ts';
import { buildConnector } from './undici.ts';

/** A target's tracker as transports use it: its connections, and what is the same in every request. */
export interface Endpoint {
  readonly connections: Connections;
  readonly deadlines: Deadlines;
  readonly site: SiteParameters;
  /** The tracker's path, and the same ready for parameters to follow. */
  readonly path: string;
  readonly queryPath: string;
  readonly usesPost: boolean;
  readonly headers: Record<string, string>;
  readonly formHeaders: Record<string, string>;
  readonly jsonHeaders: Record<string, string>;
  /** Sent with every hit, or undefined: nothing in this run needs one. */
  readonly token: string | undefined;
  /** The same as the end of a form body; '' without. */
  readonly formToken: string;
  /** The server asked to be left alone until then, on the clock of `performance.now()`. */
  readonly heldUntilMs: number;
  /** It asks so now; an earlier and longer wish stands. */
  holdUntil(ms: number): void;
  /** Opens so many connections before there are requests for them. Never rejects: requests tell of what fails. */
  open(count: number): Promise<void>;
  /** Ends what is under way and closes all connections. */
  close(): Promise<void>;
}

/** @param hitsNeedToken whether the hits of this run carry what Matomo takes with a token only */
export function openEndpoint(target: TargetConfig, hitsNeedToken: boolean): Endpoint {
  const token = hitsNeedToken ? target.token : undefined;
  const path = target.url.pathname + target.url.search;
  const headers = { accept: '*/*', ...headersOf(target) };
  let heldUntilMs = 0;
  const deadlines = new Deadlines(target.timeoutSeconds * 1000);
  // One for all connections: they share their TLS sessions.
  const attempts = new ConnectionAttempts(buildConnector(connectOptions(target)));
  const sockets = new OpenSockets(target.url, attempts.connector);
  const connections = new Connections(target.url.origin, target.connections, {
    // Real visitors do not share a connection's pipeline.
    pipelining: 1,
    connect: sockets.connector,
    // Both restart with every byte; `deadlines` limits the whole.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: 4 * 1024 * 1024,
  });
  return {
    connections,
    deadlines,
    site: siteParameters(target.siteId, token !== undefined),
    path,
    queryPath: path + (target.url.search === '' ? '?' : '&'),
    usesPost: token !== undefined || target.method === 'post',
    headers,
    formHeaders: { ...headers, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    jsonHeaders: { ...headers, 'content-type': 'application/json' },
    token,
    formToken: token === undefined ? '' : `&token_auth=${encodeURIComponent(token)}`,
    get heldUntilMs() {
      return heldUntilMs;
    },
    holdUntil(ms) {
      heldUntilMs = Math.max(heldUntilMs, ms);
    },
    async open(count) {
      // A `Host` of one's own is the name that TLS asks for, too, and undici knows it from the first request on.
      if (!('host' in headers)) await sockets.open(Math.min(count, target.connections));
    },
    async close() {
      deadlines.close();
      attempts.close();
      sockets.close();
      await connections.close();
    },
  };
}

/** Sent with everything that goes to a target. Names are in lower case: the target's own `User-Agent` replaces ours. */
export function headersOf({ headers = {} }: TargetConfig): Record<string, string> {
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return { 'user-agent': 'trafficinator', ...Object.fromEntries(own) };
}

/** How a target's connections are made. */
export function connectOptions({ connectTimeoutSeconds, tls }: TargetConfig): BuildConnector.BuildOptions {
  return {
    timeout: connectTimeoutSeconds * 1000,
    ...(tls?.ca !== undefined && { ca: tls.ca }),
    ...(tls?.serverName !== undefined && { servername: tls.serverName }),
    ...(tls !== undefined && { rejectUnauthorized: tls.isVerified }),
  };
}
