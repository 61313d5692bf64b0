import { firstSecond, QUARTER_SECONDS, type Zone } from '../base/zone.ts';

const DAY_MS = 86_400_000;
const HOURS_A_WEEK = 168;
/** 1970-01-01 was a Thursday, and weeks begin on Monday. */
const HOURS_BEFORE_THURSDAY = 72;

/** What says how many visits each day of a calendar gets. */
export interface DaysSetting {
  /** `2026-01-01`; both belong. */
  readonly firstDay: string;
  readonly lastDay: string;
  /** Of every day; where days differ, on the mean of a week of the curve, in the first week. */
  readonly visitsPerDay: number;
  /** In all: the days after that get none. */
  readonly maxVisits: number | undefined;
  /** 0.02: each week has 2 % more visits than the one before. */
  readonly growthPerWeek: number;
  /** Of the hours of a day from 00:00, or of a week from Monday 00:00; undefined: all hours are alike. */
  readonly weights: readonly number[] | undefined;
}

/**
 * The days of a backfill and how many visits each has. Visits are numbered through, oldest first. The numbers follow from
 * the calendar alone: sites in different zones have as many visits on a day, however long it is there.
 */
export interface BackfillDays {
  /** `2026-01-01`, … */
  readonly dates: readonly string[];
  readonly visits: number;
  visitsOf(day: number): number;
  /** Which day the visit of an index is of, from 0. */
  dayOf(index: number): number;
}

/** When a visit begins by itself: epoch seconds, in the order of indices. */
export type Moments = (index: number) => number;

/** @throws RangeError where a day does not exist, or the last is before the first */
export function backfillDays(setting: DaysSetting): BackfillDays {
  const dates = datesBetween(setting.firstDay, setting.lastDay);
  // Sums are rounded, not days: nothing is lost over months. Without a curve and growth they are whole.
  const sums = new Float64Array(dates.length + 1);
  let exact = 0;
  for (let day = 0; day < dates.length; day++) {
    exact += setting.visitsPerDay * growth(setting, day) * shareOfDay(setting, day);
    sums[day + 1] = Math.min(Math.round(exact), setting.maxVisits ?? Number.POSITIVE_INFINITY);
  }
  const visitsOf = (day: number) => (sums[day + 1] ?? 0) - (sums[day] ?? 0);
  return {
    dates,
    visits: sums[dates.length] as number,
    visitsOf,
    dayOf(index) {
      let low = 0;
      let high = dates.length - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((sums[middle + 1] as number) > index) high = middle;
        else low = middle + 1;
      }
      return low;
    },
  };
}

/**
 * When the visits begin in one zone: spread over each day as it is there, 23 or 25 hours long too, evenly or as the weights of
 * its hours say.
 *
 * @param latestEpochSeconds the end of today as far as it has come; earlier days are not touched by it
 */
export function momentsIn(
  zone: Zone,
  days: BackfillDays,
  { firstDay, weights }: Pick<DaysSetting, 'firstDay' | 'weights'>,
  latestEpochSeconds = Number.POSITIVE_INFINITY,
): Moments {
  const first = dayNumber(firstDay);
  const firstIndices = new Float64Array(days.dates.length);
  for (let day = 1; day < firstIndices.length; day++) {
    firstIndices[day] = (firstIndices[day - 1] as number) + days.visitsOf(day - 1);
  }
  // Indices come in order but for a few, so that one day is enough to remember.
  let known: DaySlices | undefined;
  return index => {
    const day = days.dayOf(index);
    if (known?.day !== first + day) known = slicesOf(zone, first + day, weights, latestEpochSeconds);
    return momentOf(known, (index - (firstIndices[day] as number) + 0.5) / days.visitsOf(day));
  };
}

/** A day by quarters of an hour, in which neither hour nor offset changes. */
interface DaySlices {
  readonly day: number;
  /** Where each begins, and where the last ends: epoch seconds. */
  readonly bounds: readonly number[];
  /** Weight times seconds until each of the bounds. */
  readonly sums: readonly number[];
}

function slicesOf(
  zone: Zone,
  day: number,
  weights: readonly number[] = [1],
  latestEpochSeconds: number,
): DaySlices {
  const begin = firstSecond(zone, day);
  const end = Math.max(begin + 1, Math.min(firstSecond(zone, day + 1), latestEpochSeconds));
  const weigh = (weightOf: (hour: number) => number): DaySlices => {
    const bounds = [begin];
    const sums = [0];
    for (let from = begin, sum = 0; from < end; ) {
      const to = Math.min(end, (Math.floor(from / QUARTER_SECONDS) + 1) * QUARTER_SECONDS);
      const hour = Math.floor((from + zone.offsetSeconds(from)) / 3600) + HOURS_BEFORE_THURSDAY;
      sum += weightOf(hour) * (to - from);
      bounds.push(to);
      sums.push(sum);
      from = to;
    }
    return { day, bounds, sums };
  };
  const weighed = weigh(hour => weights[hour % weights.length] as number);
  // Of today only hours without visits may have come.
  return weighed.sums[weighed.sums.length - 1] === 0 ? weigh(() => 1) : weighed;
}

/** @param share of the day's weight that comes before, 0–1 */
function momentOf({ bounds, sums }: DaySlices, share: number): number {
  const wanted = share * (sums[sums.length - 1] as number);
  let low = 0;
  let high = sums.length - 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle + 1] as number) > wanted) high = middle;
    else low = middle + 1;
  }
  const [before, after] = [sums[low] as number, sums[low + 1] as number];
  const [from, to] = [bounds[low] as number, bounds[low + 1] as number];
  return Math.min(to - 1, from + Math.floor(((wanted - before) / (after - before)) * (to - from)));
}

/** Week by week, not day by day: so that the curve of a week keeps its shape. */
function growth({ growthPerWeek }: DaysSetting, day: number): number {
  return (1 + growthPerWeek) ** Math.floor(day / 7);
}

/** How much of a day of the curve's mean week this weekday has; 1 without a curve of a week. */
function shareOfDay({ firstDay, weights }: DaysSetting, day: number): number {
  if (weights?.length !== HOURS_A_WEEK) return 1;
  const weekday = (dayNumber(firstDay) + day + 3) % 7;
  const sum = (hours: readonly number[]) => hours.reduce((all, weight) => all + weight, 0);
  return (sum(weights.slice(weekday * 24, weekday * 24 + 24)) * 7) / sum(weights);
}

function datesBetween(firstDay: string, lastDay: string): readonly string[] {
  const first = dayNumber(firstDay);
  const count = dayNumber(lastDay) - first + 1;
  if (count < 1) throw new RangeError(`${lastDay} is before ${firstDay}`);
  return Array.from({ length: count }, (_, day) =>
    new Date((first + day) * DAY_MS).toISOString().slice(0, 10),
  );
}

/** Days since 1970-01-01, of the calendar. */
export function dayNumber(date: string): number {
  const ms = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(ms)) throw new RangeError(`there is no day ${date}`);
  return ms / DAY_MS;
}
