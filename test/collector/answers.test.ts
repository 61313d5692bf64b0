import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Collector } from '../../src/collector/collector.ts';
import { bulk, chrome, collectorAtNoon, hit, noon, single, token } from './driver.ts';
import { ask, askTogether } from './reporting-driver.ts';

const writeToken = 'b'.repeat(32);
const viewToken = 'c'.repeat(32);
let collector: Collector;
beforeAll(async () => {
  collector = await collectorAtNoon({ writeToken, viewToken });
});
beforeEach(() => collector.reset());
afterAll(() => collector.close());

describe('a tracker nobody sends a hit to', () => {
  it.each([
    ['GET', '/matomo.php', 200],
    ['POST', '/matomo.php', 400],
  ])('says on %s %s with %i that it is part of Matomo, and records nothing', async (method, path, status) => {
    const response = await fetch(`${collector.origin}${path}`, { method });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('text/html; charset=UTF-8');
    expect(await response.text()).toMatch(/^This resource is part of Matomo\. Keep full control/);
    expect(collector.state().totals.visits).toBe(0);
  });

  it.each([
    [1, { tracked: 1, invalid: 0 }],
    [99, { tracked: 0, invalid: 1 }],
  ])('tells a line that records nothing of site %i as %j, without a token', async (id, told) => {
    const answer = await bulk(collector, [`?idsite=${id}&rec=0`], {});
    expect(answer).toEqual({ status: 200, body: { status: 'success', ...told } });
    expect(collector.state()).toMatchObject({ totals: { visits: 0 }, failedLogins: 0 });
  });
});

it('says of itself with every answer that it is no production site', async () => {
  const nothing = await collectorAtNoon({ nullMode: true });
  const answers = await Promise.all([
    ...['/matomo.php', '/', '/index.php', '/index.php?module=API&format=JSON', '/js/', '/nowhere'].map(path =>
      fetch(collector.origin + path),
    ),
    fetch(nothing.url, { method: 'POST', body: '{"requests":[]}' }),
  ]);
  expect(answers.map(({ headers }) => headers.get('x-trafficinator-collector'))).toEqual(
    answers.map(() => '1'),
  );
  await nothing.close();
});

describe('a token that may only view', () => {
  it('is told the sites, and refused by the tracker as a bad one', async () => {
    const probe = [{ idsite: 1, rec: 0, cip: '1.2.3.4' }];
    const answers = await askTogether(
      collector,
      ['SitesManager.getSitesIdWithWriteAccess', 'SitesManager.getSitesIdWithAtLeastViewAccess'],
      viewToken,
    );
    expect(answers).toEqual([[], [1, 2, 3]]);
    expect(collector.state().failedLogins).toBe(0);
    expect((await bulk(collector, probe, { token_auth: viewToken })).body).toMatchObject({ invalid: 1 });
    expect(collector.state().failedLogins).toBe(1);
    expect(await single(collector, hit({ cip: '1.2.3.4', token_auth: viewToken }))).toBe(400);
    expect(collector.state()).toMatchObject({ totals: { visits: 0 }, failedLogins: 2 });
    expect((await bulk(collector, probe, { token_auth: writeToken })).body).toMatchObject({ invalid: 0 });
  });
});

describe('what a token may not ask', () => {
  const needAdmin = ['SitesManager.getExcludedIpsGlobal', 'SitesManager.getExcludedUserAgentsGlobal'];

  it.each([
    ['write', writeToken],
    ['view', viewToken],
  ])('is told in its place in a bulk to one with %s access, and is no failed login', async (_, given) => {
    const answers = await askTogether(
      collector,
      [
        ...needAdmin,
        'SitesManager.getExcludedQueryParametersGlobal',
        'SitesManager.getSiteFromId&idSite=99',
        'API.getMatomoVersion',
      ],
      given,
    );
    const refusal = {
      result: 'error',
      message: "You can't access this resource as it requires admin access for at least one website.",
    };
    expect(answers).toEqual([
      refusal,
      refusal,
      { value: false },
      {
        result: 'error',
        message: "You can't access this resource as it requires 'view' access for the website id = 99.",
      },
      { value: '5.2.0-b5' },
    ]);
    expect((await ask(collector, needAdmin[0] ?? '', given)).status).toBe(401);
    expect(collector.state().failedLogins).toBe(0);
  });

  it('is one failed login however many questions a bad token asks, told as a page where the URL says nothing', async () => {
    const questions = ['API.getMatomoVersion', 'SitesManager.getSiteFromId&idSite=1'];
    const form = new URLSearchParams({ module: 'API', method: 'API.getBulkRequest', token_auth: 'bad' });
    for (const [at, question] of questions.entries()) form.set(`urls[${at}]`, `method=${question}`);
    const inBody = await fetch(`${collector.origin}/index.php`, { method: 'POST', body: form });
    expect([inBody.status, inBody.headers.get('content-type')]).toEqual([401, 'text/html; charset=utf-8']);
    expect(await inBody.text()).toContain('Unable to authenticate with the provided token.');
    expect(collector.state().failedLogins).toBe(1);
    const inUrl = await fetch(`${collector.origin}/index.php?module=API&method=API.getBulkRequest`, {
      method: 'POST',
      body: form,
    });
    expect([inUrl.status, inUrl.headers.get('content-type')]).toEqual([
      401,
      'application/json; charset=utf-8',
    ]);
    expect(collector.state().failedLogins).toBe(2);
  });
});

describe('a server set up otherwise', () => {
  const site = {
    id: 5,
    name: 'Strict',
    mainUrl: 'https://strict.example/shop',
    urls: ['https://cdn.strict.example'],
    created: '2026-01-31',
    currency: 'SEK',
    timezone: 'Europe/Stockholm',
    ecommerce: false,
    siteSearch: false,
    goals: [],
    excludeUnknownUrls: true,
    excludedIps: ['10.1.0.0/16'],
    dimensions: [
      { id: 1, name: 'Plan', scope: 'visit', active: true },
      { id: 2, name: 'Author', scope: 'action', active: false },
    ] as const,
  };

  it('tells so, and keeps out what it says it keeps out', async () => {
    const own = await collectorAtNoon({
      sites: [{ ...site, dimensions: [...site.dimensions] }],
      excludedEverywhere: { excludedIps: ['10.2.*.*'], excludedUserAgents: ['Curl'] },
      plugins: { QueuedTracking: true, Live: false },
    });
    const answers = await askTogether(own, [
      'SitesManager.getSiteFromId&idSite=5',
      'SitesManager.getSiteUrlsFromId&idSite=5',
      'SitesManager.getSiteUrlsFromId&idSite=6',
      'CustomDimensions.getConfiguredCustomDimensions&idSite=5',
      'SitesManager.getExcludedIpsGlobal',
      'SitesManager.getExcludedUserAgentsGlobal',
      'SitesManager.getExcludedQueryParametersGlobal',
      ...['QueuedTracking', 'Live', 'BulkTracking', 'TrackingSpamPrevention'].map(
        name => `API.isPluginActivated&pluginName=${name}`,
      ),
      'API.isPluginActivated',
    ]);
    expect(answers).toMatchObject([
      {
        ts_created: '2026-01-31 00:00:00',
        ecommerce: 0,
        sitesearch: 0,
        exclude_unknown_urls: 1,
        excluded_ips: '10.1.0.0/16',
        currency: 'SEK',
      },
      ['https://strict.example/shop', 'https://cdn.strict.example'],
      [],
      [
        { idcustomdimension: '1', index: '1', scope: 'visit', active: true },
        { idcustomdimension: '2', index: '1', scope: 'action', active: false },
      ],
      { value: '10.2.*.*' },
      { value: 'Curl' },
      { value: false },
      { value: true },
      { value: false },
      { value: true },
      { value: false },
      { result: 'error', message: "Please specify a value for 'pluginName'." },
    ]);
    let visitors = 0;
    const from = (cip: string, url: string, ua = chrome) =>
      hit({ idsite: 5, cip, url, ua, cid: String(++visitors).padStart(16, '0') });
    const { body } = await bulk(own, [
      from('10.1.2.3', 'https://strict.example/shop/a'),
      from('10.2.2.3', 'https://strict.example/shop/b'),
      from('10.3.2.3', 'https://strict.example/shop/c', 'curl/8'),
      from('10.3.2.3', 'https://strict.example/blog'),
      from('10.3.2.3', 'https://www.STRICT.example/Shop/d'),
      from('10.3.2.3', 'https://cdn.strict.example/e'),
    ]);
    expect(body).toMatchObject({ tracked: 6, invalid: 0 });
    expect(own.visits().map(visit => visit.actions[0]?.url)).toEqual([
      'https://www.strict.example/Shop/d',
      'https://cdn.strict.example/e',
    ]);
    await own.close();
  });

  it('without the plugin for bulks takes one for no request at all', async () => {
    const own = await collectorAtNoon({ plugins: { BulkTracking: false } });
    const send = (type: string) =>
      fetch(own.url, {
        method: 'POST',
        headers: { 'content-type': type },
        body: JSON.stringify({ requests: [hit({ cdt: noon })], token_auth: token }),
      });
    const asJson = await send('application/json');
    expect([asJson.status, asJson.headers.get('content-type')]).toEqual([400, 'text/html; charset=UTF-8']);
    // As a form it is a hit with a strange parameter and no site.
    const asForm = await send('application/x-www-form-urlencoded');
    expect([asForm.status, asForm.headers.get('content-type')]).toEqual([400, 'image/gif']);
    expect(own.state()).toMatchObject({ totals: { visits: 0 }, failedLogins: 0 });
    await own.close();
  });
});
