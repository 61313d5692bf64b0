/** Weights are exact to this part of one. */
const WEIGHT_PARTS = 1000;

/**
 * Deals indices out by weight, smoothly and exactly: after any number of them each share is within one of what its
 * weight says. This is the quota method of Balinski and Young (1975): of those that are not above their quota the
 * one that is furthest behind comes next.
 */
export class WeightedSequence {
  readonly #weights: readonly number[];
  readonly #period: number;
  readonly #dealt: number[];
  /** Whose each index of a period is, as far as it was asked for. All have exactly their share after a period. */
  readonly #order: number[] = [];

  /** @param weights above 0, counted in thousandths */
  constructor(weights: readonly number[]) {
    const parts = weights.map(weight => Math.round(weight * WEIGHT_PARTS));
    const divisor = parts.reduce(greatestCommonDivisor);
    this.#weights = parts.map(part => part / divisor);
    this.#period = this.#weights.reduce((sum, weight) => sum + weight, 0);
    this.#dealt = weights.map(() => 0);
  }

  /** Whose an index is: a position in the weights. Cheap in any order, once those before it were asked for. */
  at(index: number): number {
    const step = index % this.#period;
    while (this.#order.length <= step) this.#deal(this.#order.length);
    return this.#order[step] as number;
  }

  #deal(step: number): void {
    let best = -1;
    let bestClaim = -1;
    for (let at = 0; at < this.#weights.length; at++) {
      const weight = this.#weights[at] as number;
      const dealt = this.#dealt[at] as number;
      if (dealt * this.#period >= weight * (step + 1)) continue;
      const claim = weight / (dealt + 1);
      if (claim <= bestClaim) continue;
      best = at;
      bestClaim = claim;
    }
    this.#dealt[best] = (this.#dealt[best] as number) + 1;
    this.#order.push(best);
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
