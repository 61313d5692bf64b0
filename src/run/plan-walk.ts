import { runIdentity } from '../traffic/identity.ts';
import type { VisitPlan } from '../traffic/plan.ts';
import type { Recurrence } from '../traffic/recurrences.ts';
import { shardTakes, threadOf } from '../traffic/shard.ts';
import type { Visit } from '../traffic/visit.ts';
import { type ArrivalGroup, arrivalGroups } from './arrival-groups.ts';
import { isPerTarget } from './expectation.ts';
import { arrivalsOf } from './planned-arrivals.ts';
import { datesOf, preparePlan, type TargetDates } from './planning.ts';
import type { Report, TargetReport } from './report.ts';
import type { RunConfig } from './run-config.ts';

/** A visit of a plan: whose it is, and when it begins. */
export interface PlannedVisit extends PlannedArrival {
  /** Of its target in the configuration's list. */
  readonly position: number;
}

interface PlannedArrival {
  /** Of the visit. */
  readonly index: number;
  /** From the start of the run; null where there is no schedule. */
  readonly startMs: number | null;
  readonly recurrence: Recurrence;
}

/** All visits of a run's shard, as they go while all targets are up. Endless where the plan is. */
export function* plannedVisits(config: RunConfig, startEpochMs: number): Generator<PlannedVisit> {
  const dates = datesOf(config, []);
  for (const group of arrivalGroups(config)) {
    for (const arrival of plannedArrivals(config, group, startEpochMs, dates)) {
      for (const position of group.route(arrival.index)) yield { position, ...arrival };
    }
  }
}

/** The part of a plan that a run came to, planned again from its report. */
export interface ReplayedPlan {
  /** In the order of the configuration. */
  readonly targets: readonly ReplayedTarget[];
}

export interface ReplayedTarget {
  readonly plan: VisitPlan;
  /** The visits whose time had come at this target, in the order of the plan; planned anew with each walk. */
  readonly visits: () => Iterable<Visit>;
}

/**
 * Plans again what a run has planned: exactly the visits its report counts, with the dates and the tag they had.
 * What a target said of itself, whether its hits carried a token and which visits were moved are taken from the
 * report, because all that may be another by now. Not exact for a target with `takenLeftOut` and those it took from.
 *
 * @param config the run's
 */
export function replayPlan(config: RunConfig, report: Report): ReplayedPlan {
  const { id, startEpochMs, tag } = report.run;
  // Another draw would have changed the tag and nothing else.
  const identity = { ...runIdentity(id, startEpochMs), tag };
  const dates = datesOf(
    config,
    report.targets.map(target => ({
      timezone: target.timezone,
      serverLagSeconds: target.clockShiftSeconds,
      hitsCarryToken: target.hitsCarryToken,
    })),
  );
  const takers = takersOf(report.targets);
  return {
    targets: config.targets.map((target, position): ReplayedTarget => {
      const [told, dated] = [report.targets[position], dates[position]];
      if (told === undefined || dated === undefined) {
        throw new RangeError(`the report has no target ${target.name}: it is not of this configuration`);
      }
      const plan = preparePlan(config, target, told.hitsCarryToken)(identity, startEpochMs, dated);
      return {
        plan,
        *visits() {
          for (const { index, startMs, recurrence } of cameTo(config, report, position, dates, takers)) {
            yield plan(index, startMs, recurrence);
          }
        },
      };
    }),
  };
}

/** By index: who got a visit in the place of another. */
function takersOf(targets: readonly TargetReport[]): ReadonlyMap<number, number> {
  return new Map(targets.flatMap(({ taken }, position) => taken.map(index => [index, position] as const)));
}

/**
 * What had come to a target. Arrivals come in the order of the plan, each to one target of those that share them or,
 * under `mirror`, to all: so many came as those targets count. Without a schedule a target draws its own visits, in
 * their order. Of several threads each comes as far as it does, and so it is said and counted for each.
 */
function* cameTo(
  config: RunConfig,
  { targets, run }: Report,
  position: number,
  dates: readonly TargetDates[],
  takers: ReadonlyMap<number, number>,
): Generator<PlannedArrival> {
  const group = arrivalGroups(config).find(one => one.targets.includes(position));
  if (group === undefined) return;
  const own = plannedByThread(targets[position], run.workers);
  const ofGroup = group.targets.map(at => plannedByThread(targets[at], run.workers));
  const shared = isPerTarget(config)
    ? own
    : own.map((_, thread) => ofGroup.reduce((sum, planned) => sum + (planned[thread] ?? 0), 0));
  // What is left to come, by thread: of those that share arrivals, and of this target.
  const [left, ownLeft] = [[...shared], [...own]];
  for (const arrival of plannedArrivals(config, group, run.startEpochMs, dates)) {
    const isScheduled = arrival.startMs !== null;
    const toCome = isScheduled ? left : ownLeft;
    const thread = threadOf(arrival.recurrence.firstIndex, config.shard?.count ?? 1, run.workers);
    if (toCome[thread] === 0) {
      if (toCome.every(visits => visits === 0)) return;
      continue;
    }
    left[thread] = (left[thread] ?? 0) - 1;
    const taker = takers.get(arrival.index);
    if (taker === undefined ? !group.route(arrival.index).includes(position) : taker !== position) continue;
    ownLeft[thread] = (ownLeft[thread] ?? 0) - 1;
    yield arrival;
  }
}

function plannedByThread(target: TargetReport | undefined, threads: number): readonly number[] {
  return (
    target?.plannedByThread ?? [target?.visits.planned ?? 0, ...Array.from({ length: threads - 1 }, () => 0)]
  );
}

/** The visits of a group that are this shard's. */
function* plannedArrivals(
  config: RunConfig,
  group: ArrivalGroup,
  startEpochMs: number,
  dates: readonly TargetDates[],
): Generator<PlannedArrival> {
  const arrivals = arrivalsOf(config, group, startEpochMs, dates) ?? withoutSchedule(config.visits);
  for (let index = 0, startMs = arrivals.next(); startMs !== undefined; index++, startMs = arrivals.next()) {
    const recurrence = group.recurrence(index, startMs);
    if (shardTakes(config.shard, recurrence.firstIndex)) yield { index, startMs, recurrence };
  }
}

/** Rate `max`: visits follow one another at no time. */
function withoutSchedule(visits = Number.POSITIVE_INFINITY): { next(): null | undefined } {
  let left = visits;
  return { next: () => (left-- > 0 ? null : undefined) };
}
