import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { buildConnector } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { ExitCode } from '../../src/base/exit-codes.ts';
import { askAboutToken } from '../../src/delivery/ask.ts';
import { ConnectionAttempts } from '../../src/delivery/connection-attempts.ts';
import { openReporting } from '../../src/delivery/reporting-access.ts';
import { siteSettingsQuestion } from '../../src/matomo/reporting/site.ts';
import { askTracker } from '../../src/validation/tracker.ts';
import { expectWholeAccount } from '../support/account.ts';
import { startProgram } from '../support/program.ts';
import { runConfig, start, targetConfig } from '../support/run-config.ts';

/** So long an attempt would go on, and so soon it is over when it is given up: far apart, also on a busy machine. */
const connectTimeoutSeconds = 50;
const SOON_MS = 20_000;

const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

/** Takes connections and says nothing: as https, none of them is ever made. */
async function serveNothing() {
  const own = new Set<Socket>();
  const server = createServer(socket => {
    own.add(socket);
    sockets.push(socket);
    socket.on('error', () => {});
    socket.on('close', () => own.delete(socket));
    socket.resume();
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `https://127.0.0.1:${port}/matomo.php`,
    tried: () => expect.poll(() => own.size, { timeout: SOON_MS }).toBeGreaterThan(0),
    left: () => expect.poll(() => own.size, { timeout: SOON_MS }).toBe(0),
  };
}

function attempt({ connector }: ConnectionAttempts, protocol: string, port: number) {
  return new Promise<Socket>((done, fail) => {
    connector({ hostname: '127.0.0.1', host: 'localhost', protocol, port: String(port) }, (error, socket) =>
      error === null ? done(socket) : fail(error),
    );
  });
}

const connect = () => buildConnector({ timeout: connectTimeoutSeconds * 1000 });

describe('a connection that is still being made', () => {
  it('is given up at the close', async () => {
    const server = await serveNothing();
    const attempts = new ConnectionAttempts(connect());
    const made = attempt(attempts, 'https:', server.port);
    await server.tried();
    attempts.close();
    await expect(made).rejects.toThrow('not waited for');
    await server.left();
  });

  it.each(['before', 'while'])('is given up for the signal’s reason: aborted %s', async when => {
    const server = await serveNothing();
    const interrupted = new AbortController();
    const reason = new Error('enough');
    if (when === 'before') interrupted.abort(reason);
    const attempts = new ConnectionAttempts(connect(), interrupted.signal);
    const made = attempt(attempts, 'https:', server.port);
    interrupted.abort(reason);
    await expect(made).rejects.toBe(reason);
    await server.left();
  });

  it('is another’s once it is made', async () => {
    const server = await serveNothing();
    const attempts = new ConnectionAttempts(connect());
    const socket = await attempt(attempts, 'http:', server.port);
    attempts.close();
    expect(socket.destroyed).toBe(false);
    socket.destroy();
  });
});

describe('a server that never lets a connection come about', () => {
  const token = 'a'.repeat(32);
  const place = (url: string) => targetConfig(url, { connectTimeoutSeconds, timeoutSeconds: 50 });

  it('is left when a run is cut', async () => {
    const server = await serveNothing();
    const run = start(runConfig(place(server.url)));
    await server.tried();
    run.stop(ExitCode.Interrupted, 0);
    expectWholeAccount(await run.done);
    await server.left();
  });

  it('does not hold the process', async () => {
    const server = await serveNothing();
    const args = ['run', '--url', server.url, '--skip-validation', '--rate', '5/s', '--duration', '60s'];
    const env = { TRAFFICINATOR_CONNECT_TIMEOUT: String(connectTimeoutSeconds) };
    const program = startProgram([...args, '--drain-timeout', '0s'], { env });
    await server.tried();
    const sinceMs = performance.now();
    program.kill('SIGINT');
    expect((await program.ended).exitCode).toBe(ExitCode.Interrupted);
    expect(performance.now() - sinceMs).toBeLessThan(SOON_MS);
  });

  it.each([
    ['about its token', (url: string, signal: AbortSignal) => askAboutToken(place(url), token, signal)],
    [
      'who it is',
      (url: string, signal: AbortSignal) =>
        askTracker(place(url), { signal, timeoutSeconds: 50, epochMs: Date.now }),
    ],
    [
      'about its site',
      (url: string, signal: AbortSignal) =>
        openReporting(place(url), { token, signal })
          .client.ask(siteSettingsQuestion(1))
          .catch(() => {}),
    ],
  ] as const)('is not waited for by who asked %s and was interrupted', async (_, ask) => {
    const server = await serveNothing();
    const interrupted = new AbortController();
    const answer = ask(server.url, interrupted.signal);
    await server.tried();
    interrupted.abort();
    await server.left();
    await answer;
  });
});
