import type { LoadedConfig } from './load.ts';

/** A site the embedded collector has to have, with the zone and the currency the visits to it are planned in. */
export interface CollectorSite {
  readonly id: number;
  readonly name: string;
  readonly timezone: string;
  readonly currency: string;
}

/** One site for each target, in their order. */
export function collectorSites({
  values,
  targets,
}: Pick<LoadedConfig, 'values' | 'targets'>): readonly CollectorSite[] {
  const ids = collectorSiteIds(targets.map(target => target.values.siteId));
  return targets.map((target, at) => ({
    id: ids[at] ?? 0,
    name: target.name,
    timezone: target.values.timezone ?? values.timezone,
    currency: (target.traffic ?? values.traffic).ecommerce.currency,
  }));
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
