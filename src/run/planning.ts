import { zoneOf } from '../base/zone.ts';
import type { TargetConfig } from '../delivery/target-config.ts';
import { type Arrivals, bounded, cappedByDay, constantArrivals } from '../traffic/arrivals.ts';
import type { RunIdentity } from '../traffic/identity.ts';
import { type VisitPlan, visitPlanner } from '../traffic/plan.ts';
import type { TrafficSettings } from '../traffic/settings.ts';
import { arrivalRate } from './expectation.ts';
import type { RunConfig } from './run-config.ts';

/** What visits to a target are made of. */
export function trafficOf(config: RunConfig, target: TargetConfig): TrafficSettings {
  return target.traffic ?? config.traffic;
}

/** Whether hits to a target carry what Matomo takes only with a token: visitors' addresses and countries. */
export function hitsNeedToken(config: RunConfig, target: TargetConfig): boolean {
  return target.token !== undefined && trafficOf(config, target).randomizeCountries;
}

/**
 * How visits to one target are planned once the start is known.
 *
 * @param timezones the zones whose midnights visits keep clear of
 */
export type PlanMaker = (
  identity: RunIdentity,
  startEpochMs: number,
  timezones: readonly string[],
) => VisitPlan;

/** Makes planning for a target ready; the returned function takes no time. */
export function preparePlan(config: RunConfig, target: TargetConfig): PlanMaker {
  const traffic = trafficOf(config, target);
  const planner = visitPlanner({ ...traffic, randomizeCountries: hitsNeedToken(config, target) });
  // Independent targets have a plan of their own: their visitors are numbered in turn, so that none is another's.
  const numbers =
    config.distribution === 'independent'
      ? { first: config.targets.indexOf(target), step: config.targets.length }
      : { first: 0, step: 1 };
  return (identity, startEpochMs, timezones) => {
    const run = { seed: config.seed, identity, startEpochMs, pauseSeconds: config.pauseSeconds, numbers };
    return planner(run, { clock: config.clock, zones: timezones.map(zoneOf), serverLagSeconds: 0 });
  };
}

/**
 * The zones that matter to each target: its own, as it was asked or is configured, else the run's. Under `mirror`
 * all targets get the same visits, so the zones of all matter to each.
 *
 * @param asked the sites' zones by target, where they are known
 */
export function zonesOf(
  config: RunConfig,
  asked: readonly (string | undefined)[],
): readonly (readonly string[])[] {
  const own = config.targets.map((target, at) => asked[at] ?? target.timezone ?? config.timezone);
  const all = [...new Set(own)].sort();
  return config.distribution === 'mirror' ? own.map(() => all) : own.map(zone => [zone]);
}

/** When visits to a target begin; undefined under rate `max`, which has no schedule. */
export function arrivalsOf(
  config: RunConfig,
  target: TargetConfig,
  startEpochMs: number,
): Arrivals | undefined {
  const rate = arrivalRate(config, target);
  if (rate === 'max') return undefined;
  const steady = constantArrivals(rate);
  const capped =
    config.maxVisitsPerDay === undefined
      ? steady
      : cappedByDay(steady, config.maxVisitsPerDay, zoneOf(config.timezone), startEpochMs);
  return bounded(capped, {
    visits: config.visits,
    durationMs: config.durationSeconds === undefined ? undefined : config.durationSeconds * 1000,
  });
}
