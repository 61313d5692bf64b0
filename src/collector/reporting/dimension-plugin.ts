import type { DimensionValues } from '../custom-dimensions.ts';
import type { CollectorDimension, CollectorSite } from '../site.ts';
import type { PageTimings, RecordedAction } from '../visit.ts';
import { type ApiCall, type ApiPlugin, siteIfAny, siteOf } from './api-call.ts';
import { ApiError } from './api-error.ts';
import {
  distinct,
  groupedBy,
  type OfVisit,
  percent,
  quotient,
  reportMethod,
  rounded,
} from './report-data.ts';
import { visitFigures } from './visit-figures.ts';
import { visitTable } from './visit-table.ts';

const withoutValue = 'Value not defined';
const timingNames = ['network', 'server', 'transfer', 'dom_processing', 'dom_completion', 'on_load'] as const;

/** `CustomDimensions`: those of a site, and what values hits gave them. */
export const dimensionPlugin: ApiPlugin = {
  getConfiguredCustomDimensions(call) {
    const site = siteIfAny(call);
    return site?.dimensions?.map((dimension, at) => dimensionDescription(site, dimension, at)) ?? [];
  },
  getCustomDimension(call) {
    const { id, scope } = dimensionAskedFor(call);
    return (scope === 'visit' ? ofVisits(id) : ofActions(id))(call);
  },
};

/** @throws ApiError for one that the site does not have, or that is switched off */
function dimensionAskedFor(call: ApiCall): CollectorDimension {
  const id = call.parameters.text('idDimension');
  if (id === '') throw new ApiError("Please specify a value for 'idDimension'.");
  const site = siteOf(call);
  const dimension = site.dimensions?.find(candidate => String(candidate.id) === id);
  if (!dimension) throw new ApiError(`Dimension ${id} for website ${site.id} does not exist.`);
  if (!dimension.active) throw new ApiError(`Dimension ${id} for website ${site.id} is not active.`);
  return dimension;
}

/** Numbers are texts here. A dimension's place is counted within its scope. */
function dimensionDescription(
  { id: siteId, dimensions = [] }: CollectorSite,
  { id, name, scope, active }: CollectorDimension,
  at: number,
): object {
  const before = dimensions.slice(0, at).filter(other => other.scope === scope).length;
  return {
    idcustomdimension: String(id),
    idsite: String(siteId),
    name,
    index: String(before + 1),
    scope,
    active,
    extractions: [],
    case_sensitive: true,
  };
}

/** None where no hit gave the dimension a value; an empty one is a value. */
function labelOf(values: DimensionValues | undefined, id: number): string | null {
  const value = values?.[id];
  return value === '' ? withoutValue : (value ?? null);
}

function ofVisits(id: number) {
  return visitTable(
    visit => labelOf(visit.dimensions, id),
    (_, visits) => {
      const figures = visitFigures(visits);
      return {
        avg_time_on_site: quotient(figures.sum_visit_length, visits.length, 0),
        bounce_rate: percent(figures.bounce_count, visits.length),
        nb_actions_per_visit: quotient(figures.nb_actions, visits.length, 1),
      };
    },
  );
}

type Actions = readonly OfVisit<RecordedAction>[];

/**
 * Made page by page and added up, as the server does: a visit counts for each page on which it had the value, and the
 * shortest and longest times of a value are sums over its pages.
 */
function ofActions(id: number) {
  return reportMethod(({ actions }) =>
    [...groupedBy(actions, ({ row }) => labelOf(row.dimensions, id))]
      .map(([label, rows]) => {
        const pages = pagesOf(rows);
        const sum = (of: (page: Actions) => number) => pages.reduce((total, page) => total + of(page), 0);
        const exits = rows.filter(({ visit, row }) => visit.actions.at(-1) === row).length;
        const bounces = rows.filter(({ visit }) => visit.totalActions <= 1).length;
        const lookSeconds = rows.reduce((total, { row }) => total + (row.lookSeconds ?? 0), 0);
        const visits = sum(page => distinct(page, ({ visit }) => visit.id));
        return {
          label,
          nb_uniq_visitors: sum(page => distinct(page, ({ visit }) => visit.visitorId)),
          nb_visits: visits,
          nb_hits: rows.length,
          ...Object.fromEntries(timingNames.flatMap((name, at) => timingColumns(name, at, pages))),
          sum_time_spent: lookSeconds,
          bounce_count: bounces,
          exit_nb_visits: exits,
          avg_time_on_dimension: quotient(lookSeconds, rows.length, 0),
          bounce_rate: percent(bounces, visits),
          exit_rate: percent(exits, visits),
        };
      })
      .sort((one, other) => other.nb_visits - one.nb_visits),
  );
}

/** Seconds, to the millisecond. */
function timingColumns(
  name: (typeof timingNames)[number],
  at: number,
  pages: readonly Actions[],
): readonly (readonly [string, number])[] {
  const times = pages.map(page => page.flatMap(({ row }) => msOf(row.timings, at)));
  const seconds = (of: (page: readonly number[]) => number) =>
    rounded(times.reduce((sum, page) => sum + (page.length === 0 ? 0 : of(page)), 0) / 1000, 3);
  return [
    [`sum_time_${name}`, seconds(page => page.reduce((sum, ms) => sum + ms, 0))],
    [`nb_hits_with_time_${name}`, times.reduce((sum, page) => sum + page.length, 0)],
    [`min_time_${name}`, seconds(page => Math.min(...page))],
    [`max_time_${name}`, seconds(page => Math.max(...page))],
  ];
}

function msOf(timings: PageTimings | undefined, at: number): readonly number[] {
  const ms = timings?.[at];
  return typeof ms === 'number' ? [ms] : [];
}

/** By address; actions without one, as searches, are together. */
function pagesOf(rows: Actions): readonly Actions[] {
  return [...groupedBy(rows, ({ row }) => row.url ?? ' ').values()];
}
