import type { Pace } from './pace.ts';

/** A time in which the rate stays, or goes from one to another in a straight line. */
export interface Stage {
  /** Above 0. */
  readonly durationSeconds: number;
  /** Visits a second. */
  readonly fromRate: number;
  readonly toRate: number;
}

/** One stage after the other; no visit comes after the last. */
export function stagesPace(stages: readonly Stage[]): Pace {
  let at = 0;
  let beginSeconds = 0;
  /** Visits of the stages before. */
  let before = 0;
  return {
    msOf(visits) {
      for (let stage = stages[at]; stage !== undefined; stage = stages[at]) {
        const after = exact(before + visitsIn(stage, stage.durationSeconds));
        if (visits < after) return (beginSeconds + secondsOf(stage, visits - before)) * 1000;
        before = after;
        beginSeconds += stage.durationSeconds;
        at++;
      }
      return undefined;
    },
  };
}

/** Visits, whole and broken, that stages come to. @param untilSeconds where they are cut short */
export function visitsOfStages(stages: readonly Stage[], untilSeconds = Number.POSITIVE_INFINITY): number {
  let visits = 0;
  let left = untilSeconds;
  for (const stage of stages) {
    const seconds = Math.min(left, stage.durationSeconds);
    visits = exact(visits + visitsIn(stage, seconds));
    left -= seconds;
  }
  return visits;
}

export function secondsOfStages(stages: readonly Stage[]): number {
  return stages.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
}

/** Visits of the first seconds of a stage: the area below a line. */
function visitsIn({ durationSeconds, fromRate, toRate }: Stage, seconds: number): number {
  const slope = (toRate - fromRate) / durationSeconds;
  return seconds * (fromRate + (slope * seconds) / 2);
}

/** The reverse, in the form of the quadratic formula that loses no digits and needs no case of its own without a slope. */
function secondsOf({ durationSeconds, fromRate, toRate }: Stage, visits: number): number {
  if (visits <= 0 && fromRate === 0) return 0;
  const slope = (toRate - fromRate) / durationSeconds;
  // Below 0 only by rounding, at the end of a line that falls to nothing.
  const root = Math.sqrt(Math.max(0, fromRate ** 2 + 2 * slope * visits));
  return (2 * visits) / (fromRate + root);
}

/** Free of what thirds and sixtieths leave behind: 10 minutes at 100 a minute are 1,000 visits and not one more. */
function exact(visits: number): number {
  return Number(visits.toPrecision(12));
}
