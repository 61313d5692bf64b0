import { trafficOf } from '../run/planning.ts';
import type { RunConfig } from '../run/run-config.ts';

/** What the orders of each target are in. */
export function currenciesOf(config: RunConfig): ReadonlyMap<string, string> {
  return new Map(
    config.targets.map(target => [target.name, trafficOf(config, target).ecommerce.currency] as const),
  );
}
