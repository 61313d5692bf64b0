import { zoneOf } from '../base/zone.ts';
import type { TargetConfig } from '../delivery/target-config.ts';
import { type Arrivals, bounded, cappedByDay, constantArrivals } from '../traffic/arrivals.ts';
import type { RunIdentity } from '../traffic/identity.ts';
import { type VisitPlan, visitPlan } from '../traffic/plan.ts';
import type { RunConfig } from './run-config.ts';

/** Whether hits to a target carry what Matomo takes only with a token: visitors' addresses and countries. */
export function hitsNeedToken(config: RunConfig, target: TargetConfig): boolean {
  return target.token !== undefined && config.traffic.randomizeCountries;
}

/** How visits to one target are planned. @param timezone the site's, where it was asked */
export function planOf(
  config: RunConfig,
  target: TargetConfig,
  identity: RunIdentity,
  startEpochMs: number,
  timezone: string | undefined,
): VisitPlan {
  return visitPlan(
    { seed: config.seed, identity, startEpochMs, pauseSeconds: config.pauseSeconds },
    {
      traffic: { ...config.traffic, randomizeCountries: hitsNeedToken(config, target) },
      dating: {
        clock: config.clock,
        zones: [zoneOf(timezone ?? target.timezone ?? config.timezone)],
        serverLagSeconds: 0,
      },
    },
  );
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
