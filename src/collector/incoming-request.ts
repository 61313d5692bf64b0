import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { noParameters, type Parameters, parseQuery } from './query-string.ts';

/** A request with its body read. */
export interface IncomingRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Address of the sender. */
  readonly remoteAddress: string;
  /** Parameters in the URL. */
  readonly query: Parameters;
  /** Parameters in a form body, empty where the body is something else. */
  readonly form: Parameters;
  readonly body: string;
}

/** A body above this is cut off with the connection: no server takes more in one request. */
const largestBody = 64 * 1024 * 1024;

/** Splits a request's target into path and query. */
export function pathAndQuery(target: string): { path: string; query: string } {
  const question = target.indexOf('?');
  if (question < 0) return { path: target, query: '' };
  return { path: target.slice(0, question), query: target.slice(question + 1) };
}

/**
 * Reads a request to its end.
 *
 * @param done is not called for a request whose sender went away
 */
export function readRequest(message: IncomingMessage, done: (request: IncomingRequest) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  message.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > largestBody) message.destroy();
    else chunks.push(chunk);
  });
  message.on('end', () => done(requestOf(message, chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))));
  message.on('error', () => {});
}

function requestOf(message: IncomingMessage, bytes: Buffer | undefined): IncomingRequest {
  const { path, query } = pathAndQuery(message.url ?? '/');
  const body = bytes?.toString('utf8') ?? '';
  const { method = 'GET', headers } = message;
  const isForm =
    method === 'POST' && /^application\/x-www-form-urlencoded/i.test(headers['content-type'] ?? '');
  return {
    method,
    path,
    headers,
    remoteAddress: (message.socket.remoteAddress ?? '0.0.0.0').replace(/^::ffff:/, ''),
    query: query === '' ? noParameters() : parseQuery(query),
    form: isForm && body !== '' ? parseQuery(body) : noParameters(),
    body,
  };
}
