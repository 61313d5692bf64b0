import { funnelNeeds } from '../traffic/funnel-needs.ts';
import type { GoalSettings } from '../traffic/settings.ts';
import type { LoadedConfig } from './load.ts';
import { toFunnel } from './to-funnel.ts';

/** A site the embedded collector has to have, with the zone and the currency the visits to it are planned in. */
export interface CollectorSite {
  readonly id: number;
  readonly name: string;
  readonly timezone: string;
  readonly currency: string;
  readonly goals: readonly CollectorGoal[];
  readonly dimensions: readonly CollectorDimension[];
}

/** A goal as the site defines it. */
export interface CollectorGoal {
  readonly id: number;
  readonly name: string;
  readonly match: 'manually' | 'url';
  readonly patternType: 'contains' | 'exact' | 'regex';
  readonly pattern: string;
  readonly caseSensitive: boolean;
  readonly revenue: number;
}

export interface CollectorDimension {
  readonly id: number;
  readonly name: string;
  readonly scope: 'visit' | 'action';
}

/** One site for each target, in their order. */
export function collectorSites({
  values,
  targets,
  funnels,
  pages,
}: Pick<LoadedConfig, 'values' | 'targets' | 'funnels' | 'pages'>): readonly CollectorSite[] {
  const ids = collectorSiteIds(targets.map(target => target.values.siteId));
  return targets.map((target, at) => {
    const { ecommerce, goals, dimensions } = target.traffic ?? values.traffic;
    const own = (target.funnels ?? funnels).funnels.map(({ definition }) => toFunnel(definition));
    const needs = funnelNeeds({ funnels: own, pages: pages.pages });
    return {
      id: ids[at] ?? 0,
      name: target.name,
      timezone: target.values.timezone ?? values.timezone,
      currency: ecommerce.currency,
      goals: withNew(
        goals.map(goalOfSite),
        needs.goalIds.map(id => goalOfSite({ id, probability: 0 })),
      ),
      dimensions: withNew(dimensions, needs.dimensions).map(({ id, scope }) => ({
        id,
        scope,
        name: `Dimension ${id}`,
      })),
    };
  });
}

/** Those of a second list, too, that the first has not. */
function withNew<T extends { readonly id: number }>(first: readonly T[], second: readonly T[]): readonly T[] {
  return [...first, ...second.filter(({ id }) => !first.some(known => known.id === id))];
}

function goalOfSite({ id, matches, revenue }: GoalSettings): CollectorGoal {
  const { contains, exact, regex, caseSensitive = false } = matches ?? {};
  return {
    id,
    name: `Goal ${id}`,
    match: matches === undefined ? 'manually' : 'url',
    patternType: exact !== undefined ? 'exact' : regex !== undefined ? 'regex' : 'contains',
    pattern: contains ?? exact ?? regex ?? '',
    caseSensitive,
    // Goals that are told by their id say themselves what they bring.
    revenue: matches === undefined ? 0 : (revenue?.min ?? 0),
  };
}

/** The configured ids as far as they differ: on one server, what was the same site of two becomes two sites. */
export function collectorSiteIds(configured: readonly number[]): readonly number[] {
  const wanted = new Set(configured);
  const taken = new Set<number>();
  return configured.map(id => {
    let free = id;
    if (taken.has(id)) for (free = 1; wanted.has(free) || taken.has(free); ) free += 1;
    taken.add(free);
    return free;
  });
}
