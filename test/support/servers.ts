import { type Collector, type CollectorOptions, startCollector } from '../../src/collector/collector.ts';
import { type AnswerTo, type FaultServer, hitsIn, startFaultServer } from './fault-server.ts';

/** Servers of a test file, which end with it. */
export interface Servers {
  collect(options?: CollectorOptions & { readonly timezone?: string }): Promise<Collector>;
  serve(answerTo: AnswerTo): Promise<FaultServer>;
  close(): Promise<void>;
}

export function servers(): Servers {
  const opened: { close(): Promise<void> }[] = [];
  return {
    async collect({ timezone = 'UTC', ...options } = {}) {
      const collector = await startCollector({
        sites: [
          {
            id: 1,
            name: 'Shop',
            mainUrl: 'https://shop.example',
            currency: 'SEK',
            timezone,
            ecommerce: true,
            siteSearch: true,
            goals: [],
          },
        ],
        ...options,
      });
      opened.push(collector);
      return collector;
    },
    async serve(answerTo) {
      const server = await startFaultServer(answerTo);
      opened.push(server);
      return server;
    },
    async close() {
      for (const server of opened.splice(0)) await server.close();
    },
  };
}

/** Ids of the visitors a collector has recorded. */
export function visitorsRecorded(collector: Collector): string[] {
  return (collector.state({ visits: true }).visits ?? []).map(({ visitorId }) => visitorId);
}

/** Ids of the visitors of whom a server got a hit. */
export function visitorsServed({ tracking }: FaultServer): Set<string> {
  return new Set(tracking.flatMap(hitsIn).map(hit => hit.get('cid') ?? ''));
}

/** When the first hit of each visit came, in the order they came. */
export function beginnings({ tracking }: FaultServer): number[] {
  return tracking.filter(request => hitsIn(request)[0]?.has('new_visit')).map(({ atMs }) => atMs);
}
