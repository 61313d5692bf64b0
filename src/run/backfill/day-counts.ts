import type { BackfillDays } from '../../traffic/backfill-days.ts';
import type { ReportedDay } from '../report.ts';
import type { BackfillProgress } from '../snapshot.ts';
import { type BackfillConfig, plannedOfDay } from './backfill-plan.ts';

/** What became of each day of a backfill, over all targets, before a break and since. */
export class DayCounts {
  readonly planned: number;
  /** Visits that have an end: nothing more will be sent of them. */
  ended = 0;
  readonly #config: BackfillConfig;
  readonly #days: BackfillDays;
  readonly #ended: Float64Array;
  readonly #recorded: Float64Array;
  /** No day before it is open. */
  #oldest = 0;

  constructor(config: BackfillConfig, days: BackfillDays) {
    this.#config = config;
    this.#days = days;
    this.#ended = new Float64Array(days.dates.length);
    this.#recorded = new Float64Array(days.dates.length);
    this.planned = days.dates.reduce((sum, _, day) => sum + plannedOfDay(config, days, day), 0);
  }

  /** @param isRecorded with all its hits */
  count(day: number, isRecorded: boolean): void {
    this.ended++;
    this.#ended[day] = (this.#ended[day] ?? 0) + 1;
    if (isRecorded) this.#recorded[day] = (this.#recorded[day] ?? 0) + 1;
  }

  reported(): ReportedDay[] {
    return this.#days.dates.map((date, day) => ({
      date,
      planned: plannedOfDay(this.#config, this.#days, day),
      recorded: this.#recorded[day] ?? 0,
    }));
  }

  /** The oldest day that is open, or the last one. */
  progress(): Omit<BackfillProgress, 'concurrency' | 'mostConcurrency'> {
    const { dates } = this.#days;
    const planned = (day: number) => plannedOfDay(this.#config, this.#days, day);
    while (this.#oldest < dates.length - 1 && this.#ended[this.#oldest] === planned(this.#oldest))
      this.#oldest++;
    const day = this.#oldest;
    return {
      day: dates[day] ?? '',
      dayNumber: day + 1,
      days: dates.length,
      dayPlannedVisits: planned(day),
      dayEndedVisits: this.#ended[day] ?? 0,
    };
  }
}
