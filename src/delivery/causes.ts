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
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code === undefined) return error.cause instanceof Error ? causeOf(error.cause) : 'CONNECTION_FAILED';
  if (code.startsWith('HPE_')) return 'NOT_HTTP';
  return names[code] ?? code;
}
