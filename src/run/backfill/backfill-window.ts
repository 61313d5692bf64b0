/** The days that a backfill fills, of each site's own calendar. */
export interface BackfillWindow {
  /** `2026-01-01`. */
  readonly firstDay: string;
  /** The last one that is filled. */
  readonly lastDay: string;
  /** Of every day; with a curve or growth on the average of an ordinary week, and of the first week. */
  readonly visitsPerDay: number;
  /** In all; the days that are left over get none. */
  readonly maxVisits: number | undefined;
  /** 0.02: each week has 2 % more visits than the one before; 0: none. */
  readonly growthPerWeek: number;
  /** Whether more than 180 days may be filled. */
  readonly allowLong: boolean;
}
