import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Failure } from '../base/failure.ts';
import { FailedLogins } from './authentication.ts';
import { isBulk, withoutFirstLines } from './bulk-request.ts';
import { deviceOf } from './device.ts';
import { type FaultOptions, Faults, type LateFault } from './faults.ts';
import { HitQueue, takenUnseen } from './hit-queue.ts';
import { type IncomingRequest, pathAndQuery, readRequest } from './incoming-request.ts';
import { jsonReply, type Reply } from './reply.ts';
import { Archive } from './reporting/archive.ts';
import { ReportingApi } from './reporting/reporting-api.ts';
import { isTracking, type Routes, routeOf } from './routes.ts';
import { type CollectorSite, defaultSites, type Exclusions, withExclusions } from './site.ts';
import { type CollectorState, stateOf } from './state.ts';
import { StateFile } from './state-file.ts';
import { type Tracker, TrackerEndpoint, type TrackerEndpointOptions } from './tracker-endpoint.ts';
import type { Visit } from './visit.ts';
import { VisitLog } from './visit-log.ts';

export type { CollectorSite, Exclusions } from './site.ts';
export type { CollectorState } from './state.ts';

export interface CollectorOptions extends FaultOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: a free one. */
  readonly port?: number;
  /** A superuser's token; made up when absent. */
  readonly token?: string;
  /** Token of a user with write access to every site. */
  readonly writeToken?: string;
  /** Token of a user who may view every site and write to none. */
  readonly viewToken?: string;
  /** A superuser's token that only works in form bodies. */
  readonly secureToken?: string;
  /** Default: a shop in UTC, a plain site, a shop in Stockholm. */
  readonly sites?: readonly CollectorSite[];
  /** Excluded on every site, besides what the sites exclude. */
  readonly excludedEverywhere?: Exclusions;
  /** Plugins by name that are on, or not, other than on a server as it is installed. Without BulkTracking a bulk is no request. */
  readonly plugins?: Readonly<Record<string, boolean>>;
  /** For how long reports of today are kept as they were when first asked for; default 0: they are always fresh. */
  readonly archiveSeconds?: number;
  /** Keeps what is held over a restart. */
  readonly stateFile?: string;
  /** Answers every tracking request 204 at once and keeps nothing. */
  readonly nullMode?: boolean;
  /** Epoch milliseconds; default the machine's clock. */
  readonly now?: () => number;
}

export interface Collector {
  /** Such as `http://127.0.0.1:8089`. */
  readonly origin: string;
  /** The address for tracking requests. */
  readonly url: string;
  readonly token: string;
  state(options?: { visits?: boolean }): CollectorState;
  /** Every visit with its actions, conversions and items, oldest first: for tests in the same process. */
  visits(): readonly Visit[];
  /** Forgets everything. */
  reset(): void;
  /** Drops all connections, answered or not, and writes the state file. */
  close(): Promise<void>;
}

/**
 * Starts a server that answers as Matomo does and knows what Matomo would have recorded.
 *
 * @throws Failure PORT_UNAVAILABLE, and those of the state file
 */
export async function startCollector(options: CollectorOptions = {}): Promise<Collector> {
  const {
    sites = defaultSites,
    token = randomBytes(16).toString('hex'),
    now = Date.now,
    host = '127.0.0.1',
    excludedEverywhere = {},
    plugins = {},
  } = options;
  const log = new VisitLog();
  const archive = new Archive(log, options.archiveSeconds ?? 0);
  const failures = new FailedLogins();
  const tokens = {
    superuser: token,
    write: options.writeToken,
    view: options.viewToken,
    secure: options.secureToken,
  };
  const file = options.stateFile === undefined ? undefined : new StateFile(options.stateFile, log, failures);
  const faults = new Faults(options);
  const tracking: TrackerEndpointOptions = {
    log,
    tokens,
    failures,
    sites: sites.map(site => withExclusions(site, excludedEverywhere)),
    takesBulks: plugins.BulkTracking !== false,
  };
  const tracker = new TrackerEndpoint(tracking);
  const { queueSeconds = 0 } = options;
  const queue = queueSeconds > 0 ? new HitQueue(tracker, queueSeconds) : undefined;
  const reset = () => {
    queue?.clear();
    log.clear();
    archive.clear();
    failures.clear();
    file?.rewrite();
  };
  const state = (shown?: { visits?: boolean }) => stateOf(log.visits, sites, failures, shown);
  const routes: Routes = {
    tracker: queue ?? tracker,
    reporting: new ReportingApi({
      tokens,
      failures,
      sites,
      excludedEverywhere,
      plugins: queue ? { QueuedTracking: true, ...plugins } : plugins,
      visits: () => log.visits,
      archive,
    }),
    sites,
    state,
    reset,
    origin: () => origin,
  };
  /** Answers as if it recorded, and what it records is forgotten. */
  const losing: Tracker = {
    answer: (request, epochSecond) =>
      queue
        ? takenUnseen(request)
        : new TrackerEndpoint({ ...tracking, log: new VisitLog() }).answer(request, epochSecond),
  };
  /** Loses the beginning of a bulk, and answers that all of it failed. A queue, which counts nothing, commits nothing yet. */
  const breaking: Tracker = {
    answer(request, epochSecond) {
      const failed = commitFailed(losing.answer(request, epochSecond));
      if (failed === undefined) return routes.tracker.answer(request, epochSecond);
      const body = withoutFirstLines(request.body, Math.random());
      routes.tracker.answer({ ...request, body }, epochSecond);
      return failed;
    },
  };
  const trackers = { none: routes.tracker, cut: routes.tracker, lose: losing, commit: breaking };
  // The detector builds its rules at the first look, which would make the first hit wait.
  if (!options.nullMode)
    deviceOf(
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36',
      '',
    );
  const server = createServer((message, response) => {
    if (options.nullMode && asksToTrack(message)) answerNothing(message, response);
    else serve(message, response, { routes, trackers, faults, now });
  });
  let origin = '';
  try {
    origin = await listen(server, host, options.port ?? 0);
  } catch (error) {
    file?.close();
    throw error;
  }
  return {
    origin,
    url: `${origin}/matomo.php`,
    token,
    state,
    visits: () => log.visits,
    reset,
    async close() {
      queue?.clear();
      const closed = new Promise<void>(resolve => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      file?.close();
    },
  };
}

/** On every answer: whoever asks whether this is somebody's production site learns that it is none. */
const mark = { 'X-Trafficinator-Collector': '1' };

/** As cheap as an answer can be: for measuring what sends. */
function answerNothing(message: IncomingMessage, response: ServerResponse): void {
  message.resume();
  response.writeHead(204, mark).end();
}

/** Only tracking requests are answered with nothing: the page and the state stay what they are. */
function asksToTrack({ url = '/' }: IncomingMessage): boolean {
  return url.startsWith('/matomo.php') || url.startsWith('/piwik.php') || url.startsWith('/js/');
}

interface Serving {
  readonly routes: Routes;
  /** Who answers where a tracking request goes wrong only once it was read. */
  readonly trackers: Readonly<Record<LateFault, Tracker>>;
  readonly faults: Faults;
  readonly now: () => number;
}

function serve(
  message: IncomingMessage,
  response: ServerResponse,
  { routes, trackers, faults, now }: Serving,
): void {
  const { path } = pathAndQuery(message.url ?? '/');
  const fault = isTracking(path)
    ? faults.next()
    : faults.isDead && !path.startsWith('/collector/')
      ? 'reset'
      : 'none';
  if (fault === 'reset') {
    message.socket.resetAndDestroy();
    return;
  }
  readRequest(message, request => {
    if (fault === 'hang') return;
    const late = fault === 'none' && isTracking(path) ? faults.late(request) : 'none';
    const behind = late === 'none' ? routes : { ...routes, tracker: trackers[late] };
    const reply =
      fault === 'error'
        ? failedAt(request)
        : replyOf(() => routeOf(request, behind, Math.floor(now() / 1000)));
    if (late === 'cut') {
      message.socket.resetAndDestroy();
      return;
    }
    const delayMs = isTracking(path) ? faults.delayMs() : 0;
    if (delayMs > 0) setTimeout(() => send(reply, response, now), delayMs);
    else send(reply, response, now);
  });
}

const serverError: Reply = {
  status: 500,
  contentType: 'text/html; charset=UTF-8',
  body: 'Internal Server Error\n',
};

/** A bulk is answered by the tracker itself, also where it cannot do anything: so Matomo does without its database. */
function failedAt({ body }: IncomingRequest): Reply {
  return isBulk(body) ? jsonReply(500, { status: 'error', tracked: 0, invalid: 0 }) : serverError;
}

/** @param answered what a bulk was answered; undefined for one that counts nothing */
function commitFailed(answered: Reply): Reply | undefined {
  if (answered.status !== 200 || answered.contentType !== 'application/json') return undefined;
  return jsonReply(500, { ...JSON.parse(String(answered.body)), status: 'error' });
}

/** A bug of the collector's own is one hit's 500 and not the end of the server. */
function replyOf(answer: () => Reply): Reply {
  try {
    return answer();
  } catch (error) {
    return {
      ...serverError,
      body: `Internal Server Error: ${error instanceof Error ? error.message : error}\n`,
    };
  }
}

function send(
  { status, contentType, body, headers }: Reply,
  response: ServerResponse,
  now: () => number,
): void {
  const length = status === 204 ? {} : { 'Content-Length': Buffer.byteLength(body) };
  const date = new Date(now()).toUTCString();
  response.writeHead(status, { 'Content-Type': contentType, Date: date, ...length, ...mark, ...headers });
  response.end(body);
}

function listen(server: Server, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', cause => {
      reject(
        new Failure('PORT_UNAVAILABLE', `cannot listen on ${host}:${port}: ${cause.message}`, {
          hint: 'Another program may have the port: choose another one, or 0 for any that is free.',
          cause,
        }),
      );
    });
    server.listen(port, host, () => {
      const { address, port: taken, family } = server.address() as AddressInfo;
      resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`);
    });
  });
}
