import { type Collector, startCollector } from '../collector/collector.ts';
import type { Settings } from '../config/schema.ts';
import type { TargetConfig } from '../delivery/target-config.ts';
import type { Report, ReportedPlan, Verification, VerifiedFigure } from '../run/report.ts';

/** The collector of `run --collector`: one site, with the zone and the currency the visits are planned in. */
export function startEmbeddedCollector({ target, timezone, traffic }: Settings): Promise<Collector> {
  return startCollector({
    sites: [
      {
        id: target.siteId,
        name: 'Embedded collector',
        mainUrl: 'https://shop.example',
        currency: traffic.ecommerce.currency,
        timezone: target.timezone ?? timezone,
        ecommerce: true,
        siteSearch: true,
        goals: [],
      },
    ],
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

/** Compares the plan with what the collector holds; null where hits were lost on the way: then they must differ. */
export function recordedByCollector(
  report: Report,
  collector: Collector,
  targets: readonly TargetConfig[],
): Verification | null {
  if (report.visits.completed !== report.visits.planned) return null;
  const recorded = collector.state().totals;
  const compared: VerifiedFigure[] = figures.map(name => ({
    name,
    planned: report.plan[name],
    recorded: recorded[name],
  }));
  // Sums of fractions differ in digits that are no money.
  const differences = compared.filter(
    figure => Math.round(figure.planned * 100) !== Math.round(figure.recorded * 100),
  );
  return {
    method: 'totals',
    at: new Date().toISOString(),
    passed: differences.length === 0,
    targets: targets.map(({ name }) => ({ name, figures: compared, differences })),
  };
}
