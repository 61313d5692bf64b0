import { accepted, type Verdict } from '../../matomo/outcome.ts';
import type { Visit } from '../../traffic/visit.ts';
import { Ledger } from '../ledger.ts';
import type { HitException } from '../report.ts';
import { TargetTimes } from '../target-times.ts';
import { accountVisit } from './account-visit.ts';
import type { BackfillVisit } from './backfill-plan.ts';
import type { DayCounts } from './day-counts.ts';
import type { Journal } from './journal.ts';
import { doneRecord, type Parcel, type SentResult, type SentVisit } from './parcel.ts';
import { PositionSet } from './position-set.ts';

export interface BackfillAccountOptions {
  /** The target's. */
  readonly name: string;
  readonly journal: Journal;
  readonly days: DayCounts;
  readonly epochMs: () => number;
  readonly mask: (text: string) => string;
  /** Gets the exceptions that the ledger does not keep. */
  readonly beyond?: ((exception: HitException) => void) | undefined;
  /** The journal cannot be written. */
  readonly failed: (error: unknown) => void;
}

/**
 * What was sent of a target's visits of past days and what became of it, over all sessions: in the ledger and by day for the
 * report, and in the journal for the session that goes on with it.
 */
export class BackfillAccount {
  readonly ledger: Ledger;
  /** Of this session alone. */
  readonly times = new TargetTimes();
  /** Of the visits in the account. */
  readonly positions = new PositionSet();
  earlierVisits = 0;
  earlierHits = 0;
  readonly #options: BackfillAccountOptions;

  constructor(options: BackfillAccountOptions) {
    this.#options = options;
    this.ledger = new Ledger(options.mask, options.beyond);
  }

  /** Of what was tried the server took nothing. */
  get tookNothing(): boolean {
    const { accepted: taken, rejected } = this.ledger.hits;
    return taken === 0 && rejected > 0;
  }

  /** What an earlier session sent is in the account, too. */
  countEarlier(
    planned: BackfillVisit,
    visit: Visit,
    verdicts: readonly Verdict[],
    isPartlyThere: boolean,
  ): void {
    this.positions.add(planned.position);
    this.#options.days.count(
      planned.day,
      verdicts.every(verdict => verdict === accepted),
    );
    this.earlierHits += accountVisit(this.ledger, visit, verdicts, isPartlyThere);
    this.earlierVisits++;
  }

  /** A parcel is to be sent. @param isWritten what may be done once that is on the disk */
  begin(parcel: Parcel, isWritten: () => void): void {
    const { name, epochMs, journal, failed } = this.#options;
    journal.write({ sent: parcel.range, to: name, at: epochMs() }).then(isWritten, failed);
  }

  /** A request went out once more: its answer may come later than the journal's last line lets one think. */
  repeated(): void {
    this.#options.journal.note({ alive: this.#options.epochMs() });
  }

  /** All is known of a parcel: of its visits those have their end that are not sent again. */
  finish(parcel: Parcel, results: readonly SentResult[], wasAsked: boolean): void {
    // A visit that is sent hit by hit is gone on with where it was broken: until then it has been sent, and has no end.
    const goesOn = parcel.visits.some((visit, at) => visit.hasBegun && results[at] === 'again');
    if (!goesOn) {
      const { name, epochMs, journal, failed } = this.#options;
      journal.write(doneRecord(parcel, results, { to: name, at: epochMs(), wasAsked })).catch(failed);
    }
    for (const [at, visit] of parcel.visits.entries()) {
      if (results[at] === 'again') continue;
      this.#options.days.count(visit.planned.day, results[at] === 'recorded');
      this.times.sliceVisits++;
      this.#enter(visit, wasAsked && results[at] === 'partial');
    }
  }

  /** @param open visits that were tried in vain or have no answer, which the next session goes on with */
  close(open: readonly SentVisit[]): void {
    for (const visit of open) this.#enter(visit, false);
  }

  #enter({ planned, visit, verdicts }: SentVisit, isPartlyThere: boolean): void {
    this.positions.add(planned.position);
    accountVisit(this.ledger, visit, verdicts, isPartlyThere);
    for (const verdict of verdicts) {
      if (verdict !== undefined && verdict.outcome !== 'skipped')
        this.times.settled(verdict.outcome === 'accepted');
    }
  }
}
