import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Collector } from '../../src/collector/collector.ts';
import { bulk, collectorAtNoon, hit, noon, token } from './driver.ts';
import { ask } from './reporting-driver.ts';

const today = new Date(noon * 1000).toISOString().slice(0, 10);
const yesterday = new Date((noon - 86_400) * 1000).toISOString().slice(0, 10);
let second = noon;
let visitors = 0;
let collector: Collector;
beforeAll(async () => {
  collector = await collectorAtNoon({
    archiveSeconds: 900,
    writeToken: 'b'.repeat(32),
    now: () => second * 1000,
  });
});
beforeEach(() => {
  collector.reset();
  second = noon;
});
afterAll(() => collector.close());

const visitor = (number: number) => number.toString(16).padStart(16, '0');

async function visits(count: number, more: object = {}): Promise<void> {
  await bulk(
    collector,
    Array.from({ length: count }, () => hit({ cid: visitor(++visitors), cdt: second, ...more })),
  );
}

async function figures(method: string, { segment = '', period = 'day', date = today, idSite = 1 } = {}) {
  const question = `${method}&idSite=${idSite}&period=${period}&date=${date}`;
  const asked = await ask(
    collector,
    segment === '' ? question : `${question}&segment=${encodeURIComponent(segment)}`,
  );
  return asked.json as Record<string, number>;
}

/** A segment of all that nobody asked for before. */
let segments = 0xffff;
const newSegment = () => `visitorId!=${visitor(segments++)}`;

describe('reports of today, where the archive ages', () => {
  it('stay as they were first asked for, for all plugins alike, and follow once they are old', async () => {
    await visits(2);
    expect(await figures('VisitsSummary.get')).toMatchObject({ nb_visits: 2 });
    await visits(3);
    second += 899;
    expect(await figures('VisitsSummary.get')).toMatchObject({ nb_visits: 2 });
    expect(await figures('Actions.get')).toMatchObject({ nb_pageviews: 2 });
    second += 1;
    expect(await figures('Actions.get')).toMatchObject({ nb_pageviews: 5 });
    expect(await figures('VisitsSummary.get')).toMatchObject({ nb_visits: 5 });
  });

  it('do not see what visits that are in them do later', async () => {
    const cid = visitor(++visitors);
    await bulk(collector, [hit({ cid, cdt: second - 60 })]);
    expect(await figures('Actions.get')).toMatchObject({ nb_pageviews: 1 });
    await bulk(collector, [hit({ cid, cdt: second - 30 })]);
    expect(await figures('VisitsSummary.get')).toMatchObject({ nb_visits: 1, nb_actions: 1 });
    expect(await figures('Actions.get')).toMatchObject({ nb_pageviews: 1 });
    expect(await figures('Actions.get', { segment: newSegment() })).toMatchObject({ nb_pageviews: 2 });
  });

  it('are fresh for a segment nobody asked for before, and then age with it, each plugin by itself', async () => {
    await visits(1);
    await figures('VisitsSummary.get');
    await visits(1);
    const segment = newSegment();
    expect(await figures('VisitsSummary.get', { segment })).toMatchObject({ nb_visits: 2 });
    await visits(1);
    expect(await figures('VisitsSummary.get', { segment })).toMatchObject({ nb_visits: 2 });
    expect(await figures('Actions.get', { segment })).toMatchObject({ nb_pageviews: 3 });
    expect(await figures('VisitsSummary.get')).toMatchObject({ nb_visits: 1 });
  });

  it('are made anew when a superuser says so, and nobody else', async () => {
    await visits(1);
    const segment = newSegment();
    await figures('VisitsSummary.get');
    await figures('VisitsSummary.get', { segment });
    await visits(1);
    const question = `CoreAdminHome.invalidateArchivedReports&idSites=1&dates=${today}&period=day`;
    expect((await ask(collector, question, 'b'.repeat(32))).status).toBe(400);
    expect((await ask(collector, question.replace(today, yesterday))).json).toHaveLength(1);
    expect((await ask(collector, question.replace('idSites=1', 'idSites=2'))).json).toHaveLength(1);
    expect(await figures('VisitsSummary.get')).toMatchObject({ nb_visits: 1 });
    expect((await ask(collector, question)).json).toEqual([
      `Success. The following dates were invalidated successfully: ${today}`,
    ]);
    expect(await figures('VisitsSummary.get')).toMatchObject({ nb_visits: 2 });
    expect(await figures('VisitsSummary.get', { segment })).toMatchObject({ nb_visits: 2 });
  });

  it('are today’s part of a longer one; other days, other sites and the log itself are fresh', async () => {
    const range = { period: 'range', date: `${yesterday},${today}` };
    await visits(1);
    await visits(1, { cdt: noon - 86_400 });
    expect(await figures('VisitsSummary.get', range)).toMatchObject({ nb_visits: 2 });
    await visits(1);
    await visits(1, { cdt: noon - 86_400 });
    await visits(1, { idsite: 2 });
    expect(await figures('VisitsSummary.get', range)).toMatchObject({ nb_visits: 3 });
    expect(await figures('VisitsSummary.get', { date: yesterday })).toMatchObject({ nb_visits: 2 });
    expect(await figures('VisitsSummary.get', { idSite: 2 })).toMatchObject({ nb_visits: 1 });
    const log = await ask(collector, 'Live.getLastVisitsDetails&idSite=1&period=day&date=today');
    expect(log.json).toHaveLength(4);
  });
});

it('keeps no report where the archive does not age', async () => {
  const fresh = await collectorAtNoon();
  const question = `VisitsSummary.get&idSite=1&period=day&date=${today}`;
  for (const nb_visits of [1, 2]) {
    await bulk(fresh, [hit({ cid: visitor(nb_visits) })], { token_auth: token });
    expect((await ask(fresh, question)).json).toMatchObject({ nb_visits });
  }
  await fresh.close();
});

it('tells shares as numbers where no formatted ones are wanted', async () => {
  const fresh = await collectorAtNoon();
  await bulk(fresh, [
    hit({ cid: visitor(1), idgoal: 0, ec_id: 'o1', revenue: 1 }),
    hit({ cid: visitor(2) }),
    hit({ cid: visitor(3) }),
  ]);
  const question = `idSite=1&period=day&date=${today}`;
  expect((await ask(fresh, `Goals.get&${question}`)).json).toMatchObject({ conversion_rate: 0.3333 });
  const formatted = await fetch(
    `${fresh.origin}/index.php?module=API&format=JSON&method=Goals.get&${question}`,
    {
      method: 'POST',
      body: new URLSearchParams({ token_auth: token }),
    },
  );
  expect(await formatted.json()).toMatchObject({ conversion_rate: '33.33%' });
  await fresh.close();
});
