import * as z from 'zod';
import { zoneOf } from '../base/zone.ts';

/** What planning wants to know of a site. */
export interface SiteSettings {
  readonly name: string;
  /** IANA name. */
  readonly timezone: string;
  /** ISO 4217: Matomo reads no currency from hits. */
  readonly currency: string;
}

const siteAnswer = z.object({ name: z.string(), timezone: z.string(), currency: z.string() });

/** A form body that asks the Reporting API. The token goes in the body, never in the URL. */
function question(method: string, parameters: Readonly<Record<string, string>>, token: string): string {
  return new URLSearchParams({
    module: 'API',
    method,
    ...parameters,
    format: 'JSON',
    token_auth: token,
  }).toString();
}

/** Asks for a site's settings. */
export function siteQuestion(siteId: number, token: string): string {
  return question('SitesManager.getSiteFromId', { idSite: String(siteId) }, token);
}

/** Asks whether a site has ever had a visitor. Live reads the log: nothing is archived for it. */
export function visitorQuestion(
  siteId: number,
  visitorId: string,
  nowEpochMs: number,
  token: string,
): string {
  const tomorrow = new Date(nowEpochMs + 86_400_000).toISOString().slice(0, 10);
  return question(
    'Live.getLastVisitsDetails',
    {
      idSite: String(siteId),
      period: 'range',
      date: `2005-01-01,${tomorrow}`,
      segment: `visitorId==${visitorId}`,
      filter_limit: '1',
      doNotFetchActions: '1',
    },
    token,
  );
}

/** Whether an answer lists a visit; an error lists none. */
export function listsVisits(answer: string): boolean {
  const json = parsed(answer);
  return Array.isArray(json) && json.length > 0;
}

/** Undefined where the answer is an error, which can come with status 200, or no site with a zone that is known here. */
export function siteOf(answer: string): SiteSettings | undefined {
  const json = parsed(answer);
  // Some versions answer with a list of one.
  const { data } = siteAnswer.safeParse(Array.isArray(json) ? json[0] : json);
  return data !== undefined && isKnownZone(data.timezone) ? data : undefined;
}

/** Undefined where it is no JSON. */
function parsed(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    return undefined;
  }
}

function isKnownZone(name: string): boolean {
  try {
    zoneOf(name);
    return true;
  } catch {
    return false;
  }
}
