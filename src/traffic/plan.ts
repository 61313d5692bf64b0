import { Purpose, type Random, randomStream } from '../base/random.ts';
import { browsing, type PageDeed, type Stop } from './browsing.ts';
import { withQuery } from './campaign-link.ts';
import { type DatingRules, firstHitEpochSeconds } from './dating.ts';
import { dimensionDraw } from './dimensions.ts';
import { funnelJourneys } from './funnel-journey.ts';
import { type RunIdentity, userId, visitorId, visitorIdOfUser } from './identity.ts';
import { drawTimings, type PageTimings } from './page-timings.ts';
import type { Page } from './pages.ts';
import { onlyVisit, type Recurrence } from './recurrences.ts';
import { datingBack } from './return-gaps.ts';
import type { Range, TrafficSettings } from './settings.ts';
import { hitTimes } from './timing.ts';
import { type TrafficSource, trafficSource } from './traffic-source.ts';
import { urlGoalsOf } from './url-goals.ts';
import type { Dimensions, Hit, UrlGoal, Visit } from './visit.ts';
import { drawVisitor, type Visitor } from './visitor.ts';

/** What all targets of a run have in common. */
export interface RunPlan {
  readonly seed: number;
  readonly identity: RunIdentity;
  readonly startEpochMs: number;
  /** Between the hits of a visit under the compressed clock. */
  readonly pauseSeconds: Range;
  /** How visitors are numbered: the k-th is first + k × step. Left out: 0, 1, 2, … */
  readonly numbers?: { readonly first: number; readonly step: number };
}

/** What the visits to one target depend on besides. */
export interface TargetPlan {
  readonly traffic: TrafficSettings;
  readonly dating: DatingRules;
}

/**
 * Plans a visit: pure, so the same on any machine, thread or shard.
 *
 * @param startMs when it begins to be sent, from the start of the run; null where there is no schedule
 * @param recurrence whose visit it is; left out: of somebody who comes once
 */
export type VisitPlan = (index: number, startMs: number | null, recurrence?: Recurrence) => Visit;

export function visitPlan(run: RunPlan, { traffic, dating }: TargetPlan): VisitPlan {
  return visitPlanner(traffic)(run, dating);
}

/**
 * The same in two steps: what takes a moment for a long page list is done at once, so that the first visits are
 * planned as fast as all others once the start of the run is known.
 */
export function visitPlanner(traffic: TrafficSettings): (run: RunPlan, dating: DatingRules) => VisitPlan {
  const browse = browsing(traffic);
  const walked = funnelJourneys(traffic);
  const drawSource = trafficSource(traffic);
  const parts = pageParts(traffic);
  const visitDimensions = dimensionDraw(traffic.dimensions, 'visit');
  drawVisitor(randomStream(0, Purpose.Visitor, 0), traffic);
  return (run, dating) => {
    const { first, step } = run.numbers ?? { first: 0, step: 1 };
    const back = datingBack(traffic, dating);
    return (index, startMs, recurrence = onlyVisit(index)) => {
      const number = first + index * step;
      // A visitor has the number of the first visit, and with it the same face each time.
      const visitorNumber = first + recurrence.firstIndex * step;
      const random = randomStream(run.seed, Purpose.Visit, number);
      const extra = randomStream(run.seed, Purpose.Extra, number);
      // Nobody is logged in as the first visitor of a tag: it is asked for to know whether the tag is in use.
      const drawsLogin = extra.chance(traffic.loggedInProbability);
      const isLoggedIn =
        visitorNumber > 0 &&
        (visitorNumber === number
          ? drawsLogin
          : randomStream(run.seed, Purpose.Extra, visitorNumber).chance(traffic.loggedInProbability));
      const user = isLoggedIn ? userId(run.identity, visitorNumber) : undefined;
      const visitor = drawVisitor(
        randomStream(run.seed, Purpose.Visitor, visitorNumber),
        traffic,
        isLoggedIn,
      );
      const source = drawSource(random, extra);
      const orderId = `${run.identity.orderPrefix}-${number}`;
      const walk = walked?.(randomStream(run.seed, Purpose.Funnel, number), orderId);
      const browses = walk === undefined || walk.goesOn;
      const browsed = browses ? browse(random, orderId, extra) : [];
      const browsedTimes = browses ? hitTimes(random, browsed, traffic.visitMinutes, traffic.shape) : [];
      const stops = walk === undefined ? browsed : [...walk.stops, ...browsed];
      const times = walk === undefined ? browsedTimes : oneAfterAnother(walk.times, browsedTimes);
      const sending = dating.clock === 'real' ? atTheirTime : paused(random, run.pauseSeconds);
      const dimensions = both(visitDimensions(extra), walk?.dimensions);
      const hits = hitsOf(random, stops, times, source, sending, parts(extra, visitor));
      const lengthSeconds = hits[hits.length - 1]?.atSeconds ?? 0;
      return {
        index,
        visitor,
        visitorId: user === undefined ? visitorId(run.identity.tag, visitorNumber) : visitorIdOfUser(user),
        userId: user,
        dimensions,
        visitorIndex: recurrence.firstIndex,
        returning: recurrence.visitNumber > 1,
        visitNumber: recurrence.visitNumber,
        source: source.kind,
        journey: walk?.funnel.name ?? 'browse',
        funnel: walk,
        startMs,
        firstEpochSeconds: firstHitEpochSeconds(
          dating,
          run.startEpochMs + (startMs ?? 0),
          lengthSeconds,
          back(recurrence, () => randomStream(run.seed, Purpose.Gaps, visitorNumber)),
        ),
        hits,
      };
    };
  };
}

/** The last moment of the first is that of the first hit of the second. */
function oneAfterAnother(first: readonly number[], second: readonly number[]): readonly number[] {
  const end = first[first.length - 1] ?? 0;
  return second.length === 0 ? first : [...first.slice(0, -1), ...second.map(time => end + time)];
}

/** When a hit is sent, in ms from the visit's start; asked once for each hit, in order. */
type Sending = (atSeconds: number) => number;

const atTheirTime: Sending = atSeconds => atSeconds * 1000;

function paused(random: Random, pauseSeconds: Range): Sending {
  let sendMs = 0;
  let isFirst = true;
  return () => {
    if (!isFirst) sendMs += Math.round(random.between(pauseSeconds.min, pauseSeconds.max) * 1000);
    isFirst = false;
    return sendMs;
  };
}

/**
 * A visit of one hit ends with it, as a bounce does; others with a ping that tells how long the last page
 * was read. Runs for every hit: plain objects of one shape a type, nothing spread.
 */
function hitsOf(
  random: Random,
  stops: readonly Stop[],
  times: readonly number[],
  source: TrafficSource,
  sending: Sending,
  part: PageParts,
): Hit[] {
  const hits: Hit[] = [];
  let { referrer } = source;
  let pageviewId = '';
  for (const stop of stops) {
    const { page, deeds } = stop;
    pageviewId = hexDigits(random);
    const opensAt = times[hits.length] as number;
    const landing =
      hits.length === 0 && source.campaignQuery !== undefined ? linkedTo(page, source.campaignQuery) : page;
    hits.push({
      type: 'pageview',
      atSeconds: opensAt,
      sendMs: sending(opensAt),
      page: landing,
      pageviewId,
      referrer,
      dimensions: both(part.dimensions(), stop.dimensions),
      product: stop.product,
      timings: part.timings(),
      urlGoals: part.urlGoals(landing.url),
    });
    for (const deed of deeds) {
      const at = times[hits.length] as number;
      const isElsewhere = deed.page !== undefined;
      hits.push(
        hitOf(deed, at, sending(at), deed.page ?? page, pageviewId, isElsewhere ? page.url : referrer),
      );
    }
    referrer = deeds[deeds.length - 1]?.page?.url ?? page.url;
  }
  const last = hits[hits.length - 1];
  if (last !== undefined && hits.length > 1) {
    const at = times[hits.length] as number;
    const sendMs = sending(at);
    hits.push({
      type: 'ping',
      atSeconds: at,
      sendMs,
      page: last.page,
      pageviewId,
      referrer: last.referrer,
    });
  }
  return hits;
}

function hitOf(
  deed: PageDeed,
  atSeconds: number,
  sendMs: number,
  page: Page,
  pageviewId: string,
  referrer: string,
): Hit {
  const { dimensions } = deed;
  switch (deed.type) {
    case 'event': {
      const { type, category, action, name, value } = deed;
      return {
        type,
        atSeconds,
        sendMs,
        page,
        pageviewId,
        referrer,
        dimensions,
        category,
        action,
        name,
        value,
      };
    }
    case 'search': {
      const { type, keyword, category, results } = deed;
      return { type, atSeconds, sendMs, page, pageviewId, referrer, dimensions, keyword, category, results };
    }
    case 'order': {
      const { type, order } = deed;
      return { type, atSeconds, sendMs, page, pageviewId, referrer, dimensions, order };
    }
    case 'cart': {
      const { type, cart } = deed;
      return { type, atSeconds, sendMs, page, pageviewId, referrer, dimensions, cart };
    }
    case 'goal': {
      const { type, goalId, revenueCents } = deed;
      return { type, atSeconds, sendMs, page, pageviewId, referrer, dimensions, goalId, revenueCents };
    }
    case 'content': {
      const { type, name, piece, target, interaction } = deed;
      return {
        type,
        atSeconds,
        sendMs,
        page,
        pageviewId,
        referrer,
        dimensions,
        name,
        piece,
        target,
        interaction,
      };
    }
    case 'outlink':
    case 'download': {
      const { type, target } = deed;
      return { type, atSeconds, sendMs, page, pageviewId, referrer, dimensions, target };
    }
  }
}

/** The dimensions of two, where both have one the second's. */
function both(one: Dimensions | undefined, other: Dimensions | undefined): Dimensions | undefined {
  return other === undefined ? one : { ...one, ...other };
}

/** The page as a campaign's link leads to it. Only the first pageview tells of it: one campaign a visit. */
function linkedTo({ url, title }: Page, query: string): Page {
  return { url: withQuery(url, query), title };
}

/** What pageviews of one visit have besides their page; asked for once for each, in order. */
interface PageParts {
  readonly dimensions: () => Dimensions | undefined;
  readonly timings: () => PageTimings | undefined;
  readonly urlGoals: (url: string) => readonly UrlGoal[] | undefined;
}

const nothing = () => undefined;

function pageParts(traffic: TrafficSettings): (random: Random, visitor: Visitor) => PageParts {
  const { pageTimings } = traffic;
  const hasDimensions = traffic.dimensions.some(({ scope }) => scope === 'action');
  const drawDimensions = dimensionDraw(traffic.dimensions, 'action');
  const urlGoals = urlGoalsOf(traffic.goals);
  const none: PageParts = { dimensions: nothing, timings: nothing, urlGoals };
  if (!hasDimensions && pageTimings.probability === 0) return () => none;
  return (random, { deviceType }) => ({
    dimensions: () => drawDimensions(random),
    timings: () =>
      random.chance(pageTimings.probability) ? drawTimings(random, deviceType, pageTimings) : undefined,
    urlGoals,
  });
}

/** Matomo's `pv_id` has exactly six characters. */
function hexDigits(random: Random): string {
  return (random.uint32() & 0xffffff).toString(16).padStart(6, '0');
}
