import type { Random } from '../base/random.ts';
import type { DeviceType } from './browser-profiles.ts';
import type { Stop } from './browsing.ts';
import { withQuery } from './campaign-link.ts';
import type { Deed } from './deed.ts';
import { both, dimensionDraw } from './dimensions.ts';
import { sixDigits } from './hex-digits.ts';
import { drawTimings } from './page-timings.ts';
import type { Page } from './pages.ts';
import type { Range, TrafficSettings } from './settings.ts';
import type { TrafficSource } from './traffic-source.ts';
import { urlGoalsOf } from './url-goals.ts';
import type { Hit } from './visit.ts';

/** What the hits of a visit are made of. */
export interface VisitParts {
  readonly random: Random;
  /** Of what came after the first release. */
  readonly extra: Random;
  readonly stops: readonly Stop[];
  /** When each hit happens, and one moment more for the ping. */
  readonly times: readonly number[];
  readonly source: TrafficSource;
  /** Between the sending of two hits; undefined: each is sent when it happens. */
  readonly pauseSeconds: Range | undefined;
  readonly deviceType: DeviceType;
}

/**
 * Prepares making the hits of visits. A visit of one hit ends with it, as a bounce does; others with a ping that tells
 * how long the last page was read.
 *
 * Runs for every hit: plain objects of one shape, nothing spread, no closure.
 */
export function visitHits(traffic: TrafficSettings): (parts: VisitParts) => Hit[] {
  const { pageTimings } = traffic;
  const drawDimensions = dimensionDraw(traffic.dimensions, 'action');
  const urlGoals = urlGoalsOf(traffic.goals);
  // A random number for the timings was drawn wherever there were dimensions: so it stays.
  const drawsParts =
    pageTimings.probability > 0 || traffic.dimensions.some(({ scope }) => scope === 'action');
  return ({ random, extra, stops, times, source, pauseSeconds, deviceType }) => {
    const hits: Hit[] = [];
    let { referrer } = source;
    let from: Page | undefined;
    let pageviewId = '';
    let sendMs = 0;
    for (const { page, deeds, product, dimensions } of stops) {
      pageviewId = sixDigits(random);
      const opensAt = times[hits.length] as number;
      const landing =
        hits.length === 0 && source.campaignQuery !== undefined ? linkedTo(page, source.campaignQuery) : page;
      sendMs = hits.length === 0 ? 0 : nextSendMs(random, sendMs, opensAt, pauseSeconds);
      const drawn = drawDimensions(extra);
      const isTimed = drawsParts && extra.chance(pageTimings.probability);
      hits.push({
        type: 'pageview',
        atSeconds: opensAt,
        sendMs,
        page: landing,
        pageviewId,
        referrer,
        from,
        dimensions: both(drawn, dimensions),
        product,
        timings: isTimed ? drawTimings(extra, deviceType, pageTimings) : undefined,
        urlGoals: urlGoals(landing.url),
        deed: undefined,
      });
      for (const deed of deeds) {
        const at = times[hits.length] as number;
        sendMs = nextSendMs(random, sendMs, at, pauseSeconds);
        hits.push(
          deed.page === undefined
            ? hitOf(deed, at, sendMs, page, pageviewId, referrer, from)
            : hitOf(deed, at, sendMs, deed.page, pageviewId, page.url, page),
        );
      }
      from = deeds[deeds.length - 1]?.page ?? page;
      referrer = from.url;
    }
    const last = hits[hits.length - 1];
    if (last !== undefined && hits.length > 1) {
      const at = times[hits.length] as number;
      sendMs = nextSendMs(random, sendMs, at, pauseSeconds);
      hits.push({
        type: 'ping',
        atSeconds: at,
        sendMs,
        page: last.page,
        pageviewId,
        referrer: last.referrer,
        from: last.from,
        dimensions: undefined,
        product: undefined,
        timings: undefined,
        urlGoals: undefined,
        deed: undefined,
      });
    }
    return hits;
  };
}

/** When a hit is sent, in ms from the visit's start. */
function nextSendMs(
  random: Random,
  previousMs: number,
  atSeconds: number,
  pauseSeconds: Range | undefined,
): number {
  if (pauseSeconds === undefined) return atSeconds * 1000;
  return previousMs + Math.round(random.between(pauseSeconds.min, pauseSeconds.max) * 1000);
}

function hitOf(
  deed: Deed,
  atSeconds: number,
  sendMs: number,
  page: Page,
  pageviewId: string,
  referrer: string,
  from: Page | undefined,
): Hit {
  const hit = {
    type: deed.type,
    atSeconds,
    sendMs,
    page,
    pageviewId,
    referrer,
    from,
    dimensions: deed.dimensions,
    product: undefined,
    timings: undefined,
    urlGoals: undefined,
    deed,
  };
  // That its type is the deed's cannot be followed through a union.
  return hit as Hit;
}

/** The page as a campaign's link leads to it. Only the first pageview tells of it: one campaign a visit. */
function linkedTo({ url, title }: Page, query: string): Page {
  return { url: withQuery(url, query), title };
}
