import type { Zone } from '../base/zone.ts';
import type { LoggedAction, LoggedVisit } from '../matomo/reporting/visit-log.ts';
import type { Details } from './details.ts';
import { type LogScope, recordedDetails, recordedOfVisit } from './recorded-details.ts';
import { emptyCounts, kinds, type RecordedType, type VisitFacts } from './visit-facts.ts';

/** A row of a visit in the log: an action, a conversion, a piece of content. */
export interface RecordedAction {
  readonly type: RecordedType;
  readonly epochSeconds: number;
  /** '' where the log has none, as for orders. */
  readonly pageviewId: string;
  readonly orderId: string;
  readonly details: Details;
}

/** A visit of the log, as far as it is compared. */
export interface RecordedVisit {
  readonly idVisit: number;
  readonly visitorId: string;
  readonly facts: VisitFacts;
  /** In order of time. */
  readonly actions: readonly RecordedAction[];
  /** Rows that the log tells in number only: its last ones. */
  readonly rowsCutOff: number;
}

/** Rows of other plugins are none of ours. */
const types: ReadonlyMap<string, RecordedType> = new Map([
  ['action', 'pageview'],
  ['event', 'event'],
  ['search', 'search'],
  ['outlink', 'outlink'],
  ['download', 'download'],
  ['13', 'content'],
  ['content', 'content'],
  ['ecommerceOrder', 'order'],
  ['ecommerceAbandonedCart', 'cart'],
  ['goal', 'goal'],
]);

/**
 * Reads a visit of the log. Orders and revenue are counted from its rows: what Live tells beside them
 * (`totalEcommerceRevenue`) is of all visits of the visitor [plugins/Ecommerce/VisitorDetails.php].
 *
 * @param zone the site's
 */
export function recordedVisit(logged: LoggedVisit, zone: Zone, scope: LogScope): RecordedVisit {
  const shiftSeconds = clockShift(logged, zone);
  const rowsCutOff = logged.truncatedActionsCount ?? 0;
  const counts = emptyCounts();
  let revenueCents = 0;
  let discountCents = 0;
  let contentInteractions = 0;
  const actions: RecordedAction[] = [];
  for (const row of logged.actionDetails) {
    const type = types.get(row.type);
    if (type === undefined) continue;
    counts[kinds[type].fact]++;
    if (type === 'order') {
      revenueCents += Math.round((row.revenue || 0) * 100);
      discountCents += Math.round((row.revenueDiscount ?? 0) * 100);
    }
    if (type === 'content' && row.contentInteraction) contentInteractions++;
    actions.push({
      type,
      epochSeconds: row.timestamp - shiftSeconds,
      pageviewId: row.idpageview,
      orderId: row.orderId,
      details: recordedDetails(row, type, scope),
    });
  }
  return {
    idVisit: logged.idVisit,
    visitorId: logged.visitorId,
    actions,
    rowsCutOff,
    facts: {
      ...counts,
      ...(rowsCutOff > 0 && { events: logged.events, searches: logged.searches }),
      actions: logged.actions,
      revenueCents,
      discountCents,
      contentInteractions,
      seconds: logged.visitDuration,
      visitNumber: logged.visitCount,
      firstEpochSeconds: logged.firstActionTimestamp,
      lastEpochSeconds: logged.lastActionTimestamp,
      referrerType: logged.referrerType,
      country: logged.countryCode,
      names: {
        referrerName: logged.referrerType === 'direct' ? undefined : logged.referrerName,
        device: logged.deviceType,
        browser: logged.browserName,
        os: logged.operatingSystemName,
      },
      details: recordedOfVisit(logged),
    },
  };
}

/**
 * A visit whose last rows the log cut off, with what was to be among them: taken to be there where as many are cut off
 * as that needs. Its actions, events and searches are told in sum.
 */
export function withRowsCutOff(visit: RecordedVisit, expected: VisitFacts): RecordedVisit {
  const { facts, actions, rowsCutOff } = visit;
  if (rowsCutOff === 0 || actions.length + rowsCutOff < rowsOf(expected)) return visit;
  const told = { ...facts };
  for (const name of untold) told[name] = Math.max(facts[name], expected[name]);
  const { events, searches, outlinks, downloads } = told;
  return {
    ...visit,
    facts: { ...told, pageviews: facts.actions - events - searches - outlinks - downloads },
  };
}

/** What nothing but the rows of a visit tells. */
const untold = [
  'outlinks',
  'downloads',
  'contents',
  'contentInteractions',
  'orders',
  'carts',
  'goalConversions',
  'revenueCents',
  'discountCents',
] as const satisfies readonly (keyof VisitFacts)[];

function rowsOf({ actions, contents, orders, carts, goalConversions }: VisitFacts): number {
  return actions + contents + orders + carts + goalConversions;
}

/**
 * Live tells the times of a visit as they are, and those of its rows as if the site's local time were UTC; for zones
 * given as a distance from UTC it moves them the other way (`getTimestamp` in core/Date.php). The first row tells which.
 */
function clockShift({ actionDetails, firstActionTimestamp }: LoggedVisit, zone: Zone): number {
  const earliest = actionDetails.reduce((least: number, { timestamp }: LoggedAction) => {
    return Math.min(least, timestamp);
  }, Number.POSITIVE_INFINITY);
  if (!Number.isFinite(earliest)) return 0;
  const offset = zone.offsetSeconds(firstActionTimestamp);
  const distance = (shift: number) => Math.abs(earliest - firstActionTimestamp - shift);
  return [0, offset, -offset].reduce((best, shift) => (distance(shift) < distance(best) ? shift : best));
}
