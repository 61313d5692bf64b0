import type { TargetConfig } from '../delivery/target-config.ts';
import { datesOf, hitsNeedToken, trafficOf } from '../run/planning.ts';
import type { RunConfig } from '../run/run-config.ts';
import { countOfPlannedVisits } from '../run/visit-count.ts';
import { browserProfiles } from '../traffic/browser-profiles.ts';
import { funnelNeeds } from '../traffic/funnel-needs.ts';
import type { Page } from '../traffic/pages.ts';
import { visitorRanges } from '../traffic/visitor.ts';
import type { AddressRange } from './address-range.ts';

/** What a plan asks of a site, so that it is recorded as planned. */
export interface PlanNeeds {
  readonly searches: boolean;
  /** Or carts: whatever needs a shop. */
  readonly orders: boolean;
  /** What the orders are in: ISO 4217. */
  readonly currency: string;
  /** As configured. */
  readonly timezone: string;
  readonly pages: readonly Page[];
  readonly transport: 'single' | 'bulk';
  readonly hitsCarryToken: boolean;
  /** Where visitors come from, and how many of them from where; none: all hits come from this machine. */
  readonly addresses: readonly SharedRange[];
  readonly userAgents: readonly { readonly text: string; readonly share: number }[];
  /** Over all targets; null: without end. */
  readonly visits: number | null;
  readonly goalIds: readonly number[];
  readonly dimensionIds: readonly number[];
  /** How far back visits may be dated: epoch ms. Undefined: not so far that it matters. */
  readonly oldestEpochMs: number | undefined;
}

/** @see AddressRange */
export interface SharedRange extends AddressRange {
  /** Of all visitors, 0 to 1. */
  readonly share: number;
}

export function planNeeds(config: RunConfig, target: TargetConfig): PlanNeeds {
  const traffic = trafficOf(config, target);
  const funnels = funnelNeeds(traffic);
  const carriesToken = hitsNeedToken(config, target);
  const profiles = browserProfiles();
  const weights = profiles.reduce((sum, { weight }) => sum + weight, 0);
  return {
    searches: traffic.searchProbability > 0 || funnels.searches,
    orders:
      traffic.ecommerce.probability > 0 || traffic.ecommerce.abandonedCartProbability > 0 || funnels.orders,
    currency: traffic.ecommerce.currency,
    timezone: target.timezone ?? config.timezone,
    pages: funnels.pages.length === 0 ? traffic.pages : [...traffic.pages, ...funnels.pages],
    transport: target.transport,
    hitsCarryToken: carriesToken,
    addresses: carriesToken && traffic.randomizeCountries ? visitorRanges() : [],
    userAgents: profiles.map(({ userAgent, weight }) => ({ text: userAgent, share: weight / weights })),
    visits: countOfPlannedVisits(config),
    goalIds: withoutRepeats([...traffic.goals.map(({ id }) => id), ...funnels.goalIds]),
    dimensionIds: withoutRepeats([...traffic.dimensions, ...funnels.dimensions].map(({ id }) => id)),
    oldestEpochMs: oldestOf(config, target),
  };
}

function withoutRepeats(ids: readonly number[]): readonly number[] {
  return [...new Set(ids)];
}

/** Earlier visits of those who come again may be dated days back. */
function oldestOf(config: RunConfig, target: TargetConfig): number | undefined {
  if (config.clock === 'real' || !((trafficOf(config, target).returning?.share ?? 0) > 0)) return undefined;
  const { reachSeconds } = datesOf(config, [])[config.targets.indexOf(target)] ?? {};
  return reachSeconds && (config.startEpochMs ?? Date.now()) - reachSeconds * 1000;
}
