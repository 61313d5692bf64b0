import type { Visit } from '../traffic/visit.ts';

/**
 * Counts the visits that a server has of visitors who come again. What it tells of a visit depends on those before: of one
 * that was lost, the next is the visitor's first.
 */
export class VisitsSoFar {
  readonly #counts = new Map<number, number>();
  readonly #before: VisitsSoFar | undefined;

  /** @param before those of earlier days, which are looked at and not changed */
  constructor(before?: VisitsSoFar) {
    this.#before = before;
  }

  /** A planned visit as a server sees it that has so many of the visitor's. Asked in the order of the plan. */
  seen(visit: Visit): Visit {
    const visitNumber = this.countOf(visit) + (this.#before?.countOf(visit) ?? 0) + 1;
    return visitNumber === visit.visitNumber ? visit : { ...visit, visitNumber, returning: visitNumber > 1 };
  }

  /** How many the server has, of those that were added here. */
  countOf({ visitorIndex }: Visit): number {
    return this.#counts.get(visitorIndex) ?? 0;
  }

  add({ visitorIndex }: Pick<Visit, 'visitorIndex'>, visits: number): void {
    if (visits > 0) this.#counts.set(visitorIndex, (this.#counts.get(visitorIndex) ?? 0) + visits);
  }
}
