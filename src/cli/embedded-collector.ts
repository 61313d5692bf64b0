import { type Collector, startCollector } from '../collector/collector.ts';
import { collectorSites } from '../config/collector-sites.ts';
import type { LoadedConfig } from '../config/load.ts';
import type { Report, ReportedPlan, Verification, VerifiedFigure } from '../run/report.ts';

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

/** What both a plan and the collector count. */
const figures = [
  'visits',
  'actions',
  'bounces',
  'visitSeconds',
  'pageviews',
  'events',
  'searches',
  'outlinks',
  'downloads',
  'contents',
  'orders',
  'carts',
  'goalConversions',
  'revenue',
] as const satisfies readonly (keyof ReportedPlan)[];

/** Compares each target's plan with what its site holds; null where hits were lost on the way: then they must differ. */
export function recordedByCollector(report: Report, collector: Collector): Verification | null {
  if (report.visits.completed !== report.visits.planned) return null;
  const { sites } = collector.state();
  const targets = report.targets.map(({ name, siteId, plan }) => {
    const recorded = sites[siteId];
    const compared: VerifiedFigure[] = figures.map(figure => ({
      name: figure,
      planned: plan[figure],
      recorded: recorded?.[figure] ?? 0,
    }));
    // Sums of fractions differ in digits that are no money.
    const differences = compared.filter(
      ({ planned, recorded: got }) => Math.round(planned * 100) !== Math.round(got * 100),
    );
    return {
      name,
      result: differences.length === 0 ? ('equal' as const) : ('different' as const),
      reason: null,
      figures: compared,
      differences,
      names: [],
      causes: [],
      visits: [],
      visitsLeftOut: 0,
      settled: { recorded: 0, lost: 0, hits: [] },
    };
  });
  const passed = targets.every(({ differences }) => differences.length === 0);
  return { method: 'totals', at: new Date().toISOString(), strict: false, passed, targets };
}
