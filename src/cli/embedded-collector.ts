import { type Collector, startCollector } from '../collector/collector.ts';
import { collectorSites } from '../config/collector-sites.ts';
import type { LoadedConfig } from '../config/load.ts';

/** The collector of `run --collector`: a site for each target, as its visits are planned for it. */
export function startEmbeddedCollector(loaded: LoadedConfig): Promise<Collector> {
  return startCollector({
    sites: collectorSites(loaded).map(site => ({
      ...site,
      mainUrl: 'https://shop.example',
      ecommerce: true,
      siteSearch: true,
      goals: site.goals.map(goal => ({ ...goal, allowMultiple: false })),
      dimensions: site.dimensions.map(dimension => ({ ...dimension, active: true })),
    })),
  });
}
