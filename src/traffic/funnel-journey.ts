import { type Random, weighted } from '../base/random.ts';
import { affordable } from './browsing.ts';
import { chooseFunnel, inTurn } from './funnel.ts';
import { type FunnelWalk, funnelWalks } from './funnel-walk.ts';
import type { TrafficSettings } from './settings.ts';

/**
 * Prepares the funnels of visits: each draws from a stream of its own whether it goes through one, which, and how.
 * Undefined where none may run: then nothing is drawn.
 */
export function funnelJourneys(
  settings: Pick<TrafficSettings, 'pages' | 'ecommerce' | 'funnels'>,
): ((random: Random, orderId: string) => FunnelWalk | undefined) | undefined {
  const funnels = inTurn(settings.funnels ?? []);
  if (funnels.length === 0) return undefined;
  const walk = funnelWalks(
    funnels,
    settings,
    weighted(affordable(settings), () => 1),
  );
  return (random, orderId) => {
    const funnel = chooseFunnel(random, funnels);
    return funnel && walk(random, funnel, orderId);
  };
}
