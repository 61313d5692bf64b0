import { afterAll, describe, expect, it } from 'vitest';
import { type Endpoint, openEndpoint } from '../../src/delivery/endpoint.ts';
import { SingleTransport } from '../../src/delivery/single-transport.ts';
import type { TargetConfig } from '../../src/delivery/target-config.ts';
import { deliver, plannedVisit } from '../support/deliveries.ts';
import {
  type Answer,
  closedPort,
  cutShort,
  delayed,
  drip,
  type FaultServer,
  garbage,
  gif,
  hang,
  hitsIn,
  html,
  inTurn,
  noContent,
  reset,
  startFaultServer,
  status,
} from '../support/fault-server.ts';
import { targetConfig } from '../support/run-config.ts';
import { until } from '../support/until.ts';

const visit = plannedVisit(0);
const TOKEN = 'a secret & more';
const opened: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

async function serve(...answers: readonly Answer[]): Promise<FaultServer> {
  const server = await startFaultServer(inTurn(answers.slice(0, -1), answers.at(-1) ?? gif));
  opened.push(server);
  return server;
}

function transportTo(
  url: URL | string,
  more: Partial<TargetConfig> = {},
  hitsNeedToken = false,
): SingleTransport {
  const endpoint: Endpoint = openEndpoint(targetConfig(url, more), hitsNeedToken);
  opened.push(endpoint);
  return new SingleTransport(endpoint);
}

describe.concurrent('what an answer to a single hit means', () => {
  it.each([
    [gif, 'accepted', ''],
    [noContent, 'accepted', ''],
    [status(400), 'rejected', 'HTTP_400'],
    [html, 'failed', 'NOT_A_TRACKER'],
    [status(302), 'failed', 'HTTP_302'],
    [status(403), 'failed', 'HTTP_403'],
    [status(404), 'failed', 'HTTP_404'],
    [status(500), 'unknown', 'HTTP_500'],
    [status(502), 'unknown', 'HTTP_502'],
    [status(504), 'unknown', 'HTTP_504'],
    [reset, 'unknown', 'ECONNRESET'],
    [cutShort, 'unknown', 'CONNECTION_CLOSED'],
    [garbage, 'unknown', 'NOT_HTTP'],
    [hang, 'unknown', 'TIMEOUT'],
    [drip(20), 'unknown', 'TIMEOUT'],
  ] as const)('$name: %s', async (answer, outcome, cause) => {
    const server = await serve(answer);
    for (const method of ['get', 'post'] as const) {
      const transport = transportTo(server.url, { method, timeoutSeconds: 0.3 });
      const [judgement] = await deliver(transport, visit).done;
      expect(judgement).toMatchObject({ outcome, cause });
    }
    // It went out once each, whatever became of it.
    expect(server.requests).toHaveLength(2);
  });

  it('is that nothing was processed where nothing listens', async () => {
    const transport = transportTo(`http://127.0.0.1:${await closedPort()}/matomo.php`);
    const told = deliver(transport, visit);
    expect(await told.done).toMatchObject([{ outcome: 'failed', cause: 'ECONNREFUSED' }]);
    expect(told.sentMs).toEqual([]);
  });

  it('is that nothing was processed where the name is unknown', async () => {
    const transport = transportTo('http://nowhere.invalid/matomo.php');
    const [judgement] = await deliver(transport, visit).done;
    expect(judgement?.outcome).toBe('failed');
    expect(judgement?.cause).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
  });

  it('is that nothing was processed where TLS cannot be spoken', async () => {
    const server = await serve(gif);
    const transport = transportTo(server.origin.replace('http:', 'https:'));
    expect(await deliver(transport, visit).done).toMatchObject([{ outcome: 'failed' }]);
    expect(server.requests).toHaveLength(0);
  });

  it('never shows where a redirection leads beyond its path', async () => {
    const server = await serve(status(302));
    const [judgement] = await deliver(transportTo(server.url), visit).done;
    expect(judgement?.example).toBe('status 302 to https://login.example/');
  });

  it('is one outcome, once, for a connection that is reset before the request is read', async () => {
    const server = await serve(gif);
    server.onConnection(true);
    const told = deliver(transportTo(server.url, { timeoutSeconds: 1 }), visit);
    const [judgement] = await told.done;
    // The reset may come before the request is written, or after.
    expect(judgement?.outcome).toBe(told.sentMs.length === 0 ? 'failed' : 'unknown');
    expect(server.requests).toHaveLength(0);
    expect(server.connections).toBe(1);
  });
});

describe.concurrent('a server that is busy', () => {
  it.each([429, 503])('is asked three times more after %i, then the hit has failed', async code => {
    const server = await serve(status(code, '0'));
    const told = deliver(transportTo(server.url), visit);
    expect(await told.done).toMatchObject([
      { outcome: 'failed', cause: `HTTP_${code}`, example: `status ${code}, tried 4 times` },
    ]);
    expect(server.requests).toHaveLength(4);
    expect(new Set(server.requests.map(request => request.path)).size).toBe(1);
    expect(told.sentMs).toHaveLength(4);
  });

  it('may take the hit at the last try', async () => {
    const server = await serve(status(503, '0'), status(429, '0'), status(503, '0'), gif);
    expect(await deliver(transportTo(server.url), visit).done).toMatchObject([{ outcome: 'accepted' }]);
    expect(server.requests).toHaveLength(4);
  });

  it('is given the time it asks for, in seconds, by a date, or a second where it asks for none', async () => {
    const inTwoSeconds = new Date(Math.ceil(Date.now() / 1000) * 1000 + 1000).toUTCString();
    const waits = await Promise.all(
      ['1', inTwoSeconds, undefined].map(async retryAfter => {
        const server = await serve(status(429, retryAfter), gif);
        await deliver(transportTo(server.url), visit).done;
        const [first, second] = server.requests;
        return (second?.atMs ?? 0) - (first?.atMs ?? 0);
      }),
    );
    for (const ms of waits) expect(ms).toBeGreaterThan(850);
    for (const ms of waits) expect(ms).toBeLessThan(4000);
  });

  it('is not asked again after another answer', async () => {
    const server = await serve(status(503, '0'), status(500), gif);
    expect(await deliver(transportTo(server.url), visit).done).toMatchObject([{ outcome: 'unknown' }]);
    expect(server.requests).toHaveLength(2);
  });
});

describe.concurrent('how a single hit travels', () => {
  it('goes by GET in the query where there is no token', async () => {
    const server = await serve(gif);
    await deliver(transportTo(server.url, { token: TOKEN }), visit).done;
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'GET', body: '' });
    expect(request?.path).toMatch(/^\/matomo\.php\?idsite=1&rec=1&/);
    expect(JSON.stringify(request)).not.toContain('token_auth');
  });

  it('goes by POST in a form where that is asked for', async () => {
    const server = await serve(gif);
    await deliver(transportTo(server.url, { method: 'post' }), visit).done;
    expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/matomo.php' });
    expect(server.requests[0]?.body).toMatch(/^idsite=1&rec=1&/);
    expect(server.requests[0]?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
  });

  it('goes by POST with the token in the body and nowhere else, whatever the method', async () => {
    const server = await serve(gif);
    await deliver(transportTo(server.url, { token: TOKEN, method: 'get' }, true), visit).done;
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/matomo.php' });
    expect(hitsIn(request ?? server.requests[0] ?? never()).map(hit => hit.get('token_auth'))).toEqual([
      TOKEN,
    ]);
    expect(JSON.stringify([request?.path, request?.headers])).not.toContain('secret');
  });

  it('keeps the query that the URL of the target has', async () => {
    const server = await serve(gif);
    const url = new URL('/proxy.php?to=matomo', server.url);
    await deliver(transportTo(url), visit).done;
    await deliver(transportTo(url, { method: 'post' }), visit).done;
    expect(server.requests[0]?.path).toMatch(/^\/proxy\.php\?to=matomo&idsite=1&rec=1&/);
    expect(server.requests[1]?.path).toBe('/proxy.php?to=matomo');
  });

  it('uses as many connections as it may and no more', async () => {
    const server = await serve(delayed(30, gif));
    const transport = transportTo(server.url, { connections: 3 });
    await Promise.all(Array.from({ length: 12 }, (_, index) => deliver(transport, plannedVisit(index)).done));
    expect(server.requests).toHaveLength(12);
    expect(server.connections).toBe(3);
    expect(server.mostOpen).toBe(3);
  });

  it('tells that bytes go out when they do, and not while the hit waits for a connection', async () => {
    const server = await serve(delayed(200, gif));
    const transport = transportTo(server.url, { connections: 1 });
    const [first, second] = [deliver(transport, plannedVisit(0)), deliver(transport, plannedVisit(1))];
    await Promise.all([first.done, second.done]);
    expect((second.sentMs[0] ?? 0) - (first.sentMs[0] ?? 0)).toBeGreaterThan(150);
  });
});

describe.concurrent('the time limit', () => {
  it('counts from the writing, so that waiting for a connection does not use it up', async () => {
    const server = await serve(delayed(200, gif));
    const transport = transportTo(server.url, { connections: 1, timeoutSeconds: 0.5 });
    const told = Array.from({ length: 5 }, (_, index) => deliver(transport, plannedVisit(index)));
    for (const { done } of told) expect(await done).toMatchObject([{ outcome: 'accepted' }]);
  });

  it('ends only what is overdue', async () => {
    const server = await serve(hang, gif);
    const transport = transportTo(server.url, { timeoutSeconds: 0.3 });
    const startMs = performance.now();
    const slow = deliver(transport, plannedVisit(0));
    await until(() => server.requests.length === 1);
    const quick = deliver(transport, plannedVisit(1));
    expect(await quick.done).toMatchObject([{ outcome: 'accepted' }]);
    expect(slow.verdicts).toEqual([]);
    expect(await slow.done).toMatchObject([{ outcome: 'unknown', cause: 'TIMEOUT' }]);
    expect(performance.now() - startMs).toBeGreaterThan(295);
  });

  it('leaves the next hit its own connection', async () => {
    const server = await serve(hang, gif);
    const transport = transportTo(server.url, { timeoutSeconds: 0.2, connections: 1 });
    expect(await deliver(transport, visit).done).toMatchObject([{ outcome: 'unknown' }]);
    expect(await deliver(transport, visit).done).toMatchObject([{ outcome: 'accepted' }]);
    expect(server.connections).toBe(2);
  });
});

describe.concurrent('an end in the middle', () => {
  it('is unknown for what was written, failed for what was told to wait, skipped for what waits beside it', async () => {
    const server = await serve(hang, status(503, '30'));
    const endpoint = openEndpoint(targetConfig(server.url, { connections: 2 }), false);
    const transport = new SingleTransport(endpoint);
    const written = deliver(transport, plannedVisit(0));
    await until(() => server.requests.length === 1);
    const toldToWait = deliver(transport, plannedVisit(1));
    await until(() => transport.heldUntilMs > 0);
    const waiting = deliver(transport, plannedVisit(2));
    transport.end('INTERRUPTED');
    await endpoint.close();
    expect(await written.done).toMatchObject([{ outcome: 'unknown', cause: 'INTERRUPTED' }]);
    expect(await toldToWait.done).toMatchObject([{ outcome: 'failed', cause: 'INTERRUPTED' }]);
    expect(await waiting.done).toMatchObject([{ outcome: 'skipped', cause: 'INTERRUPTED' }]);
    expect(await deliver(transport, plannedVisit(3)).done).toMatchObject([{ outcome: 'skipped' }]);
    expect(server.requests).toHaveLength(2);
  });

  it('is skipped for what waited for a connection', async () => {
    const server = await serve(hang);
    const endpoint = openEndpoint(targetConfig(server.url, { connections: 1 }), false);
    const transport = new SingleTransport(endpoint);
    const written = deliver(transport, plannedVisit(0));
    await until(() => server.requests.length === 1);
    const waiting = deliver(transport, plannedVisit(1));
    transport.end('INTERRUPTED');
    await endpoint.close();
    expect(await written.done).toMatchObject([{ outcome: 'unknown', cause: 'INTERRUPTED' }]);
    expect(await waiting.done).toMatchObject([{ outcome: 'skipped', cause: 'INTERRUPTED' }]);
    expect(server.requests).toHaveLength(1);
  });

  it('lets an answer count that comes before the connection is closed, and repeats nothing', async () => {
    const server = await serve(delayed(100, gif), delayed(100, status(503, '0')), gif);
    const transport = transportTo(server.url);
    const [taken, busy] = [deliver(transport, plannedVisit(0)), deliver(transport, plannedVisit(1))];
    await until(() => server.requests.length === 2);
    transport.end('INTERRUPTED');
    const outcomes = [...(await taken.done), ...(await busy.done)].map(judgement => judgement.outcome);
    expect(outcomes.sort()).toEqual(['accepted', 'failed']);
    expect(server.requests).toHaveLength(2);
  });
});

function never(): never {
  throw new Error('nothing came');
}
