import type { Random } from '../base/random.ts';
import type { Stop } from './browsing.ts';
import { logNormal, logNormalWithin } from './log-normal.ts';
import type { Range, TrafficSettings } from './settings.ts';

/**
 * The longest time between two hits of a visit: Matomo starts a new visit after 1800 s
 * (contract case `gap-30-minutes`).
 */
export const LONGEST_GAP_SECONDS = 1799;

/** Of the shape "long-tail": half of all visits are within a quarter of the way from the shortest to the longest. */
const LENGTH_MEDIAN = 0.25;
const LENGTH_SPREAD = 0.8;
/** And a page is read now for seconds, now for minutes. */
const SHARE_SPREAD = 0.9;

/**
 * When each hit of a visit happens, in whole seconds from its first: for every stop its pageview and its deeds,
 * then one moment more, for the closing ping. The length is drawn from `visitMinutes` and divided by chance among
 * the pages: evenly, or most of it to a few; no gap exceeds 1799 s, so a visit of few pages may be shorter than drawn.
 */
export function hitTimes(
  random: Random,
  stops: readonly Stop[],
  visitMinutes: Range,
  shape: TrafficSettings['shape'] = 'flat',
): number[] {
  const isFlat = shape === 'flat';
  const lengthSeconds = (isFlat ? between(random, visitMinutes) : mostlyShort(random, visitMinutes)) * 60;
  const shares: number[] = [];
  let whole = 0;
  for (let at = 0; at < stops.length; at++) {
    const share = isFlat ? 0.25 + random.unit() : logNormal(random, 1, SHARE_SPREAD);
    shares.push(share);
    whole += share;
  }
  const times: number[] = [];
  let opened = 0;
  for (let at = 0; at < stops.length; at++) {
    const dwellSeconds = (lengthSeconds * (shares[at] as number)) / whole;
    // Deeds divide the time on the page; the last part of it belongs to the page's end.
    const parts = (stops[at] as Stop).deeds.length + 1;
    times.push(Math.round(opened));
    for (let deed = 1; deed < parts; deed++)
      times.push(Math.round(opened + (dwellSeconds * (deed - 0.5 * random.unit())) / parts));
    opened += dwellSeconds;
  }
  times.push(Math.round(opened));
  cutLongGaps(times);
  return times;
}

function between(random: Random, { min, max }: Range): number {
  return random.between(min, max);
}

function mostlyShort(random: Random, range: Range): number {
  const median = range.min + (range.max - range.min) * LENGTH_MEDIAN;
  return logNormalWithin(random, median, LENGTH_SPREAD, range);
}

/** What comes after a gap that is too long comes as much earlier. */
function cutLongGaps(times: number[]): void {
  let cut = 0;
  let before = 0;
  for (let at = 0; at < times.length; at++) {
    const time = (times[at] as number) - cut;
    const tooLong = Math.max(0, time - before - LONGEST_GAP_SECONDS);
    cut += tooLong;
    before = time - tooLong;
    times[at] = before;
  }
}
