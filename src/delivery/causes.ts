/** What undici's own codes are called in reports; system codes (`ECONNREFUSED`) keep their names. */
const names: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: 'CONNECTION_CLOSED',
  UND_ERR_CONNECT_TIMEOUT: 'CONNECT_TIMEOUT',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'ANSWER_TOO_LARGE',
  UND_ERR_DESTROYED: 'INTERRUPTED',
  UND_ERR_CLOSED: 'INTERRUPTED',
  UND_ERR_ABORTED: 'INTERRUPTED',
};

/** The stable code by which an error of the connection is counted. */
export function causeOf(error: Error): string {
  if (error.name === 'TimeoutError') return 'TIMEOUT';
  // undici gives it no code: it looks up a name by number in a table of numbers by name.
  if (error.name === 'HTTPParserError') return 'NOT_HTTP';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code === undefined) return error.cause instanceof Error ? causeOf(error.cause) : 'CONNECTION_FAILED';
  return names[code] ?? code;
}
