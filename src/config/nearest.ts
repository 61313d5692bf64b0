/**
 * Letters to add, drop or exchange to make one text of the other (Levenshtein).
 *
 * @param limit what is beyond it need not be exact
 */
export function editDistance(one: string, other: string, limit = Number.POSITIVE_INFINITY): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const exchanged = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(exchanged, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
    // No row has less than the least of the one before.
    if (Math.min(...row) > limit) return limit + 1;
  }
  return row[other.length] ?? 0;
}

/** The candidate nearest to a text, if it is at most `limit` letters away. */
export function nearest(text: string, candidates: Iterable<string>, limit: number): string | undefined {
  let best: string | undefined;
  let least = limit + 1;
  for (const candidate of candidates) {
    // The distance is never less than what the lengths differ by: most candidates need no table.
    if (Math.abs(candidate.length - text.length) >= least) continue;
    const distance = editDistance(text, candidate, least - 1);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** ` (did you mean x?)` for a name a person mistyped, or nothing. Half the letters may be wrong. */
export function suggestion(text: string, candidates: Iterable<string>): string {
  const limit = Math.max(2, Math.floor(text.length / 2));
  const name = nearest(text.toLowerCase(), candidates, limit) ?? nearest(text, candidates, limit);
  return name === undefined ? '' : ` (did you mean ${name}?)`;
}
