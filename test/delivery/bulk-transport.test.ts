import { afterAll, describe, expect, it } from 'vitest';
import { BulkTransport } from '../../src/delivery/bulk-transport.ts';
import { openEndpoint } from '../../src/delivery/endpoint.ts';
import type { TargetConfig } from '../../src/delivery/target-config.ts';
import { deliver, plannedVisit, type Told } from '../support/deliveries.ts';
import {
  type Answer,
  allTracked,
  bulkCounts,
  closedPort,
  commitFailed,
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
  rolledBack,
  startFaultServer,
  status,
} from '../support/fault-server.ts';
import { targetConfig, twoPages } from '../support/run-config.ts';
import { until } from '../support/until.ts';

const TOKEN = 'a "secret" & more';
const opened: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

async function serve(...answers: readonly Answer[]): Promise<FaultServer> {
  const server = await startFaultServer(inTurn(answers.slice(0, -1), answers.at(-1) ?? allTracked));
  opened.push(server);
  return server;
}

function transportTo(
  url: URL | string,
  more: Partial<TargetConfig> = {},
  hitsNeedToken = false,
): BulkTransport {
  const config = targetConfig(url, { transport: 'bulk', batchSize: 6, ...more });
  const endpoint = openEndpoint(config, hitsNeedToken);
  opened.push(endpoint);
  return new BulkTransport(endpoint, config);
}

/** Two visits of three hits: a full body of six. */
function fullBody(transport: BulkTransport): [Told, Told] {
  const [one, other] = [plannedVisit(0, twoPages), plannedVisit(1, twoPages)];
  return [deliver(transport, one, 0, 3), deliver(transport, other, 0, 3)];
}

async function outcomesOf(told: readonly Told[]): Promise<string[]> {
  return (await Promise.all(told.map(one => one.done))).flat().map(judgement => judgement.outcome);
}

describe.concurrent('what an answer to a bulk means', () => {
  it.each([
    [allTracked, 'accepted', ''],
    [status(400), 'rejected', 'HTTP_400'],
    [html, 'failed', 'NOT_A_TRACKER'],
    [status(302), 'failed', 'HTTP_302'],
    [status(403), 'failed', 'HTTP_403'],
    [status(404), 'failed', 'HTTP_404'],
    [status(502), 'unknown', 'HTTP_502'],
    [status(504), 'unknown', 'HTTP_504'],
    [reset, 'unknown', 'ECONNRESET'],
    [cutShort, 'unknown', 'CONNECTION_CLOSED'],
    [garbage, 'unknown', 'NOT_HTTP'],
    [hang, 'unknown', 'TIMEOUT'],
    [drip(20), 'unknown', 'TIMEOUT'],
  ] as const)('$name: %s', async (answer, outcome, cause) => {
    const server = await serve(answer);
    for (const { done } of fullBody(transportTo(server.url, { timeoutSeconds: 0.3 })))
      expect(await done).toMatchObject(
        new Array(3).fill({ outcome, cause, inDoubt: false, unconfirmed: false }),
      );
    expect(server.requests).toHaveLength(1);
  });

  it.each([noContent, gif])(
    'accepted and unconfirmed where the answer counts nothing: $name',
    async answer => {
      const server = await serve(answer);
      for (const { done } of fullBody(transportTo(server.url)))
        expect(await done).toMatchObject(new Array(3).fill({ outcome: 'accepted', unconfirmed: true }));
    },
  );

  it('failed where nothing listens', async () => {
    const told = fullBody(transportTo(`http://127.0.0.1:${await closedPort()}/matomo.php`));
    expect(new Set(await outcomesOf(told))).toEqual(new Set(['failed']));
  });

  it('names the hits that are refused where the server names them', async () => {
    const server = await serve(bulkCounts(4, 2, [1, 4]));
    const told = fullBody(transportTo(server.url));
    expect(await outcomesOf(told)).toEqual([
      ...['accepted', 'rejected', 'accepted'],
      ...['accepted', 'rejected', 'accepted'],
    ]);
    for (const { verdicts } of told) expect(verdicts.some(({ inDoubt }) => inDoubt)).toBe(false);
  });

  it.each([
    ['without indices', bulkCounts(4, 2), { accepted: 4, rejected: 2, unknown: 0 }],
    ['with indices that cannot be', bulkCounts(4, 2, [1, 6]), { accepted: 4, rejected: 2, unknown: 0 }],
    ['with an index twice', bulkCounts(4, 2, [1, 1]), { accepted: 4, rejected: 2, unknown: 0 }],
    ['with too few', bulkCounts(3, 1, [0]), { accepted: 3, rejected: 1, unknown: 2 }],
    ['with none', bulkCounts(0, 0), { accepted: 0, rejected: 0, unknown: 6 }],
    ['with too many', bulkCounts(9, 2), { accepted: 4, rejected: 2, unknown: 0 }],
  ])('is right in number and in doubt for each hit, counted %s', async (_, answer, numbers) => {
    const server = await serve(answer);
    const told = fullBody(transportTo(server.url));
    const outcomes = await outcomesOf(told);
    const count = (wanted: string) => outcomes.filter(outcome => outcome === wanted).length;
    expect({
      accepted: count('accepted'),
      rejected: count('rejected'),
      unknown: count('unknown'),
    }).toEqual(numbers);
    for (const { verdicts } of told) expect(verdicts.every(({ inDoubt }) => inDoubt)).toBe(true);
    expect(server.requests).toHaveLength(1);
  });
});

describe.concurrent('a bulk that is sent again', () => {
  it('goes out once more, whole, after 500: it was rolled back', async () => {
    const server = await serve(rolledBack('0'), allTracked);
    const told = fullBody(transportTo(server.url));
    expect(new Set(await outcomesOf(told))).toEqual(new Set(['accepted']));
    expect(server.requests).toHaveLength(2);
    expect(server.requests[1]?.body).toBe(server.requests[0]?.body);
  });

  it.each([commitFailed, status(500)])(
    'stays where it is after 500 that may have kept it: $name',
    async answer => {
      const server = await serve(answer);
      const told = fullBody(transportTo(server.url));
      expect(new Set(await outcomesOf(told))).toEqual(new Set(['unknown']));
      expect(server.requests).toHaveLength(1);
    },
  );

  it('has failed after the second 500', async () => {
    const server = await serve(rolledBack('0'));
    const told = fullBody(transportTo(server.url));
    expect(new Set(await outcomesOf(told))).toEqual(new Set(['failed']));
    expect(server.requests).toHaveLength(2);
  });

  it.each([429, 503])('goes out three times more after %i, then it has failed', async code => {
    const server = await serve(status(code, '0'));
    const told = fullBody(transportTo(server.url));
    expect(new Set(await outcomesOf(told))).toEqual(new Set(['failed']));
    expect(server.requests).toHaveLength(4);
    expect(new Set(server.requests.map(({ body }) => body)).size).toBe(1);
  });

  it('goes out once more after 500 also where the server was busy before', async () => {
    const server = await serve(status(503, '0'), status(503, '0'), rolledBack('0'), allTracked);
    const told = fullBody(transportTo(server.url));
    expect(new Set(await outcomesOf(told))).toEqual(new Set(['accepted']));
    expect(server.requests).toHaveLength(4);
  });

  it('waits a second where the server does not say how long', async () => {
    const server = await serve(rolledBack(), allTracked);
    await outcomesOf(fullBody(transportTo(server.url)));
    expect((server.requests[1]?.atMs ?? 0) - (server.requests[0]?.atMs ?? 0)).toBeGreaterThan(900);
  });
});

describe.concurrent('how hits are put into bodies', () => {
  it('sends a body that is full at once', async () => {
    const server = await serve(allTracked);
    const told = fullBody(transportTo(server.url));
    // It left from within the call that filled it, or with the connection: not by the timer.
    await outcomesOf(told);
    expect(server.requests.map(request => hitsIn(request).length)).toEqual([6]);
  });

  it('sends one that is not full 200 ms after its first hit', async () => {
    const server = await serve(allTracked);
    const transport = transportTo(server.url);
    const startMs = performance.now();
    const told = deliver(transport, plannedVisit(0));
    await told.done;
    expect((told.sentMs[0] ?? 0) - startMs).toBeGreaterThan(190);
    expect((told.sentMs[0] ?? 0) - startMs).toBeLessThan(5000);
  });

  it('sends one at once that holds all visits there can be in flight: nothing more would come', async () => {
    const server = await serve(allTracked);
    const transport = transportTo(server.url, { concurrency: 2 });
    const all = [0, 1].map(index => deliver(transport, plannedVisit(index, twoPages), 0, 1));
    // The timer is off: what goes out went before.
    transport.hold();
    await outcomesOf(all);
    const some = deliver(transport, plannedVisit(2, twoPages), 0, 1);
    transport.end('INTERRUPTED');
    expect(await outcomesOf([some])).toEqual(['skipped']);
    expect(server.requests.map(request => hitsIn(request).length)).toEqual([2]);
  });

  it('keeps the hits of a visit together: what does not fit begins the next', async () => {
    const server = await serve(allTracked);
    const transport = transportTo(server.url, { batchSize: 4 });
    const told = [0, 1, 2].map(index => deliver(transport, plannedVisit(index, twoPages), 0, 3));
    await outcomesOf(told);
    expect(server.requests.map(request => hitsIn(request).map(hit => hit.get('cid')))).toEqual(
      told.map(({ visit }) => new Array(3).fill(visit.visitorId)),
    );
  });

  it('never makes one larger than it may be', async () => {
    const server = await serve(allTracked);
    const transport = transportTo(server.url, { batchSize: 10 });
    const told = Array.from({ length: 50 }, (_, index) => {
      const visit = plannedVisit(index);
      return deliver(transport, visit, 0, Math.min(visit.hits.length, 10));
    });
    await outcomesOf(told);
    expect(Math.max(...server.requests.map(request => hitsIn(request).length))).toBeLessThanOrEqual(10);
    expect(server.requests.flatMap(hitsIn)).toHaveLength(told.reduce((sum, { count }) => sum + count, 0));
  });

  it('carries the token once, in the JSON, and nowhere else', async () => {
    const server = await serve(allTracked);
    const url = new URL('?to=matomo', server.url);
    await outcomesOf(fullBody(transportTo(url, { token: TOKEN }, true)));
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/matomo.php?to=matomo' });
    expect(request?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(request?.body ?? '')).toMatchObject({ token_auth: TOKEN });
    expect(request?.body.split('token_auth')).toHaveLength(2);
  });

  it('carries no token where no hit needs one', async () => {
    const server = await serve(allTracked);
    await outcomesOf(fullBody(transportTo(server.url, { token: TOKEN })));
    expect(server.requests[0]?.body).not.toContain('secret');
  });
});

describe.concurrent('an end in the middle', () => {
  it('is unknown for what was written, skipped for what was gathered, failed for what was told to wait', async () => {
    const server = await serve(hang, status(503, '30'));
    const endpoint = openEndpoint(targetConfig(server.url), false);
    const transport = new BulkTransport(endpoint, { batchSize: 3, concurrency: 10 });
    const written = deliver(transport, plannedVisit(0, twoPages), 0, 3);
    await until(() => server.requests.length === 1);
    const toldToWait = deliver(transport, plannedVisit(1, twoPages), 0, 3);
    await until(() => transport.heldUntilMs > 0);
    const heldBack = deliver(transport, plannedVisit(2, twoPages), 0, 3);
    const gathered = deliver(transport, plannedVisit(4, twoPages), 0, 2);
    transport.end('INTERRUPTED');
    await endpoint.close();
    expect(await outcomesOf([toldToWait])).toEqual(['failed', 'failed', 'failed']);
    expect(await outcomesOf([written])).toEqual(['unknown', 'unknown', 'unknown']);
    expect(await outcomesOf([heldBack])).toEqual(['skipped', 'skipped', 'skipped']);
    expect(await outcomesOf([gathered])).toEqual(['skipped', 'skipped']);
    expect(await outcomesOf([deliver(transport, plannedVisit(3))])).toEqual(['skipped']);
    expect(server.requests).toHaveLength(2);
  });

  it('repeats nothing', async () => {
    const server = await serve(delayed(100, rolledBack('0')), allTracked);
    const transport = transportTo(server.url);
    const told = fullBody(transport);
    await until(() => server.requests.length === 1);
    transport.end('INTERRUPTED');
    expect(new Set(await outcomesOf(told))).toEqual(new Set(['failed']));
    expect(server.requests).toHaveLength(1);
  });
});
