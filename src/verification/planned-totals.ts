import { localDay, type Zone } from '../base/zone.ts';
import type { Visit } from '../traffic/visit.ts';
import { expectedVisit } from './expected-visit.ts';
import type { HitFates } from './hit-fates.ts';
import { PlannedSums } from './planned-sums.ts';
import { VisitsSoFar } from './visits-so-far.ts';

/** What a site's totals are to tell of a run. */
export interface PlannedTotals {
  /** Days of the site's zone, in order. */
  readonly days: readonly string[];
  readonly firstEpochSeconds: number;
  /** By figure: what was accepted, and the same with all hits whose answer never came. */
  readonly accepted: ReadonlyMap<string, number>;
  readonly withOpen: ReadonlyMap<string, number>;
  readonly openHits: number;
}

/** @param zone the site's */
export function plannedTotals(visits: Iterable<Visit>, fates: HitFates, zone: Zone): PlannedTotals {
  const days = new Set<number>();
  const [accepted, withOpen] = [new PlannedSums(zone), new PlannedSums(zone)];
  let first = Number.POSITIVE_INFINITY;
  let openHits = 0;
  let refusals = fates.refusedInDoubt;
  const soFar = { accepted: new VisitsSoFar(), withOpen: new VisitsSoFar() };
  for (const visit of visits) {
    const fate = fates.of(visit.index, visit.hits.length);
    for (const [at, one] of fate.entries()) {
      // Of the hits in doubt so many were refused; which ones, totals do not tell.
      if (one === 'open' && !(fates.isInDoubt(visit.index, at) && refusals-- > 0)) openHits++;
    }
    const sure = expectedVisit(
      soFar.accepted.seen(visit),
      fate.map(one => one === 'accepted'),
      false,
    );
    const most = expectedVisit(
      soFar.withOpen.seen(visit),
      fate.map(one => one !== 'lost'),
      false,
    );
    if (sure !== undefined) {
      accepted.add(visit, sure);
      soFar.accepted.add(visit, 1);
    }
    if (most === undefined) continue;
    soFar.withOpen.add(visit, 1);
    withOpen.add(visit, most);
    first = Math.min(first, most.firstEpochSeconds);
    days.add(localDay(zone, most.firstEpochSeconds)).add(localDay(zone, most.lastEpochSeconds));
  }
  return {
    days: [...days].sort((one, other) => one - other).map(dayText),
    firstEpochSeconds: first,
    accepted: accepted.figures(),
    withOpen: withOpen.figures(),
    openHits,
  };
}

/** A day as the Reporting API names it: `2026-11-22`. */
export function dayText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
