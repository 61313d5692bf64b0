import { runIdentity } from '../../traffic/identity.ts';
import type { Visit } from '../../traffic/visit.ts';
import { datesOf, preparePlan, type TargetDates } from '../planning.ts';
import type { BackfilledTarget, Report, ReportedBackfill } from '../report.ts';
import type { RunConfig } from '../run-config.ts';
import { type BackfillConfig, type BackfillVisit, backfillVisits, daysOf } from './backfill-plan.ts';
import { PositionSet } from './position-set.ts';

/** What a backfill has sent to a target, in any session, planned again from its report. */
export interface ReplayedDays {
  /** Oldest first; planned anew with each walk. */
  readonly visits: () => Iterable<Visit>;
  /** The same day by day, of which one at a time is held. */
  readonly days: () => Iterable<ReplayedDay>;
}

export interface ReplayedDay {
  /** `2026-01-03` */
  readonly date: string;
  readonly visits: () => Iterable<Visit>;
}

/** Plans again what a backfill has planned, as far as its report's account goes: by target, in the order of the configuration. */
export function replayBackfill(
  config: RunConfig,
  report: Report,
  { window }: ReportedBackfill,
): readonly ReplayedDays[] {
  const filled: BackfillConfig = {
    ...config,
    clock: 'backfill',
    backfill: { ...window, maxVisits: window.maxVisits, allowLong: true },
  };
  const { id, startEpochMs, tag } = report.run;
  const identity = { ...runIdentity(id, startEpochMs), tag };
  const told = report.targets.map(({ timezone, clockShiftSeconds, hitsCarryToken }) => ({
    timezone,
    serverLagSeconds: clockShiftSeconds,
    hitsCarryToken,
  }));
  const accounts = report.targets.map(target => target.backfill ?? nothing);
  const dates = datesOf(filled, told).map(
    (of, at): TargetDates => ({ ...of, latestEpochSeconds: accounts[at]?.latestEpochSeconds ?? 0 }),
  );
  const { dates: names } = daysOf(filled);
  return config.targets.map((target, at): ReplayedDays => {
    const maker = preparePlan(filled, target, told[at]?.hitsCarryToken ?? true);
    const plan = maker(identity, startEpochMs, dates[at] as TargetDates);
    const planned = ({ index, momentSeconds, recurrence }: BackfillVisit) =>
      plan(index, momentSeconds * 1000 - startEpochMs, recurrence);
    const sent = () => sentVisits(filled, dates, at, accounts[at] ?? nothing);
    return {
      *visits() {
        for (const visit of sent()) yield planned(visit);
      },
      *days() {
        for (const day of byDay(sent())) {
          yield { date: names[day[0]?.day ?? 0] ?? '', visits: () => plannedAgain(day, planned) };
        }
      },
    };
  });
}

const nothing: BackfilledTarget = { latestEpochSeconds: 0, positions: [] };

function* sentVisits(
  config: BackfillConfig,
  dates: readonly TargetDates[],
  at: number,
  { positions }: BackfilledTarget,
): Generator<BackfillVisit> {
  const sent = new PositionSet();
  for (const [from, to] of positions) sent.add(from, to);
  let left = sent.size;
  for (const visit of backfillVisits(config, dates, at)) {
    if (left === 0) return;
    if (!sent.has(visit.position)) continue;
    left--;
    yield visit;
  }
}

function* byDay(visits: Iterable<BackfillVisit>): Generator<readonly BackfillVisit[]> {
  let day: BackfillVisit[] = [];
  for (const visit of visits) {
    if (day.length > 0 && day[0]?.day !== visit.day) {
      yield day;
      day = [];
    }
    day.push(visit);
  }
  if (day.length > 0) yield day;
}

function* plannedAgain(
  visits: readonly BackfillVisit[],
  planned: (visit: BackfillVisit) => Visit,
): Generator<Visit> {
  for (const visit of visits) yield planned(visit);
}
