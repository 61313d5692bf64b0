import type { Random } from '../base/random.ts';

/** How often the slices are drawn again. */
export const RESAMPLES = 2000;
/** Fewer pairs than this say nothing. */
export const FEWEST_PAIRS = 12;

/** What two series that belong together, pair by pair, say about the ratio of the second to the first. */
export interface PairedRatio {
  /** Where 95 % of such measurements would put the ratio of the means; null where an end of it is not finite. */
  readonly interval: readonly [number, number] | null;
  /** On which side of 1 the whole interval is; `same`: it holds 1. */
  readonly verdict: 'more' | 'less' | 'same';
}

/**
 * Paired block bootstrap of the ratio of two means. Pairs are drawn with replacement, both values together, so that
 * what happens to both at once (a burst of visits, a pause of the sender) cancels out. They are drawn in blocks of
 * neighbours (circular, of 1.5 times the third root of their number), because neighbours in time are alike: single draws
 * would take every echo of one event for another witness of it.
 *
 * The plain percentile interval is too narrow for few blocks, by as much as the normal distribution's is beside
 * Student's; its ends are therefore taken further out (Hesterberg 2015, "What teachers should know about the
 * bootstrap", the expanded percentile interval).
 *
 * Its limits: of equal servers it calls one in 20 different where a second says nothing about the next one. Where
 * noise lasts (a correlation of 0.5 between neighbours) it is one in 8 for 12 pairs, one in 12 for 60, and one in 16
 * for 600; what is alike for longer than a block, as a minute of trouble in a run of two, counts as several witnesses.
 *
 * @param first finite, 0 or more; as many as `second`
 * @param spread the interval must leave out 1 by this share too, for values that are only known so well
 * @returns undefined for fewer than 12 pairs
 */
export function pairedBootstrap(
  first: readonly number[],
  second: readonly number[],
  random: Random,
  spread = 0,
): PairedRatio | undefined {
  const pairs = first.length;
  if (pairs < FEWEST_PAIRS) return undefined;
  const block = blockLength(pairs);
  const firstSums = runningSums(first, block);
  const secondSums = runningSums(second, block);
  const ratios = new Float64Array(RESAMPLES);
  for (let resample = 0; resample < RESAMPLES; resample++) {
    let firstSum = 0;
    let secondSum = 0;
    for (let left = pairs; left > 0; left -= block) {
      const from = random.integer(0, pairs - 1);
      const to = from + Math.min(block, left);
      firstSum += (firstSums[to] as number) - (firstSums[from] as number);
      secondSum += (secondSums[to] as number) - (secondSums[from] as number);
    }
    // Without anything on either side there is no difference.
    ratios[resample] = firstSum === secondSum ? 1 : secondSum / firstSum;
  }
  ratios.sort();
  const outside = Math.floor(RESAMPLES * tailShare(pairs / block));
  const low = ratios[outside] as number;
  const high = ratios[RESAMPLES - 1 - outside] as number;
  return {
    interval: Number.isFinite(high) ? [low, high] : null,
    verdict: low > 1 + spread ? 'more' : high < 1 / (1 + spread) ? 'less' : 'same',
  };
}

/** Pairs that are drawn together. */
export function blockLength(pairs: number): number {
  return Math.max(1, Math.round(1.5 * Math.cbrt(pairs)));
}

/** Sums of what comes before each place; the series begins anew at its end, for a block that reaches beyond it. */
export function runningSums(series: readonly number[], block: number): Float64Array {
  const sums = new Float64Array(series.length + block + 1);
  for (let at = 0; at < sums.length - 1; at++)
    sums[at + 1] = (sums[at] as number) + (series[at % series.length] as number);
  return sums;
}

/** What to leave out at either end for 95 % between them, where so many blocks speak: below 0.025. */
export function tailShare(blocks: number): number {
  return normalTail(student975(blocks - 1) * Math.sqrt(blocks / (blocks - 1)));
}

/** Student's t, 97.5 %, for 3 degrees of freedom and more within 1 % (Abramowitz and Stegun 26.7.5). */
function student975(freedom: number): number {
  return 1.95996 + 2.37227 / freedom + 2.8225 / freedom ** 2 + 2.5559 / freedom ** 3 + 1.5895 / freedom ** 4;
}

/** P(Z > z) for z ≥ 0, within 1e-7 (Abramowitz and Stegun 26.2.17). */
function normalTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}
