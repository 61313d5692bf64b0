import { inTurn } from './funnel.ts';
import type { TrafficSettings } from './settings.ts';

/** The longest that any visit may take, from its first to its last hit. */
export function longestVisitSeconds({
  visitMinutes,
  funnels = [],
}: Pick<TrafficSettings, 'visitMinutes' | 'funnels'>): number {
  const browsing = visitMinutes.max * 60;
  const ofFunnels = inTurn(funnels).map(({ steps, exitAfterCompletion }) => {
    const funnel = steps.reduce((sum, { delaySeconds }) => sum + delaySeconds.max, 0);
    return Math.ceil(exitAfterCompletion ? funnel : funnel + browsing);
  });
  return Math.max(browsing, ...ofFunnels);
}
