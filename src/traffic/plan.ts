import { Purpose, type Random, randomStream } from '../base/random.ts';
import { browsing, type PageDeed, type Stop } from './browsing.ts';
import { type DatingRules, firstHitEpochSeconds } from './dating.ts';
import { type RunIdentity, visitorId } from './identity.ts';
import type { Page } from './pages.ts';
import type { Range, TrafficSettings } from './settings.ts';
import { hitTimes } from './timing.ts';
import { drawSource } from './traffic-source.ts';
import type { Hit, Visit } from './visit.ts';
import { drawVisitor } from './visitor.ts';

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
 */
export type VisitPlan = (index: number, startMs: number | null) => Visit;

export function visitPlan(run: RunPlan, { traffic, dating }: TargetPlan): VisitPlan {
  return visitPlanner(traffic)(run, dating);
}

/**
 * The same in two steps: what takes a moment for a long page list is done at once, so that the first visits are
 * planned as fast as all others once the start of the run is known.
 */
export function visitPlanner(traffic: TrafficSettings): (run: RunPlan, dating: DatingRules) => VisitPlan {
  const browse = browsing(traffic);
  drawVisitor(randomStream(0, Purpose.Visitor, 0), traffic);
  return (run, dating) => (index, startMs) => {
    const number = (run.numbers?.first ?? 0) + index * (run.numbers?.step ?? 1);
    const random = randomStream(run.seed, Purpose.Visit, number);
    const visitor = drawVisitor(randomStream(run.seed, Purpose.Visitor, number), traffic);
    const source = drawSource(random, traffic.directProbability);
    const stops = browse(random, `${run.identity.orderPrefix}-${number}`);
    const times = hitTimes(random, stops, traffic.visitMinutes);
    const sending = dating.clock === 'real' ? atTheirTime : paused(random, run.pauseSeconds);
    const hits = hitsOf(random, stops, times, source?.url ?? '', sending);
    const lengthSeconds = hits[hits.length - 1]?.atSeconds ?? 0;
    return {
      index,
      visitor,
      visitorId: visitorId(run.identity.tag, number),
      userId: undefined,
      dimensions: undefined,
      returning: false,
      visitNumber: 1,
      journey: 'browse',
      startMs,
      firstEpochSeconds: firstHitEpochSeconds(dating, run.startEpochMs + (startMs ?? 0), lengthSeconds),
      hits,
    };
  };
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
 * A visit of one page ends with its only hit, as a bounce does; others with a ping that tells how long the last page
 * was read. Runs for every hit: plain objects of one shape a type, nothing spread.
 */
function hitsOf(
  random: Random,
  stops: readonly Stop[],
  times: readonly number[],
  source: string,
  sending: Sending,
): Hit[] {
  const hits: Hit[] = [];
  let referrer = source;
  let pageviewId = '';
  for (const { page, deeds, product, dimensions } of stops) {
    pageviewId = hexDigits(random);
    const opensAt = times[hits.length] as number;
    hits.push({
      type: 'pageview',
      atSeconds: opensAt,
      sendMs: sending(opensAt),
      page,
      pageviewId,
      referrer,
      dimensions,
      product,
    });
    for (const deed of deeds) {
      const at = times[hits.length] as number;
      hits.push(hitOf(deed, at, sending(at), page, pageviewId, referrer));
    }
    referrer = page.url;
  }
  const last = stops[stops.length - 1];
  const before = stops[stops.length - 2];
  if (last !== undefined && before !== undefined) {
    const at = times[hits.length] as number;
    const sendMs = sending(at);
    hits.push({
      type: 'ping',
      atSeconds: at,
      sendMs,
      page: last.page,
      pageviewId,
      referrer: before.page.url,
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
  switch (deed.type) {
    case 'event': {
      const { type, category, action, name, value } = deed;
      return { type, atSeconds, sendMs, page, pageviewId, referrer, category, action, name, value };
    }
    case 'search': {
      const { type, keyword, category, results } = deed;
      return { type, atSeconds, sendMs, page, pageviewId, referrer, keyword, category, results };
    }
    case 'order':
      return { type: deed.type, atSeconds, sendMs, page, pageviewId, referrer, order: deed.order };
    case 'cart':
      return { type: deed.type, atSeconds, sendMs, page, pageviewId, referrer, cart: deed.cart };
    case 'goal': {
      const { type, goalId, revenueCents } = deed;
      return { type, atSeconds, sendMs, page, pageviewId, referrer, goalId, revenueCents };
    }
    case 'content': {
      const { type, name, piece, target, interaction } = deed;
      return { type, atSeconds, sendMs, page, pageviewId, referrer, name, piece, target, interaction };
    }
    case 'outlink':
    case 'download':
      return { type: deed.type, atSeconds, sendMs, page, pageviewId, referrer, target: deed.target };
  }
}

/** Matomo's `pv_id` has exactly six characters. */
function hexDigits(random: Random): string {
  return (random.uint32() & 0xffffff).toString(16).padStart(6, '0');
}
