import * as z from 'zod';
import type { Question } from './question.ts';

/** Numbers are sometimes texts; what a report does not have is 0. */
const number = z.coerce.number().default(0);

/** A report of one row is an empty list where there was no visit. */
function row<T>(shape: z.ZodType<T>): z.ZodType<T> {
  return z.preprocess(json => (Array.isArray(json) ? (json[0] ?? {}) : json), shape);
}

/** A site's day, and whose visits of it. */
export interface DayOfSite {
  readonly siteId: number;
  /** `2026-11-22`, of the site's zone. */
  readonly day: string;
  /** '' for all visits. */
  readonly segment: string;
}

function dayReport<T>(
  method: string,
  { siteId, day, segment }: DayOfSite,
  answer: z.ZodType<T>,
): Question<T> {
  return {
    method,
    parameters: {
      idSite: String(siteId),
      period: 'day',
      date: day,
      filter_limit: '-1',
      ...(segment === '' ? {} : { segment }),
    },
    answer,
  };
}

const summary = row(
  z.object({
    nb_visits: number,
    nb_actions: number,
    bounce_count: number,
    sum_visit_length: number,
    /** With a user id, each counted once a day; not told where there never was one. */
    nb_users: z.coerce.number().optional(),
  }),
);

export function summaryQuestion(of: DayOfSite): Question<z.output<typeof summary>> {
  return dayReport('VisitsSummary.get', of, summary);
}

const actions = row(
  z.object({ nb_pageviews: number, nb_searches: number, nb_outlinks: number, nb_downloads: number }),
);

export function actionsQuestion(of: DayOfSite): Question<z.output<typeof actions>> {
  return dayReport('Actions.get', of, actions);
}

/** Rows beyond the limits of the server are summed in one. */
const events = z.array(z.object({ nb_events: number }));

export function eventsQuestion(of: DayOfSite): Question<z.output<typeof events>> {
  return dayReport('Events.getCategory', of, events);
}

const contents = z.array(z.object({ nb_impressions: number, nb_interactions: number }));

export function contentsQuestion(of: DayOfSite): Question<z.output<typeof contents>> {
  return dayReport('Contents.getContentNames', of, contents);
}

const referrers = row(
  z.object({
    Referrers_visitorsFromDirectEntry: number,
    Referrers_visitorsFromSearchEngines: number,
    Referrers_visitorsFromWebsites: number,
    Referrers_visitorsFromSocialNetworks: number,
    Referrers_visitorsFromCampaigns: number,
  }),
);

/** Visits by type of referrer, in spite of the names. */
export function referrersQuestion(of: DayOfSite): Question<z.output<typeof referrers>> {
  return dayReport('Referrers.get', of, referrers);
}

const conversions = z.array(
  z.object({
    /** By `idgoal=1`, `idgoal=ecommerceOrder`, `idgoal=ecommerceAbandonedCart`. */
    goals: z
      .record(z.string(), z.object({ nb_conversions: number, revenue: number, revenue_discount: number }))
      .default({}),
  }),
);

/**
 * Conversions of every kind, by type of referrer: their sums are those of `Goals.get`, which tells no orders of a site
 * whose e-commerce is switched off, although they are recorded.
 */
export function conversionsQuestion(of: DayOfSite): Question<z.output<typeof conversions>> {
  return dayReport('Referrers.getReferrerType', of, conversions);
}

/** Makes the server process a site's day anew when it is next asked for. Only for superusers. */
export function invalidationQuestion(siteId: number, day: string): Question<string[]> {
  return {
    method: 'CoreAdminHome.invalidateArchivedReports',
    parameters: { idSites: String(siteId), period: 'day', dates: day },
    answer: z.array(z.string()),
  };
}
