/** Letters to add, drop or exchange to make one text of the other (Levenshtein). */
export function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const exchanged = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(exchanged, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

/** The candidate nearest to a text, if it is at most `limit` letters away. */
export function nearest(text: string, candidates: Iterable<string>, limit: number): string | undefined {
  let best: string | undefined;
  let least = limit + 1;
  // Of one piece more than there are wrong letters, one has none and stands in the candidate as it is.
  const pieces = piecesOf(text, limit + 1);
  for (const candidate of candidates) {
    // The distance is never less than what the lengths differ by: most candidates need no table.
    if (Math.abs(candidate.length - text.length) >= least) continue;
    if (!pieces.some(piece => candidate.includes(piece))) continue;
    const distance = editDistance(text, candidate);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

function piecesOf(text: string, count: number): string[] {
  const cut = (at: number) => Math.floor((at * text.length) / count);
  return Array.from({ length: count }, (_, at) => text.slice(cut(at), cut(at + 1)));
}

/** ` (did you mean x?)` for a name a person mistyped, or nothing. Half the letters may be wrong. */
export function suggestion(text: string, candidates: Iterable<string>): string {
  const limit = Math.max(2, Math.floor(text.length / 2));
  const name = nearest(text.toLowerCase(), candidates, limit) ?? nearest(text, candidates, limit);
  return name === undefined ? '' : ` (did you mean ${name}?)`;
}
