import { zoneOf } from '../base/zone.ts';
import type { TargetConfig } from '../delivery/target-config.ts';
import { type Arrivals, bounded, cappedByDay, constantArrivals } from '../traffic/arrivals.ts';
import type { RunIdentity } from '../traffic/identity.ts';
import { type VisitPlan, visitPlanner } from '../traffic/plan.ts';
import type { RunConfig } from './run-config.ts';

/** Whether hits to a target carry what Matomo takes only with a token: visitors' addresses and countries. */
export function hitsNeedToken(config: RunConfig, target: TargetConfig): boolean {
  return target.token !== undefined && config.traffic.randomizeCountries;
}

/** How visits to one target are planned once the start is known. @param timezone the site's, where it was asked */
export type PlanMaker = (
  identity: RunIdentity,
  startEpochMs: number,
  timezone: string | undefined,
) => VisitPlan;

/** Makes planning for a target ready; the returned function takes no time. */
export function preparePlan(config: RunConfig, target: TargetConfig): PlanMaker {
  const planner = visitPlanner({ ...config.traffic, randomizeCountries: hitsNeedToken(config, target) });
  return (identity, startEpochMs, timezone) => {
    const zones = [zoneOf(timezone ?? target.timezone ?? config.timezone)];
    const run = { seed: config.seed, identity, startEpochMs, pauseSeconds: config.pauseSeconds };
    return planner(run, { clock: config.clock, zones, serverLagSeconds: 0 });
  };
}

/** When visits begin; undefined under rate `max`, which has no schedule. */
export function arrivalsOf(config: RunConfig, startEpochMs: number): Arrivals | undefined {
  if (config.visitsPerSecond === 'max') return undefined;
  const steady = constantArrivals(config.visitsPerSecond);
  const capped =
    config.maxVisitsPerDay === undefined
      ? steady
      : cappedByDay(steady, config.maxVisitsPerDay, zoneOf(config.timezone), startEpochMs);
  return bounded(capped, {
    visits: config.visits,
    durationMs: config.durationSeconds === undefined ? undefined : config.durationSeconds * 1000,
  });
}
