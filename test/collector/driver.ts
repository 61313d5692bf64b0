import {
  type Collector,
  type CollectorOptions,
  type CollectorState,
  startCollector,
} from '../../src/collector/collector.ts';

export const token = 'f'.repeat(32);

/** A fixed clock at a Friday noon, UTC. */
export const noon = Date.UTC(2026, 10, 20, 12) / 1000;

export type Hit = Record<string, string | number>;

/** A hit with all it needs; what is given replaces what it has. */
export function hit(given: Hit = {}): Hit {
  return {
    idsite: 1,
    rec: 1,
    cid: '00000000000000a1',
    url: 'https://shop.example/',
    action_name: 'Home',
    ua: chrome,
    ...given,
  };
}

export const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';

/** A collector with the fixed clock; the caller closes it. */
export function collectorAtNoon(options: CollectorOptions = {}): Promise<Collector> {
  return startCollector({ token, now: () => noon * 1000, ...options });
}

/** Sends hits as one bulk with the token. */
export async function bulk(
  collector: Collector,
  hits: readonly (Hit | string)[],
  top: object = { token_auth: token },
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(collector.url, {
    method: 'POST',
    body: JSON.stringify({ requests: hits, ...top }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}

/** Sends one hit as GET; the status is the answer. */
export async function single(collector: Collector, given: Hit): Promise<number> {
  const query = new URLSearchParams(
    Object.entries(given).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const response = await fetch(`${collector.url}?${query}`);
  await response.arrayBuffer();
  return response.status;
}

/** What `GET /collector/state` tells. */
export async function stateOverHttp(collector: Collector, query = ''): Promise<CollectorState> {
  const response = await fetch(`${collector.origin}/collector/state${query}`);
  return (await response.json()) as CollectorState;
}
