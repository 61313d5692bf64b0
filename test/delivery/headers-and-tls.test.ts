import { readFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { resolve } from 'node:path';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { afterAll, describe, expect, it } from 'vitest';
import { causes, expectWholeAccount } from '../support/account.ts';
import { gif, isProbe, isReporting, withToken } from '../support/fault-server.ts';
import { runConfig, start, targetConfig } from '../support/run-config.ts';
import { servers } from '../support/servers.ts';

const { collect, serve, close } = servers();
const secure: Server[] = [];
const sockets: TLSSocket[] = [];
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  for (const server of secure) server.close();
  await close();
});

// Of no use elsewhere: for `localhost` and `matomo.test`, signed by itself.
const cert = readFileSync(resolve(import.meta.dirname, '../support/self-signed.crt'), 'utf8');
const key = readFileSync(resolve(import.meta.dirname, '../support/self-signed.key'), 'utf8');

const token = 'a'.repeat(32);

/** A collector behind TLS. */
async function collectSecurely() {
  const collector = await collect({ token });
  /** By which the sender asked for it, where it said so. */
  const names = new Set<string | false>();
  const inner = Number(new URL(collector.origin).port);
  const server = createServer({ key, cert }, socket => {
    names.add(socket.servername ?? false);
    const plain = connect(inner, '127.0.0.1');
    socket.on('error', () => plain.destroy());
    plain.on('error', () => socket.destroy());
    socket.pipe(plain).pipe(socket);
    sockets.push(socket);
  });
  server.on('tlsClientError', () => {});
  secure.push(server);
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return { collector, names, at: (host: string) => `https://${host}:${port}/matomo.php` };
}

describe.concurrent('the headers of a target', () => {
  it.each([
    ['single', 'get', undefined],
    ['single', 'post', undefined],
    ['single', 'get', token],
    ['bulk', 'get', undefined],
    ['bulk', 'get', token],
  ] as const)(
    'come with every request, and with no other target’s: %s, %s, token %s',
    async (transport, method, hasToken) => {
      const [own, other] = [await serve(withToken(() => gif)), await serve(() => gif)];
      const headers = { 'X-Own': 'one, two', Authorization: 'Basic abc', 'User-Agent': 'of the target' };
      const target = targetConfig(own.url, { transport, method, token: hasToken, headers });
      const config = runConfig(target, { distribution: 'mirror', visits: 6 });
      await start({ ...config, targets: [target, targetConfig(other.url, { name: 'other' })] }).done;
      expect(own.requests.some(isProbe)).toBe(hasToken !== undefined);
      expect(own.requests.some(isReporting)).toBe(hasToken !== undefined);
      expect(own.tracking.length).toBeGreaterThan(0);
      for (const request of own.requests) {
        expect(request.headers).toMatchObject({
          'x-own': 'one, two',
          authorization: 'Basic abc',
          'user-agent': 'of the target',
        });
      }
      for (const { headers: sent } of other.requests) {
        expect(sent['user-agent']).toBe('trafficinator');
        expect(sent).not.toHaveProperty('x-own');
        expect(sent).not.toHaveProperty('authorization');
      }
    },
  );
});

describe.concurrent('a server with a certificate of its own making', () => {
  it('is refused: nothing is sent, every hit has failed, and the report says why', async () => {
    const { collector, at } = await collectSecurely();
    const report = await start(runConfig(targetConfig(at('localhost')), { visits: 8 })).done;
    expectWholeAccount(report);
    expect(report).toMatchObject({ exitCode: 5, visits: { failed: 8 }, hits: { unknown: 0, accepted: 0 } });
    expect(causes(report)).toHaveProperty('DEPTH_ZERO_SELF_SIGNED_CERT', 8);
    expect(collector.state().totals.visits).toBe(0);
  });

  it.each(['single', 'bulk'] as const)('is trusted by `ca`, for hits and questions: %s', async transport => {
    const { collector, at } = await collectSecurely();
    const tls = { ca: cert, serverName: undefined, isVerified: true };
    const target = targetConfig(at('localhost'), { transport, token, tls });
    const notices: string[] = [];
    const report = await start(runConfig(target), { outputs: [{ notice: (_, text) => notices.push(text) }] })
      .done;
    expectWholeAccount(report);
    expect(report).toMatchObject({ exitCode: 0, visits: { completed: 20 } });
    expect(collector.state().totals.visits).toBe(20);
    expect(notices).toEqual([]);
  });

  it('is refused under a name that is not in it, though trusted', async () => {
    const { collector, at } = await collectSecurely();
    const tls = { ca: cert, serverName: undefined, isVerified: true };
    const report = await start(runConfig(targetConfig(at('127.0.0.1'), { tls }), { visits: 4 })).done;
    expectWholeAccount(report);
    expect(report).toMatchObject({ exitCode: 5, hits: { accepted: 0 } });
    expect(causes(report)).toHaveProperty('ERR_TLS_CERT_ALTNAME_INVALID', 4);
    expect(collector.state().totals.visits).toBe(0);
  });

  it('is taken under the name that is said, which it is told', async () => {
    const { names, at } = await collectSecurely();
    const tls = { ca: cert, serverName: 'matomo.test', isVerified: true };
    const report = await start(runConfig(targetConfig(at('127.0.0.1'), { tls }))).done;
    expect(report).toMatchObject({ exitCode: 0, visits: { completed: 20 } });
    expect([...names]).toEqual(['matomo.test']);
  });

  it('is taken without a look at it where that is asked for, and by that target alone', async () => {
    const [one, other] = [await collectSecurely(), await collectSecurely()];
    const tls = { ca: undefined, serverName: undefined, isVerified: false };
    const config = runConfig(targetConfig(one.at('127.0.0.1')), { distribution: 'mirror', visits: 8 });
    const report = await start({
      ...config,
      targets: [
        targetConfig(one.at('127.0.0.1'), { name: 'careless', tls }),
        targetConfig(other.at('localhost'), { name: 'careful' }),
      ],
    }).done;
    expectWholeAccount(report);
    expect(report.targets.map(({ visits }) => visits.completed)).toEqual([8, 0]);
  });
});
