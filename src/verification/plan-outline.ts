import type { Visit } from '../traffic/visit.ts';

/** When a planned visit takes place, as it is dated. */
export interface Slot {
  readonly index: number;
  readonly firstEpochSeconds: number;
  readonly lastEpochSeconds: number;
}

/** What the log is read for: all that tells a plan's visits from others, without holding the plan. */
export interface PlanOutline {
  readonly visits: number;
  /** By visitor id, in order of time. Ids that follow from a user id belong here, too. */
  readonly visitors: ReadonlyMap<string, readonly Slot[]>;
  /** By pageview id and time: whose visit begins with it. */
  readonly beginnings: ReadonlyMap<string, Slot>;
  /** Of any planned hit; 0 where there is none. */
  readonly earliestEpochSeconds: number;
  readonly latestEpochSeconds: number;
}

export function planOutline(visits: Iterable<Visit>): PlanOutline {
  const visitors = new Map<string, Slot[]>();
  const beginnings = new Map<string, Slot>();
  let count = 0;
  let earliest = Number.POSITIVE_INFINITY;
  let latest = 0;
  for (const { index, visitorId, firstEpochSeconds, hits } of visits) {
    const lastEpochSeconds = firstEpochSeconds + (hits[hits.length - 1]?.atSeconds ?? 0);
    const slot: Slot = { index, firstEpochSeconds, lastEpochSeconds };
    const slots = visitors.get(visitorId);
    if (slots === undefined) visitors.set(visitorId, [slot]);
    else slots.push(slot);
    const opening = hits[0];
    if (opening !== undefined) beginnings.set(beginningKey(opening.pageviewId, firstEpochSeconds), slot);
    count++;
    earliest = Math.min(earliest, firstEpochSeconds);
    latest = Math.max(latest, lastEpochSeconds);
  }
  return {
    visits: count,
    visitors,
    beginnings,
    earliestEpochSeconds: count === 0 ? 0 : earliest,
    latestEpochSeconds: latest,
  };
}

/** Six digits alone would be another's by chance on a busy site. */
export function beginningKey(pageviewId: string, epochSeconds: number): string {
  return `${pageviewId} ${epochSeconds}`;
}

/** Which of a visitor's planned visits a recorded one is: the nearest in time. */
export function nearestSlot(slots: readonly Slot[], firstEpochSeconds: number): Slot | undefined {
  const distance = (slot: Slot) =>
    Math.max(slot.firstEpochSeconds - firstEpochSeconds, firstEpochSeconds - slot.lastEpochSeconds, 0);
  let nearest = slots[0];
  for (const slot of slots) {
    if (nearest === undefined || distance(slot) < distance(nearest)) nearest = slot;
  }
  return nearest;
}
