import type { Visit } from '../visit.ts';
import { distinct, percent, quotient, total } from './report-data.ts';

/** The figures of a set of visits, as in every table of visits. */
export function visitFigures(visits: readonly Visit[]) {
  return {
    nb_uniq_visitors: distinct(visits, visit => visit.visitorId),
    nb_visits: visits.length,
    nb_actions: total(visits, visit => visit.totalActions),
    nb_users: distinct(
      visits.filter(visit => visit.userId !== null),
      visit => visit.userId,
    ),
    max_actions: visits.reduce((most, visit) => Math.max(most, visit.totalActions), 0),
    sum_visit_length: total(visits, visit => visit.totalTimeSeconds),
    bounce_count: visits.filter(visit => visit.totalActions <= 1).length,
    nb_visits_converted: visits.filter(visit => visit.goalConverted).length,
  };
}

/** The figures of a summary, with the averages; distinct visitors and users only where the period tells them. */
export function visitSummary(
  visits: readonly Visit[],
  tellsVisitors: boolean,
): Record<string, number | string> {
  const { nb_uniq_visitors, nb_users, ...figures } = visitFigures(visits);
  return {
    ...(tellsVisitors ? { nb_uniq_visitors, nb_users } : {}),
    ...figures,
    bounce_rate: percent(figures.bounce_count, visits.length),
    nb_actions_per_visit: quotient(figures.nb_actions, visits.length, 1),
    avg_time_on_site: quotient(figures.sum_visit_length, visits.length, 0),
  };
}
