import { type FailedLogins, LockedOut, RequestAuthentication, type Tokens } from './authentication.ts';
import { isBulk, readBulk } from './bulk-request.ts';
import type { IncomingRequest } from './incoming-request.ts';
import type { Parameters } from './query-string.ts';
import { BrokenHit, InvalidHit } from './refusal.ts';
import {
  explanationReply,
  htmlType,
  jsonReply,
  pixelReply,
  type Reply,
  refusedReply,
  silentReply,
} from './reply.ts';
import { RequestParameters } from './request-parameters.ts';
import type { CollectorSite } from './site.ts';
import { SiteCalendar } from './site-calendar.ts';
import { type HitSurroundings, TrackedHit } from './tracked-hit.ts';
import type { VisitLog } from './visit-log.ts';
import { recordHit } from './visit-recorder.ts';

/** What tracking requests come to. */
export interface Tracker {
  /** @param epochSecond the server's time */
  answer(request: IncomingRequest, epochSecond: number): Reply;
}

export interface TrackerEndpointOptions {
  readonly log: VisitLog;
  readonly tokens: Tokens;
  readonly failures: FailedLogins;
  readonly sites: readonly CollectorSite[];
  /** Else the body of a bulk is passed over, as without the plugin BulkTracking. */
  readonly takesBulks: boolean;
}

/** Answers tracking requests as Matomo does, and records what Matomo would record. */
export class TrackerEndpoint implements Tracker {
  readonly #log: VisitLog;
  readonly #tokens: Tokens;
  readonly #failures: FailedLogins;
  readonly #takesBulks: boolean;
  readonly #sites: ReadonlyMap<number, { site: CollectorSite; calendar: SiteCalendar }>;

  constructor(options: TrackerEndpointOptions) {
    this.#log = options.log;
    this.#tokens = options.tokens;
    this.#failures = options.failures;
    this.#takesBulks = options.takesBulks;
    this.#sites = new Map(
      options.sites.map(site => [site.id, { site, calendar: new SiteCalendar(site.timezone) }]),
    );
  }

  answer(request: IncomingRequest, epochSecond: number): Reply {
    return withTrackerHeaders(this.#reply(request, epochSecond), request);
  }

  #reply(request: IncomingRequest, epochSecond: number): Reply {
    const { method, headers } = request;
    if (
      method === 'OPTIONS' &&
      (headers['access-control-request-headers'] || headers['access-control-request-method'])
    ) {
      const allowed = { 'Access-Control-Allow-Methods': 'GET, POST', 'Access-Control-Allow-Headers': '*' };
      return { ...silentReply(), headers: { ...allowed, 'Access-Control-Allow-Origin': '*' } };
    }
    // The URL's parameters win over the form's.
    const outside: Parameters = Object.assign(Object.create(null), request.form, request.query);
    const token = new RequestParameters(outside).text('token_auth');
    const surroundings = this.#surroundings(request, epochSecond);
    if (this.#takesBulks && isBulk(request.body))
      return this.#bulk(request.body, outside, token, surroundings);
    if (Object.keys(outside).length === 0) return explanationReply(method === 'GET');
    return this.#single(outside, token, surroundings);
  }

  #single(parameters: Parameters, token: string, surroundings: HitSurroundings): Reply {
    const wantsImage = parameters.send_image !== '0';
    try {
      this.#record(parameters, token, surroundings);
    } catch (error) {
      // Whatever went wrong with a single hit, and be it the server itself, is answered 400.
      if (error instanceof InvalidHit || error instanceof BrokenHit) return refusedReply(wantsImage);
      throw error;
    }
    return wantsImage ? pixelReply() : silentReply(htmlType);
  }

  /** All lines are one transaction: a line the server fails at undoes those before it. */
  #bulk(body: string, outside: Parameters, outerToken: string, surroundings: HitSurroundings): Reply {
    const bulk = readBulk(body, outside);
    const invalid: number[] = [];
    let tracked = 0;
    let showsIndices = false;
    try {
      this.#log.transaction(() => {
        if (bulk.lines.length === 0) return;
        const token = outerToken === '' ? bulk.token : outerToken;
        showsIndices = token !== '' && surroundings.authentication.isSuperuser(token);
        bulk.lines.forEach((line, index) => {
          if (this.#isTaken(line, bulk.token, surroundings)) tracked++;
          else invalid.push(index);
        });
      });
    } catch (error) {
      if (!(error instanceof BrokenHit || error instanceof LockedOut)) throw error;
      // The count of refused lines is put into the answer only after the last line.
      return jsonReply(500, {
        status: 'error',
        tracked,
        invalid: 0,
        ...(showsIndices ? { invalid_indices: [] } : {}),
      });
    }
    if (!bulk.wantsAnswer) return silentReply('application/json');
    return jsonReply(200, {
      status: 'success',
      tracked,
      invalid: invalid.length,
      ...(showsIndices ? { invalid_indices: invalid } : {}),
    });
  }

  #isTaken(line: Parameters, token: string, surroundings: HitSurroundings): boolean {
    try {
      this.#record(line, token, surroundings);
      return true;
    } catch (error) {
      if (error instanceof InvalidHit) return false;
      throw error;
    }
  }

  #record(parameters: Parameters, token: string, surroundings: HitSurroundings): void {
    // An empty line counts as tracked.
    if (Object.keys(parameters).length === 0) return;
    const hit = new TrackedHit(parameters, token, surroundings);
    const calendar = this.#sites.get(hit.site.id)?.calendar;
    if (calendar) recordHit(hit, this.#log, calendar);
  }

  #surroundings(request: IncomingRequest, epochSecond: number): HitSurroundings {
    const inForm = new RequestParameters(request.form).text('token_auth') !== '';
    const inUrl = new RequestParameters(request.query).text('token_auth') !== '';
    return {
      headers: request.headers,
      remoteAddress: request.remoteAddress,
      epochSecond,
      site: id => this.#sites.get(id)?.site,
      authentication: new RequestAuthentication({
        tokens: this.#tokens,
        failures: this.#failures,
        address: request.remoteAddress,
        epochSecond,
        isSecure: inForm && !inUrl,
      }),
    };
  }
}

/** Images are not to be kept, and pages of other sites may send hits. */
export function withTrackerHeaders(reply: Reply, { method, headers }: IncomingRequest): Reply {
  if (method === 'GET') return { ...reply, headers: { 'Cache-Control': 'no-store' } };
  const origin = headers.origin ?? '*';
  return {
    ...reply,
    headers: {
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Allow-Credentials': 'true',
      ...reply.headers,
    },
  };
}
