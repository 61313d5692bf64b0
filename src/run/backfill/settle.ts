import { localDay, type Zone } from '../../base/zone.ts';
import type { ReportingClient } from '../../matomo/reporting/reporting-client.ts';
import type { LoggedVisit } from '../../matomo/reporting/visit-log.ts';
import { visitorsQuestion } from '../../matomo/reporting/visitors-log.ts';
import { addVisit, emptyPlanTotals } from '../../traffic/plan-totals.ts';
import type { Visit } from '../../traffic/visit.ts';

/** What a server has of a visit whose answer never came. */
export type Settled = 'recorded' | 'partial' | 'absent';

/** Visitors a question names. */
const VISITORS_AT_ONCE = 50;
/** A visitor has a visit a day at most: so many days in one question are far from the limit of rows. */
const DAYS_AT_ONCE = 7;
const MOST_ROWS = 1000;
/** Visits of one visitor are half an hour apart: what begins within half of that is the one that is looked for. */
const NEAR_SECONDS = 900;
const DAY_MS = 86_400_000;

/**
 * Asks a server for visits by their visitors. One is whole where all its actions are there, and its last hit: a ping, which is
 * no action, by the length it gave the visit. The first ones are missing where a transaction was lost (`reply.ts`).
 *
 * @returns in the order of the visits
 * @throws ReportingError
 */
export async function settleVisits(
  client: ReportingClient,
  { siteId, zone }: { readonly siteId: number; readonly zone: Zone },
  visits: readonly Visit[],
): Promise<readonly Settled[]> {
  const settled: Settled[] = [];
  for (const group of groupsOf(visits)) {
    const seconds = group.flatMap(visit => [visit.firstEpochSeconds, endOf(visit)]);
    const found = await client.ask(
      visitorsQuestion({
        siteId,
        visitorIds: [...new Set(group.map(visit => visit.visitorId))],
        // A day on either side does no harm, and is needed where the zone is not quite the site's.
        dates: `${dayText(zone, Math.min(...seconds), -1)},${dayText(zone, Math.max(...seconds), 1)}`,
        limit: MOST_ROWS,
      }),
    );
    const byVisitor = new Map<string, LoggedVisit[]>();
    for (const logged of found) {
      const known = byVisitor.get(logged.visitorId);
      if (known === undefined) byVisitor.set(logged.visitorId, [logged]);
      else known.push(logged);
    }
    for (const visit of group) settled.push(settledBy(visit, byVisitor.get(visit.visitorId) ?? []));
  }
  return settled;
}

function settledBy(visit: Visit, logged: readonly LoggedVisit[]): Settled {
  const end = endOf(visit);
  const own = logged.filter(
    ({ firstActionTimestamp }) =>
      firstActionTimestamp >= visit.firstEpochSeconds - NEAR_SECONDS &&
      firstActionTimestamp <= end + NEAR_SECONDS,
  );
  if (own.length === 0) return 'absent';
  const endsWithPing = visit.hits.at(-1)?.type === 'ping';
  const planned = emptyPlanTotals();
  addVisit(planned, visit);
  const isWhole = ({ actions, lastActionTimestamp, visitDuration }: LoggedVisit) =>
    actions >= planned.actions &&
    lastActionTimestamp >= end &&
    (!endsWithPing || visitDuration >= planned.visitSeconds);
  return own.some(isWhole) ? 'recorded' : 'partial';
}

/** In their order, so that those of a group are of few days. */
function groupsOf(visits: readonly Visit[]): Visit[][] {
  const groups: Visit[][] = [];
  let beginsAt = 0;
  for (const visit of visits) {
    const group = groups[groups.length - 1];
    const isNear = Math.abs(visit.firstEpochSeconds - beginsAt) < DAYS_AT_ONCE * 86_400;
    if (group === undefined || group.length === VISITORS_AT_ONCE || !isNear) {
      groups.push([visit]);
      beginsAt = visit.firstEpochSeconds;
    } else group.push(visit);
  }
  return groups;
}

/** When its last action is. A ping makes a visit longer and leaves its last action where it was. */
function endOf({ firstEpochSeconds, hits }: Visit): number {
  return firstEpochSeconds + (hits.findLast(({ type }) => type !== 'ping')?.atSeconds ?? 0);
}

/** @param moved in days */
function dayText(zone: Zone, epochSeconds: number, moved: number): string {
  return new Date((localDay(zone, epochSeconds) + moved) * DAY_MS).toISOString().slice(0, 10);
}
