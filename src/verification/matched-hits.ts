import type { Hit, Visit } from '../traffic/visit.ts';
import { type ComparedDetail, comparedDetails, type Details } from './details.ts';
import { expectedVisit } from './expected-visit.ts';
import { plannedDetails } from './planned-details.ts';
import type { RecordedAction, RecordedVisit } from './recorded-visit.ts';
import { visitDifference } from './visit-difference.ts';

/** What the sender knows of a hit: `open` where its answer never came, or does not say which hits it refused. */
export type Fate = 'accepted' | 'lost' | 'open';

/** A visit's hits beside the rows of the log. */
export interface Matched {
  /** By hit: whether the server has it. Accepted hits that need not leave a row of their own count as had. */
  readonly isRecorded: readonly boolean[];
  /** By hit: its row, where it has one of its own. */
  readonly rows: readonly (RecordedAction | undefined)[];
  /** Accepted hits without a row. */
  readonly missing: readonly number[];
  /** Rows beyond those of the hits. */
  readonly surplus: readonly RecordedAction[];
}

/** Open hits without a row that are tried in every combination. */
const MOST_TRIED = 4;

/**
 * Pings leave no row, all carts of a visit one between them until an order takes its place, and a goal one a visit.
 */
export function leavesOwnRow({ type }: Hit): boolean {
  return type !== 'ping' && type !== 'cart' && type !== 'goal';
}

/**
 * Finds each hit's row: by kind, pageview id and time, and where a server dated it anew, without the time. Accepted
 * hits choose first, so that an open one takes no row of theirs. Open hits without a row of their own are recorded
 * where that explains what the visit looks like, and also where it would look the same without.
 *
 * @param recorded what the server has of this visit, in order of time
 */
export function matchedHits(
  visit: Visit,
  fates: readonly Fate[],
  recorded: readonly RecordedVisit[],
): Matched {
  const rows = recorded
    .flatMap(({ actions }) => actions)
    .filter(({ type }) => type !== 'goal' && type !== 'cart');
  const free = new Set(rows);
  const found: (RecordedAction | undefined)[] = visit.hits.map(() => undefined);
  const planned = visit.hits.map(plannedDetails);
  const take = (fate: Fate, fits: (hit: Hit, row: RecordedAction, at: number) => boolean) => {
    for (const [at, hit] of visit.hits.entries()) {
      if (fates[at] !== fate || found[at] || !leavesOwnRow(hit)) continue;
      for (const row of free) {
        if (row.type !== hit.type || !fits(hit, row, at)) continue;
        found[at] = row;
        free.delete(row);
        break;
      }
    }
  };
  const isSame = (hit: Hit, row: RecordedAction) =>
    isOfPage(hit, row) && row.epochSeconds === visit.firstEpochSeconds + hit.atSeconds;
  // Of several in the same second each takes the one that tells what it told.
  const isEqual = (hit: Hit, row: RecordedAction, at: number) =>
    isSame(hit, row) && comparedDetails(planned[at] ?? noDetails, row.details).every(one => one.isSame);
  for (const fate of ['accepted', 'open'] as const) {
    take(fate, isEqual);
    take(fate, isSame);
    take(fate, isOfPage);
  }
  const isKnown = visit.hits.map(
    (hit, at) => found[at] !== undefined || (!leavesOwnRow(hit) && fates[at] === 'accepted'),
  );
  const open = [...visit.hits.keys()].filter(
    at => fates[at] === 'open' && !leavesOwnRow(visit.hits[at] as Hit),
  );
  // Beyond the last row that is shown nothing is missed: the number of those that are not tells.
  const shownUntil = recorded.some(({ rowsCutOff }) => rowsCutOff > 0)
    ? Math.max(...rows.map(({ epochSeconds }) => epochSeconds))
    : Number.POSITIVE_INFINITY;
  const isShown = ({ atSeconds }: Hit) => visit.firstEpochSeconds + atSeconds < shownUntil;
  return {
    isRecorded: open.length === 0 ? isKnown : likeliest(visit, isKnown, open, recorded),
    rows: found,
    missing: [...visit.hits.entries()].flatMap(([at, hit]) =>
      leavesOwnRow(hit) && isShown(hit) && fates[at] === 'accepted' && found[at] === undefined ? [at] : [],
    ),
    surplus: [...free],
  };
}

const noDetails: Details = new Map();

/** Orders have no pageview id in the log, and some versions tell none at all. */
function isOfPage(hit: Hit, row: RecordedAction): boolean {
  if (hit.type === 'order') return row.orderId === '' || row.orderId === hit.deed.order.id;
  return row.pageviewId === '' || row.pageviewId === hit.pageviewId;
}

/** The combination that makes the visit what it is, with as many of the open hits as can be. */
function likeliest(
  visit: Visit,
  isKnown: readonly boolean[],
  open: readonly number[],
  recorded: readonly RecordedVisit[],
): readonly boolean[] {
  if (recorded.length === 0) return isKnown;
  const tried = open.slice(0, MOST_TRIED);
  const combinations = Array.from({ length: 2 ** tried.length }, (_, bits) => {
    const isRecorded = [...isKnown];
    for (const [bit, at] of tried.entries()) isRecorded[at] = (bits & (1 << bit)) !== 0;
    return isRecorded;
  });
  combinations.sort((one, other) => other.filter(Boolean).length - one.filter(Boolean).length);
  const fits = (isRecorded: readonly boolean[]) =>
    visitDifference(expectedVisit(visit, isRecorded, false), recorded, false) === undefined;
  return combinations.find(fits) ?? isKnown;
}

/** What hits and their rows tell, side by side: `page title of hit 2`. */
export function detailsOfHits(
  visit: Visit,
  { rows }: Matched,
): readonly (ComparedDetail & { figure: string })[] {
  return rows.flatMap((row, at) => {
    const hit = visit.hits[at];
    if (row === undefined || hit === undefined) return [];
    return comparedDetails(plannedDetails(hit), row.details).map(detail => ({
      ...detail,
      figure: detail.name,
      name: `${detail.name} of hit ${at}`,
    }));
  });
}
