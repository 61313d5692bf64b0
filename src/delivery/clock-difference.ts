/** Below this a difference may be of the measurement: a `Date` has whole seconds, and an answer takes its time. */
const SMALLEST_LAG_SECONDS = 2;

/**
 * How far a server's clock is behind ours, in seconds; negative: ahead. Right within half a second and half the time
 * of the answer.
 *
 * @param dateHeader of an answer: it has whole seconds, so that half a second more is the likeliest
 * @param sentEpochMs by our clock, when the request went out
 * @param answeredEpochMs and when its answer came
 * @returns undefined where there is no date, or one that cannot be read
 */
export function clockDifferenceSeconds(
  dateHeader: string | undefined,
  sentEpochMs: number,
  answeredEpochMs: number,
): number | undefined {
  const serverEpochMs = Date.parse(dateHeader ?? '') + 500;
  if (Number.isNaN(serverEpochMs)) return undefined;
  return ((sentEpochMs + answeredEpochMs) / 2 - serverEpochMs) / 1000;
}

/**
 * By how much visits are dated earlier, so that none is in the server's future: whole seconds. 0 where the difference
 * is none that was surely measured, so that the same run has the same dates again, and where the server is ahead.
 */
export function serverLagSeconds(differenceSeconds: number | undefined): number {
  if (differenceSeconds === undefined || differenceSeconds < SMALLEST_LAG_SECONDS) return 0;
  return Math.ceil(differenceSeconds);
}
