import { firstBytes, trimmed } from './loose-values.ts';
import type { CollectorSite } from './site.ts';

/** Longest URL and title that are kept, in bytes [config/global.ini.php: page_maximum_length]. */
const longest = 1024;

/** Where a campaign's name is looked for, in this order [config/global.ini.php: campaign_var_name]. */
export const campaignNameParameters =
  'pk_cpn pk_campaign piwik_campaign mtm_campaign matomo_campaign utm_campaign utm_source utm_medium'.split(
    ' ',
  );
/** Where a campaign's keyword is looked for [config/global.ini.php: campaign_keyword_var_name]. */
export const campaignKeywordParameters =
  'pk_kwd pk_keyword piwik_kwd mtm_kwd mtm_keyword matomo_kwd utm_term'.split(' ');

/** Session and click ids, campaign names and keywords: they would make every page another page. */
const neverKept = new Set([
  'ignore_referrer',
  'ignore_referer',
  ...'gclid,fbclid,msclkid,twclid,wbraid,gbraid,yclid,fb_xd_fragment,fb_comment_id,phpsessid'.split(','),
  ...'jsessionid,sessionid,aspsessionid,doing_wp_cron,sid,pk_vid'.split(','),
  ...campaignNameParameters,
  ...campaignKeywordParameters,
]);

/** The parts of a URL; those that are not there are empty. */
export interface UrlParts {
  scheme: string;
  authority: string;
  host: string;
  path: string;
  query: string;
  fragment: string;
}

const urlShape = /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/i;

/** Splits a URL without judging it. */
export function urlParts(url: string): UrlParts {
  const [, scheme = '', authority = '', path = '', query = '', fragment = ''] = urlShape.exec(url) ?? [];
  const host = authority.replace(/^.*@/, '').replace(/:\d*$/, '');
  return { scheme, authority, host, path, query, fragment };
}

/** Without white space at the ends and line breaks within, cut at what a column holds. */
export function cleanedText(text: string): string {
  return firstBytes(trimmed(text).replace(/[\n\r\0]/g, ''), longest);
}

/** A page's URL before anything is taken from it; `;` separates parameters where there is no `?` before it. */
export function cleanedUrl(url: string): string {
  const cleaned = cleanedText(url);
  const semicolon = cleaned.indexOf(';');
  if (semicolon < 0) return cleaned;
  const question = cleaned.indexOf('?');
  if (question >= 0 && question < semicolon) return cleaned;
  const path = cleaned.slice(0, semicolon);
  return `${path}?${cleaned
    .slice(semicolon + 1)
    .replace('?', ';')
    .replaceAll(';', '&')}`;
}

/** The URL where it looks like one (it has a scheme or begins with `//`), else null. */
export function urlIfValid(url: string): string | null {
  const cleaned = cleanedText(url);
  if (!/^([a-z][a-z0-9+.-]*:)?\/\/./i.test(cleaned)) return null;
  return /^(javascript|vbscript|data):/i.test(cleaned) ? null : cleaned;
}

/** A page's URL as the log keeps it: host in lower case, no fragment, no parameters that say nothing of the page. */
export function storedUrl(url: string, site: CollectorSite): string | null {
  const parts = urlParts(cleanedUrl(url));
  const fragment = site.keepUrlFragment ? parts.fragment : '';
  const query = keptParameters(parts.query, site);
  const hash = parts.query === '' ? keptParameters(fragment, site) : fragment;
  const authority = parts.authority.replace(parts.host, parts.host.toLowerCase());
  const path =
    parts.path === '' || parts.path.startsWith('/') || authority === '' ? parts.path : `/${parts.path}`;
  const base = `${parts.scheme === '' ? '' : `${parts.scheme}://`}${authority}${path}`;
  return urlIfValid(`${base}${query === '' ? '' : `?${query}`}${hash === '' ? '' : `#${hash}`}`);
}

function keptParameters(query: string, site: CollectorSite): string {
  if (query === '') return '';
  const excluded = site.excludedParameters;
  return query
    .split('&')
    .filter(pair => {
      const [name = ''] = pair.split('=', 1);
      const lower = name.toLowerCase();
      return name !== '' && !neverKept.has(lower) && !excluded?.some(other => other.toLowerCase() === lower);
    })
    .join('&');
}

/** The raw value of a query string's parameter; the last of several wins, undefined where there is none. */
export function queryParameter(query: string, name: string): string | undefined {
  let found: string | undefined;
  for (const pair of query.split('&')) {
    if (pair.startsWith(`${name}=`)) found = pair.slice(name.length + 1);
  }
  return found;
}
