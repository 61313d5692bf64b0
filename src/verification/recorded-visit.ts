import type { Zone } from '../base/zone.ts';
import type { LoggedAction, LoggedVisit } from '../matomo/reporting/visit-log.ts';
import { emptyCounts, kinds, type RecordedType, type VisitFacts } from './visit-facts.ts';

/** A row of a visit in the log: an action, a conversion, a piece of content. */
export interface RecordedAction {
  readonly type: RecordedType;
  readonly epochSeconds: number;
  /** '' where the log has none, as for orders. */
  readonly pageviewId: string;
  readonly orderId: string;
}

/** A visit of the log, as far as it is compared. */
export interface RecordedVisit {
  readonly idVisit: number;
  readonly visitorId: string;
  readonly facts: VisitFacts;
  /** In order of time. */
  readonly actions: readonly RecordedAction[];
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

/** Live shows no more rows of a visit [config: visitor_log_maximum_actions_per_visit]. */
const MOST_ROWS = 500;

/**
 * Reads a visit of the log. Orders and revenue are counted from its rows: what Live tells beside them
 * (`totalEcommerceRevenue`) is of all visits of the visitor [plugins/Ecommerce/VisitorDetails.php].
 *
 * @param zone the site's
 */
export function recordedVisit(logged: LoggedVisit, zone: Zone): RecordedVisit {
  const shiftSeconds = clockShift(logged, zone);
  const counts = emptyCounts();
  let revenueCents = 0;
  const actions: RecordedAction[] = [];
  for (const row of logged.actionDetails) {
    const type = types.get(row.type);
    if (type === undefined) continue;
    counts[kinds[type].fact]++;
    if (type === 'order') revenueCents += Math.round((row.revenue || 0) * 100);
    actions.push({
      type,
      epochSeconds: row.timestamp - shiftSeconds,
      pageviewId: row.idpageview,
      orderId: row.orderId,
    });
  }
  if (logged.actionDetails.length >= MOST_ROWS) {
    // What was cut off is told in sum only, and nearly all of a long visit are pageviews.
    const { events, searches, actions: all } = logged;
    const { outlinks, downloads } = counts;
    Object.assign(counts, { events, searches, pageviews: all - events - searches - outlinks - downloads });
  }
  return {
    idVisit: logged.idVisit,
    visitorId: logged.visitorId,
    actions,
    facts: {
      ...counts,
      actions: logged.actions,
      revenueCents,
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
    },
  };
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
