import type { Random } from '../base/random.ts';
import type { Stop } from './browsing.ts';
import type { Range } from './settings.ts';

/**
 * The longest time between two hits of a visit: Matomo starts a new visit after 1800 s
 * (contract case `gap-30-minutes`).
 */
export const LONGEST_GAP_SECONDS = 1799;

/**
 * When each hit of a visit happens, in whole seconds from its first: for every stop its pageview and its deeds,
 * then one moment more, for the closing ping. The length is drawn from `visitMinutes` and divided by chance among
 * the pages; no gap exceeds 1799 s, so a visit of few pages may be shorter than drawn.
 */
export function hitTimes(random: Random, stops: readonly Stop[], visitMinutes: Range): number[] {
  const lengthSeconds = random.between(visitMinutes.min, visitMinutes.max) * 60;
  const shares = stops.map(() => 0.25 + random.unit());
  const whole = shares.reduce((sum, share) => sum + share, 0);
  const times: number[] = [];
  let opened = 0;
  for (const [at, stop] of stops.entries()) {
    const dwellSeconds = (lengthSeconds * (shares[at] as number)) / whole;
    // Deeds divide the time on the page; the last part of it belongs to the page's end.
    const parts = stop.deeds.length + 1;
    times.push(Math.round(opened));
    for (let deed = 1; deed < parts; deed++)
      times.push(Math.round(opened + (dwellSeconds * (deed - 0.5 * random.unit())) / parts));
    opened += dwellSeconds;
  }
  times.push(Math.round(opened));
  return withoutLongGaps(times);
}

function withoutLongGaps(times: readonly number[]): number[] {
  const kept: number[] = [];
  let cut = 0;
  for (const [at, time] of times.entries()) {
    const before = kept[at - 1] ?? 0;
    cut += Math.max(0, time - cut - before - LONGEST_GAP_SECONDS);
    kept.push(time - cut);
  }
  return kept;
}
