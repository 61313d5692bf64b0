import type { Random } from '../base/random.ts';

/**
 * A number whose logarithm is normally distributed: half of them are below the median, a few far above. Takes two
 * random numbers (Box and Muller).
 *
 * @param spread standard deviation of the logarithm
 */
export function logNormal(random: Random, median: number, spread: number): number {
  // 1 − unit() is never 0, of which there is no logarithm.
  const normal = Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit());
  return median * Math.exp(spread * normal);
}

/** So many equally likely numbers stand for all. */
const QUANTILES = 1024;
/** The bell is walked through from one end to the other in steps, in standard deviations. */
const WIDEST = 6;
const STEP = 0.001;

/**
 * Numbers with a median of 1 whose logarithms are normally distributed, each as likely as the others: for what is drawn several
 * times a pageview, where logarithms and sines were more than a hundredth of what a hit costs.
 */
export function logNormalQuantiles(spread: number): Float64Array {
  const quantiles = new Float64Array(QUANTILES);
  let below = 0;
  let found = 0;
  for (let at = -WIDEST; at < WIDEST && found < QUANTILES; at += STEP) {
    below += (Math.exp(-((at + STEP / 2) ** 2) / 2) / Math.sqrt(2 * Math.PI)) * STEP;
    while (found < QUANTILES && below >= (found + 0.5) / QUANTILES)
      quantiles[found++] = Math.exp(spread * (at + STEP));
  }
  return quantiles;
}

/** So many tries find a number inside, or the nearest end is taken: a draw has to end. */
const TRIES = 8;

/** One number, with what lies outside of `min` to `max` drawn again. */
export function logNormalWithin(
  random: Random,
  median: number,
  spread: number,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  let drawn = median;
  for (let tries = 0; tries < TRIES; tries++) {
    drawn = logNormal(random, median, spread);
    if (drawn >= min && drawn <= max) return drawn;
  }
  return Math.min(Math.max(drawn, min), max);
}
