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

/**
 * Two such numbers with a median of 1, independent of each other, for the price of one: for what is drawn for every
 * pageview. Takes two random numbers.
 */
export function logNormalPair(random: Random, spread: number): readonly [number, number] {
  const distance = spread * Math.sqrt(-2 * Math.log(1 - random.unit()));
  const angle = 2 * Math.PI * random.unit();
  return [Math.exp(distance * Math.cos(angle)), Math.exp(distance * Math.sin(angle))];
}

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
