import { Failure } from '../base/failure.ts';
import { zoneOf } from '../base/zone.ts';
import type { TargetConfig } from '../delivery/target-config.ts';
import { longestClearSeconds } from '../traffic/dating.ts';
import type { RunIdentity } from '../traffic/identity.ts';
import { type VisitPlan, visitPlanner } from '../traffic/plan.ts';
import type { TrafficSettings } from '../traffic/settings.ts';
import { longestVisitSeconds } from '../traffic/visit-length.ts';
import type { RunConfig } from './run-config.ts';

/** What visits to a target are made of. */
export function trafficOf(config: RunConfig, target: TargetConfig): TrafficSettings {
  return target.traffic ?? config.traffic;
}

/** Whether hits to a target carry what Matomo takes only with a token: visitors' addresses and countries, and old dates. */
export function hitsNeedToken(config: RunConfig, target: TargetConfig): boolean {
  const { randomizeCountries, returning } = trafficOf(config, target);
  const isDatedBack =
    config.clock === 'backfill' || (config.clock === 'compressed' && (returning?.share ?? 0) > 0);
  return target.token !== undefined && (randomizeCountries || isDatedBack);
}

/** How visits to one target are planned once it is known when the run starts and what dates they get. */
export type PlanMaker = (
  identity: RunIdentity,
  startEpochMs: number,
  dates: Pick<TargetDates, 'zones' | 'serverLagSeconds'> &
    Partial<Pick<TargetDates, 'reachSeconds' | 'latestEpochSeconds'>>,
) => VisitPlan;

/**
 * Makes planning for a target ready; the returned function takes no time.
 *
 * @param carriesToken whether hits carry what needs a token
 */
export function preparePlan(
  config: RunConfig,
  target: TargetConfig,
  carriesToken = hitsNeedToken(config, target),
): PlanMaker {
  const traffic = trafficOf(config, target);
  const planner = visitPlanner({
    ...traffic,
    randomizeCountries: carriesToken && traffic.randomizeCountries,
  });
  // Independent targets have a plan of their own: their visitors are numbered in turn, so that none is another's.
  const numbers =
    config.distribution === 'independent'
      ? { first: config.targets.indexOf(target), step: config.targets.length }
      : { first: 0, step: 1 };
  return (identity, startEpochMs, { zones, ...dates }) => {
    const run = { seed: config.seed, identity, startEpochMs, pauseSeconds: config.pauseSeconds, numbers };
    return planner(run, { ...dates, clock: config.clock, zones: zones.map(zoneOf) });
  };
}

/**
 * Refuses visits that are too long for any day: under `mirror` those that fit between no two midnights of the targets'
 * zones, so that some site would record one as two.
 *
 * @throws Failure CONFIG_INVALID
 */
export function refuseUndatable(
  config: RunConfig,
  dates: readonly TargetDates[],
  startEpochMs: number,
): void {
  for (const [position, target] of config.targets.entries()) {
    const { zones } = dates[position] as TargetDates;
    const longestSeconds = longestVisitSeconds(trafficOf(config, target));
    const clearSeconds = longestClearSeconds(zones.map(zoneOf), Math.floor(startEpochMs / 1000));
    if (longestSeconds <= clearSeconds) continue;
    const minutes = Math.floor(clearSeconds / 60);
    throw new Failure(
      'CONFIG_INVALID',
      `visits of up to ${Math.ceil(longestSeconds / 60)} minutes have no place between the midnights of ${zones.join(', ')}: the longest that has is ${minutes} minutes`,
      {
        hint: 'Nothing was sent. Make visitMinutes.max or the delays of funnels shorter, or send to targets in zones so far apart by runs of their own.',
      },
    );
  }
}

/** What decides the dates of the visits to a target. */
export interface TargetDates {
  /** Its own zone: the site's as it was asked, else as configured, else the run's. */
  readonly timezone: string;
  /** The zones whose midnights its visits keep clear of. */
  readonly zones: readonly string[];
  /** How far its clock is taken to be behind ours. */
  readonly serverLagSeconds: number;
  /** How far back visits may be dated; undefined: as far as needs no token. */
  readonly reachSeconds: number | undefined;
  /** Of a backfill: the latest date a hit may have. */
  readonly latestEpochSeconds?: number;
}

/**
 * What dates the visits to each target. Under `mirror` all targets get the same visits, so the zones of all matter to
 * each, and the clock that is furthest behind; but each has days of its own that are filled by a backfill.
 *
 * @param told what is known of the targets, by position
 */
export function datesOf(
  config: RunConfig,
  told: readonly {
    readonly timezone: string | undefined;
    readonly serverLagSeconds: number | undefined;
    readonly hitsCarryToken?: boolean;
  }[],
): readonly TargetDates[] {
  const own = config.targets.map((target, at): TargetDates => {
    const timezone = told[at]?.timezone ?? target.timezone ?? config.timezone;
    const carriesToken = told[at]?.hitsCarryToken ?? hitsNeedToken(config, target);
    return {
      timezone,
      zones: [timezone],
      serverLagSeconds: told[at]?.serverLagSeconds ?? 0,
      reachSeconds: carriesToken ? daysBack(config, target) * 86_400 : undefined,
    };
  });
  if (config.distribution !== 'mirror' || config.clock === 'backfill') return own;
  const zones = [...new Set(own.map(({ timezone }) => timezone))].sort();
  const serverLagSeconds = Math.max(...own.map(dates => dates.serverLagSeconds));
  // Without a token at one of them, none gets what needs one.
  const reachSeconds = own.some(dates => dates.reachSeconds === undefined) ? undefined : own[0]?.reachSeconds;
  return own.map(({ timezone }) => ({ timezone, zones, serverLagSeconds, reachSeconds }));
}

function daysBack(config: RunConfig, target: TargetConfig): number {
  const { returning } = trafficOf(config, target);
  return returning === undefined || returning.share === 0 ? 1 : returning.daysBack;
}
