import { actionOf, checkNames, type HitAction, isInteraction } from './action.ts';
import { maskedAddress } from './address.ts';
import { dimensionsOf } from './custom-dimensions.ts';
import { recordShopHit, type ShopHit, shopHitOf } from './ecommerce.ts';
import { isExcluded } from './exclusion.ts';
import { fingerprint, pluginsOf } from './fingerprint.ts';
import { goalConversions, matchingGoals, namedGoal } from './goal-conversion.ts';
import { mainLanguage } from './language.ts';
import { knownPlace, placeOf } from './location.ts';
import { countLook } from './look-seconds.ts';
import { firstBytes } from './loose-values.ts';
import { addTimings, timingsOfPageview } from './page-performance.ts';
import { differsFrom, referrerOf } from './referrer.ts';
import { BrokenHit } from './refusal.ts';
import type { CollectorGoal } from './site.ts';
import type { SiteCalendar } from './site-calendar.ts';
import type { TrackedHit } from './tracked-hit.ts';
import { Buyer, type RecordedAction, Returning, type Visit } from './visit.ts';
import type { VisitLog } from './visit-log.ts';
import { randomVisitorId } from './visitor-id.ts';
import { lastVisitOf, opensNewVisit } from './visitor-recognition.ts';

/** What a hit turned out to be. */
interface Outcome {
  action: HitAction | undefined;
  goals: readonly CollectorGoal[];
  shop: ShopHit | undefined;
  /** Goals by id or by URL and orders convert a visit, carts do not. */
  converts: boolean;
}

/**
 * Records one hit, in the order the server works in, because an error leaves behind what came before it
 * [core/Tracker/Visit.php: handle].
 *
 * @throws InvalidHit, BrokenHit
 */
export function recordHit(hit: TrackedHit, log: VisitLog, calendar: SiteCalendar): void {
  if (isExcluded(hit)) return;
  const visitorId = hit.visitorId();
  const mark = fingerprintOf(hit, calendar);
  const last = lastVisitOf(hit, visitorId, mark, log);
  const open = last && !opensNewVisit(hit, last, calendar) ? last : undefined;
  const outcome = outcomeOf(hit, open);
  const isPing = hit.parameters.whole('ping', 0) === 1;
  const continued = open && !startsCampaign(hit, open) ? open : undefined;
  if (outcome.action) checkNames(outcome.action);
  if (isPing && !continued) return;
  // What the row said of a cart is read before this hit changes it, and of the open visit even where a campaign ends it.
  const hasOpenCart =
    open !== undefined && (open.goalBuyer === Buyer.OpenCart || open.goalBuyer === Buyer.OrderedAndOpenCart);
  const does = isPing ? { ...outcome, action: undefined, goals: [], converts: false } : outcome;

  const visit = continued
    ? continueVisit(hit, continued, visitorId, does, log)
    : openVisit(hit, last, visitorId, mark, does, log);
  if (!isPing) {
    if (does.shop) recordShopHit(hit, does.shop, visit, hasOpenCart, log.orders(hit.site.id));
    else visit.conversions.push(...goalConversions(hit, does.goals, visit, does.action));
  }
  if (does.action?.type !== 'pageview') addTimings(hit, visit);
}

function fingerprintOf(hit: TrackedHit, calendar: SiteCalendar): string {
  const { site, device, language, parameters } = hit;
  const siteDay = calendar.dayOf(hit.at);
  return fingerprint({
    siteId: site.id,
    siteDay,
    device,
    address: hit.addressText,
    language,
    plugins: pluginsOf(parameters),
  });
}

function outcomeOf(hit: TrackedHit, open: Visit | undefined): Outcome {
  const action = actionOf(hit);
  // Goals, orders and carts are no actions, whatever else their parameters say.
  if (hit.parameters.whole('idgoal', -1) > 0) {
    return { action: undefined, goals: [namedGoal(hit)], shop: undefined, converts: true };
  }
  const shop = shopHitOf(hit);
  if (shop) return { action: undefined, goals: [], shop, converts: shop.order !== undefined };
  const goals = matchingGoals(hit, action, open?.firstActionAt);
  return { action, goals, shop: undefined, converts: goals.length > 0 };
}

/** Another campaign ends a visit that did not begin with a direct entry [plugins/Referrers/Columns/Campaign.php]. */
function startsCampaign(hit: TrackedHit, open: Visit): boolean {
  const referrer = referrerOf(hit, open.referrer);
  return (
    referrer.type === 'campaign' && open.referrer.type !== 'direct' && differsFrom(referrer, open.referrer)
  );
}

function continueVisit(
  hit: TrackedHit,
  visit: Visit,
  visitorId: string | undefined,
  does: Outcome,
  log: VisitLog,
): Visit {
  const row = does.action && actionRow(hit, does.action);
  const dimensions = dimensionsOf(hit, 'visit');
  log.touch(visit);
  countLook(hit, visit);
  if (row) visit.actions.push(row);
  if (dimensions) visit.dimensions = { ...visit.dimensions, ...dimensions };
  if (visitorId !== undefined) log.renameVisitor(visit, visitorId);
  if (hit.userId !== '') visit.userId = firstBytes(hit.userId, 200);
  visit.totalTimeSeconds = secondsOf(hit, hit.at - visit.firstActionAt + 1, does.converts);
  if (hit.parameters.whole('ping', 0) !== 1) visit.lastActionAt = Math.max(visit.lastActionAt, hit.at);
  count(visit, does.action);
  visit.goalBuyer = buyerAfter(does.shop, visit.goalBuyer);
  if (does.converts) visit.goalConverted = true;
  if (!hit.parameters.isEmpty('ec_id')) visit.secondsSinceOrder = 0;
  Object.assign(visit.location, placeOf(hit));
  if (visit.resolution === 'unknown') visit.resolution = resolutionOf(hit);
  const referrer = referrerOf(hit, visit.referrer);
  if (visit.referrer.type === 'direct' && referrer.type !== 'direct') visit.referrer = referrer;
  return visit;
}

function openVisit(
  hit: TrackedHit,
  last: Visit | undefined,
  visitorId: string | undefined,
  mark: string,
  does: Outcome,
  log: VisitLog,
): Visit {
  const { parameters, at } = hit;
  const isOrder = !parameters.isEmpty('ec_id');
  const sinceLast = last ? at - last.firstActionAt : 0;
  const sinceFirst = last ? sum(last.secondsSinceFirst, sinceLast) : 0;
  const sinceOrder = isOrder ? 0 : last ? sum(last.secondsSinceOrder, sinceLast) : null;
  // The column takes no negative number: a visit dated before the order of its visitor is an error of the database.
  if (sinceOrder !== null && sinceOrder < 0)
    throw new BrokenHit('the visit is older than the order before it');
  const visit: Visit = {
    id: log.nextId(),
    siteId: hit.site.id,
    visitorId: last?.visitorId ?? visitorId ?? randomVisitorId(),
    fingerprint: mark,
    userId: hit.userId === '' ? null : firstBytes(hit.userId, 200),
    address: maskedAddress(hit.address),
    firstActionAt: at,
    lastActionAt: at,
    totalTimeSeconds: last ? secondsOf(hit, 0, does.converts) : 0,
    totalActions: 0,
    totalInteractions: 0,
    totalEvents: 0,
    totalSearches: 0,
    // Who ordered in the last visit only has 0 seconds since the order there, which reads as "no order".
    returning:
      isOrder || last?.secondsSinceOrder ? Returning.Customer : last ? Returning.Returning : Returning.New,
    visitCount: (last?.visitCount ?? 0) + 1,
    secondsSinceFirst: sinceFirst === null || sinceFirst < 0 ? null : sinceFirst,
    secondsSinceLast: sinceLast < 0 ? null : sinceLast,
    secondsSinceOrder: sinceOrder,
    goalBuyer: buyerAfter(does.shop, Buyer.None),
    goalConverted: does.converts,
    referrer: referrerOf(hit, undefined),
    location: knownPlace(hit),
    resolution: resolutionOf(hit),
    language: mainLanguage(hit.language),
    localTime: localTimeOf(hit),
    userAgent: hit.userAgent,
    clientHints: hit.clientHints,
    browser: hit.device.client,
    os: hit.device.os,
    plugins: pluginsOf(parameters),
    actions: [],
    conversions: [],
    items: [],
  };
  const dimensions = dimensionsOf(hit, 'visit');
  if (dimensions) visit.dimensions = dimensions;
  count(visit, does.action);
  log.add(visit);
  if (does.action) visit.actions.push(actionRow(hit, does.action));
  return visit;
}

function actionRow(hit: TrackedHit, { rawUrl: _, ...action }: HitAction): RecordedAction {
  const timings = action.type === 'pageview' ? timingsOfPageview(hit) : undefined;
  const dimensions = dimensionsOf(hit, 'action');
  return { ...action, ...(timings && { timings }), ...(dimensions && { dimensions }) };
}

function count(visit: Visit, action: HitAction | undefined): void {
  if (!action) return;
  if (action.type !== 'content') visit.totalActions++;
  if (isInteraction(action.type)) visit.totalInteractions++;
  if (action.type === 'event') visit.totalEvents++;
  if (action.type === 'search') visit.totalSearches++;
}

/** A conversion adds `idgoal` (-1 where there is none) and 2 seconds [plugins/CoreHome/Columns/VisitTotalTime.php]. */
function secondsOf({ parameters }: TrackedHit, seconds: number, converts: boolean): number {
  const plain = Math.max(0, seconds);
  return converts ? Math.max(0, plain + parameters.whole('idgoal', -1) + 2) : plain;
}

function buyerAfter(shop: ShopHit | undefined, before: Buyer): Buyer {
  if (!shop) return before;
  if (shop.order !== undefined) return Buyer.Ordered;
  return before === Buyer.Ordered || before === Buyer.OrderedAndOpenCart
    ? Buyer.OrderedAndOpenCart
    : Buyer.OpenCart;
}

function resolutionOf({ parameters }: TrackedHit): string {
  return parameters.text('res', 'unknown').slice(0, 9);
}

function localTimeOf({ parameters, at }: TrackedHit): string {
  const clock = new Date(at * 1000);
  const part = (name: string, otherwise: number, limit: number) => {
    const value = parameters.whole(name, otherwise);
    return String(value < 0 || value > limit ? 0 : value).padStart(2, '0');
  };
  return [
    part('h', clock.getUTCHours(), 23),
    part('m', clock.getUTCMinutes(), 59),
    part('s', clock.getUTCSeconds(), 59),
  ].join(':');
}

function sum(seconds: number | null, more: number): number | null {
  return seconds === null ? null : seconds + more;
}
