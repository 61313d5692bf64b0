import * as z from 'zod';
import type { Report } from '../../run/report.ts';

const step = z.looseObject({
  type: z.string(),
  title: z.string().optional(),
  url: z.string().optional(),
  event_action: z.string().optional(),
  event_name: z.string().optional(),
  search_keyword: z.string().optional(),
  content_name: z.string().optional(),
  target_url: z.string().optional(),
});

const funnels = z.array(z.looseObject({ name: z.string(), steps: z.array(step) }));

const target = z.looseObject({ name: z.string() });

/** What of a run's configuration the page shows apart; each is looked at by itself, for older reports may lack it. */
const configs = {
  targets: z.looseObject({ targets: z.array(target) }),
  funnels: z.looseObject({ funnels }),
  targetFunnels: z.looseObject({ features: z.looseObject({ funnels }) }),
};

/** What the steps of a funnel are called, as far as the configuration tells. */
export function stepNamesOf({ config }: Report, funnelName: string): readonly string[] {
  const all = [
    ...(configs.funnels.safeParse(config).data?.funnels ?? []),
    ...targetsOf(config).flatMap(one => configs.targetFunnels.safeParse(one).data?.features.funnels ?? []),
  ];
  return all.find(({ name }) => name === funnelName)?.steps.map(stepName) ?? [];
}

/** As elsewhere. */
const stepKinds: Readonly<Record<string, string>> = { ecommerce: 'order', site_search: 'search' };

/** `Checkout`, `event Add to cart`, `search chairs`. */
function stepName(of: z.output<typeof step>): string {
  const { type, title, url, event_action, event_name, search_keyword, content_name, target_url } = of;
  if (type === 'pageview' || type === 'product_view') return title ?? url ?? type.replace('_', ' ');
  const what = event_action ?? search_keyword ?? content_name ?? target_url ?? event_name;
  const kind = stepKinds[type] ?? type.replace('_', ' ');
  return what === undefined ? kind : `${kind} ${what}`;
}

/** `preset`, `distribution`, …: undefined where it is not said or no plain value. */
export function saidOf({ config }: Report, key: string): string | undefined {
  const value = config[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function targetsOf(config: Report['config']): readonly z.output<typeof target>[] {
  return configs.targets.safeParse(config).data?.targets ?? [];
}
