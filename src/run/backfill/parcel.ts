import type { Delivery } from '../../delivery/transport.ts';
import type { Verdict } from '../../matomo/outcome.ts';
import type { Visit } from '../../traffic/visit.ts';
import type { BackfillVisit } from './backfill-plan.ts';
import type { DoneRecord, HitRecord } from './journal-records.ts';

/** What became of a visit that was sent: `again` was surely not recorded, `unknown` may have been. */
export type SentResult = 'recorded' | 'partial' | 'refused' | 'again' | 'unknown';

/** Who carries on when all hits that travel have a verdict. */
export interface ParcelControl {
  /** The request is about to be written, for the first time or again. */
  written(parcel: Parcel, nowMs: number): void;
  /** One hit after another: the next of the visit may go. */
  next(parcel: Parcel, nowMs: number): void;
  answered(parcel: Parcel, nowMs: number): void;
}

/** A visit on its way; also when it is sent once more. */
export class SentVisit implements Delivery {
  first = 0;
  count = 0;
  /** By hit; undefined where it has none yet. */
  readonly verdicts: (Verdict | undefined)[] = [];
  readonly planned: BackfillVisit;
  readonly visit: Visit;
  parcel: Parcel | undefined;
  /** Times it was lost while others were answered, and how many had been when it was lost last. */
  losses = 0;
  answersAtLoss = -1;

  constructor(planned: BackfillVisit, visit: Visit) {
    this.planned = planned;
    this.visit = visit;
  }

  /** Whether something of it was accepted, so that it cannot be sent from its beginning. */
  get hasBegun(): boolean {
    return this.verdicts[0]?.outcome === 'accepted';
  }

  onSent(nowMs: number): void {
    this.parcel?.onSent(this, nowMs);
  }

  onVerdict(at: number, verdict: Verdict, nowMs: number): void {
    this.verdicts[at] = verdict;
    if (at === this.first + this.count - 1) this.parcel?.onAnswered(this, nowMs);
  }

  result(): SentResult {
    let [accepted, refused, lost, doubted] = [0, 0, 0, 0];
    for (const verdict of this.verdicts) {
      if (verdict?.outcome === 'unknown') return 'unknown';
      if (verdict?.inDoubt) doubted++;
      if (verdict?.outcome === 'accepted') accepted++;
      else if (verdict?.outcome === 'rejected') refused++;
      else lost++;
    }
    // Without a loss the rest may be missing because the first hit was refused, or because all was stopped.
    const isCutOff = this.verdicts.length < this.visit.hits.length && refused === 0;
    if (lost > 0 || isCutOff) return 'again';
    if (accepted === this.visit.hits.length && doubted === 0) return 'recorded';
    return accepted > 0 || doubted > 0 ? 'partial' : 'refused';
  }
}

/** Visits that are sent as one, whose positions follow one another: a line of the journal. */
export class Parcel {
  readonly visits: readonly SentVisit[];
  readonly hits: number;
  /** It finds out whether a target that was down answers again. */
  isTrial = false;
  writtenMs = Number.NaN;
  /** Requests that were written for what travels now: more than one where the server asked for it once more. */
  timesWritten = 0;
  #left = 0;
  readonly #control: ParcelControl;

  constructor(visits: readonly SentVisit[], control: ParcelControl) {
    this.visits = visits;
    this.hits = visits.reduce((sum, { visit }) => sum + visit.hits.length, 0);
    this.#control = control;
    for (const visit of visits) visit.parcel = this;
  }

  get range(): [number, number] {
    const at = (visit: SentVisit | undefined) => visit?.planned.position ?? 0;
    return [at(this.visits[0]), at(this.visits[this.visits.length - 1])];
  }

  results(): SentResult[] {
    return this.visits.map(visit => visit.result());
  }

  /** All hits of all visits are to travel now, or the next one of each. */
  load(hitsTogether: number): void {
    this.#left = this.visits.length;
    this.timesWritten = 0;
    for (const visit of this.visits) {
      visit.first = hitsTogether === 1 ? visit.first : 0;
      visit.count = hitsTogether === 1 ? 1 : visit.visit.hits.length;
    }
  }

  onSent(visit: SentVisit, nowMs: number): void {
    // Told for each visit of a body: the first one stands for all.
    if (visit !== this.visits[0]) return;
    this.timesWritten++;
    if (Number.isNaN(this.writtenMs)) this.writtenMs = nowMs;
    this.#control.written(this, nowMs);
  }

  onAnswered(visit: SentVisit, nowMs: number): void {
    if (visit.count < visit.visit.hits.length && this.#goesOn(visit)) {
      visit.first++;
      this.#left = this.visits.length;
      this.#control.next(this, nowMs);
      return;
    }
    if (--this.#left === 0) this.#control.answered(this, nowMs);
  }

  /** Of hits one after another: after a loss, or a first one that is refused, no other follows. */
  #goesOn({ first, verdicts, visit }: SentVisit): boolean {
    const outcome = verdicts[first]?.outcome;
    const isWell = outcome === 'accepted' || (outcome === 'rejected' && first > 0);
    return isWell && first + 1 < visit.hits.length;
  }
}

/** What the journal says of a parcel of which all is known. */
export function doneRecord(
  { visits, range }: Parcel,
  results: readonly SentResult[],
  { to, at, wasAsked }: { readonly to: string; readonly at: number; readonly wasAsked: boolean },
): DoneRecord {
  const named = (wanted: 'again' | 'refused' | 'partial') => {
    const positions = visits.flatMap(({ planned }, of) => (results[of] === wanted ? [planned.position] : []));
    return positions.length > 0 ? { [wanted]: positions } : {};
  };
  const others = { ...named('again'), ...named('refused'), ...named('partial') };
  const hits = visits.flatMap((visit, of) =>
    results[of] === 'refused' || results[of] === 'partial' ? hitsNotAccepted(visit) : [],
  );
  return {
    ...{ done: range, to, at, ...others },
    ...(hits.length > 0 && { hits }),
    ...(wasAsked && { asked: true as const }),
  };
}

function hitsNotAccepted({ planned: { position }, visit, verdicts }: SentVisit): HitRecord[] {
  return visit.hits.flatMap((_, hit): HitRecord[] => {
    const { outcome, inDoubt = false } = verdicts[hit] ?? { outcome: 'skipped' as const };
    if (inDoubt) return [[position, hit, outcome, true]];
    return outcome === 'accepted' ? [] : [[position, hit, outcome]];
  });
}
