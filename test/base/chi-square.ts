/** How often each of `cells` numbers came up in so many draws. */
export function tally(cells: number, times: number, draw: (at: number) => number): number[] {
  const seen = new Array<number>(cells).fill(0);
  for (let at = 0; at < times; at++) {
    const cell = draw(at);
    seen[cell] = (seen[cell] ?? 0) + 1;
  }
  return seen;
}

/**
 * How far counts are from what their shares make one expect: Σ (seen − expected)² / expected.
 *
 * @param shares of each cell, in any unit
 */
export function chiSquare(seen: readonly number[], shares: readonly number[]): number {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const unit = sum(seen) / sum(shares);
  return sum(
    seen.map((count, at) => {
      const expected = (shares[at] ?? Number.NaN) * unit;
      return (count - expected) ** 2 / expected;
    }),
  );
}

/** What chance alone exceeds once in 100,000 seeds, by degrees of freedom. The seeds of tests are fixed. */
export const worstBy = { 1: 19.5, 2: 23.0, 3: 25.9, 4: 28.5, 9: 40.5, 15: 51.0 } as const;

/** The same for any degrees of freedom, near enough from about four on (Wilson and Hilferty). */
export function worstOf(degrees: number): number {
  const part = 2 / (9 * degrees);
  return degrees * (1 - part + 4.265 * Math.sqrt(part)) ** 3;
}
