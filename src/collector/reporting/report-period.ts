import type { CollectorSite } from '../site.ts';
import { SiteCalendar } from '../site-calendar.ts';
import type { ApiCall } from './api-call.ts';
import { ApiError } from './api-error.ts';

/** Days of a site's calendar, both included, as numbers since 1970-01-01. */
export interface DaySpan {
  readonly first: number;
  readonly last: number;
}

/** What `period` and `date` ask for: one span, or several with their labels. */
export interface ReportPeriod {
  readonly calendar: SiteCalendar;
  readonly spans: readonly { readonly label: string; readonly span: DaySpan }[];
  readonly isList: boolean;
  /** Distinct visitors are not told of years and free ranges. */
  readonly tellsVisitors: boolean;
}

const calendars = new Map<string, SiteCalendar>();

/** The calendar of a site, made once. */
export function calendarOf({ timezone }: CollectorSite): SiteCalendar {
  const calendar = calendars.get(timezone) ?? new SiteCalendar(timezone);
  calendars.set(timezone, calendar);
  return calendar;
}

/** True for a moment within a span of days. */
export function isWithin(epochSecond: number, { first, last }: DaySpan, calendar: SiteCalendar): boolean {
  const day = calendar.dayOf(epochSecond);
  return day >= first && day <= last;
}

/** @throws ApiError for a date nobody can read */
export function periodOf({ parameters, epochSecond }: ApiCall, site: CollectorSite): ReportPeriod {
  const calendar = calendarOf(site);
  const today = calendar.dayOf(epochSecond);
  const period = parameters.text('period', 'day');
  const date = parameters.text('date', 'today');
  const tellsVisitors = period !== 'range' && period !== 'year';
  const several = datesOf(date, period, today);
  if (period === 'range' || !several.isList) {
    const span = period === 'range' ? several.span : spanAround(several.span.first, period);
    return { calendar, spans: [{ label: dayText(span.first), span }], isList: false, tellsVisitors };
  }
  const spans = new Map<string, DaySpan>();
  for (let day = several.span.first; day <= several.span.last; day++) {
    const span = spanAround(day, period);
    spans.set(period === 'day' ? dayText(day) : `${dayText(span.first)},${dayText(span.last)}`, span);
  }
  return {
    calendar,
    spans: [...spans].map(([label, span]) => ({ label, span })),
    isList: true,
    tellsVisitors,
  };
}

/** The days a `date` names, before a period is built around them. @throws ApiError for a date nobody can read */
export function datesOf(
  date: string,
  period: string,
  today: number,
): { readonly span: DaySpan; readonly isList: boolean } {
  const counted = /^(last|previous)(\d+)$/.exec(date);
  if (counted) {
    const last = counted[1] === 'last' ? today : today - 1;
    return { span: { first: last - Number(counted[2]) + 1, last }, isList: true };
  }
  const [from = '', to] = date.split(',');
  if (period === 'range' && to === undefined) {
    throw new ApiError(
      `The date '${date}' is not a correct date range. It should have the following format:  'lastN', 'previousN', 'YYYY-MM-DD,YYYY-MM-DD'.`,
    );
  }
  const first = dayNumber(from, today);
  return to === undefined
    ? { span: { first, last: first }, isList: false }
    : { span: { first, last: dayNumber(to, today) }, isList: true };
}

function dayNumber(text: string, today: number): number {
  if (text === 'today' || text === 'now') return today;
  if (text === 'yesterday') return today - 1;
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(at)) {
    throw new ApiError(
      "Date format must be: YYYY-MM-DD, or 'today' or 'yesterday' or any keyword supported by the strtotime function (see http://php.net/strtotime for more information): false",
    );
  }
  return at / 86_400_000;
}

/** The day, week, month or year a day is in. @throws ApiError for another period */
export function spanAround(day: number, period: string): DaySpan {
  const date = new Date(day * 86_400_000);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const number = (y: number, m: number) => Date.UTC(y, m, 1) / 86_400_000;
  switch (period) {
    case 'day':
      return { first: day, last: day };
    case 'week': {
      const monday = day - ((date.getUTCDay() + 6) % 7);
      return { first: monday, last: monday + 6 };
    }
    case 'month':
      return { first: number(year, month), last: number(year, month + 1) - 1 };
    case 'year':
      return { first: number(year, 0), last: number(year + 1, 0) - 1 };
    default:
      throw new ApiError(
        `The period '${period}' is not supported. Try any of the following instead: day, week, month, year, range`,
      );
  }
}

/** A day as `2026-11-22`. */
export function dayText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
