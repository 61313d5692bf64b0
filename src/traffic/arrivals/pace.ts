/**
 * How visits add up over time: the rate, which may change, as its integral turned round. It says when so many have come,
 * so that arrivals are exact however the rate changes, and no error adds up.
 */
export interface Pace {
  /**
   * When so many visits have come and the next begins, in ms from the start; undefined: never. Where the rate is 0 for a
   * while that is the end of it.
   *
   * @param visits whole or broken, and never less than asked before
   */
  msOf(visits: number): number | undefined;
}

/** One rate for ever. */
export function steadyPace(visitsPerSecond: number): Pace {
  return { msOf: visits => (visits * 1000) / visitsPerSecond };
}
