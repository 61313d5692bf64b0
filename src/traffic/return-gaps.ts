import type { Random } from '../base/random.ts';
import { type DatingRules, MARGIN_SECONDS } from './dating.ts';
import { logNormal } from './log-normal.ts';
import type { Recurrence } from './recurrences.ts';
import type { TrafficSettings } from './settings.ts';
import { longestVisitSeconds } from './visit-length.ts';

const HOUR_SECONDS = 3600;
/** The longest there is, when clocks are put back. */
const LONGEST_DAY_SECONDS = 25 * HOUR_SECONDS;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** Without a token Matomo takes no date of more than a day ago (contract case `cdt-86405-no-token`): an hour is for delays. */
export const REACH_WITHOUT_TOKEN_SECONDS = 23 * HOUR_SECONDS;

/** From the end of one visit of a visitor to the next: after less than this Matomo goes on with the first one. */
const VISITS_APART_SECONDS = 1800;

/** Of the logarithm: half of all gaps are between half and twice the median. */
const SPREAD = 1;

/**
 * The least time from the ordinary date of one visit's end to that of the next one's end, for all visits of a visitor to be
 * apart whatever their lengths are, and also where the next is dated earlier to keep clear of a midnight: at most by
 * its own length for each zone.
 *
 * @param zones whose midnights are avoided
 */
export function leastGapSeconds(traffic: LengthSettings, zones: number): number {
  const longest = Math.ceil(longestVisitSeconds(traffic)) + ROUNDING_SECONDS;
  return VISITS_APART_SECONDS + longest + farthestMoveSeconds(longest, zones);
}

type LengthSettings = Pick<TrafficSettings, 'visitMinutes' | 'funnels'>;

/** Hits lie on whole seconds. */
const ROUNDING_SECONDS = 60;

function farthestMoveSeconds(longestSeconds: number, zones: number): number {
  return Math.min(zones * longestSeconds, LONGEST_DAY_SECONDS);
}

/** How much of the time that visits may be dated back is left for gaps between visits. */
export function roomSeconds(traffic: LengthSettings, zones: number, reachSeconds: number): number {
  return reachSeconds - MARGIN_SECONDS - (leastGapSeconds(traffic, zones) - VISITS_APART_SECONDS);
}

/**
 * How many visits a visitor may have so that the first of them need not be dated back too far for a sender without a
 * token.
 */
export function visitsInReach(traffic: LengthSettings, zones: number): number {
  const room = roomSeconds(traffic, zones, REACH_WITHOUT_TOKEN_SECONDS);
  return 1 + Math.max(0, Math.floor(room / leastGapSeconds(traffic, zones)));
}

/**
 * Prepares dating back: under the compressed clock a visitor's earlier visits are sent shortly before the later ones, and
 * dated as many gaps earlier as there are visits to come. With a token a gap is some days, without one as many hours.
 * What would go beyond the reach is made as much shorter as it takes.
 *
 * @returns seconds to take from the ordinary date. `random` is the visitor's own: all visits ask it anew
 */
export function datingBack(
  traffic: TrafficSettings,
  { clock, zones, reachSeconds }: DatingRules,
): (recurrence: Recurrence, random: () => Random) => number {
  const { returning } = traffic;
  if (clock !== 'compressed' || returning === undefined || returning.share === 0) return () => 0;
  const unitSeconds = reachSeconds === undefined ? HOUR_SECONDS : DAY_SECONDS;
  const least = leastGapSeconds(traffic, zones.length);
  const room = roomSeconds(traffic, zones.length, reachSeconds ?? REACH_WITHOUT_TOKEN_SECONDS);
  const median = returning.gapDays * unitSeconds;
  return ({ visitNumber, visitsToCome }, random) => {
    if (visitsToCome === 0) return 0;
    const count = visitNumber - 1 + visitsToCome;
    const draws = random();
    const drawn = Array.from({ length: count }, () => logNormal(draws, median, SPREAD));
    const free = Math.max(0, room - count * least);
    const shorter = Math.min(1, free / drawn.reduce((sum, gap) => sum + gap, 0));
    return drawn.slice(visitNumber - 1).reduce((sum, gap) => sum + least + Math.floor(gap * shorter), 0);
  };
}
