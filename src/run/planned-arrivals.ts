import { Purpose, randomStream } from '../base/random.ts';
import { zoneOf } from '../base/zone.ts';
import type { TargetConfig } from '../delivery/target-config.ts';
import { type Arrivals, evenArrivals, poissonArrivals } from '../traffic/arrivals/arrivals.ts';
import { bounded } from '../traffic/arrivals/bounded.ts';
import { type CurveSetting, curvePace } from '../traffic/arrivals/curve.ts';
import { cutByDay, pausedByDay } from '../traffic/arrivals/daily-cap.ts';
import { type Pace, steadyPace } from '../traffic/arrivals/pace.ts';
import { stagesPace } from '../traffic/arrivals/stages.ts';
import type { ArrivalGroup } from './arrival-groups.ts';
import { arrivalRate } from './expectation.ts';
import type { TargetDates } from './planning.ts';
import type { ArrivalShape, RunConfig } from './run-config.ts';

/**
 * When the visits of a group begin; undefined under rate `max`, which has no schedule.
 *
 * @param dates of all targets, by position
 */
export function arrivalsOf(
  config: RunConfig,
  group: ArrivalGroup,
  startEpochMs: number,
  dates: readonly TargetDates[],
): Arrivals | undefined {
  const first = group.targets[0] ?? 0;
  const rate = arrivalRate(config, config.targets[first] as TargetConfig);
  if (rate === 'max') return undefined;
  const { gaps, over } = config.arrivals ?? { gaps: 'even' };
  const pace = paceOf(over, rate, () => ({
    zone: zoneOf(curveTimezone(config, group, dates)),
    startEpochMs,
    visitsPerSecond: rate,
  }));
  // Each group has gaps of its own, or independent targets would all be visited at the same moments.
  const arrivals =
    gaps === 'random'
      ? poissonArrivals(pace, randomStream(config.seed, Purpose.Arrivals, first))
      : evenArrivals(pace);
  return bounded(capped(config, arrivals, startEpochMs), {
    visits: config.visits,
    durationMs: config.durationSeconds === undefined ? undefined : config.durationSeconds * 1000,
  });
}

function paceOf(over: ArrivalShape['over'], visitsPerSecond: number, setting: () => CurveSetting): Pace {
  switch (over?.kind) {
    case 'curve':
      return curvePace(over.weights, setting());
    case 'stages':
      return stagesPace(over.stages);
    case undefined:
      return steadyPace(visitsPerSecond);
  }
}

/** The zone whose hours a curve follows: that of the targets which share the arrivals, where it is one, else the run's. */
function curveTimezone(
  { timezone }: RunConfig,
  { targets }: ArrivalGroup,
  dates: readonly TargetDates[],
): string {
  const [own, ...others] = new Set(targets.map(at => dates[at]?.timezone ?? timezone));
  return own === undefined || others.length > 0 ? timezone : own;
}

/** A full day puts arrivals off, but for those that belong to their hour. */
function capped(config: RunConfig, arrivals: Arrivals, startEpochMs: number): Arrivals {
  const { maxVisitsPerDay, timezone } = config;
  if (maxVisitsPerDay === undefined) return arrivals;
  const cap = { visitsPerDay: maxVisitsPerDay, zone: zoneOf(timezone), startEpochMs };
  return config.arrivals?.over?.kind === 'curve' ? cutByDay(arrivals, cap) : pausedByDay(arrivals, cap);
}
