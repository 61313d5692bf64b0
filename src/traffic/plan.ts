import { Purpose, randomStream } from '../base/random.ts';
import { browsing } from './browsing.ts';
import { type DatingRules, firstHitEpochSeconds } from './dating.ts';
import { decimalDigits } from './decimal-digits.ts';
import { both, dimensionDraw } from './dimensions.ts';
import { funnelJourneys } from './funnel-journey.ts';
import { visitHits } from './hits.ts';
import { type RunIdentity, userId, visitorId, visitorIdOfUser } from './identity.ts';
import { onlyVisit, type Recurrence } from './recurrences.ts';
import { datingBack } from './return-gaps.ts';
import type { Range, TrafficSettings } from './settings.ts';
import { hitTimes } from './timing.ts';
import { trafficSource } from './traffic-source.ts';
import type { Visit } from './visit.ts';
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
  const hitsOf = visitHits(traffic);
  const visitDimensions = dimensionDraw(traffic.dimensions, 'visit');
  drawVisitor(randomStream(0, Purpose.Visitor, 0), traffic);
  return (run, dating) => {
    const { first, step } = run.numbers ?? { first: 0, step: 1 };
    const back = datingBack(traffic, dating);
    const pauseSeconds = dating.clock === 'real' ? undefined : run.pauseSeconds;
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
      const orderId = `${run.identity.orderPrefix}-${decimalDigits(number)}`;
      const walk = walked?.(randomStream(run.seed, Purpose.Funnel, number), orderId);
      const browses = walk === undefined || walk.goesOn;
      const browsed = browses ? browse(random, orderId, extra) : [];
      const browsedTimes = browses ? hitTimes(random, browsed, traffic.visitMinutes, traffic.shape) : [];
      const stops = walk === undefined ? browsed : [...walk.stops, ...browsed];
      const times = walk === undefined ? browsedTimes : oneAfterAnother(walk.times, browsedTimes);
      const dimensions = both(visitDimensions(extra), walk?.dimensions);
      const hits = hitsOf({
        random,
        extra,
        stops,
        times,
        source,
        pauseSeconds,
        deviceType: visitor.deviceType,
      });
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
