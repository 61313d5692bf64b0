import type { Random } from '../base/random.ts';
import {
  blockLength,
  FEWEST_PAIRS,
  type PairedRatio,
  RESAMPLES,
  runningSums,
  tailShare,
} from './paired-bootstrap.ts';

/** What was measured in a slice of a run: `amount` in `base`, such as hits in seconds; a time has a base of 1. */
export interface Measured {
  /** Finite, 0 or more. */
  readonly amount: number;
  /** Above 0. */
  readonly base: number;
}

/**
 * Block bootstrap of the ratio of two means that were measured at different times: slices of both are drawn with
 * replacement, each series by itself, in blocks of neighbours as `pairedBootstrap` draws them. What lasts longer than a
 * block is taken for a property of the run and not for noise: that a whole run was slowed by something that the next one
 * would not meet, two runs cannot tell.
 *
 * The ends of the interval are taken further out for few blocks, by the shorter of the two series.
 *
 * @param spread the interval must leave out 1 by this share too, for values that are only known so well
 * @returns undefined where one has fewer than 12 slices
 */
export function unpairedBootstrap(
  first: readonly Measured[],
  second: readonly Measured[],
  random: Random,
  spread = 0,
): PairedRatio | undefined {
  if (first.length < FEWEST_PAIRS || second.length < FEWEST_PAIRS) return undefined;
  const [one, two] = [new Redrawn(first), new Redrawn(second)];
  const ratios = new Float64Array(RESAMPLES);
  for (let resample = 0; resample < RESAMPLES; resample++) {
    const [before, after] = [one.mean(random), two.mean(random)];
    // Without anything on either side there is no difference.
    ratios[resample] = before === after ? 1 : after / before;
  }
  ratios.sort();
  const outside = Math.floor(RESAMPLES * tailShare(Math.min(one.blocks, two.blocks)));
  const low = ratios[outside] as number;
  const high = ratios[RESAMPLES - 1 - outside] as number;
  return {
    interval: Number.isFinite(high) ? [low, high] : null,
    verdict: low > 1 + spread ? 'more' : high < 1 / (1 + spread) ? 'less' : 'same',
  };
}

/** A series whose mean is drawn again and again. */
class Redrawn {
  readonly blocks: number;
  readonly #length: number;
  readonly #block: number;
  readonly #amounts: Float64Array;
  readonly #bases: Float64Array;

  constructor(series: readonly Measured[]) {
    this.#length = series.length;
    this.#block = blockLength(series.length);
    this.blocks = this.#length / this.#block;
    this.#amounts = runningSums(
      series.map(({ amount }) => amount),
      this.#block,
    );
    this.#bases = runningSums(
      series.map(({ base }) => base),
      this.#block,
    );
  }

  mean(random: Random): number {
    let amount = 0;
    let base = 0;
    for (let left = this.#length; left > 0; left -= this.#block) {
      const from = random.integer(0, this.#length - 1);
      const to = from + Math.min(this.#block, left);
      amount += (this.#amounts[to] as number) - (this.#amounts[from] as number);
      base += (this.#bases[to] as number) - (this.#bases[from] as number);
    }
    return amount / base;
  }
}
