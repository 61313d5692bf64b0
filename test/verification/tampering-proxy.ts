import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Collector } from '../../src/collector/collector.ts';

/** A tracking request on its way: all that it carries, decoded. */
export interface PassingHit {
  readonly parameters: URLSearchParams;
  /** How many came before it. */
  readonly number: number;
}

/**
 * What becomes of a hit: `drop` answers it and does not hand it on, `twice` hands it on twice, `cut` hands it on and
 * then cuts the connection, `lose` cuts it without; parameters are handed on in the place of its own.
 */
export type Tampering = 'pass' | 'drop' | 'twice' | 'cut' | 'lose' | URLSearchParams;

export interface TamperingProxy {
  readonly url: URL;
  /** Questions of the Reporting API that came, by method. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

export interface TamperingOptions {
  readonly hit?: (hit: PassingHit) => Tampering;
  /** Another answer to a question of the Reporting API; undefined: the collector's. */
  readonly answer?: (form: URLSearchParams, answer: () => Promise<string>) => Promise<string | undefined>;
}

const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAAAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64');

/** Stands before a collector and does to single hits what it is told. */
export async function startTamperingProxy(
  collector: Collector,
  { hit = () => 'pass', answer }: TamperingOptions,
): Promise<TamperingProxy> {
  const asked: string[] = [];
  let number = 0;
  const server = createServer((message, response) => {
    void bodyOf(message).then(async body => {
      const url = new URL(message.url ?? '/', collector.origin);
      const forward = (query: string, text: string) =>
        handOn(message, new URL(url.pathname + query, url), text);
      if (!url.pathname.endsWith('matomo.php') || body.startsWith('{')) {
        const form = new URLSearchParams(body);
        asked.push(form.get('method') ?? '');
        const own = () => forward(url.search, body).then(reply => reply.body.toString('utf8'));
        const text = await answer?.(form, own);
        if (text !== undefined) response.writeHead(200, { 'Content-Type': 'application/json' }).end(text);
        else pass(await forward(url.search, body), response);
        return;
      }
      const isPost = message.method === 'POST';
      const parameters = new URLSearchParams(isPost ? body : url.search);
      const tampering = hit({ parameters, number: number++ });
      if (tampering === 'lose') {
        message.socket.resetAndDestroy();
        return;
      }
      if (tampering === 'drop') {
        response.writeHead(200, { 'Content-Type': 'image/gif' }).end(gif);
        return;
      }
      const sent = tampering instanceof URLSearchParams ? tampering : parameters;
      const send = () => (isPost ? forward(url.search, sent.toString()) : forward(`?${sent}`, ''));
      const reply = await send();
      if (tampering === 'twice') await send();
      if (tampering === 'cut') message.socket.resetAndDestroy();
      else pass(reply, response);
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/matomo.php`),
    asked,
    async close() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

interface Passed {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

async function handOn(message: IncomingMessage, url: URL, body: string): Promise<Passed> {
  const { 'content-type': contentType } = message.headers;
  const answer = await fetch(url, {
    method: message.method ?? 'GET',
    ...(contentType !== undefined && { headers: { 'content-type': contentType } }),
    ...(message.method === 'POST' && { body }),
  });
  return {
    status: answer.status,
    contentType: answer.headers.get('content-type') ?? '',
    body: Buffer.from(await answer.arrayBuffer()),
  };
}

function pass({ status, contentType, body }: Passed, response: ServerResponse): void {
  response.writeHead(status, { 'Content-Type': contentType }).end(body);
}
