/**
 * The digits of a whole number that is not likely to come again, as a visit's.
 *
 * V8 keeps the text of every number that is made a string of in a table, until another takes its place: one text a visit
 * would so outlive it, and be garbage only a full collection finds. `toFixed` asks no table.
 *
 * @param number whole, 0 to below 10^21
 */
export function decimalDigits(number: number): string {
  return number.toFixed();
}
