import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { Dispatcher } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { Connections, type Passenger } from '../../src/delivery/connections.ts';
import { Deadlines, type Unanswered } from '../../src/delivery/deadlines.ts';
import { expectWholeAccount } from '../support/account.ts';
import { runConfig, start, targetConfig, twoPages } from '../support/run-config.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Answers 204 to each request, and closes every `nth` connection behind an answer that did not say so. */
async function serveClosing(nth: number) {
  let answered = 0;
  let made = 0;
  const server = createServer(socket => {
    made++;
    socket.on('error', () => {});
    socket.on('data', () => {
      socket.write('HTTP/1.1 204 No Content\r\nconnection: keep-alive\r\n\r\n');
      if (++answered % nth === 0) socket.end();
    });
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/matomo.php`;
  return { url, made: () => made, answered: () => answered };
}

describe('a server that closes connections behind its answers', () => {
  it.each([1, 10])('gets every hit once: each %i.', async nth => {
    const server = await serveClosing(nth);
    const config = runConfig(targetConfig(server.url, { concurrency: 4, connections: 4 }), {
      visitsPerSecond: 'max',
      visits: 100,
      traffic: twoPages,
    });
    const report = await start(config).done;
    expectWholeAccount(report);
    expect(report.hits).toMatchObject({ accepted: 300, unknown: 0, failed: 0 });
    expect(server.answered()).toBe(300);
    expect(server.made()).toBeGreaterThanOrEqual(300 / nth);
  });
});

/** Of a request that is never sent: what became of its wish for a connection. */
function passenger() {
  const told: { connection?: Dispatcher; refused?: Error } = {};
  const asks: Passenger = {
    board: connection => {
      told.connection = connection;
    },
    refuse: error => {
      told.refused = error;
    },
  };
  return { asks, told };
}

const nextTurn = () => new Promise(done => setImmediate(done));

describe('connections', () => {
  const connections = () => new Connections('http://127.0.0.1:1', 1, {});

  it('go to whoever has waited longest, not before the turn is over', async () => {
    const one = connections();
    const [first, second, third] = [passenger(), passenger(), passenger()];
    for (const { asks } of [first, second, third]) one.take(asks);
    const { connection } = first.told;
    if (connection === undefined) throw new Error('the first has none');
    expect([second.told, third.told]).toEqual([{}, {}]);
    one.giveBack(connection);
    expect(second.told).toEqual({});
    await nextTurn();
    expect(second.told.connection).toBe(connection);
    expect(third.told).toEqual({});
    await one.close();
  });

  it('that failed are replaced by others', async () => {
    const one = connections();
    const [first, second] = [passenger(), passenger()];
    for (const { asks } of [first, second]) one.take(asks);
    const { connection } = first.told;
    if (connection === undefined) throw new Error('the first has none');
    one.discard(connection);
    expect(second.told.connection).not.toBe(connection);
    expect(second.told.connection).toBeDefined();
    await one.close();
  });

  it('are refused at the close: to those that wait, are about to board, or come later', async () => {
    const one = connections();
    const [first, boarding, waiting, late] = [passenger(), passenger(), passenger(), passenger()];
    for (const { asks } of [first, boarding, waiting]) one.take(asks);
    const { connection } = first.told;
    if (connection === undefined) throw new Error('the first has none');
    one.giveBack(connection);
    await one.close();
    one.take(late.asks);
    await nextTurn();
    for (const { told } of [boarding, waiting, late]) {
      expect(told.connection).toBeUndefined();
      expect(told.refused).toBeInstanceOf(Error);
    }
  });
});

describe('deadlines', () => {
  it('end those that are overdue, whichever were answered between', async () => {
    const ended: number[] = [];
    const deadlines = new Deadlines(20);
    const requests = [0, 1, 2, 3, 4].map(
      (at): Unanswered => ({
        writtenMs: performance.now(),
        isAwaited: false,
        before: undefined,
        after: undefined,
        timeOut: () => ended.push(at),
      }),
    );
    for (const request of requests) deadlines.add(request);
    for (const at of [2, 0, 4]) deadlines.remove(requests[at] as Unanswered);
    deadlines.remove(requests[2] as Unanswered);
    await expect.poll(() => ended).toEqual([1, 3]);
    deadlines.close();
  });
});
