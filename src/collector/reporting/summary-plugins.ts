import { Returning, type Visit } from '../visit.ts';

import type { ApiPlugin } from './api-call.ts';
import { distinct, groupedBy, percent, quotient, reportMethod } from './report-data.ts';
import { calendarOf } from './report-period.ts';
import { visitFigures, visitSummary } from './visit-figures.ts';
import { conversionFigures } from './visit-table.ts';

/** Reports of one row, about all visits or all actions. */
export const summaryPlugins: Readonly<Record<string, ApiPlugin>> = {
  VisitsSummary: {
    get: reportMethod(({ visits, tellsVisitors }) => visitSummary(visits, tellsVisitors)),
    getVisits: reportMethod(({ visits }) => ({ value: visits.length })),
    getActions: reportMethod(({ visits }) => ({ value: visitFigures(visits).nb_actions })),
    getUniqueVisitors: reportMethod(({ visits }) => ({ value: visitFigures(visits).nb_uniq_visitors })),
  },
  VisitFrequency: {
    get: reportMethod(({ visits, tellsVisitors }) => {
      const isNew = visits.filter(visit => visit.returning === Returning.New);
      const isReturning = visits.filter(visit => visit.returning !== Returning.New);
      return {
        ...suffixed(visitSummary(isNew, tellsVisitors), '_new'),
        ...suffixed(visitSummary(isReturning, tellsVisitors), '_returning'),
      };
    }),
  },
  Actions: {
    get: reportMethod(({ actions }) => {
      const of = (type: string) => actions.filter(({ row }) => row.type === type);
      const unique = (type: string) =>
        distinct(of(type), ({ visit, row }) => `${visit.id} ${row.url ?? row.title}`);
      const searches = of('search');
      return {
        nb_pageviews: of('pageview').length,
        nb_uniq_pageviews: unique('pageview'),
        nb_downloads: of('download').length,
        nb_uniq_downloads: unique('download'),
        nb_outlinks: of('outlink').length,
        nb_uniq_outlinks: unique('outlink'),
        nb_searches: searches.length,
        nb_keywords: distinct(searches, ({ row }) => row.search?.keyword.toLowerCase()),
      };
    }),
  },
  PagePerformance: {
    get: reportMethod(({ actions }) => {
      const names = ['network', 'server', 'transfer', 'dom_processing', 'dom_completion', 'on_load'];
      const averages = names.map((name, at): [string, number] => {
        const times = actions.map(({ row }) => row.timings?.[at]).filter(ms => typeof ms === 'number');
        return [`avg_time_${name}`, quotient(times.reduce((sum, ms) => sum + ms, 0) / 1000, times.length, 2)];
      });
      // A view that tells some of the times counts whole, those it does not tell as nothing.
      const loads = actions.flatMap(({ row }) =>
        row.timings === undefined ? [] : [row.timings.reduce((sum: number, ms) => sum + (ms ?? 0), 0)],
      );
      const loadSeconds = loads.reduce((sum, ms) => sum + ms, 0) / 1000;
      return {
        ...Object.fromEntries(averages),
        avg_page_load_time: quotient(loadSeconds, loads.length, 2),
      };
    }),
  },
  VisitTime: {
    getVisitInformationPerServerTime: reportMethod(({ visits, conversions, site }) => {
      const calendar = calendarOf(site);
      const hourOf = ({ lastActionAt: at }: Visit) =>
        String(Math.floor(((at + calendar.offsetAt(at)) % 86_400) / 3600)).padStart(2, '0');
      const byHour = groupedBy(visits, hourOf);
      const converted = groupedBy(conversions, ({ visit }) => hourOf(visit));
      return Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0')).map(label => ({
        label,
        ...visitFigures(byHour.get(label) ?? []),
        ...conversionFigures(converted.get(label) ?? []),
      }));
    }),
  },
  Contents: {
    getContentNames: contentTable(row => row?.name),
    getContentPieces: contentTable(row => row?.piece),
  },
};

function contentTable(
  labelOf: (content: { name: string; piece: string | null } | undefined) => string | null | undefined,
) {
  return reportMethod(({ actions }) =>
    [...groupedBy(actions, ({ row }) => labelOf(row.content))]
      .map(([label, rows]) => {
        const interactions = rows.filter(({ row }) => row.content?.interaction);
        const impressions = rows.length - interactions.length;
        return {
          label,
          // Visits and visitors count once for each pair of name and piece.
          nb_uniq_visitors: distinct(rows, ({ visit, row }) =>
            JSON.stringify([visit.visitorId, row.content?.name, row.content?.piece]),
          ),
          nb_visits: distinct(
            rows,
            ({ visit, row }) => `${visit.id} ${row.content?.name} ${row.content?.piece}`,
          ),
          nb_impressions: impressions,
          nb_interactions: interactions.length,
          interaction_rate: percent(interactions.length, impressions, 2),
        };
      })
      .sort((one, other) => other.nb_impressions - one.nb_impressions),
  );
}

function suffixed(figures: Record<string, number | string>, suffix: string): Record<string, number | string> {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${name}${suffix}`, value]));
}
