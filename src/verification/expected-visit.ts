import type { DeviceType } from '../traffic/browser-profiles.ts';
import { convertedGoals } from '../traffic/converted-goals.ts';
import type { Hit, Visit } from '../traffic/visit.ts';
import { extraSeconds } from '../traffic/visit-seconds.ts';
import { expectedReferrer } from './expected-referrer.ts';
import { plannedOfVisit } from './planned-details.ts';
import { emptyCounts, kinds, type VisitFacts } from './visit-facts.ts';

const deviceNames: Readonly<Record<DeviceType, string>> = {
  desktop: 'Desktop',
  smartphone: 'Smartphone',
  tablet: 'Tablet',
};

/** Matomo takes the short code of iPadOS for an old one of iOS [plugins/DevicesDetection/functions.php]. */
const toldSystems: ReadonlyMap<string, string> = new Map([['iPadOS', 'iOS']]);

/**
 * What Matomo keeps of a visit of which only these hits reached it. Undefined where that is nothing: also of pings
 * alone, which open no visit (contract case `ping-alone`).
 *
 * @param isRecorded by hit
 * @param carriesCountry whether its hits said where the visitor is: otherwise that is the server's own affair
 */
export function expectedVisit(
  visit: Visit,
  isRecorded: readonly boolean[],
  carriesCountry: boolean,
): VisitFacts | undefined {
  const arrived = visit.hits.filter((_, at) => isRecorded[at]);
  const opening = arrived.findIndex(({ type }) => type !== 'ping');
  const recorded = opening < 0 ? [] : arrived.slice(opening);
  const first = recorded[0];
  const last = recorded[recorded.length - 1];
  if (first === undefined || last === undefined) return undefined;
  const counts = emptyCounts();
  let lastRow = first;
  let actions = 0;
  let revenueCents = 0;
  let discountCents = 0;
  let contentInteractions = 0;
  for (const hit of recorded) {
    if (hit.type === 'ping') continue;
    lastRow = hit;
    const { fact, isAction } = kinds[hit.type];
    if (isAction) actions++;
    // One row is the visit's cart, whatever it holds, until an order takes its place.
    if (hit.type === 'cart') counts.carts = 1;
    else if (hit.type !== 'goal') counts[fact]++;
    if (hit.type === 'content' && hit.deed.interaction !== undefined) contentInteractions++;
    if (hit.type === 'order') {
      counts.carts = 0;
      revenueCents += hit.deed.order.totalCents;
      discountCents += hit.deed.order.discountCents;
    }
  }
  const goals = convertedGoals(recorded);
  counts.goalConversions = goals.size;
  const { visitor } = visit;
  const referrer = expectedReferrer(visit, first);
  return {
    ...counts,
    actions,
    revenueCents,
    discountCents,
    contentInteractions,
    seconds: secondsOf(visit, recorded.length, first, last),
    visitNumber: visit.visitNumber,
    firstEpochSeconds: visit.firstEpochSeconds + first.atSeconds,
    lastEpochSeconds: visit.firstEpochSeconds + lastRow.atSeconds,
    referrerType: referrer.type,
    country: carriesCountry ? visitor.country : undefined,
    names: {
      referrerName: referrer.name,
      device: deviceNames[visitor.deviceType],
      browser: visitor.browser,
      os: toldSystems.get(visitor.os) ?? visitor.os,
    },
    details: plannedOfVisit(visit, recorded, goals),
  };
}

/**
 * Each hit sets the seconds anew, so the one that arrives last decides. A visit of one hit has none, unless the
 * visitor is known already: then it has what the kind of its hit adds (contract group `visit-seconds`).
 */
function secondsOf(visit: Visit, hits: number, first: Hit, last: Hit): number {
  const extra = extraSeconds(last);
  if (hits === 1) return visit.returning ? extra : 0;
  return 1 + last.atSeconds - first.atSeconds + extra;
}
