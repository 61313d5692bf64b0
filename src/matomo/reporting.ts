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

/** The form body that asks the Reporting API for a site's settings. The token goes in the body, never in the URL. */
export function siteQuestion(siteId: number, token: string): string {
  return new URLSearchParams({
    module: 'API',
    method: 'SitesManager.getSiteFromId',
    idSite: String(siteId),
    format: 'JSON',
    token_auth: token,
  }).toString();
}

/** Undefined where the answer is an error, which can come with status 200, or no site with a zone that is known here. */
export function siteOf(answer: string): SiteSettings | undefined {
  let json: unknown;
  try {
    json = JSON.parse(answer);
  } catch {
    return undefined;
  }
  // Some versions answer with a list of one.
  const parsed = siteAnswer.safeParse(Array.isArray(json) ? json[0] : json);
  return parsed.success && isKnownZone(parsed.data.timezone) ? parsed.data : undefined;
}

function isKnownZone(name: string): boolean {
  try {
    zoneOf(name);
    return true;
  } catch {
    return false;
  }
}
