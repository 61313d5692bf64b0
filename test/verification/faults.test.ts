import { afterAll, describe, expect, it } from 'vitest';
import type { Collector } from '../../src/collector/collector.ts';
import { spamHosts } from '../../src/data/referrer-spam-hosts.ts';
import { hitParameters, siteParameters } from '../../src/matomo/parameters.ts';
import { replayPlan } from '../../src/run/plan-walk.ts';
import type { Report } from '../../src/run/report.ts';
import type { RunConfig } from '../../src/run/run-config.ts';
import type { Visit } from '../../src/traffic/visit.ts';
import { runConfig, start, targetConfig, twoPages } from '../support/run-config.ts';
import { servers } from '../support/servers.ts';
import { type PassingHit, startTamperingProxy, type Tampering } from './tampering-proxy.ts';
import { figure, onlyDifference, onlyTarget, verify } from './verifying.ts';

const { collect, close } = servers();
afterAll(close);

/** Runs ten visits of two pages and a ping each through a proxy that does something to one of their hits. */
async function tampered(hit: (hit: PassingHit) => Tampering, more: Partial<RunConfig> = {}) {
  const collector = await collect();
  const proxy = await startTamperingProxy(collector, { hit });
  const target = targetConfig(proxy.url, {
    apiUrl: new URL('/index.php', collector.origin),
    timeoutSeconds: 60,
  });
  const config = runConfig(target, { visits: 10, traffic: twoPages, ...more });
  const report = await start(config).done;
  await proxy.close();
  return { collector, config, report };
}

/** Does it to the first hit that fits. */
function once(tampering: Tampering, fits: (hit: PassingHit) => boolean): (hit: PassingHit) => Tampering {
  let isDone = false;
  return hit => {
    if (isDone || !fits(hit)) return 'pass';
    isDone = true;
    return tampering;
  };
}

const isPing = ({ parameters }: PassingHit) => parameters.has('ping');
const isSecondPage = ({ parameters }: PassingHit) => !parameters.has('ping') && !parameters.has('new_visit');

describe.concurrent('a fault that is injected is found and named by its cause', () => {
  it('a lost pageview', async () => {
    const { collector, config, report } = await tampered(once('drop', isSecondPage));
    expect(report.hits.accepted).toBe(30);
    const verification = await verify(config, report, collector);
    expect(verification.passed).toBe(false);
    const difference = onlyDifference(verification);
    expect(difference).toMatchObject({ cause: 'lost', planned: { actions: 2, pageviews: 2 } });
    expect(difference.recorded).toMatchObject([{ actions: 1, pageviews: 1 }]);
    expect(difference.explanation).toContain('hit 1 (pageview)');
    const target = onlyTarget(verification);
    expect(target.causes).toEqual([{ cause: 'lost', visits: 1 }]);
    expect(target.differences.map(({ name }) => name)).toEqual(['actions', 'bounces', 'pageviews']);
    expect(figure(target, 'actions')).toEqual({ name: 'actions', planned: 20, recorded: 19 });
  });

  it('a lost ping, which left no row to miss', async () => {
    const { collector, config, report } = await tampered(once('drop', isPing));
    const difference = onlyDifference(await verify(config, report, collector));
    expect(difference.cause).toBe('lost');
    expect(difference.explanation).toContain('hit 2 (ping)');
    expect(Object.keys(difference.planned)).toEqual(['visitSeconds']);
  });

  it('a doubled hit', async () => {
    const { collector, config, report } = await tampered(once('twice', isSecondPage));
    const verification = await verify(config, report, collector);
    expect(onlyDifference(verification)).toMatchObject({
      cause: 'doubled',
      planned: { pageviews: 2 },
      recorded: [{ pageviews: 3 }],
    });
    expect(figure(onlyTarget(verification), 'pageviews')).toMatchObject({ planned: 20, recorded: 21 });
  });

  it('a visitor merged with another of the run', async () => {
    // What takes the visitor ids out lets Matomo go by the fingerprint: that of the first visitor, for all of the second.
    let ids: string[] = [];
    let first = new URLSearchParams();
    const { collector, config, report } = await tampered(
      ({ parameters }) => {
        const id = parameters.get('cid') ?? '';
        if (!ids.includes(id)) ids = [...ids, id];
        if (ids[0] === id) first = parameters;
        if (ids[1] !== id) return 'pass';
        const altered = new URLSearchParams(parameters);
        altered.set('cid', first.get('cid') ?? '');
        altered.delete('new_visit');
        return altered;
      },
      { visitsPerSecond: 20 },
    );
    const { causes, visits } = onlyTarget(await verify(config, report, collector));
    expect(causes).toEqual([{ cause: 'merged-by-fingerprint', visits: 2 }]);
    const merged = visits.find(({ visitorId }) => visitorId === ids[1]);
    expect(merged?.recorded).toEqual([]);
    expect(merged?.explanation).toContain(`visitor ${ids[0]}`);
  });

  it('a visitor merged with a stranger', async () => {
    const stranger = 'ffffffffffffffff';
    let id: string | null = null;
    const { collector, config, report } = await tampered(({ parameters }) => {
      id ??= parameters.get('cid');
      if (parameters.get('cid') !== id) return 'pass';
      const altered = new URLSearchParams(parameters);
      altered.set('cid', stranger);
      return altered;
    });
    const difference = onlyDifference(await verify(config, report, collector));
    expect(difference).toMatchObject({ cause: 'merged-by-fingerprint', visitorId: id, recorded: [] });
    expect(difference.explanation).toContain(stranger);
  });

  it('a visitor whose id is taken out on the way', async () => {
    let id: string | null = null;
    const { collector, config, report } = await tampered(({ parameters }) => {
      id ??= parameters.get('cid');
      if (parameters.get('cid') !== id) return 'pass';
      const altered = new URLSearchParams(parameters);
      altered.delete('cid');
      return altered;
    });
    const { visits, result } = onlyTarget(await verify(config, report, collector));
    expect(result).toBe('different');
    const lost = visits.find(({ visitorId }) => visitorId === id);
    expect(lost).toMatchObject({ cause: 'merged-by-fingerprint', recorded: [] });
    expect(lost?.explanation).toContain('cid');
  });

  it('a visitor who comes with a bot’s agent', async () => {
    const agent = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';
    const altered = await alteredPlan(visit => ({
      ...visit,
      visitor: { ...visit.visitor, userAgent: agent },
    }));
    const difference = onlyDifference(await altered.verify());
    expect(difference).toMatchObject({ cause: 'dropped-as-bot', index: 3, recorded: [] });
    expect(difference.explanation).toContain(agent);
  });

  it('a spam referrer', async () => {
    const spam = `https://${spamHosts[17]}/offers`;
    const altered = await alteredPlan(visit => ({
      ...visit,
      hits: visit.hits.map((hit, at) => (at === 0 ? { ...hit, referrer: spam } : hit)),
    }));
    const difference = onlyDifference(await altered.verify());
    expect(difference).toMatchObject({ cause: 'referrer-spam', index: 3 });
    expect(difference.explanation).toContain(spam);
  });

  it('a visit over midnight', async () => {
    const timezone = 'Europe/Stockholm';
    // 23:00 UTC is midnight there in winter.
    const midnight = Date.parse('2026-01-15T23:00:00Z') / 1000;
    const altered = await alteredPlan(
      visit => ({
        ...visit,
        firstEpochSeconds: midnight - 1,
        hits: visit.hits.map((hit, at) => ({ ...hit, atSeconds: at * 10 })),
      }),
      timezone,
    );
    const verification = await altered.verify();
    const difference = onlyDifference(verification);
    expect(difference).toMatchObject({ cause: 'split-at-midnight', index: 3 });
    expect(difference.explanation).toContain(timezone);
    expect(difference.recorded).toHaveLength(2);
    expect(figure(onlyTarget(verification), 'visits')).toMatchObject({ planned: 10, recorded: 11 });
  });

  it('a whole visit that is not there, in honest words', async () => {
    let id: string | null = null;
    const { collector, config, report } = await tampered(({ parameters }) => {
      id ??= parameters.get('cid');
      return parameters.get('cid') === id ? 'drop' : 'pass';
    });
    expect(onlyDifference(await verify(config, report, collector))).toMatchObject({
      cause: 'unknown',
      visitorId: id,
      recorded: [],
    });
  });

  it('visits that the site’s own settings keep out', async () => {
    const collector = await collect({
      sites: [
        {
          id: 1,
          name: 'Shop',
          mainUrl: 'https://shop.example',
          currency: 'SEK',
          timezone: 'UTC',
          ecommerce: true,
          siteSearch: true,
          goals: [],
          excludedUserAgents: ['Firefox'],
        },
      ],
    });
    const config = runConfig(targetConfig(collector.url, { timeoutSeconds: 60 }), {
      visits: 40,
      traffic: twoPages,
    });
    const report = await start(config).done;
    const { causes, visits } = onlyTarget(await verify(config, report, collector));
    expect(causes).toEqual([{ cause: 'excluded', visits: visits.length }]);
    expect(visits.length).toBeGreaterThan(0);
    for (const { explanation } of visits) expect(explanation).toContain('Firefox');
  });

  it('another time than was sent', async () => {
    const { collector, config, report } = await tampered(({ parameters }) => {
      const altered = new URLSearchParams(parameters);
      altered.delete('cdt');
      return altered;
    });
    const { result, causes, visits } = onlyTarget(await verify(config, report, collector));
    expect(result).toBe('different');
    expect(causes).toEqual([{ cause: 'unknown', visits: 10 }]);
    expect(visits[0]?.explanation).toContain('cdt');
  });
});

describe.concurrent('a hit whose answer never came', () => {
  it('is settled to recorded where the server has it, and the visit is equal', async () => {
    const { collector, config, report } = await tampered(once('cut', isSecondPage));
    expect(report.hits).toMatchObject({ unknown: 1, skipped: 1 });
    const verification = await verify(config, report, collector);
    const { settled, result } = onlyTarget(verification);
    expect(result).toBe('equal');
    expect(settled).toMatchObject({ recorded: 1, lost: 0 });
    expect(settled.hits).toEqual([{ index: unknownHit(report).index, hit: 1, recorded: true }]);
    expect(figure(onlyTarget(verification), 'pageviews')).toMatchObject({ planned: 20, recorded: 20 });
  });

  it('is settled to lost where it has not', async () => {
    const { collector, config, report } = await tampered(once('lose', isSecondPage));
    expect(report.hits).toMatchObject({ unknown: 1, skipped: 1 });
    const verification = await verify(config, report, collector);
    const { settled, result } = onlyTarget(verification);
    expect(result).toBe('equal');
    expect(settled.hits).toEqual([{ index: unknownHit(report).index, hit: 1, recorded: false }]);
    expect(figure(onlyTarget(verification), 'pageviews')).toMatchObject({ planned: 19, recorded: 19 });
  });

  it.each([
    ['cut', true],
    ['lose', false],
  ] as const)('also a ping, which the seconds tell (%s)', async (tampering, recorded) => {
    const { collector, config, report } = await tampered(once(tampering, isPing));
    const { settled, result } = onlyTarget(await verify(config, report, collector));
    expect(result).toBe('equal');
    expect(settled.hits).toEqual([{ index: unknownHit(report).index, hit: 2, recorded }]);
  });

  it.each([
    ['cut', true],
    ['lose', false],
  ] as const)('also the first of a visit (%s)', async (tampering, recorded) => {
    const first = once(tampering, ({ parameters }) => parameters.has('new_visit'));
    const { collector, config, report } = await tampered(first);
    const verification = await verify(config, report, collector);
    const { settled, result } = onlyTarget(verification);
    expect(result).toBe('equal');
    expect(settled.hits).toEqual([{ index: unknownHit(report).index, hit: 0, recorded }]);
    expect(figure(onlyTarget(verification), 'visits').planned).toBe(recorded ? 10 : 9);
  });
});

function unknownHit({ targets }: Report) {
  const found = targets[0]?.exceptions.find(({ outcome }) => outcome === 'unknown');
  if (found === undefined) throw new Error('no hit is unknown');
  return found;
}

/** A run whose fourth visit is altered before it is planned, so to say: it is sent so, and verified so. */
async function alteredPlan(alter: (visit: Visit) => Visit, timezone = 'UTC') {
  const collector = await collect({ timezone });
  const { token } = collector;
  const target = targetConfig(collector.url, { token, timezone, timeoutSeconds: 60 });
  const config = runConfig(target, { visits: 10, traffic: twoPages });
  const report = await start(config).done;
  const planned = [...(replayPlan(config, report).targets[0]?.visits() ?? [])];
  const visits = planned.map(visit => (visit.index === 3 ? alter(visit) : visit));
  collector.reset();
  for (const visit of visits) await send(visit, collector);
  return {
    verify: () => verify(config, report, collector, { traffic: { targets: [{ visits: () => visits }] } }),
  };
}

async function send(visit: Visit, { url, token }: Collector): Promise<void> {
  const site = siteParameters(1, true);
  for (const at of visit.hits.keys()) {
    const body = `${hitParameters(site, visit, at)}&token_auth=${token}`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await fetch(url, { method: 'POST', body, headers })).status).toBe(200);
  }
}
