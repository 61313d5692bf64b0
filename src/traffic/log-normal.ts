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

/** So many tries find a number inside, or the nearest end is taken: a draw has to end. */
const TRIES = 8;

/** The same, with what lies outside of `min` to `max` drawn again. */
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
