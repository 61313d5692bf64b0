import { localDay, nextMidnight, type Zone } from '../base/zone.ts';

/** What decides which date a visit gets. */
export interface DatingRules {
  readonly clock: 'compressed' | 'real' | 'backfill';
  /** Zones whose midnights a visit keeps clear of: the target's, under `mirror` those of all. */
  readonly zones: readonly Zone[];
  /** How far the server's clock is behind ours, in seconds; 0 where it is not, or not known. */
  readonly serverLagSeconds: number;
  /** How far back the earlier visits of a visitor may be dated; left out: as far as needs no token. */
  readonly reachSeconds?: number | undefined;
  /** Of a backfill: no hit is dated after it. Left out: none would be. */
  readonly latestEpochSeconds?: number | undefined;
}

/**
 * How far before its planned moment a hit is dated, so that it is never in the server's future: Matomo
 * takes such a date for now (contract case `cdt-future-token`).
 */
export const MARGIN_SECONDS = 5;

/** Midnights recur daily: a visit that fits between none of them in three days never does. */
const FARTHEST_MOVE_SECONDS = 3 * 86_400;

/**
 * The longest visit, in seconds, that has a place between the midnights of these zones. A day long in one zone, and
 * less the more of them there are.
 *
 * @param aroundEpochSeconds where clocks change, days are longer and shorter
 */
export function longestClearSeconds(zones: readonly Zone[], aroundEpochSeconds: number): number {
  let longest = 0;
  for (let at = aroundEpochSeconds - FARTHEST_MOVE_SECONDS; at < aroundEpochSeconds; ) {
    const midnight = Math.min(...zones.map(zone => nextMidnight(zone, at)));
    longest = Math.max(longest, midnight - 1 - at);
    at = midnight;
  }
  return longest;
}

/**
 * The date of a visit's first hit, in epoch seconds. Under the compressed clock its last hit falls 5 s before
 * the visit begins to be sent, under the real clock each hit 5 s before it is sent. In a backfill the first hit has the
 * planned moment itself, unless the visit would not be over by the latest that there may be. A visit that would
 * contain a midnight of a zone, which would split it (contract case `midnight-site-3`), is moved to end at
 * 23:59:59 there. One that is so long that it has a place between no two midnights keeps its date: runs refuse such
 * visits before they begin (`longestClearSeconds`), and nothing that ends a run may happen in its middle.
 *
 * @param sentEpochMs when the visit begins to be sent, as planned; in a backfill when it begins
 * @param lengthSeconds from the first to the last hit, ping included
 * @param backSeconds how much earlier it is dated because its visitor comes again
 */
export function firstHitEpochSeconds(
  rules: DatingRules,
  sentEpochMs: number,
  lengthSeconds: number,
  backSeconds = 0,
): number {
  const undisturbed = undisturbedSeconds(rules, Math.floor(sentEpochMs / 1000), lengthSeconds) - backSeconds;
  let first = undisturbed;
  const earliest = first - FARTHEST_MOVE_SECONDS;
  // Moving clear of one zone's midnight can run into another's; each move is earlier, and there are few zones.
  for (let moved = true; moved; ) {
    moved = false;
    for (const zone of rules.zones) {
      if (localDay(zone, first) === localDay(zone, first + lengthSeconds)) continue;
      first = nextMidnight(zone, first) - 1 - lengthSeconds;
      moved = true;
    }
    if (first < earliest) return undisturbed;
  }
  return first;
}

function undisturbedSeconds(rules: DatingRules, sentEpochSeconds: number, lengthSeconds: number): number {
  const { latestEpochSeconds = Number.POSITIVE_INFINITY } = rules;
  const latest = sentEpochSeconds - MARGIN_SECONDS - rules.serverLagSeconds;
  switch (rules.clock) {
    case 'compressed':
      return latest - lengthSeconds;
    case 'real':
      return latest;
    case 'backfill':
      return Math.min(sentEpochSeconds, latestEpochSeconds - lengthSeconds);
  }
}
