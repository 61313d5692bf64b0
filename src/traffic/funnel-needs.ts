import { inTurn } from './funnel.ts';
import { pagesOf } from './funnel-walk.ts';
import type { Page } from './pages.ts';
import type { TrafficSettings } from './settings.ts';

/** What the funnels that may run ask of a site, so that it is recorded as planned. */
export interface FunnelNeeds {
  readonly searches: boolean;
  /** Or carts. */
  readonly orders: boolean;
  readonly goalIds: readonly number[];
  readonly dimensions: readonly { readonly id: number; readonly scope: 'visit' | 'action' }[];
  /** Those of their steps, as they are sent. */
  readonly pages: readonly Page[];
}

export function funnelNeeds({
  funnels = [],
  pages,
}: Pick<TrafficSettings, 'funnels' | 'pages'>): FunnelNeeds {
  const running = inTurn(funnels);
  const steps = running.flatMap(funnel => funnel.steps);
  const goalIds = steps.flatMap(step => (step.type === 'goal' ? [step.goalId] : []));
  const dimensions = steps.flatMap(step =>
    step.type === 'dimension' ? [[step.id, { id: step.id, scope: step.scope }] as const] : [],
  );
  return {
    searches: steps.some(({ type }) => type === 'search'),
    orders: steps.some(({ type }) => type === 'order' || type === 'cart'),
    goalIds: [...new Set(goalIds)],
    dimensions: [...new Map(dimensions).values()],
    pages: pagesOf(running, pages),
  };
}
