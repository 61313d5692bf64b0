import type { Reply } from '../../src/matomo/reply.ts';

/** The transparent pixel that Matomo answers with. */
export const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAAAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64');

export const html = '<!DOCTYPE html><html><body><h1>It works!</h1></body></html>';

export function replyOf(
  status: number,
  body: Buffer | string | object = '',
  headers: Record<string, string> = {},
): Reply {
  const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return { status, body: Buffer.from(text), headers: new Map(Object.entries(headers)) };
}

/** The JSON of BulkTracking. */
export function bulkReply(tracked: number, invalid: number, indices?: unknown): Reply {
  const counts = { status: 'success', tracked, invalid };
  return replyOf(200, indices === undefined ? counts : { ...counts, invalid_indices: indices });
}
