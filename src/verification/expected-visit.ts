import type { DeviceType } from '../traffic/browser-profiles.ts';
import type { Hit, Visit } from '../traffic/visit.ts';
import { expectedReferrer } from './expected-referrer.ts';
import { emptyCounts, kinds, type VisitFacts } from './visit-facts.ts';

/** An order adds 2 to the seconds of the visit it is the last hit of (contract case `seconds-order-last`). */
const ORDER_EXTRA_SECONDS = 2;

const deviceNames: Readonly<Record<DeviceType, string>> = {
  desktop: 'Desktop',
  smartphone: 'Smartphone',
  tablet: 'Tablet',
};

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
  for (const hit of recorded) {
    if (hit.type === 'ping') continue;
    lastRow = hit;
    const { fact, isAction } = kinds[hit.type];
    counts[fact]++;
    if (isAction) actions++;
    if (hit.type === 'order') revenueCents += hit.order.totalCents;
  }
  const { visitor } = visit;
  const referrer = expectedReferrer(first);
  return {
    ...counts,
    actions,
    revenueCents,
    seconds: secondsOf(visit, recorded.length, first, last),
    firstEpochSeconds: visit.firstEpochSeconds + first.atSeconds,
    lastEpochSeconds: visit.firstEpochSeconds + lastRow.atSeconds,
    referrerType: referrer.type,
    country: carriesCountry ? visitor.country : undefined,
    names: {
      referrerName: referrer.name,
      device: deviceNames[visitor.deviceType],
      browser: visitor.browser,
      os: visitor.os,
    },
  };
}

/**
 * Each hit sets the seconds anew, so the one that arrives last decides. A visit of one hit has none, unless the
 * visitor is known already: then it has what the kind of its hit adds (contract group `visit-seconds`).
 */
function secondsOf(visit: Visit, hits: number, first: Hit, last: Hit): number {
  const extra = last.type === 'order' ? ORDER_EXTRA_SECONDS : 0;
  if (hits === 1) return visit.returning ? extra : 0;
  return 1 + last.atSeconds - first.atSeconds + extra;
}
