import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Collector } from '../../src/collector/collector.ts';

/** A collector behind a proxy that takes its mark away, so that it is taken for somebody's Matomo. */
export interface UnmarkedCollector {
  readonly url: URL;
  close(): Promise<void>;
}

/** @param breaksAt requests with it in their body get no answer */
export async function unmarked(collector: Collector, breaksAt?: string): Promise<UnmarkedCollector> {
  const proxy = createServer(async (message, response) => {
    const { method, headers, url = '/' } = message;
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    if (breaksAt !== undefined && body.includes(breaksAt)) {
      response.destroy();
      return;
    }
    const onward = request(new URL(url, collector.origin), { method, headers }, answer => {
      const { 'x-trafficinator-collector': _, ...shown } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, shown);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    onward.end(body);
  });
  await new Promise<void>(listening => proxy.listen(0, '127.0.0.1', listening));
  const { port } = proxy.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/matomo.php`),
    async close() {
      const closed = new Promise(resolve => proxy.close(resolve));
      proxy.closeAllConnections();
      await closed;
    },
  };
}
