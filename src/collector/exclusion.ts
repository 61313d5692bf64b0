import type { Address } from './address.ts';
import { type AddressRange, parseRange } from './address.ts';
import { urlParts } from './page-url.ts';
import { isSpamReferrer } from './referrer-spam.ts';
import { type CollectorSite, urlsOf } from './site.ts';
import type { TrackedHit } from './tracked-hit.ts';

/** Google's, Bing's and Yahoo's machines [core/Tracker/VisitExcluded.php: getBotIpRanges]. */
const botRanges: readonly AddressRange[] = [
  ...'216.239.32.0/19 64.233.160.0/19 66.249.80.0/20 72.14.192.0/18 209.85.128.0/17 66.102.0.0/20'.split(' '),
  ...'74.125.0.0/16 64.18.0.0/20 207.126.144.0/20 173.194.0.0/16'.split(' '),
  ...'64.4.0.0/18 65.52.0.0/14 157.54.0.0/15 157.56.0.0/14 157.60.0.0/16 207.46.0.0/16 207.68.128.0/18'.split(
    ' ',
  ),
  ...'207.68.192.0/20 131.253.26.0/20 131.253.24.0/20 72.30.198.0/20 72.30.196.0/20 98.137.207.0/20'.split(
    ' ',
  ),
  '1.202.218.8',
].map(parseRange);

/**
 * True for a hit that is answered like any other and yet leaves no trace: bots, hits without `rec`, excluded
 * addresses, spam, pages a browser only fetched ahead [core/Tracker/VisitExcluded.php].
 */
export function isExcluded(hit: TrackedHit): boolean {
  const { parameters, site } = hit;
  return (
    isBot(hit) ||
    parameters.whole('rec', 0) === 0 ||
    /(^|;\s*)matomo_ignore=/.test(hit.headers.cookie ?? '') ||
    isInRanges(hit.address, site.excludedIps) ||
    isExcludedAgent(hit.userAgent, site.excludedUserAgents) ||
    isSpamReferrer(parameters.text('urlref')) ||
    (site.excludeUnknownUrls === true && !isOfSite(parameters.text('url'), site)) ||
    isPrefetch(hit)
  );
}

function isBot({ parameters, device, address, headers }: TrackedHit): boolean {
  if (parameters.whole('bots', 0) !== 0) return false;
  if (device.isBot) return true;
  const throughDataSaver = /chrome-compression-proxy/i.test(headerText(headers.via));
  return !throughDataSaver && botRanges.some(range => range.within(address));
}

function isPrefetch({ headers }: TrackedHit): boolean {
  const purpose = headerText(headers['x-purpose']);
  return purpose === 'preview' || purpose === 'instant' || headerText(headers['x-moz']) === 'prefetch';
}

function isInRanges(address: Address, ranges: readonly string[] | undefined): boolean {
  return ranges?.some(range => parseRange(range).within(address)) ?? false;
}

function isExcludedAgent(userAgent: string, excluded: readonly string[] | undefined): boolean {
  const lower = userAgent.toLowerCase();
  return excluded?.some(part => lower.includes(part.toLowerCase())) ?? false;
}

/** True where a URL is of one of the site's hosts and under its path; `www.` and the case of letters make no difference. */
export function isOfSite(url: string, site: CollectorSite): boolean {
  const { host, path } = urlParts(url);
  return urlsOf(site).some(own => {
    const parts = urlParts(own);
    return (
      canonicalHost(parts.host) === canonicalHost(host) && pathPrefix(path).startsWith(pathPrefix(parts.path))
    );
  });
}

/** A host without `www.`, in lower case. */
export function canonicalHost(host: string): string {
  return host.toLowerCase().replace(/^www\./, '');
}

function pathPrefix(path: string): string {
  const lower = path.toLowerCase();
  return lower.endsWith('/') ? lower : `${lower}/`;
}

function headerText(value: string | string[] | undefined): string {
  return Array.isArray(value) ? value.join(', ') : (value ?? '');
}
