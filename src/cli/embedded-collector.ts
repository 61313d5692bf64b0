import { type Collector, startCollector } from '../collector/collector.ts';
import { collectorSites } from '../config/collector-sites.ts';
import type { LoadedConfig } from '../config/load.ts';

/** The collector of `run --collector`: a site for each target, with the zone and the currency its visits are planned in. */
export function startEmbeddedCollector(loaded: LoadedConfig): Promise<Collector> {
  return startCollector({
    sites: collectorSites(loaded).map(site => ({
      ...site,
      mainUrl: 'https://shop.example',
      ecommerce: true,
      siteSearch: true,
      goals: [],
    })),
  });
}
