import type { Hit, Visit } from '../traffic/visit.ts';
import type { RecordedAction, RecordedVisit } from './recorded-visit.ts';

/** What the sender knows of a hit: `open` where its answer never came, or does not say which hits it refused. */
export type Fate = 'accepted' | 'lost' | 'open';

/** A visit's hits beside the rows of the log. */
export interface Matched {
  /** By hit: whether the server has it. An accepted ping counts as had: it leaves no row. */
  readonly isRecorded: readonly boolean[];
  /** Accepted hits without a row. */
  readonly missing: readonly number[];
  /** Rows beyond those of the hits. */
  readonly surplus: readonly RecordedAction[];
}

/**
 * Finds each hit's row: by kind, pageview id and time, and where a server dated it anew, without the time. Accepted
 * hits choose first, so that an open one takes no row of theirs.
 *
 * @param recorded what the server has of this visit, in order of time
 */
export function matchedHits(
  visit: Visit,
  fates: readonly Fate[],
  recorded: readonly RecordedVisit[],
): Matched {
  const rows = recorded.flatMap(({ actions }) => actions).filter(({ type }) => type !== 'goal');
  const free = new Set(rows);
  const found: boolean[] = visit.hits.map(() => false);
  const take = (fate: Fate, fits: (hit: Hit, row: RecordedAction) => boolean) => {
    for (const [at, hit] of visit.hits.entries()) {
      if (fates[at] !== fate || found[at] || hit.type === 'ping') continue;
      for (const row of free) {
        if (row.type !== hit.type || !fits(hit, row)) continue;
        found[at] = true;
        free.delete(row);
        break;
      }
    }
  };
  const isSame = (hit: Hit, row: RecordedAction) =>
    isOfPage(hit, row) && row.epochSeconds === visit.firstEpochSeconds + hit.atSeconds;
  for (const fate of ['accepted', 'open'] as const) {
    take(fate, isSame);
    take(fate, isOfPage);
  }
  const isRecorded = visit.hits.map((hit, at) => {
    const fate = fates[at];
    if (hit.type !== 'ping' || fate !== 'open')
      return found[at] || (hit.type === 'ping' && fate === 'accepted');
    return isPingRecorded(visit, at, found, recorded[recorded.length - 1]);
  });
  return {
    isRecorded,
    missing: [...visit.hits.entries()].flatMap(([at, { type }]) =>
      type !== 'ping' && fates[at] === 'accepted' && !found[at] ? [at] : [],
    ),
    surplus: [...free],
  };
}

/** Orders have no pageview id in the log, and some versions tell none at all. */
function isOfPage(hit: Hit, row: RecordedAction): boolean {
  if (hit.type === 'order') return row.orderId === '' || row.orderId === hit.order.id;
  return row.pageviewId === '' || row.pageviewId === hit.pageviewId;
}

/**
 * A ping leaves no row, and does not move the time of the last action: only the seconds of the visit tell it. Where it
 * would change nothing it counts as recorded.
 */
function isPingRecorded(
  visit: Visit,
  at: number,
  found: readonly boolean[],
  recorded: RecordedVisit | undefined,
): boolean {
  const ping = visit.hits[at];
  const before = visit.hits[found.lastIndexOf(true)];
  if (recorded === undefined || ping === undefined || before === undefined) return false;
  if (found.lastIndexOf(true) > at) return true;
  const first = recorded.facts.firstEpochSeconds - visit.firstEpochSeconds;
  const isIdle =
    before.type !== 'order' && before.atSeconds === ping.atSeconds && found.filter(Boolean).length > 1;
  return isIdle || recorded.facts.seconds === 1 + ping.atSeconds - first;
}
