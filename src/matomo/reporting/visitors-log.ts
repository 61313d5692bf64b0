import type { Question } from './question.ts';
import { type LoggedVisit, loggedVisits } from './visit-log.ts';

/** Visits of some visitors: whether they were recorded. */
export interface VisitorsOfSite {
  readonly siteId: number;
  readonly visitorIds: readonly string[];
  /** Days of the site's zone, as `2026-11-21,2026-11-22`. */
  readonly dates: string;
  /** More than these visitors can have in that time. */
  readonly limit: number;
}

/** The visits of some visitors without their actions. Live reads the log, nothing is archived for it. */
export function visitorsQuestion(of: VisitorsOfSite): Question<LoggedVisit[]> {
  return {
    method: 'Live.getLastVisitsDetails',
    parameters: {
      idSite: String(of.siteId),
      period: 'range',
      date: of.dates,
      segment: of.visitorIds.map(id => `visitorId==${id}`).join(','),
      filter_limit: String(of.limit),
      doNotFetchActions: '1',
      language: 'en',
    },
    answer: loggedVisits,
  };
}
