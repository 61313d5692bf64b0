import * as z from 'zod';
import { isKnownZone } from '../../base/zone.ts';
import type { Question } from './question.ts';
import { commaList, toggle } from './values.ts';

/** What planning wants to know of a site. */
export interface SiteSettings {
  readonly name: string;
  /** IANA name. */
  readonly timezone: string;
  /** ISO 4217: Matomo reads no currency from hits. */
  readonly currency: string;
}

const site = z.object({
  name: z.string(),
  main_url: z.string(),
  /** UTC, `2020-01-01 00:00:00`. */
  ts_created: z.string(),
  timezone: z.string().refine(isKnownZone, 'a time zone that is not known here'),
  currency: z.string(),
  ecommerce: toggle,
  sitesearch: toggle,
  /** Of pages' URLs; none: the server's own. */
  sitesearch_keyword_parameters: commaList,
  exclude_unknown_urls: toggle,
  excluded_ips: commaList,
  excluded_user_agents: commaList,
  excluded_parameters: commaList,
  excluded_referrers: commaList,
});

/** A site as `SitesManager.getSiteFromId` tells it. */
export type Site = z.output<typeof site>;

const settings = site.pick({ name: true, timezone: true, currency: true });

export function siteQuestion(siteId: number): Question<Site> {
  return {
    method: 'SitesManager.getSiteFromId',
    parameters: { idSite: String(siteId) },
    answer: z.preprocess(firstOf, site),
  };
}

/** Only what planning wants to know. */
export function siteSettingsQuestion(siteId: number): Question<SiteSettings> {
  return { ...siteQuestion(siteId), answer: z.preprocess(firstOf, settings) };
}

/** All addresses of a site, its main one first. */
export function siteUrlsQuestion(siteId: number): Question<string[]> {
  return {
    method: 'SitesManager.getSiteUrlsFromId',
    parameters: { idSite: String(siteId) },
    answer: z.array(z.string()),
  };
}

/** Some versions answer with a list of one. */
function firstOf(json: unknown): unknown {
  return Array.isArray(json) ? json[0] : json;
}
