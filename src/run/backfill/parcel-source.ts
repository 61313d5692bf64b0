import type { Visit } from '../../traffic/visit.ts';
import type { BackfillVisit } from './backfill-plan.ts';
import { Parcel, type ParcelControl, SentVisit } from './parcel.ts';
import type { PositionSet } from './position-set.ts';

export interface ParcelSourceOptions {
  /** All visits of the target, oldest first. */
  readonly visits: Iterator<BackfillVisit>;
  /** Plans a visit. */
  readonly plan: (visit: BackfillVisit) => Visit;
  /** Positions that were sent in earlier sessions. */
  readonly done: PositionSet;
  readonly mostHits: number;
  readonly control: ParcelControl;
}

/**
 * What is to be sent next: whole visits, oldest first, those before all that must be sent once more. A visitor's later visit
 * waits until an earlier one has its end.
 */
export class ParcelSource {
  readonly #options: ParcelSourceOptions;
  /** By visitor: the position of the visit that has no end yet. */
  readonly #busy = new Map<number, number>();
  /** To be sent once more, in their order. */
  #again: SentVisit[] = [];
  /** Ready, and waits for a visitor. */
  #head: Parcel | undefined;
  /** Drawn, and did not fit. */
  #carried: SentVisit | undefined;
  #isExhausted = false;

  constructor(options: ParcelSourceOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return (
      this.#isExhausted && this.#carried === undefined && this.#head === undefined && this.#again.length === 0
    );
  }

  /** What was tried in vain, and has not been sent again yet. */
  get triedInVain(): readonly SentVisit[] {
    return this.#again;
  }

  /** What may go now; undefined: nothing, or nothing before something has its end. */
  next(): Parcel | undefined {
    const parcel = this.#ready();
    for (const { planned } of parcel?.visits ?? [])
      this.#busy.set(planned.recurrence.firstIndex, planned.position);
    return parcel;
  }

  /** Nothing more will be sent of a visit. */
  ended({ planned }: SentVisit): void {
    this.#busy.delete(planned.recurrence.firstIndex);
  }

  sendAgain(visits: readonly SentVisit[]): void {
    if (visits.length === 0) return;
    this.#again.push(...visits);
    this.#again.sort((one, other) => one.planned.position - other.planned.position);
  }

  /** What is sent again first: it waits for nobody, and others may wait for it. */
  #ready(): Parcel | undefined {
    if (this.#again.length > 0) {
      return this.#parcelOf(
        () => this.#again.shift(),
        visit => this.#again.unshift(visit),
      );
    }
    const parcel =
      this.#head ??
      this.#parcelOf(
        () => this.#drawn(),
        visit => {
          this.#carried = visit;
        },
      );
    this.#head = parcel?.visits.some(visit => this.#waitsForVisitor(visit)) ? parcel : undefined;
    return this.#head === undefined ? parcel : undefined;
  }

  #waitsForVisitor({ planned: { position, recurrence } }: SentVisit): boolean {
    const busy = this.#busy.get(recurrence.firstIndex);
    return busy !== undefined && busy !== position;
  }

  /** Whole visits whose positions follow one another, each of another visitor; one that is too large for a request alone. */
  #parcelOf(draw: () => SentVisit | undefined, putBack: (visit: SentVisit) => void): Parcel | undefined {
    const { mostHits, control } = this.#options;
    const visits: SentVisit[] = [];
    const visitors = new Set<number>();
    let hits = 0;
    for (let next = draw(); next !== undefined; next = draw()) {
      const { recurrence, position } = next.planned;
      const last = visits[visits.length - 1]?.planned.position;
      const fits =
        last === undefined ||
        (hits + next.visit.hits.length <= mostHits &&
          last + 1 === position &&
          !visitors.has(recurrence.firstIndex));
      if (!fits) {
        putBack(next);
        break;
      }
      visits.push(next);
      visitors.add(recurrence.firstIndex);
      hits += next.visit.hits.length;
      if (hits >= mostHits) break;
    }
    return visits.length === 0 ? undefined : new Parcel(visits, control);
  }

  #drawn(): SentVisit | undefined {
    const carried = this.#carried;
    this.#carried = undefined;
    if (carried !== undefined) return carried;
    const { visits, done, plan } = this.#options;
    while (!this.#isExhausted) {
      const { value, done: isOver } = visits.next();
      if (isOver) this.#isExhausted = true;
      else if (!done.has(value.position)) return new SentVisit(value, plan(value));
    }
    return undefined;
  }
}
