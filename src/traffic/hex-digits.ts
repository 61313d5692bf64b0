import type { Random } from '../base/random.ts';

/** Two digits each, written once: numbers become text for every visit and every page. */
const pairs: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Matomo's `pv_id` has exactly six characters. */
export function sixDigits(random: Random): string {
  const drawn = random.uint32();
  return twoDigits(drawn >>> 16) + twoDigits(drawn >>> 8) + twoDigits(drawn);
}

/** @param number whole, 0 to 2^40 − 1 */
export function tenDigits(number: number): string {
  const high = Math.floor(number / 0x1_0000_0000);
  const low = number >>> 0;
  return (
    twoDigits(high) + twoDigits(low >>> 24) + twoDigits(low >>> 16) + twoDigits(low >>> 8) + twoDigits(low)
  );
}

/** Of the lowest byte. */
function twoDigits(number: number): string {
  return pairs[number & 255] as string;
}
