import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Collector } from '../../src/collector/collector.ts';
import { bulk, collectorAtNoon, hit, noon } from './driver.ts';
import { ask } from './reporting-driver.ts';

interface LoggedVisit {
  visitorId: string;
  lastActionTimestamp: number;
  actionDetails: Record<string, unknown>[];
  [field: string]: unknown;
}

const visitor = (number: number) => number.toString(16).padStart(16, '0');
const dayOf = (epochSecond: number) => new Date(epochSecond * 1000).toISOString().slice(0, 10);
const today = dayOf(noon);
const yesterday = dayOf(noon - 86_400);

async function log(collector: Collector, question: string): Promise<LoggedVisit[]> {
  const { json } = await ask(collector, `Live.getLastVisitsDetails&idSite=1&${question}`);
  return json as LoggedVisit[];
}

const visitorsOf = (visits: readonly LoggedVisit[]) =>
  visits.map(({ visitorId }) => Number.parseInt(visitorId, 16));

describe('pages of the visit log', () => {
  let collector: Collector;
  beforeAll(async () => {
    collector = await collectorAtNoon();
    // Visitors 1 to 30 came yesterday, 31 to 60 today, a minute apart; 61 and 62 in the second of 60.
    const lines = Array.from({ length: 62 }, (_, at) => {
      const number = at + 1;
      const cdt = number > 30 ? noon - 3600 + Math.min(number, 60) * 60 : noon - 90_000 + number * 60;
      return hit({ cid: visitor(number), cdt });
    });
    await bulk(collector, lines);
  });
  afterAll(() => collector.close());

  it('are newest first, and oldest first where asked so; of one second by their number', async () => {
    expect(visitorsOf(await log(collector, `period=day&date=${today}&filter_limit=3`))).toEqual([62, 61, 60]);
    expect(
      visitorsOf(await log(collector, `period=day&date=${today}&filter_limit=3&filter_sort_order=asc`)),
    ).toEqual([1, 2, 3]);
  });

  it('of today begin with yesterday, and those of another day end with it', async () => {
    expect(await log(collector, 'period=day&date=today&filter_limit=-1')).toHaveLength(62);
    expect(await log(collector, `period=day&date=${today}&filter_limit=-1`)).toHaveLength(62);
    expect(await log(collector, `period=day&date=${yesterday}&filter_limit=-1`)).toHaveLength(30);
    expect(await log(collector, `period=range&date=${today},${today}&filter_limit=-1`)).toHaveLength(32);
    expect(await log(collector, `period=range&date=${yesterday},${today}&filter_limit=-1`)).toHaveLength(62);
  });

  it('begin after minTimestamp, not with it', async () => {
    const since = noon - 3600 + 58 * 60;
    const after = await log(
      collector,
      `period=day&date=today&minTimestamp=${since}&filter_sort_order=asc&filter_limit=-1`,
    );
    expect(visitorsOf(after)).toEqual([59, 60, 61, 62]);
  });

  it('by offset leave out visits where a day has more than a page holds, as on the real server', async () => {
    const question = `period=range&date=${yesterday},${today}&filter_sort_order=asc&filter_limit=10`;
    expect(visitorsOf(await log(collector, `${question}&filter_offset=20`))[0]).toBe(21);
    // Of yesterday's 30 only 11 are counted as skipped.
    expect(visitorsOf(await log(collector, `${question}&filter_offset=30`))[0]).toBe(31 + 30 - 11);
  });

  it('are narrowed by visitors, and by all but some', async () => {
    const one = encodeURIComponent(`visitorId==${visitor(7)},visitorId==${visitor(8).toUpperCase()}`);
    expect(visitorsOf(await log(collector, `period=day&date=today&segment=${one}`))).toEqual([8, 7]);
    const others = encodeURIComponent(`visitorId!=${visitor(62)};visitorId!=${visitor(61)}`);
    expect(
      visitorsOf(await log(collector, `period=day&date=today&filter_limit=1&segment=${others}`)),
    ).toEqual([60]);
  });

  it.each([
    ['segment=foo', "The segment condition 'foo' is not valid."],
    ['segment=foo%3D%3D1', "Segment 'foo' is not a supported segment."],
    ['segment=visitorId%3D%3D1', 'visitorId is expected to be a 16 hex char string'],
    ['period=range&date=2026-11-20', /is not a correct date range/],
    ['period=fortnight&date=2026-11-20', /The period 'fortnight' is not supported/],
  ])('with %s are refused', async (question, message) => {
    const { status, json } = await ask(
      collector,
      `Live.getLastVisitsDetails&idSite=1&period=day&date=today&${question}`,
    );
    expect(status).toBe(200);
    expect(json).toEqual({ result: 'error', message: expect.stringMatching(message) });
  });
});

describe('a visit in the log', () => {
  it('tells its actions with their page views and its conversions, and the shop of the whole visitor', async () => {
    const collector = await collectorAtNoon();
    const items = JSON.stringify([['S1', 'Shoe', 'Shoes', 10, 2]]);
    const cid = visitor(1);
    await bulk(collector, [
      hit({ cid, cdt: noon - 9000, pv_id: 'aaaaaa' }),
      hit({ cid, cdt: noon - 8990, idgoal: 0, ec_id: 'o1', revenue: 20, ec_items: items }),
      hit({ cid, cdt: noon - 600, pv_id: 'bbbbbb', urlref: 'https://www.google.com/' }),
      hit({ cid, cdt: noon - 590, url: 'https://shop.example/thank-you', pv_id: 'cccccc' }),
      hit({ cid, cdt: noon - 580, e_c: 'Video', e_a: 'Play', pv_id: 'cccccc' }),
      hit({ cid, cdt: noon - 570, idgoal: 0, revenue: 20.5, ec_items: items }),
    ]);
    const question = 'period=day&date=today';
    const [second, first] = await log(collector, question);
    const lifetime = {
      totalEcommerceRevenue: 20,
      totalEcommerceConversions: 1,
      totalEcommerceItems: 2,
      totalAbandonedCarts: 1,
      totalAbandonedCartsRevenue: 20.5,
    };
    expect(first).toMatchObject({ ...lifetime, visitCount: 1, visitorType: 'new' });
    expect(first?.actionDetails).toMatchObject([
      { type: 'action', idpageview: 'aaaaaa', timestamp: noon - 9000 },
      { type: 'ecommerceOrder', orderId: 'o1', revenue: 20, idpageview: null, timestamp: noon - 8990 },
    ]);
    expect(second).toMatchObject({
      ...lifetime,
      visitCount: 2,
      goalConversions: 1,
      referrerType: 'search',
      referrerName: 'Google',
      referrerKeyword: 'Keyword not defined',
      operatingSystemName: 'Windows',
      browserName: 'Chrome',
      deviceType: 'Desktop',
    });
    expect(second?.actionDetails.map(({ type, idpageview }) => [type, idpageview])).toEqual([
      ['action', 'bbbbbb'],
      ['action', 'cccccc'],
      ['goal', 'cccccc'],
      ['event', 'cccccc'],
      ['ecommerceAbandonedCart', null],
    ]);
    const [bare] = await log(collector, `${question}&doNotFetchActions=1`);
    expect(bare).toEqual({ ...second, actionDetails: [] });
    await collector.close();
  });

  it('dates its actions by the clock of the site, and itself by that of the world', async () => {
    const collector = await collectorAtNoon();
    await bulk(collector, [hit({ idsite: 3, cdt: noon - 60 })]);
    const { json } = await ask(collector, 'Live.getLastVisitsDetails&idSite=3&period=day&date=today');
    expect(json).toMatchObject([
      { lastActionTimestamp: noon - 60, actionDetails: [{ timestamp: noon - 60 + 3600 }] },
    ]);
    await collector.close();
  });
});

it('counts in every report only the visits of a segment', async () => {
  const collector = await collectorAtNoon();
  for (const number of [1, 2, 3])
    await bulk(collector, [
      hit({ cid: visitor(number), cdt: noon - 100 }),
      hit({ cid: visitor(number), cdt: noon - 90, e_c: 'Video', e_a: 'Play' }),
      hit({ cid: visitor(number), cdt: noon - 85, c_n: 'Banner' }),
      hit({ cid: visitor(number), cdt: noon - 80, idgoal: 0, ec_id: `o${number}`, revenue: 5 }),
    ]);
  const told = async (method: string, segment: string) =>
    (await ask(collector, `${method}&idSite=1&period=day&date=today&segment=${encodeURIComponent(segment)}`))
      .json;
  const segment = `visitorId!=${visitor(3)}`;
  expect(await told('VisitsSummary.get', segment)).toMatchObject({ nb_visits: 2, nb_actions: 4 });
  expect(await told('Actions.get', segment)).toMatchObject({ nb_pageviews: 2 });
  expect(await told('Goals.get', segment)).toMatchObject({ nb_conversions: 2, revenue: 10 });
  expect(await told('Events.getCategory', segment)).toMatchObject([{ nb_events: 2 }]);
  expect(await told('Contents.getContentNames', segment)).toMatchObject([{ nb_impressions: 2 }]);
  expect(await told('Referrers.get', segment)).toMatchObject({ Referrers_visitorsFromDirectEntry: 2 });
  expect(await told('VisitsSummary.get', `visitorId==${visitor(9)}`)).toMatchObject({ nb_visits: 0 });
  await collector.close();
});
