import type { buildConnector, Dispatcher } from 'undici';
import { type SiteParameters, siteParameters } from '../matomo/parameters.ts';
import { Deadlines } from './deadlines.ts';
import type { TargetConfig } from './target-config.ts';
import { Pool } from './undici.ts';

/** A target's tracker as transports use it: its pool of connections, and what is the same in every request. */
export interface Endpoint {
  readonly dispatcher: Dispatcher;
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
  const pool = new Pool(target.url.origin, {
    connections: target.connections,
    // Real visitors do not share a connection's pipeline.
    pipelining: 1,
    connect: connectOptions(target),
    // Both restart with every byte; `deadlines` limits the whole.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: 4 * 1024 * 1024,
  });
  return {
    dispatcher: pool,
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
    async close() {
      deadlines.close();
      await pool.destroy();
    },
  };
}

/** Sent with everything that goes to a target. Names are in lower case: the target's own `User-Agent` replaces ours. */
export function headersOf({ headers = {} }: TargetConfig): Record<string, string> {
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return { 'user-agent': 'trafficinator', ...Object.fromEntries(own) };
}

/** How a target's connections are made. */
export function connectOptions({ connectTimeoutSeconds, tls }: TargetConfig): buildConnector.BuildOptions {
  return {
    timeout: connectTimeoutSeconds * 1000,
    ...(tls?.ca !== undefined && { ca: tls.ca }),
    ...(tls?.serverName !== undefined && { servername: tls.serverName }),
    ...(tls !== undefined && { rejectUnauthorized: tls.isVerified }),
  };
}
