import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that has funnels as the control UI of the Python Trafficinator has them. */
export interface ControlUiServer {
  readonly base: string;
  /** In the order they came, with the key each had. */
  readonly requests: readonly { readonly path: string; readonly key: string | undefined }[];
  close(): Promise<void>;
}

export type ControlUiAnswer = (request: IncomingMessage, response: ServerResponse) => boolean;

/** @param instead answers in its place where it returns true */
export async function startControlUi(
  funnels: readonly Record<string, unknown>[],
  key: string,
  instead: ControlUiAnswer = () => false,
): Promise<ControlUiServer> {
  const requests: { path: string; key: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const given = request.headers['x-api-key'];
    requests.push({ path, key: typeof given === 'string' ? given : undefined });
    if (instead(request, response)) return;
    const say = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    const at = /^\/api\/funnels\/(\d+)$/.exec(path)?.[1];
    if (given !== key) say(401, { detail: 'Invalid API key' });
    else if (path === '/api/funnels') {
      say(200, {
        funnels: funnels.map(({ name }, id) => ({ id, name, step_count: 1, created_at: '', updated_at: '' })),
      });
    } else if (at === undefined || funnels[Number(at)] === undefined) say(404, { detail: 'Not found' });
    else {
      const { name, description = null, ...config } = funnels[Number(at)] ?? {};
      say(200, { id: Number(at), name, description, config, created_at: '', updated_at: '' });
    }
  });
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise(closed => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}
