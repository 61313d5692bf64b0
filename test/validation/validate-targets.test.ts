import { readFileSync } from 'node:fs';
import { createServer as createTlsServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Collector } from '../../src/collector/collector.ts';
import type { TargetConfig } from '../../src/delivery/target-config.ts';
import type { FindingCode } from '../../src/validation/finding-codes.ts';
import { askTracker } from '../../src/validation/tracker.ts';
import {
  type TargetValidation,
  type ValidationOptions,
  validateTargets,
} from '../../src/validation/validate-target.ts';
import {
  type Answer,
  bulkCounts,
  closedPort,
  garbage,
  gif,
  hang,
  html,
  noContent,
  reset,
  status,
} from '../support/fault-server.ts';
import { runConfig, start, targetConfig, traffic } from '../support/run-config.ts';
import { servers } from '../support/servers.ts';
import { unmarked } from '../support/unmarked-collector.ts';

const { collect, serve, close } = servers();
const others: { close(): unknown }[] = [];
afterAll(async () => {
  for (const other of others) await other.close();
  await close();
});

const TOKEN = '0123456789abcdef0123456789abcdef';
const WRITE = 'fedcba9876543210fedcba9876543210';

async function validated(
  target: TargetConfig,
  options: ValidationOptions = {},
  withCountries = true,
): Promise<TargetValidation> {
  const config = runConfig(target, { traffic: { ...traffic, randomizeCountries: withCountries } });
  const [only] = await validateTargets(config, options);
  if (only === undefined) throw new Error('no target');
  return only;
}

function codes({ findings }: TargetValidation): FindingCode[] {
  return findings.map(({ code }) => code);
}

/** A site on which all that the tests' traffic needs is on. */
function collectShop(): Promise<Collector> {
  return collect({ token: TOKEN, writeToken: WRITE });
}

it('is asked on one connection, so that round trips are those of hits', async () => {
  const server = await serve(({ method }) => (method === 'POST' ? bulkCounts(0, 0) : html));
  const url = new URL(server.url);
  const { roundTripMs } = await askTracker(targetConfig(url), {
    signal: new AbortController().signal,
    timeoutSeconds: 5,
    epochMs: Date.now,
  });
  expect(roundTripMs).not.toBeNull();
  expect(server.requests.length).toBeGreaterThan(3);
  expect(server.connections).toBe(1);
});

describe.concurrent('a target that cannot be sent to', () => {
  it.each<readonly [string, () => string | Promise<string>, FindingCode, RegExp]>([
    [
      'nothing listens',
      async () => `http://127.0.0.1:${await closedPort()}/`,
      'CONNECTION_REFUSED',
      /refuses/,
    ],
    ['the name has no address', () => 'http://nowhere.invalid/', 'ADDRESS_NOT_FOUND', /nowhere\.invalid/],
  ])('%s', async (_, at, code, told) => {
    const found = await validated(targetConfig(await at()));
    expect(codes(found)).toEqual([code]);
    expect(found.findings[0]).toMatchObject({ level: 'error', message: expect.stringMatching(told) });
    expect(found.roundTripMs).toBeNull();
  });

  const answers: readonly (readonly [string, Answer, FindingCode, RegExp])[] = [
    ['a login page', html, 'NOT_A_TRACKER', /Welcome to nginx/],
    ['a redirect, with where it leads', status(302), 'REDIRECTED', /leads to https:\/\/login\.example\/ /],
    ['404', status(404), 'NOT_FOUND', /nothing at http/],
    ['403', status(403), 'FORBIDDEN', /status 403/],
    ['401', status(401), 'FORBIDDEN', /status 401/],
    ['500', status(500), 'SERVER_FAILED', /status 500/],
    ['503', status(503), 'SERVER_UNAVAILABLE', /status 503/],
    ['a site it does not know', bulkCounts(0, 1), 'NO_SUCH_SITE', /does not know site 1/],
    ['a connection that is reset', reset, 'CONNECTION_FAILED', /CONNECTION_CLOSED|ECONNRESET/],
    ['bytes that are no HTTP', garbage, 'CONNECTION_FAILED', /NOT_HTTP/],
  ];
  it.each(answers)('answers with %s', async (_, answer, code, told) => {
    const server = await serve(() => answer);
    const found = await validated(targetConfig(server.url, { token: TOKEN }));
    expect(codes(found)).toEqual([code]);
    expect(found.findings[0]).toMatchObject({ level: 'error', message: expect.stringMatching(told) });
    // The token is not shown to whoever is there.
    expect(
      JSON.stringify(server.requests.map(({ path, body, headers }) => [path, body, headers])),
    ).not.toContain(TOKEN);
  });

  it('does not answer in time, which is the time for all questions', async () => {
    const server = await serve(() => hang);
    const found = await validated(targetConfig(server.url, { token: TOKEN }), { timeoutSeconds: 0.3 });
    expect(codes(found)).toEqual(['NO_ANSWER']);
    expect(found.findings[0]?.message).toContain('within 0.3 s');
  });

  it('costs another target nothing', async () => {
    const [hanging, shop] = [await serve(() => hang), await collectShop()];
    const config = runConfig(targetConfig(hanging.url), {
      targets: [
        targetConfig(hanging.url, { name: 'hanging' }),
        targetConfig(shop.url, { name: 'shop', token: WRITE }),
      ],
    });
    const found = await validateTargets(config, { timeoutSeconds: 0.5 });
    expect(found.map(({ name, findings }) => [name, findings[0]?.code])).toEqual([
      ['hanging', 'NO_ANSWER'],
      ['shop', 'TRACKER'],
    ]);
  });

  it('is given up when it is interrupted', async () => {
    const server = await serve(() => hang);
    const interrupted = new AbortController();
    const asking = validated(targetConfig(server.url), { signal: interrupted.signal });
    interrupted.abort();
    // It settles at all: the time limit is 5 s.
    expect((await asking).findings[0]?.level).toBe('error');
  });
});

describe.concurrent('a certificate', () => {
  const file = (name: string) => readFileSync(resolve(import.meta.dirname, `../support/${name}`), 'utf8');
  const cert = file('self-signed.crt');

  /** A tracker behind TLS, with a certificate for `localhost` and `matomo.test`. */
  async function secureTracker(): Promise<number> {
    const server: Server = createTlsServer({ key: file('self-signed.key'), cert }, (_, response) => {
      response.setHeader('content-type', 'application/json');
      response.end('{"status":"success","tracked":1,"invalid":0}');
    });
    others.push({ close: () => server.close() });
    await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
    return (server.address() as AddressInfo).port;
  }

  it('of its own making is told, with tls.ca', async () => {
    const found = await validated(targetConfig(`https://localhost:${await secureTracker()}/matomo.php`));
    expect(codes(found)).toEqual(['CERTIFICATE_NOT_TRUSTED']);
    expect(found.findings[0]?.hint).toContain('tls.ca');
  });

  it('for another name is told, with tls.serverName', async () => {
    const url = `https://127.0.0.1:${await secureTracker()}/matomo.php`;
    const tls = { ca: cert, serverName: undefined, isVerified: true };
    const found = await validated(targetConfig(url, { tls }));
    expect(codes(found)).toEqual(['CERTIFICATE_OTHER_NAME']);
    expect(found.findings[0]).toMatchObject({
      message: expect.stringContaining('localhost'),
      hint: expect.stringContaining('tls.serverName'),
    });
  });

  it('that is named is trusted', async () => {
    const url = `https://127.0.0.1:${await secureTracker()}/matomo.php`;
    const tls = { ca: cert, serverName: 'matomo.test', isVerified: true };
    expect(codes(await validated(targetConfig(url, { tls })))).toEqual(['TRACKER', 'NO_TOKEN']);
  });

  it('is not there where the port speaks no TLS', async () => {
    const server = await serve(() => gif);
    const found = await validated(targetConfig(server.origin.replace('http:', 'https:')));
    expect(codes(found)).toEqual(['NO_TLS']);
    expect(found.findings[0]?.hint).toContain('http://');
  });
});

describe.concurrent('a tracker that does not count', () => {
  const page: Answer = {
    ...html,
    give: (_, response) => response.writeHead(200).end('This resource is part of Matomo. Keep full control'),
  };

  it.each([
    ['single', ['TRACKER', 'NO_TOKEN']],
    ['bulk', ['TRACKER', 'BULK_MISSING']],
  ] as const)('because the plugin is off, matters to bulk alone: %s', async (transport, expected) => {
    const server = await serve(() => page);
    expect(codes(await validated(targetConfig(server.url, { transport })))).toEqual(expected);
  });

  it('leaves a token unchecked, and says so', async () => {
    const server = await serve(() => page);
    const found = await validated(targetConfig(server.url, { token: TOKEN }));
    expect(codes(found)).toEqual(['TRACKER', 'TOKEN_UNCHECKED', 'API_UNREACHABLE']);
  });

  it.each([gif, noContent])('is a queue: %s', async answer => {
    const server = await serve(() => answer);
    expect(codes(await validated(targetConfig(server.url)))).toEqual(['QUEUED', 'NO_TOKEN']);
  });
});

describe.concurrent('with a token', () => {
  it('all is well with a shop, and nothing is recorded', async () => {
    const shop = await collectShop();
    const found = await validated(targetConfig(shop.url, { token: WRITE }));
    expect(codes(found)).toEqual(['TRACKER', 'TOKEN_GOOD', 'VERSION', 'SITE', 'EXCLUSIONS_HIDDEN']);
    expect(found).toMatchObject({
      isCollector: true,
      mayView: true,
      version: '5.2.0-b5',
      site: { name: 'Shop', timezone: 'UTC', currency: 'SEK' },
      answers: { token: { result: 'good' }, site: { timezone: 'UTC' }, serverLagSeconds: 0 },
    });
    expect(found.roundTripMs).toBeGreaterThan(0);
    const { totals, failedLogins } = shop.state();
    expect(Object.values(totals).every(count => count === 0)).toBe(true);
    expect(failedLogins).toBe(0);
  });

  it("a superuser's is advised against", async () => {
    const shop = await collectShop();
    expect(codes(await validated(targetConfig(shop.url, { token: TOKEN })))).toContain('TOKEN_SUPERUSER');
  });

  it.each([true, false])('a bad one is refused once and no more (hits carry it: %s)', async withCountries => {
    const shop = await collectShop();
    const found = await validated(targetConfig(shop.url, { token: 'x'.repeat(32) }), {}, withCountries);
    expect(codes(found)).toEqual(['TRACKER', 'TOKEN_REFUSED']);
    expect(found.mayView).toBe(false);
    expect(shop.state()).toMatchObject({ failedLogins: 1, totals: { visits: 0, actions: 0 } });
  });

  it('a bad one for the API alone ends the questions too', async () => {
    const shop = await collectShop();
    const found = await validated(
      targetConfig(shop.url, { token: 'x'.repeat(32), apiToken: 'y'.repeat(32) }),
    );
    expect(codes(found)).toEqual(['TRACKER', 'TOKEN_REFUSED']);
    expect(found.findings.at(-1)?.message).toContain('apiToken');
    expect(shop.state().failedLogins).toBe(1);
  });

  it('for the API alone looks at the site, and hits carry none', async () => {
    const shop = await collectShop();
    const found = await validated(targetConfig(shop.url, { apiToken: WRITE }));
    expect(codes(found)).toEqual(['TRACKER', 'NO_TOKEN', 'VERSION', 'SITE', 'EXCLUSIONS_HIDDEN']);
    expect(found.answers.token).toBeUndefined();
  });

  it('that hits do not carry is not asked about at the tracker', async () => {
    const shop = await collectShop();
    const found = await validated(targetConfig(shop.url, { token: WRITE }), {}, false);
    expect(found.answers.token).toBeUndefined();
    expect(codes(found)).not.toContain('TOKEN_GOOD');
  });

  it('that the API takes and the tracker refuses is told apart', async () => {
    const secureToken = 's'.repeat(32);
    const shop = await collect({ token: TOKEN, secureToken });
    const found = await validated(targetConfig(shop.url, { token: secureToken }));
    expect(codes(found)).toContain('TOKEN_NOT_TAKEN');
    expect(shop.state().failedLogins).toBe(1);
  });

  it('a proxy before the API is no refusal: the tracker is asked', async () => {
    const shop = await collectShop();
    const wall = await serve(() => status(403));
    const found = await validated(
      targetConfig(shop.url, { token: WRITE, apiUrl: new URL('index.php', wall.url) }),
    );
    expect(codes(found)).toEqual(['TRACKER', 'TOKEN_GOOD', 'API_UNREACHABLE']);
    expect(wall.requests).toHaveLength(1);
  });

  it('what the site excludes is found', async () => {
    const shop = await collect({
      token: TOKEN,
      sites: [
        {
          id: 1,
          name: 'Odd',
          mainUrl: 'https://shop.example/nowhere',
          currency: 'EUR',
          timezone: 'Asia/Tokyo',
          ecommerce: false,
          siteSearch: false,
          goals: [],
          excludedIps: ['0.0.0.0/1'],
          excludedUserAgents: ['Firefox'],
          excludeUnknownUrls: true,
        },
      ],
    });
    expect(codes(await validated(targetConfig(shop.url, { token: TOKEN })))).toEqual([
      'TRACKER',
      'TOKEN_GOOD',
      'VERSION',
      'TOKEN_SUPERUSER',
      'SITE',
      'SEARCH_OFF',
      'SHOP_OFF',
      'OTHER_CURRENCY',
      'OTHER_TIMEZONE',
      'PAGES_UNKNOWN',
      'ADDRESSES_EXCLUDED',
      'AGENTS_EXCLUDED',
    ]);
  });
});

describe.concurrent('whose visits a site has today', () => {
  const ours = (...tags: string[]): ValidationOptions => ({ runsSentTo: () => tags.map(tag => ({ tag })) });

  /** A shop that nobody knows for a collector, with the visits of one run. */
  async function visitedShop() {
    const shop = await collectShop();
    const proxy = await unmarked(shop);
    others.push(proxy);
    // The time is for all questions, and for what a busy machine does between them.
    const target = targetConfig(proxy.url, { token: WRITE, timeoutSeconds: 60 });
    const { run } = await start(runConfig(target)).done;
    return { shop, target, tag: run.tag };
  }

  it('is told where a run is not remembered, and not where it is', async () => {
    const { target, tag } = await visitedShop();
    const [foreign, own] = [await validated(target, ours('ffffff')), await validated(target, ours(tag))];
    expect(codes(foreign)).toContain('PRODUCTION_SITE');
    expect(foreign.todaysVisits).toMatchObject({ foreign: 20, isAtLeast: false });
    expect(codes(own)).toContain('NO_OTHER_VISITS');
  });

  it.each([
    // Stockholm's midnight is at 23:00 UTC.
    ['2026-01-09T23:04:00Z', ['22:03:59', '22:04:01', '23:01:00'], 2, 'in the last hour'],
    ['2026-01-09T12:00:00Z', ['00:01:00', '10:00:00', '11:59:00'], 3, 'today'],
    ['2026-01-10T00:00:00Z', ['22:59:58', '23:00:00', '23:59:59'], 2, 'today'],
  ])('is told at %s of visits at %j', async (now, times, foreign, since) => {
    const epochMs = () => Date.parse(now);
    const shop = await collect({
      token: TOKEN,
      writeToken: WRITE,
      timezone: 'Europe/Stockholm',
      now: epochMs,
    });
    const proxy = await unmarked(shop);
    others.push(proxy);
    for (const [at, time] of times.entries()) {
      const cid = `${at}`.padStart(16, '0');
      await fetch(`${shop.url}?idsite=1&rec=1&cid=${cid}&token_auth=${WRITE}&cdt=2026-01-09+${time}`);
    }
    const target = targetConfig(proxy.url, { token: WRITE, timeoutSeconds: 60 });
    const found = await validated(target, { ...ours(), epochMs });
    expect(found.todaysVisits).toEqual({ foreign, isAtLeast: false, since });
  });

  it('is not asked of a collector, of a test site, or where nobody wants to know', async () => {
    const { shop, target } = await visitedShop();
    const found = [
      await validated({ ...target, url: new URL(shop.url) }, ours()),
      await validated({ ...target, testSite: true }, ours()),
      await validated(target),
    ];
    for (const one of found) {
      expect(one.todaysVisits).toBeUndefined();
      expect(codes(one).some(code => code.startsWith('PRODUCTION'))).toBe(false);
    }
  });

  it('is said not to be known where the API does not tell', async () => {
    const { target } = await visitedShop();
    const nowhere = new URL(`http://127.0.0.1:${await closedPort()}/index.php`);
    const found = await validated({ ...target, apiUrl: nowhere }, ours());
    expect(codes(found)).toContain('PRODUCTION_UNKNOWN');
    expect(found.findings.every(({ level }) => level !== 'error')).toBe(true);
  });
});

it('the clock of a server that is behind is told', async () => {
  const server = await serve(() => ({
    ...gif,
    give: (_, response) =>
      response
        .writeHead(200, {
          date: new Date(Date.now() - 60_000).toUTCString(),
          'content-type': 'application/json',
        })
        .end('{"status":"success","tracked":1,"invalid":0}'),
  }));
  const found = await validated(targetConfig(server.url));
  expect(codes(found)).toEqual(['TRACKER', 'CLOCK_BEHIND', 'NO_TOKEN']);
  expect(found.answers.serverLagSeconds).toBeGreaterThanOrEqual(59);
});
