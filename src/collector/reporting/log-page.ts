import type { Visit } from '../visit.ts';
import type { ApiCall } from './api-call.ts';
import { siteOf } from './api-call.ts';
import { calendarOf, datesOf, spanAround } from './report-period.ts';
import { segmentOf } from './segment.ts';

const daySeconds = 86_400;
const defaultLimit = 10;

/** Epoch seconds, both included; undefined where there is no end. */
interface Stretch {
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** The visits a call for a page of the visit log gets, in its order. @throws ApiError */
export function logPage(call: ApiCall): Visit[] {
  const { parameters, epochSecond } = call;
  const site = siteOf(call);
  const fits = segmentOf(parameters.text('segment'));
  // The server leaves out visits of that very second.
  const after = parameters.whole('minTimestamp', 0);
  const isAscending = parameters.text('filter_sort_order').toLowerCase() === 'asc';
  const visits = call.visits
    .filter(visit => visit.siteId === site.id && (after === 0 || visit.lastActionAt > after) && fits(visit))
    .sort((one, other) => one.lastActionAt - other.lastActionAt || one.id - other.id);
  if (!isAscending) visits.reverse();
  return paged(visits, {
    stretch: stretchOf(call),
    limit: parameters.whole('filter_limit', defaultLimit),
    offset: Math.max(0, parameters.whole('filter_offset', 0)),
    isAscending,
    epochSecond,
  });
}

/**
 * What `period` and `date` mean to the log, which is not what they mean to reports: today begins yesterday and has no
 * end, and another span ends with the first second of the next day [plugins/Live/Model.php: getStartAndEndDate].
 *
 * @throws ApiError for a date nobody can read
 */
function stretchOf(call: ApiCall): Stretch {
  const { parameters, epochSecond } = call;
  const period = parameters.text('period');
  const date = parameters.text('date');
  if (period === '' || date === '') return { from: undefined, to: undefined };
  const calendar = calendarOf(siteOf(call));
  const today = calendar.dayOf(epochSecond);
  const { span, isList } = datesOf(date, period, today);
  const endsToday = span.last === today || /last|previous/.test(date);
  const days = isList ? span : spanAround(endsToday ? span.first - 1 : span.first, period);
  return {
    from: Math.min(calendar.startOf(days.first), epochSecond),
    to: endsToday ? undefined : Math.min(calendar.startOf(days.last) + daySeconds, epochSecond + 1),
  };
}

/**
 * The server looks through a long stretch piece by piece, and counts what an offset skips in one piece only up to the
 * limit: pages by offset then repeat or leave out visits. Here they do so too, for whoever reads the log in pages has
 * to cope with it [plugins/Live/Model.php: queryLogVisits].
 */
function paged(
  visits: readonly Visit[],
  {
    stretch,
    limit,
    offset,
    isAscending,
    epochSecond,
  }: { stretch: Stretch; limit: number; offset: number; isAscending: boolean; epochSecond: number },
): Visit[] {
  // One more than asked for is looked up, to know whether there is another page.
  const most = limit > -1 ? limit + 1 : Number.POSITIVE_INFINITY;
  const found: Visit[] = [];
  let skipped = offset;
  for (const { from, to } of piecesOf(stretch, offset > 0, isAscending, epochSecond)) {
    const piece = visits.filter(
      ({ lastActionAt: at }) => (from === undefined || at >= from) && (to === undefined || at <= to),
    );
    const left = most - found.length;
    const start = found.length === 0 ? skipped : 0;
    const page = piece.slice(start, start + left);
    if (offset > 0 && page.length === 0) skipped -= Math.min(piece.length, left);
    found.push(...page);
    if (found.length >= most) break;
  }
  return found.slice(0, limit > -1 ? limit : undefined);
}

/** A day, a week, and without an offset a month and a year, and then the rest, from the end that is shown first. */
function piecesOf(
  stretch: Stretch,
  hasOffset: boolean,
  isAscending: boolean,
  epochSecond: number,
): readonly Stretch[] {
  let from = stretch.from ?? 0;
  let to = stretch.to ?? epochSecond + daySeconds;
  if (from + daySeconds >= to) return [stretch];
  const pieces: Stretch[] = [];
  for (const days of hasOffset ? [1, 7] : [1, 7, 30, 365]) {
    const length = days * daySeconds;
    if (from + length >= to) continue;
    if (isAscending) {
      pieces.push({ from, to: from + length - 1 });
      from += length;
    } else {
      pieces.push({ from: to - length, to: pieces.length === 0 ? stretch.to : to - 1 });
      to -= length;
    }
  }
  pieces.push(isAscending ? { from, to: stretch.to } : { from: stretch.from, to: to - 1 });
  return pieces;
}
