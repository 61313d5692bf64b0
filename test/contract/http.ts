import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { RequestTemplate } from './contract.ts';

export interface Answer {
  status: number;
  contentType: string;
  body: Buffer;
}

/**
 * Sends a filled template byte for byte: no header but those of the template, so that "no user agent" stays that.
 *
 * @param origin such as `http://127.0.0.1:8089`
 */
export function send(
  origin: string,
  { method, path, query, form, json, raw, headers }: RequestTemplate,
): Promise<Answer> {
  const url = new URL(path + (query && Object.keys(query).length > 0 ? `?${encoded(query)}` : ''), origin);
  const body = form
    ? encoded(form)
    : json !== null && json !== undefined
      ? JSON.stringify(json)
      : (raw ?? '');
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const length = body === '' && method !== 'POST' ? {} : { 'Content-Length': Buffer.byteLength(body) };
    const sent = request(url, { method, headers: { ...headers, ...length }, agent: false }, response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          contentType: response.headers['content-type'] ?? '',
          body: Buffer.concat(chunks),
        }),
      );
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function encoded(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
}
