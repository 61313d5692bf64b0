/** Opens a bulk body; lines are joined by commas and `closeBulk` ends it. */
export const openBulk = '{"requests":[';

/**
 * One hit of a bulk body. It begins with `?`, because a line without a query part vanishes and shifts the indices
 * after it (contract case `bulk-line-without-question-mark`). Percent-encoded text needs no JSON escapes.
 */
export function bulkLine(parameters: string): string {
  return `"?${parameters}"`;
}

/** The token belongs on top of the JSON: in the URL of a bulk POST it authenticates no line (`old-cdt-bulk-token-in-query`). */
export function closeBulk(token: string | undefined): string {
  return token === undefined ? ']}' : `],"token_auth":${JSON.stringify(token)}}`;
}
