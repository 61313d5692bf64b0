import type { CollectorSite } from '../site.ts';
import type { RecordedAction, RecordedConversion, RecordedItem, Visit } from '../visit.ts';
import { type ApiCall, type ApiMethod, siteOf } from './api-call.ts';
import { isWithin, periodOf } from './report-period.ts';
import { segmentOf } from './segment.ts';

/** A row of a log with the visit it belongs to. */
export interface OfVisit<T> {
  readonly visit: Visit;
  readonly row: T;
}

/**
 * What a report is made of. A visit belongs to the day of its last action in the site's zone; actions, conversions
 * and items belong to their own.
 */
export interface ReportData {
  readonly site: CollectorSite;
  readonly tellsVisitors: boolean;
  readonly visits: readonly Visit[];
  readonly actions: readonly OfVisit<RecordedAction>[];
  readonly conversions: readonly OfVisit<RecordedConversion>[];
  readonly items: readonly OfVisit<RecordedItem>[];
}

/**
 * A method that makes a report for each period it is asked for: one, or many by their labels.
 *
 * @param report makes it; for a list of periods those without visits are empty lists
 */
export function reportMethod(report: (data: ReportData, call: ApiCall) => unknown): ApiMethod {
  return call => {
    const site = siteOf(call);
    const { calendar, spans, isList, tellsVisitors } = periodOf(call, site);
    const today = calendar.dayOf(call.epochSecond);
    const live = chosen(call.visits, call, site);
    const reports = spans.map(({ label, span }): [string, unknown] => {
      const isIn = (at: number) => isWithin(at, span, calendar);
      const parts: Part[] =
        call.archive.ages && span.first <= today && today <= span.last
          ? [
              { visits: live, isMeant: at => isIn(at) && calendar.dayOf(at) !== today },
              { visits: asArchived(call, site), isMeant: at => calendar.dayOf(at) === today },
            ]
          : [{ visits: live, isMeant: isIn }];
      const visits = parts.flatMap(part => part.visits.filter(visit => part.isMeant(visit.lastActionAt)));
      if (isList && visits.length === 0) return [label, []];
      const of = <T extends { at: number }>(rows: (visit: Visit) => readonly T[]): OfVisit<T>[] =>
        parts.flatMap(part =>
          part.visits.flatMap(visit =>
            rows(visit)
              .filter(row => part.isMeant(row.at))
              .map(row => ({ visit, row })),
          ),
        );
      const data: ReportData = {
        site,
        tellsVisitors,
        visits,
        actions: of(visit => visit.actions),
        conversions: of(visit => visit.conversions),
        items: of(visit => visit.items),
      };
      return [label, report(data, call)];
    });
    return isList ? Object.fromEntries(reports) : reports[0]?.[1];
  };
}

/** Visits as the log has them, or as an older report of today was made of them, and of which moments they tell. */
interface Part {
  readonly visits: readonly Visit[];
  readonly isMeant: (at: number) => boolean;
}

function asArchived(call: ApiCall, site: CollectorSite): readonly Visit[] {
  const { parameters, archive, epochSecond } = call;
  const [plugin = ''] = parameters.text('method').split('.');
  return chosen(archive.today(site.id, parameters.text('segment'), plugin, epochSecond), call, site);
}

/** Those of the site and of the segment that is asked for. */
function chosen(visits: readonly Visit[], { parameters }: ApiCall, site: CollectorSite): readonly Visit[] {
  const fits = segmentOf(parameters.text('segment'));
  return visits.filter(visit => visit.siteId === site.id && fits(visit));
}

/** Groups rows by a label; those without one are left out. */
export function groupedBy<T>(
  rows: readonly T[],
  labelOf: (row: T) => string | null | undefined,
): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const label = labelOf(row);
    if (label === null || label === undefined || label === '') continue;
    const group = groups.get(label);
    if (group) group.push(row);
    else groups.set(label, [row]);
  }
  return groups;
}

export function distinct<T>(rows: readonly T[], of: (row: T) => unknown): number {
  return new Set(rows.map(of)).size;
}

export function total<T>(rows: readonly T[], of: (row: T) => number | null): number {
  return rows.reduce((sum, row) => sum + (of(row) ?? 0), 0);
}

/** Money as reports show it, without what adding decimals leaves behind. */
export function money<T>(rows: readonly T[], of: (row: T) => number | null): number {
  return rounded(total(rows, of), 2);
}

export function rounded(value: number, decimals: number): number {
  const power = 10 ** decimals;
  return Math.round((value + Number.EPSILON) * power) / power;
}

/** `part` of `whole` as reports write it; 0 of nothing. */
export function percent(part: number, whole: number, decimals = 0): string {
  return `${whole === 0 ? 0 : rounded((part / whole) * 100, decimals)}%`;
}

export function quotient(part: number, whole: number, decimals: number): number {
  return whole === 0 ? 0 : rounded(part / whole, decimals);
}
