import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Collector } from '../../src/collector/collector.ts';

/** A collector behind a proxy that takes its mark away, so that it is taken for somebody's Matomo. */
export interface UnmarkedCollector {
  readonly url: URL;
  close(): Promise<void>;
}

export async function unmarked(collector: Collector): Promise<UnmarkedCollector> {
  const proxy = createServer((message, response) => {
    const { method, headers, url = '/' } = message;
    const onward = request(new URL(url, collector.origin), { method, headers }, answer => {
      const { 'x-trafficinator-collector': _, ...shown } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, shown);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    message.pipe(onward);
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
