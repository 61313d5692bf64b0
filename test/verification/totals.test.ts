import { afterAll, describe, expect, it } from 'vitest';
import type { Collector } from '../../src/collector/collector.ts';
import { type CollectorSite, defaultSites } from '../../src/collector/site.ts';
import { openReporting } from '../../src/delivery/reporting-access.ts';
import type { SiteTotals } from '../../src/run/report.ts';
import type { RunConfig } from '../../src/run/run-config.ts';
import { readSiteTotals } from '../../src/verification/site-totals.ts';
import { fullEcommerce, fullSite, fullTraffic } from '../support/plain-traffic.ts';
import { runConfig, start, targetConfig, traffic } from '../support/run-config.ts';
import { servers } from '../support/servers.ts';
import {
  type PassingHit,
  startTamperingProxy,
  type Tampering,
  type TamperingOptions,
} from './tampering-proxy.ts';
import { figure, onlyTarget, verify } from './verifying.ts';

const { collect, close } = servers();
afterAll(close);

const DAY_MS = 86_400_000;

function days(...offsets: number[]): string[] {
  return offsets.map(offset => new Date(Date.now() + offset * DAY_MS).toISOString().slice(0, 10));
}

async function totalsOf(collector: Collector, config: RunConfig, of = days(-1, 0, 1)): Promise<SiteTotals> {
  const [target] = config.targets;
  if (target === undefined) throw new Error('no target');
  const { client, close } = openReporting(target, { token: collector.token });
  try {
    return await readSiteTotals(client, target.siteId, of);
  } finally {
    await close();
  }
}

/** A run into a site that had visits before, through a proxy. */
async function setUp(
  options: TamperingOptions = {},
  more: Partial<RunConfig> = {},
  sites: readonly CollectorSite[] = defaultSites,
) {
  const collector = await collect({ sites });
  const earlier = runConfig(targetConfig(collector.url), {
    visits: 7,
    visitsPerSecond: 'max',
    runId: 'earlier',
  });
  await start(earlier).done;
  const proxy = await startTamperingProxy(collector, options);
  const config = runConfig(targetConfig(proxy.url, { timeoutSeconds: 60 }), { visits: 20, ...more });
  const before = await totalsOf(collector, earlier);
  const report = await start(config, { totalsBefore: new Map([['target', before]]) }).done;
  return { collector, config, report, before };
}

/** Answers a bulk of questions one by one. */
function each(
  form: URLSearchParams,
  answers: string,
  change: (question: URLSearchParams, answer: unknown) => unknown,
): string {
  const list: unknown = JSON.parse(answers);
  if (!Array.isArray(list)) return answers;
  return JSON.stringify(
    list.map((answer, at) => change(new URLSearchParams(form.get(`urls[${at}]`) ?? ''), answer)),
  );
}

const takesNoSegments: TamperingOptions['answer'] = async (form, own) =>
  each(form, await own(), (question, answer) =>
    question.has('segment') ? { result: 'error', message: 'segments are switched off' } : answer,
  );

function doOnce(tampering: Tampering): NonNullable<TamperingOptions['hit']> {
  let isDone = false;
  return ({ parameters }) => {
    if (isDone || parameters.has('new_visit') || parameters.has('ping')) return 'pass';
    isDone = true;
    return tampering;
  };
}

describe.concurrent('verification by totals', () => {
  it('finds the change of every figure equal, whatever the site had before', async () => {
    const { collector, config, report } = await setUp();
    const verification = await verify(config, report, collector, { method: 'totals' });
    const target = onlyTarget(verification);
    expect(verification).toMatchObject({ method: 'totals', passed: true });
    expect(target).toMatchObject({ result: 'equal', reason: null, differences: [] });
    for (const name of ['visits', 'actions', 'bounces', 'visitSeconds', 'orders', 'revenue'] as const) {
      expect(figure(target, name)).toEqual({ name, planned: report.plan[name], recorded: report.plan[name] });
    }
    const types = target.figures.filter(({ name }) => name.startsWith('referrer '));
    expect(types.reduce((sum, { recorded }) => sum + recorded, 0)).toBe(20);
  });

  it('finds users, goals, content and discounts equal, and says which of them is not', async () => {
    const full = { ...traffic, ...fullTraffic, ecommerce: { ...traffic.ecommerce, ...fullEcommerce } };
    const isGoal = (hit: PassingHit) => hit.parameters.get('idgoal') === '1';
    const brings = ({ parameters }: PassingHit) => {
      const altered = new URLSearchParams(parameters);
      altered.set('revenue', '1000');
      return altered;
    };
    for (const hit of [undefined, (one: PassingHit) => (isGoal(one) ? brings(one) : 'pass')]) {
      const more = { traffic: full, visits: 60 };
      const { collector, config, report } = await setUp(hit && { hit }, more, [fullSite]);
      const target = onlyTarget(await verify(config, report, collector, { method: 'totals' }));
      const { plan } = report;
      expect(figure(target, 'users').planned).toBe(plan.loggedInVisits);
      expect(figure(target, 'contentInteractions').recorded).toBe(plan.contentInteractions);
      expect(figure(target, 'discount').recorded).toBe(plan.discount);
      for (const goal of [1, 2, 3, 4]) expect(figure(target, `goal ${goal}`).planned).toBeGreaterThan(0);
      // What goal 4 brings, and 3, only the site knows.
      expect(target.figures.filter(({ name }) => name.startsWith('revenue of'))).toHaveLength(2);
      expect(target.differences.map(({ name }) => name)).toEqual(hit ? ['revenue of goal 1'] : []);
    }
  });

  it('finds a hit that was lost, where all visits are the run’s', async () => {
    const { collector, config, report } = await setUp({ hit: doOnce('drop') });
    const verification = await verify(config, report, collector, { method: 'totals' });
    const { result, differences } = onlyTarget(verification);
    expect(verification.passed).toBe(false);
    expect(result).toBe('different');
    expect(differences.map(({ name }) => name)).toContain('actions');
  });

  it('is not comparable, and never wrong, where others visit the site meanwhile', async () => {
    const { collector, config, report } = await setUp();
    const stranger = `${collector.url}?idsite=1&rec=1&cid=ffffffffffffffff&url=https%3A%2F%2Fshop.example%2F`;
    await fetch(stranger);
    const verification = await verify(config, report, collector, { method: 'totals' });
    expect(verification.passed).toBeNull();
    expect(onlyTarget(verification)).toMatchObject({ result: 'not-comparable' });
    expect(onlyTarget(verification).reason).toContain('1 visit of others');
  });

  it('is not comparable, and never wrong, where another target of the run is at the same site', async () => {
    const collector = await collect();
    const [one, other] = [targetConfig(collector.url), targetConfig(collector.url, { name: 'other' })];
    const config = runConfig(one, { targets: [one, other] });
    const before = await totalsOf(collector, config);
    const totalsBefore = new Map([one, other].map(({ name }) => [name, before]));
    const report = await start(config, { totalsBefore }).done;
    const verification = await verify(config, report, collector, { method: 'totals' });
    expect(verification.targets.map(({ result }) => result)).toEqual(['not-comparable', 'not-comparable']);
  });

  it('knows logged-in visitors for its own', async () => {
    const loggedIn = { traffic: { ...traffic, loggedInProbability: 1 } };
    const { collector, config, report } = await setUp({ hit: doOnce('drop') }, loggedIn);
    const { result } = onlyTarget(await verify(config, report, collector, { method: 'totals' }));
    expect(result).toBe('different');
  });

  it('is not comparable for a shard while others run', async () => {
    const collector = await collect();
    const startEpochMs = Date.now() + 300;
    const [one, other] = [1, 2].map(number =>
      runConfig(targetConfig(collector.url), { visits: 20, shard: { number, count: 2 }, startEpochMs }),
    ) as [RunConfig, RunConfig];
    const before = await totalsOf(collector, one);
    const [report] = await Promise.all([
      start(one, { totalsBefore: new Map([['target', before]]) }).done,
      start(other).done,
    ]);
    const { result, reason } = onlyTarget(await verify(one, report, collector, { method: 'totals' }));
    expect(result).toBe('not-comparable');
    expect(reason).toContain('other shards');
  });

  it('settles unknown hits where all or none of them are there', async () => {
    for (const [tampering, settled] of [
      ['cut', { recorded: 1, lost: 0 }],
      ['lose', { recorded: 0, lost: 1 }],
    ] as const) {
      const { collector, config, report } = await setUp({ hit: doOnce(tampering) });
      expect(report.hits.unknown).toBe(1);
      const target = onlyTarget(await verify(config, report, collector, { method: 'totals' }));
      expect(target).toMatchObject({ result: 'equal', settled });
    }
  });

  it('is refused without the totals from before', async () => {
    const collector = await collect();
    const config = runConfig(targetConfig(collector.url), { visits: 5 });
    const report = await start(config).done;
    await expect(verify(config, report, collector, { method: 'totals' })).rejects.toMatchObject({
      code: 'USAGE',
      exitCode: 2,
      hint: expect.stringContaining('--method visits'),
    });
  });

  it('is not comparable where a day of the run was not asked about before', async () => {
    const { collector, config, report, before } = await setUp();
    const [yesterday = '', today = ''] = days(-1, 0);
    const known = { ...before, days: { [yesterday]: before.days[yesterday] ?? {} } };
    const targets = report.targets.map(target => ({ ...target, totalsBefore: known }));
    const verification = await verify(config, { ...report, targets }, collector, { method: 'totals' });
    expect(onlyTarget(verification)).toMatchObject({ result: 'not-comparable' });
    expect(onlyTarget(verification).reason).toContain(today);
  });
});

describe.concurrent('a server that processes no segments on demand', () => {
  it('is taken at its word where its totals are as planned', async () => {
    const { collector, config, report } = await setUp({ answer: takesNoSegments });
    const verification = await verify(config, report, collector, { method: 'totals' });
    expect(onlyTarget(verification)).toMatchObject({ result: 'equal' });
  });

  it('is waited for while it tells what it had processed before', async () => {
    let isStale = true;
    const kept = new Map<string, unknown>();
    const { collector, config, report } = await setUp({
      answer: async (form, own) =>
        each(form, await own(), (question, answer) => {
          if (question.has('segment')) return { result: 'error', message: 'no segments' };
          const key = question.toString();
          if (!kept.has(key)) kept.set(key, keptOf(key, answer));
          return isStale ? kept.get(key) : answer;
        }),
    });
    let waited = 0;
    const verification = await verify(config, report, collector, {
      method: 'totals',
      waitMs: 20_000,
      progress: ({ stage }) => {
        if (stage !== 'waiting') return;
        waited++;
        isStale = false;
      },
    });
    expect(waited).toBeGreaterThan(0);
    expect(onlyTarget(verification)).toMatchObject({ result: 'equal' });
  });

  it('makes the result not comparable where it goes on to', async () => {
    const { collector, config, report } = await setUp({
      answer: async (form, own) =>
        each(form, await own(), (question, answer) => {
          if (question.has('segment')) return { result: 'error', message: 'no segments' };
          return keptOf(question.toString(), answer);
        }),
    });
    const verification = await verify(config, report, collector, { method: 'totals', waitMs: 100 });
    expect(verification.passed).toBeNull();
    expect(onlyTarget(verification).reason).toContain('it keeps its reports');
  });

  it('or that answers them with nothing is recognised', async () => {
    const { collector, config, before } = await setUp();
    const proxy = await startTamperingProxy(collector, {
      answer: async (form, own) =>
        each(form, await own(), (question, answer) => (question.has('segment') ? [] : answer)),
    });
    const asked = runConfig(targetConfig(proxy.url));
    const totals = await totalsOf(collector, asked);
    expect(totals.isFresh).toBe(false);
    const today = days(0)[0] ?? '';
    expect(totals.days[today]?.visits).toBe((before.days[today]?.visits ?? 0) + (config.visits ?? 0));
    expect(before.isFresh).toBe(true);
    await proxy.close();
  });
});

/** What a server would tell that has not looked at its log since the visits before the run. */
function keptOf(question: string, answer: unknown): unknown {
  return question.includes('VisitsSummary.get') && typeof answer === 'object'
    ? { ...answer, nb_visits: 7, nb_actions: 7 }
    : answer;
}
