import type { ReplayedDay } from '../run/backfill/backfill-replay.ts';
import type { VerifiedDay, VerifiedFigure, VerifiedTarget, VisitDifference } from '../run/report.ts';
import type { Visit } from '../traffic/visit.ts';
import { differs, FigureSheet } from './figure-sheet.ts';
import { unverifiedTarget } from './unverified-target.ts';
import { TOLD_VISITS, type VisitsRequest, verifyVisits } from './verify-visits.ts';
import { VisitsSoFar } from './visits-so-far.ts';

export type DaysRequest = Omit<VisitsRequest, 'visits' | 'logUntilEpochSeconds'> & {
  readonly days: () => Iterable<ReplayedDay>;
};

/**
 * Lists a target's visits of past days and compares them, day by day: what is held is what one day has, however many there
 * are.
 *
 * @throws ReportingError
 */
export async function verifyDays({ days, progress, ...request }: DaysRequest): Promise<VerifiedTarget> {
  const { report, signal } = request;
  const expected = report.visits.planned;
  const sum = new VerifiedSum();
  // A number for each visitor: a visitor's later visits are on later days.
  const before = new VisitsSoFar();
  for (const { date, visits } of days()) {
    if (signal?.aborted) break;
    const { found } = sum;
    const ofDay = await verifyVisits({
      ...request,
      visits,
      before,
      logUntilEpochSeconds: endOf(visits()),
      progress: progress && (told => progress({ ...told, found: found + told.found, expected })),
    });
    sum.add(date, ofDay);
  }
  return sum.target(report.name);
}

/** A visit ends by the midnight of its day, and so do visits that others' hits came into. */
function endOf(visits: Iterable<Visit>): number {
  let latest = 0;
  for (const { firstEpochSeconds, hits } of visits) {
    latest = Math.max(latest, firstEpochSeconds + (hits[hits.length - 1]?.atSeconds ?? 0));
  }
  return latest;
}

/** Days as one. */
class VerifiedSum {
  readonly #days: VerifiedDay[] = [];
  readonly #figures = new Map<string, VerifiedFigure>();
  readonly #names = new Map<string, VerifiedFigure>();
  readonly #causes = new Map<VerifiedTarget['causes'][number]['cause'], number>();
  readonly #visits: VisitDifference[] = [];
  readonly #hits: VerifiedTarget['settled']['hits'][number][] = [];
  #visitsLeftOut = 0;
  #isEqual = true;

  get found(): number {
    return this.#days.reduce((sum, { recorded }) => sum + recorded, 0);
  }

  add(date: string, day: VerifiedTarget): void {
    const visits = day.figures.find(({ name }) => name === 'visits');
    this.#days.push({ date, planned: visits?.planned ?? 0, recorded: visits?.recorded ?? 0 });
    addFigures(this.#figures, day.figures);
    addFigures(this.#names, day.names);
    for (const { cause, visits: count } of day.causes) {
      this.#causes.set(cause, (this.#causes.get(cause) ?? 0) + count);
    }
    const told = day.visits.slice(0, TOLD_VISITS - this.#visits.length);
    this.#visits.push(...told);
    this.#visitsLeftOut += day.visits.length - told.length + day.visitsLeftOut;
    for (const hit of day.settled.hits) this.#hits.push(hit);
    if (day.result !== 'equal') this.#isEqual = false;
  }

  target(name: string): VerifiedTarget {
    const figures = this.#days.length === 0 ? new FigureSheet().figures() : [...this.#figures.values()];
    return {
      ...unverifiedTarget(name, ''),
      result: this.#isEqual ? 'equal' : 'different',
      reason: null,
      figures,
      differences: figures.filter(differs),
      names: [...this.#names.values()],
      causes: [...this.#causes]
        .map(([cause, visits]) => ({ cause, visits }))
        .sort((one, other) => other.visits - one.visits),
      visits: this.#visits,
      visitsLeftOut: this.#visitsLeftOut,
      settled: {
        recorded: this.#hits.filter(({ recorded }) => recorded).length,
        lost: this.#hits.filter(({ recorded }) => !recorded).length,
        hits: this.#hits,
      },
      days: this.#days,
    };
  }
}

function addFigures(sums: Map<string, VerifiedFigure>, figures: readonly VerifiedFigure[]): void {
  for (const { name, planned, recorded } of figures) {
    const known = sums.get(name) ?? { planned: 0, recorded: 0 };
    sums.set(name, { name, planned: known.planned + planned, recorded: known.recorded + recorded });
  }
}
