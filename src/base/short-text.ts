/** An error page, or the trace a debugging server sends, would flood a terminal. */
const MOST_CHARACTERS = 400;

/** The beginning of what a server said, once its secrets are masked: one that is cut in two is found no more. */
export function shortText(masked: string): string {
  return masked.length > MOST_CHARACTERS ? `${masked.slice(0, MOST_CHARACTERS - 1)}…` : masked;
}
