import { afterEach, describe, expect, it } from 'vitest';
import { askTarget } from '../../src/delivery/ask.ts';
import {
  type Answer,
  bulkCounts,
  closedPort,
  dated,
  drip,
  type FaultServer,
  garbage,
  gif,
  hang,
  html,
  isProbe,
  isReporting,
  noContent,
  reset,
  siteAnswer,
  startFaultServer,
  status,
  withToken,
} from '../support/fault-server.ts';
import { targetConfig } from '../support/run-config.ts';

const TOKEN = 'a "secret" & more';
let server: FaultServer | undefined;
afterEach(() => server?.close());

async function serve(answerTo: Parameters<typeof startFaultServer>[0]): Promise<FaultServer> {
  server = await startFaultServer(answerTo);
  return server;
}

describe('what a target is asked before the first hit', () => {
  it('is whether its token may write, alone, and then its site', async () => {
    const { url, requests, tracking } = await serve(withToken(() => gif, 'Europe/Stockholm'));
    expect(await askTarget(targetConfig(url, { token: TOKEN }), true)).toEqual({
      token: { result: 'good', detail: '' },
      site: { name: 'Shop', timezone: 'Europe/Stockholm', currency: 'SEK' },
      serverLagSeconds: 0,
    });
    expect(requests.map(request => [isProbe(request), isReporting(request)])).toEqual([
      [true, false],
      [false, true],
    ]);
    expect(requests[1]?.atMs).toBeGreaterThanOrEqual(requests[0]?.endedMs ?? Number.NaN);
    expect(tracking).toEqual([]);
    for (const { method, path, headers } of requests) {
      expect(method).toBe('POST');
      expect(JSON.stringify([path, headers])).not.toMatch(/token|secret/);
    }
  });

  it('is only its site where no hit needs the token', async () => {
    const { url, requests } = await serve(withToken(() => gif));
    const answers = await askTarget(targetConfig(url, { token: TOKEN }), false);
    expect(answers).toMatchObject({ token: undefined, site: { timezone: 'UTC' } });
    expect(requests.map(isReporting)).toEqual([true]);
  });

  it('is its site with the token that is there for asking, also where hits carry none', async () => {
    const { url, requests } = await serve(withToken(() => gif));
    for (const target of [{ apiToken: 'for asking' }, { apiToken: 'for asking', token: TOKEN }]) {
      const answers = await askTarget(targetConfig(url, target), target.token !== undefined);
      expect(answers.site?.timezone).toBe('UTC');
      expect(answers.token?.result).toBe(target.token && 'good');
    }
    const tokens = requests.map(({ body }) => body.includes('for+asking') || body.includes('for%20asking'));
    expect(tokens).toEqual([true, false, true]);
  });

  it('is nothing where there is no token', async () => {
    const { url, requests } = await serve(withToken(() => gif));
    expect(await askTarget(targetConfig(url), false)).toEqual({
      token: undefined,
      site: undefined,
      serverLagSeconds: undefined,
    });
    expect(requests).toEqual([]);
  });

  it.each([
    ['the line is counted as invalid', bulkCounts(0, 1)],
    ['400', status(400)],
    ['401', status(401)],
    ['403', status(403)],
  ])('ends with a refusal, and nothing more is asked: %s', async (_, answer) => {
    const { url, requests } = await serve(() => answer);
    const answers = await askTarget(targetConfig(url, { token: TOKEN }), true);
    expect(answers).toMatchObject({ token: { result: 'refused' }, site: undefined });
    expect(requests).toHaveLength(1);
  });

  it.each<[Answer]>([
    [gif],
    [noContent],
    [html],
    [status(302)],
    [status(404)],
    [status(500)],
    [status(503, '0')],
  ])('stays unclear after an answer that says nothing: $name', async answer => {
    const { url, requests } = await serve(() => answer);
    expect(await askTarget(targetConfig(url, { token: TOKEN }), true)).toMatchObject({
      token: { result: 'unclear' },
      site: undefined,
    });
    expect(requests).toHaveLength(1);
  });

  it.each([
    ['ECONNRESET', reset],
    ['NOT_HTTP', garbage],
  ])('stays unclear where the connection breaks: %s', async (detail, answer) => {
    const { url, requests } = await serve(() => answer);
    const { token } = await askTarget(targetConfig(url, { token: TOKEN }), true);
    expect(token).toEqual({ result: 'unclear', detail });
    expect(requests).toHaveLength(1);
  });

  it.each([hang, drip(20)])('stays unclear after the time for an answer, all of it: $name', async answer => {
    const { url } = await serve(() => answer);
    const startMs = performance.now();
    const { token } = await askTarget(targetConfig(url, { token: TOKEN, timeoutSeconds: 0.3 }), true);
    expect(token?.result).toBe('unclear');
    expect(performance.now() - startMs).toBeLessThan(2000);
  });

  it('stays unclear where nothing listens', async () => {
    const target = targetConfig(`http://127.0.0.1:${await closedPort()}/matomo.php`, { token: TOKEN });
    expect(await askTarget(target, true)).toMatchObject({
      token: { result: 'unclear', detail: 'ECONNREFUSED' },
    });
  });

  it.each([html, hang, status(403), siteAnswer('Mars/Olympus')])(
    'knows the token is good also where the site stays unknown: $name',
    async answer => {
      const { url } = await serve(request => (isProbe(request) ? bulkCounts(1, 0) : answer));
      expect(await askTarget(targetConfig(url, { token: TOKEN, timeoutSeconds: 0.3 }), true)).toEqual({
        token: { result: 'good', detail: '' },
        site: undefined,
        serverLagSeconds: 0,
      });
    },
  );
});

describe('the clock of a server', () => {
  const lagOf = async (answerTo: Parameters<typeof startFaultServer>[0], hitsNeedToken = true) => {
    const { url } = await serve(answerTo);
    return (await askTarget(targetConfig(url, { token: TOKEN }), hitsNeedToken)).serverLagSeconds;
  };

  it('is told by the answer about the token, with nothing asked besides', async () => {
    const lag = await lagOf(request => dated(isProbe(request) ? -90 : 0, withToken(() => gif)(request)));
    expect([90, 91]).toContain(lag);
    expect(server?.requests).toHaveLength(2);
  });

  it('is told by the answer about the site where the token is not asked about', async () => {
    expect([90, 91]).toContain(await lagOf(request => dated(-90, withToken(() => gif)(request)), false));
    expect(server?.requests).toHaveLength(1);
  });

  it('is told by an answer that says nothing else', async () => {
    expect([90, 91]).toContain(await lagOf(() => dated(-90, html)));
  });

  it('is not known where there is no answer', async () => {
    expect(await lagOf(() => reset)).toBeUndefined();
  });

  it('is no matter where it is ahead', async () => {
    expect(await lagOf(request => dated(90, withToken(() => gif)(request)))).toBe(0);
  });
});
