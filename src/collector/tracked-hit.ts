import type { IncomingHttpHeaders } from 'node:http';
import { type Address, parseAddress } from './address.ts';
import type { RequestAuthentication } from './authentication.ts';
import { type Device, deviceOf } from './device.ts';
import { normalizedLanguage } from './language.ts';
import { isEmpty } from './loose-values.ts';
import type { Parameters } from './query-string.ts';
import { InvalidHit } from './refusal.ts';
import { RequestParameters } from './request-parameters.ts';
import type { CollectorSite } from './site.ts';
import { epochSecondOf } from './tracking-time.ts';
import { visitorIdOf } from './visitor-id.ts';

/** Older hits need a token [config/global.ini.php: tracking_requests_require_authentication_when…]. */
const datedFreelySeconds = 86_400;
const oldestSeconds = 20 * 365 * 86_400;
/** Telling where a visitor is needs a token, looked at in this order [core/Tracker/Visit.php]. */
const placeParameters = ['city', 'region', 'country', 'lat', 'long'] as const;

/** What a hit shares with the request it came in. */
export interface HitSurroundings {
  readonly headers: IncomingHttpHeaders;
  /** Address of the sender. */
  readonly remoteAddress: string;
  readonly epochSecond: number;
  readonly authentication: RequestAuthentication;
  readonly site: (id: number) => CollectorSite | undefined;
}

/** One hit: its parameters and what they mean to the server. */
export class TrackedHit {
  readonly parameters: RequestParameters;
  readonly headers: IncomingHttpHeaders;
  readonly site: CollectorSite;
  /** When it happened, epoch seconds. */
  readonly at: number;
  /** The address as sent; the fingerprint is made of this text. */
  readonly addressText: string;
  readonly address: Address;
  readonly userAgent: string;
  readonly clientHints: string;
  readonly language: string;
  readonly userId: string;
  readonly #surroundings: HitSurroundings;
  readonly #token: string;

  /**
   * Reads a hit and checks all that is refused whoever the visitor is.
   *
   * @param token of the request; a line's own counts where that is empty
   * @throws InvalidHit
   */
  constructor(all: Parameters, token: string, surroundings: HitSurroundings) {
    const { headers, site, epochSecond } = surroundings;
    this.parameters = new RequestParameters(withReferrerAsUrl(all, headers));
    this.headers = headers;
    this.#surroundings = surroundings;
    this.#token = token === '' ? this.parameters.text('token_auth') : token;
    const siteId = this.parameters.whole('idsite', 0);
    const found = siteId > 0 ? site(siteId) : undefined;
    if (!found) throw new InvalidHit(`invalid site ${siteId}`);
    this.site = found;
    for (const name of placeParameters) {
      if (!this.parameters.isEmpty(name)) this.requireToken(name);
    }
    this.at = this.#time(epochSecond);
    this.addressText = this.#address();
    this.address = parseAddress(this.addressText);
    this.userAgent = this.parameters.text('ua', headers['user-agent'] ?? '');
    this.clientHints = this.#clientHints();
    this.language = normalizedLanguage(this.parameters.text('lang') || (headers['accept-language'] ?? ''));
    this.userId = this.parameters.text('uid');
  }

  get device(): Device {
    return deviceOf(this.userAgent, this.clientHints);
  }

  /**
   * The id the hit asks to be recorded under, 16 hex digits; none where it names none.
   *
   * @throws InvalidHit for a `cid` of another length
   */
  visitorId(): string | undefined {
    return visitorIdOf(this.parameters);
  }

  /** @throws InvalidHit without a token that may write to the site */
  requireToken(why: string): void {
    if (!this.#surroundings.authentication.mayWrite(this.#token))
      throw new InvalidHit(`${why} requires a valid token_auth`);
  }

  #time(now: number): number {
    const { parameters } = this;
    const ago = Math.abs(parameters.whole('cdo', 0));
    const dated = parameters.text('cdt');
    if (isEmpty(dated) && ago === 0) return now;
    const named = isEmpty(dated) ? now : epochSecondOf(dated, now);
    const second = named === undefined ? Number.NaN : named - ago;
    // What is unreadable, in the future or twenty years old is not refused: it happens now.
    if (!(second <= now && second > now - oldestSeconds)) return now;
    if (now - second >= datedFreelySeconds) this.requireToken('an old time');
    return Math.trunc(second);
  }

  #address(): string {
    const named = this.parameters.text('cip');
    if (isEmpty(named)) return this.#surroundings.remoteAddress;
    this.requireToken('cip');
    return named;
  }

  #clientHints(): string {
    const sent = this.parameters.json('uadata');
    if (typeof sent === 'object' && sent !== null) return JSON.stringify(sent);
    if (sent !== undefined) return '';
    const names = Object.keys(this.headers).filter(name => name.startsWith('sec-ch-ua'));
    return names.length === 0
      ? ''
      : JSON.stringify(Object.fromEntries(names.map(name => [name, this.headers[name]])));
  }
}

/** A hit without `url` and `urlref` happened on the page the browser names as its referrer. */
function withReferrerAsUrl(all: Parameters, headers: IncomingHttpHeaders): Parameters {
  const page = headers.referer;
  if (!page || !isEmpty(all.url) || !isEmpty(all.urlref)) return all;
  return Object.assign(Object.create(null), all, { url: page });
}
