import { zoneOf } from '../../base/zone.ts';
import type { TargetConfig } from '../../delivery/target-config.ts';
import { type BackfillDays, backfillDays, type DaysSetting, momentsIn } from '../../traffic/backfill-days.ts';
import type { Layout, Recurrence } from '../../traffic/recurrences.ts';
import { leastGapSeconds } from '../../traffic/return-gaps.ts';
import { arrivalGroups } from '../arrival-groups.ts';
import { isPerTarget } from '../expectation.ts';
import { type TargetDates, trafficOf } from '../planning.ts';
import type { RunConfig } from '../run-config.ts';
import type { BackfillWindow } from './backfill-window.ts';

/** `visitsPerSecond` of the configuration bounds the rate at which visits are sent. */
export type BackfillConfig = RunConfig & { readonly backfill: BackfillWindow };

/** A visit of a target's plan. */
export interface BackfillVisit {
  /** Which of the target's visits it is, from 0, oldest first. */
  readonly position: number;
  readonly index: number;
  readonly recurrence: Recurrence;
  /** When it begins: epoch seconds. */
  readonly momentSeconds: number;
  /** From 0. */
  readonly day: number;
}

/** A plan needs no more memory than this has columns, however long it is. */
const MOST_COLUMNS = 200_000;

/** Clocks change in one zone and not in another: visits that are apart here are so there. */
const CLOCK_CHANGES_SECONDS = 7200;

/** The days of a backfill, which are the same for all its targets. */
export function daysOf(config: BackfillConfig): BackfillDays {
  return backfillDays(daysSetting(config));
}

/** How many visits of a day are planned, over all targets. */
export function plannedOfDay(config: BackfillConfig, days: BackfillDays, day: number): number {
  return days.visitsOf(day) * (isPerTarget(config) ? config.targets.length : 1);
}

/**
 * The visits of one target, oldest first: a function of the configuration and of the target's zone, whatever was sent.
 * Nobody comes twice on a day.
 *
 * @param at the target's position in the configuration
 */
export function* backfillVisits(
  config: BackfillConfig,
  dates: readonly Pick<TargetDates, 'timezone' | 'latestEpochSeconds'>[],
  at: number,
): Generator<BackfillVisit> {
  const setting = daysSetting(config);
  const days = backfillDays(setting);
  const group = arrivalGroups(config, lane => backfillLayout(config, days, lane)).find(({ targets }) =>
    targets.includes(at),
  );
  if (group === undefined) return;
  const momentsOf = (target: number) => {
    const { timezone, latestEpochSeconds } = dates[target] ?? { timezone: config.timezone };
    return momentsIn(zoneOf(timezone), days, setting, latestEpochSeconds);
  };
  const own = momentsOf(at);
  // Whose visit an index is must be the same for all that share visitors, so it goes by the days of the first.
  const [first = at] = group.targets;
  const common = first === at ? own : momentsOf(first);
  let position = 0;
  for (let index = 0; index < days.visits; index++) {
    const recurrence = group.recurrence(index, common(index) * 1000);
    if (!group.route(index).includes(at)) continue;
    yield { position: position++, index, recurrence, momentSeconds: own(index), day: days.dayOf(index) };
  }
}

function daysSetting({ backfill, arrivals }: BackfillConfig): DaysSetting {
  return { ...backfill, weights: arrivals?.over?.kind === 'curve' ? arrivals.over.weights : undefined };
}

/** Visitors come again after about as many days as are asked for, and never on the same. */
function backfillLayout(
  config: BackfillConfig,
  days: BackfillDays,
  lane: readonly number[],
): Layout | undefined {
  const traffic = trafficOf(config, config.targets[lane[0] ?? 0] as TargetConfig);
  const { returning } = traffic;
  if (returning === undefined || returning.share === 0) return undefined;
  const part = laneShare(config, lane);
  // Shares are exact within one visit at either end of a day.
  const busiest = Math.ceil(Math.max(...days.dates.map((_, day) => days.visitsOf(day))) * part) + 2;
  const all = days.visits * part;
  const wanted = Math.round((all / days.dates.length) * returning.gapDays);
  return {
    share: returning.share,
    rows: Number.POSITIVE_INFINITY,
    columns: Math.max(busiest, Math.min(wanted, Math.floor(all / 4), MOST_COLUMNS)),
    leastMs: (leastGapSeconds(traffic, 1) + CLOCK_CHANGES_SECONDS) * 1000,
  };
}

/** Of the visits, how many are the lane's. */
function laneShare({ distribution, targets }: RunConfig, lane: readonly number[]): number {
  if (distribution !== 'split') return 1;
  const weight = (of: readonly TargetConfig[]) => of.reduce((sum, target) => sum + target.weight, 0);
  return weight(targets.filter((_, at) => lane.includes(at))) / weight(targets);
}
