import type { SentVisit } from './parcel.ts';

/** What is lost so often while the server takes other visits is not lost by chance. */
const MOST_LOSSES = 10;

/**
 * Finds visits that are lost again and again. Sent again for ever they would cost the server work, and given up they would
 * be missing: a person must look.
 */
export class RepeatedLosses {
  #answers = 0;

  /** The server took a parcel. */
  answered(): void {
    this.#answers++;
  }

  /** Losses with no answer between them count once. @returns a visit that was lost too often */
  lost(visits: readonly SentVisit[]): SentVisit | undefined {
    for (const visit of visits) {
      if (visit.answersAtLoss !== this.#answers) visit.losses++;
      visit.answersAtLoss = this.#answers;
    }
    return visits.find(({ losses }) => losses >= MOST_LOSSES);
  }
}
