import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Collector } from '../../src/collector/collector.ts';
import { bulk, collectorAtNoon, type Hit, hit, noon, single, token } from './driver.ts';
import { ask } from './reporting-driver.ts';

let collector: Collector;
beforeAll(async () => {
  collector = await collectorAtNoon();
});
beforeEach(() => collector.reset());
afterAll(() => collector.close());

const items = (...lines: unknown[][]) => JSON.stringify(lines);
const shoes = ['S1', 'Shoe', 'Shoes', 10, 1];
const hat = ['S2', 'Hat', ['Hats', 'Sale'], 5, 3];
const cart = (given: Hit = {}) => hit({ idgoal: 0, revenue: 25, ec_items: items(shoes, hat), ...given });
const order = (id: string, given: Hit = {}) => hit({ idgoal: 0, ec_id: id, revenue: 25, ...given });

describe('orders and carts', () => {
  it('turn a cart into the order, and items that left the cart stay as deleted', async () => {
    await bulk(collector, [hit(), cart(), order('o1', { ec_items: items(shoes) })]);
    const [visit] = collector.visits();
    expect(visit?.conversions).toMatchObject([{ type: 'order', order: 'o1', items: 1 }]);
    expect(visit?.items.map(({ sku, order: of, deleted }) => [sku, of, deleted])).toEqual([
      ['S1', 'o1', false],
      ['S2', 'o1', true],
    ]);
  });

  it('refuse an id the site has, and ignore it in silence where a cart is open', async () => {
    expect((await bulk(collector, [order('o1'), order('o1')])).body).toMatchObject({
      tracked: 1,
      invalid: 1,
    });
    expect(
      (
        await bulk(collector, [
          hit({ cid: '00000000000000c1' }),
          cart({ cid: '00000000000000c1' }),
          order('o1', { cid: '00000000000000c1' }),
        ])
      ).body,
    ).toMatchObject({ tracked: 3, invalid: 0 });
    expect(collector.state().totals).toMatchObject({ orders: 1, carts: 1 });
  });

  it('take the same id on another site', async () => {
    expect((await bulk(collector, [order('o1'), order('o1', { idsite: 3 })])).body).toMatchObject({
      tracked: 2,
    });
  });

  it('lose the whole order where the items are no list, and only the items where they are broken', async () => {
    await bulk(collector, [order('o1', { ec_items: '5' }), order('o2', { ec_items: '[broken' })]);
    expect(collector.visits()[0]?.conversions.map(row => row.order)).toEqual(['o2']);
  });
});

describe('goals', () => {
  it('count once a visit, or each time where they may', async () => {
    const goals = [
      {
        id: 4,
        name: 'Many',
        match: 'url',
        patternType: 'regex',
        pattern: '/p/[0-9]+$',
        allowMultiple: true,
        revenue: 2,
      },
      {
        id: 5,
        name: 'Video',
        match: 'event_category',
        patternType: 'exact',
        pattern: 'video',
        allowMultiple: false,
        revenue: 0,
        eventValueAsRevenue: true,
      },
      {
        id: 6,
        name: 'Paper',
        match: 'file',
        patternType: 'contains',
        pattern: '.pdf',
        allowMultiple: false,
        revenue: 1,
      },
    ] as const;
    const own = await collectorAtNoon({
      sites: [
        {
          id: 1,
          name: 'S',
          mainUrl: 'https://s.example',
          currency: 'EUR',
          timezone: 'UTC',
          ecommerce: true,
          siteSearch: true,
          goals: [...goals],
        },
      ],
    });
    await bulk(own, [
      hit({ url: 'https://s.example/p/1' }),
      hit({ url: 'https://s.example/p/2' }),
      hit({ e_c: 'Video', e_a: 'play', e_v: 3 }),
      hit({ e_c: 'Video', e_a: 'stop', e_v: 4 }),
      hit({ download: 'https://s.example/a.pdf' }),
      hit({ idgoal: 4, revenue: 9.5 }),
    ]);
    expect(own.visits()[0]?.conversions.map(({ goal, revenue }) => [goal, revenue])).toEqual([
      [4, 2],
      [4, 2],
      [5, 3],
      [6, 1],
      [4, 9.5],
    ]);
    await own.close();
  });
});

describe('a bulk', () => {
  const good = (n: number) => hit({ cid: String(n).padStart(16, '0') });
  const bad: readonly Hit[] = [
    hit({ idsite: 99 }),
    hit({ cid: 'abc' }),
    hit({ idgoal: 77 }),
    hit({ e_c: ' ', e_a: 'x' }),
  ];

  it('loses only its wrong lines, and names them to a superuser', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: -4, max: 20 }), { maxLength: 25 }), async plan => {
        collector.reset();
        const lines = plan.map(n => (n < 0 ? (bad[-n - 1] ?? hit()) : good(n)));
        const wrong = plan.flatMap((n, at) => (n < 0 ? [at] : []));
        const { body } = await bulk(collector, lines);
        if (plan.length > 0)
          expect(body).toEqual({
            status: 'success',
            tracked: plan.length - wrong.length,
            invalid: wrong.length,
            invalid_indices: wrong,
          });
        expect(collector.state().totals.actions).toBe(plan.length - wrong.length);
      }),
      { numRuns: 40 },
    );
  });

  it('is undone as a whole by a line the server fails at, down to ids of visitors and orders', async () => {
    await bulk(collector, [good(1), order('o1')]);
    const before = JSON.stringify(collector.visits());
    const lines = [good(1), { ...good(1), uid: 'anna' }, order('o2'), good(2), cart(), hit({ ca: 1 })];
    expect(await bulk(collector, lines)).toMatchObject({
      status: 500,
      body: { status: 'error', tracked: 5, invalid: 0 },
    });
    expect(JSON.stringify(collector.visits())).toBe(before);
    expect((await bulk(collector, [order('o2'), good(1)])).body).toMatchObject({ tracked: 2, invalid: 0 });
    expect(collector.state().totals).toMatchObject({ visits: 2, orders: 2 });
  });

  it('answers nothing where the body says so', async () => {
    expect(await bulk(collector, [hit()], { send_image: 0, token_auth: token })).toEqual({
      status: 204,
      body: null,
    });
    expect(collector.state().totals.actions).toBe(1);
  });
});

describe('a single hit', () => {
  it.each([
    ['a bot', { ua: 'Googlebot/2.1 (+http://www.google.com/bot.html)' }, 200, 0],
    ['a bot that asks to be counted', { ua: 'Googlebot/2.1', bots: 1 }, 200, 1],
    ['a monitor', { ua: 'my-monitor/1.0' }, 200, 0],
    ['spam in any case', { urlref: 'https://WWW.Darodar.COM/x' }, 200, 0],
    ['no rec', { rec: 0 }, 200, 0],
    ['an address of Bing', { cip: '65.55.1.1', token_auth: token }, 200, 0],
    ['an old time without a token', { cdt: noon - 86_400 }, 400, 0],
    ['a time just young enough', { cdt: noon - 86_399 }, 200, 1],
    ['a place without a token', { country: 'se' }, 400, 0],
    ['a time in words', { cdt: '2 hours ago' }, 200, 1],
    ['an image not wanted', { send_image: 0 }, 204, 1],
  ] as const)('with %s', async (_, given, status, recorded) => {
    expect(await single(collector, hit(given))).toBe(status);
    expect(collector.state().totals.actions).toBe(recorded);
  });

  it('that a browser fetched ahead, or of one that opted out, is not counted', async () => {
    for (const headers of [
      { 'X-Purpose': 'preview' },
      { 'X-Moz': 'prefetch' },
      { Cookie: 'matomo_ignore=ignore%3D%2A' },
    ]) {
      await fetch(`${collector.url}?${new URLSearchParams(hit() as Record<string, string>)}`, { headers });
    }
    expect(collector.state().totals.visits).toBe(0);
  });
});

it('tells nothing of orders in the report of goals where the shop is switched off, and counts them elsewhere', async () => {
  await bulk(collector, [hit({ idsite: 2 }), order('o1', { idsite: 2, ec_items: items(shoes) })]);
  const of = async (method: string) =>
    (await ask(collector, `${method}&idSite=2&period=day&date=today`)).json;
  expect(await of('Goals.get')).toMatchObject({ nb_conversions: 0, revenue: 0, nb_visits_converted: 1 });
  expect(await of('Goals.getItemsSku')).toEqual([]);
  expect(await of('Referrers.getReferrerType')).toMatchObject([{ nb_conversions: 1, revenue: 25 }]);
});
