import type { Random } from '../base/random.ts';

/** Two digits each, written once: numbers become text for every visit and every page. */
const pairs: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Matomo's `pv_id` has exactly six characters. */
export function sixDigits(random: Random): string {
  const drawn = random.uint32();
  return `${pairs[(drawn >>> 16) & 255]}${pairs[(drawn >>> 8) & 255]}${pairs[drawn & 255]}`;
}

/** @param number whole, 0 to 2^40 − 1 */
export function tenDigits(number: number): string {
  const high = Math.floor(number / 0x1_0000_0000);
  const low = number >>> 0;
  return `${pairs[high]}${pairs[low >>> 24]}${pairs[(low >>> 16) & 255]}${pairs[(low >>> 8) & 255]}${pairs[low & 255]}`;
}
