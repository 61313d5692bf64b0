import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Collector } from '../../src/collector/collector.ts';
import { bulk, collectorAtNoon, type Hit, hit, noon, stateOverHttp, token } from './driver.ts';

let collector: Collector;
beforeAll(async () => {
  collector = await collectorAtNoon();
});
beforeEach(() => collector.reset());
afterAll(() => collector.close());

async function visitsOf(hits: readonly Hit[]) {
  await bulk(collector, hits);
  return collector.state({ visits: true }).visits ?? [];
}

describe('a visit', () => {
  it('takes every hit of a visitor that comes less than half an hour after the last', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 1799 }), { minLength: 1, maxLength: 8 }),
        async gaps => {
          collector.reset();
          const times = [noon - 20_000];
          for (const gap of gaps) times.push((times.at(-1) ?? 0) + gap);
          const visits = await visitsOf(times.map(cdt => hit({ cdt })));
          const at = times.at(-1) ?? 0;
          expect(visits).toHaveLength(1);
          const seconds = at - (noon - 20_000);
          expect(visits[0]).toMatchObject({
            actions: gaps.length + 1,
            totalTimeSeconds: seconds + 1,
            lastActionAt: at,
          });
        },
      ),
      { numRuns: 40 },
    );
  });

  it('never takes a hit that comes half an hour later or more', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1800, max: 9000 }), async gap => {
        collector.reset();
        const visits = await visitsOf([hit({ cdt: noon - 10_000 }), hit({ cdt: noon - 10_000 + gap })]);
        expect(visits.map(visit => visit.visitCount)).toEqual([1, 2]);
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ['Europe/Stockholm, winter', 3, '2026-01-15T23:00:00Z'],
    ['Europe/Stockholm, summer', 3, '2026-07-15T22:00:00Z'],
    ['Europe/Stockholm, the day clocks go forward', 3, '2026-03-29T22:00:00Z'],
    ['Europe/Stockholm, the day clocks go back', 3, '2026-10-25T23:00:00Z'],
    ['UTC', 1, '2026-01-16T00:00:00Z'],
  ])('ends at midnight of the site: %s', async (_, idsite, midnight) => {
    const at = Date.parse(midnight) / 1000;
    expect(await visitsOf([hit({ idsite, cdt: at - 1 }), hit({ idsite, cdt: at })])).toHaveLength(2);
    collector.reset();
    expect(await visitsOf([hit({ idsite, cdt: at - 600 }), hit({ idsite, cdt: at - 1 })])).toHaveLength(1);
  });

  it.each(['Asia/Kolkata', 'Australia/Lord_Howe', 'America/St_Johns', 'Pacific/Chatham'])(
    'knows the midnights of %s',
    async timezone => {
      const own = await collectorAtNoon({
        sites: [
          {
            id: 7,
            name: 'Far',
            mainUrl: 'https://far.example',
            currency: 'EUR',
            timezone,
            ecommerce: false,
            siteSearch: true,
            goals: [],
          },
        ],
      });
      const days = new Intl.DateTimeFormat('en-CA', { timeZone: timezone });
      const dayOf = (at: number) => days.format(at * 1000);
      let midnight = noon - 3600 * 40;
      while (dayOf(midnight - 1) === dayOf(midnight)) midnight += 900;
      await bulk(own, [
        hit({ idsite: 7, cdt: midnight - 1 }),
        hit({ idsite: 7, cdt: midnight }),
        hit({ idsite: 7, cdt: midnight + 60 }),
      ]);
      expect(own.state({ visits: true }).visits?.map(visit => visit.actions)).toEqual([1, 2]);
      await own.close();
    },
  );

  it('does not begin with a ping, and a ping moves its seconds but not its last action', async () => {
    const at = noon - 5000;
    expect(await visitsOf([hit({ cdt: at, ping: 1 })])).toEqual([]);
    const [visit] = await visitsOf([hit({ cdt: at }), hit({ cdt: at + 50, ping: 1 })]);
    expect(visit).toMatchObject({ actions: 1, totalTimeSeconds: 51, lastActionAt: at });
  });

  it('is one for each visitor of a crowd with the same agent and address, whatever the order of their hits', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...Array(30).keys()], { minLength: 30 }), async order => {
        collector.reset();
        const visits = await visitsOf(
          order.map((n, at) => hit({ cid: String(n % 10).padStart(16, '0'), cdt: noon - 900 + at })),
        );
        expect(visits).toHaveLength(10);
        expect(visits.every(visit => visit.actions === 3)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('is taken over by a user id from the same fingerprint, but not by a second one', async () => {
    const at = noon - 3000;
    const visits = await visitsOf([
      hit({ cid: '00000000000000b1', cdt: at }),
      hit({ cid: '00000000000000b2', cdt: at + 10, uid: 'anna' }),
      hit({ cid: '00000000000000b3', cdt: at + 20, uid: 'bo' }),
    ]);
    expect(visits.map(visit => visit.actions)).toEqual([2, 1]);
  });

  it('has no two-second bonus but that of its last hit', async () => {
    const at = noon - 3000;
    const order = (id: string, cdt: number) => hit({ cdt, idgoal: 0, ec_id: id, revenue: 10 });
    expect(
      await visitsOf([hit({ cdt: at }), order('o1', at + 10), order('o2', at + 20), hit({ cdt: at + 30 })]),
    ).toMatchObject([{ totalTimeSeconds: 31 }]);
  });
});

describe('a campaign', () => {
  const page = (query: string, cdt: number) => hit({ url: `https://shop.example/${query}`, cdt });

  it.each([
    ['another name', '?utm_campaign=a', '?utm_campaign=b', 2],
    ['another case of the name', '?utm_campaign=a', '?utm_campaign=A', 1],
    ['another keyword', '?mtm_campaign=a&mtm_kwd=x', '?mtm_campaign=a&mtm_kwd=y', 2],
    ['the same name without its keyword', '?mtm_campaign=a&mtm_kwd=x', '?mtm_campaign=a', 1],
    ['one in the fragment', '?utm_campaign=a', '#utm_campaign=b', 2],
    ['a source alone', '?utm_campaign=a', '?utm_source=news', 2],
    ['one after a direct entry', '', '?utm_campaign=a', 1],
  ])('%s makes %s then %s %i visits', async (_, first, second, count) => {
    expect(await visitsOf([page(first, noon - 100), page(second, noon - 50)])).toHaveLength(count);
  });
});

describe('the state', () => {
  it('counts what the visits hold, by site and together, to the cent', async () => {
    const cents = [1001, 1002, 1003, 2, 999_999, 10];
    await bulk(
      collector,
      cents.map((cent, at) =>
        hit({
          idsite: (at % 3) + 1,
          cid: String(at).padStart(16, '0'),
          idgoal: 0,
          ec_id: `c${at}`,
          revenue: (cent / 100).toFixed(2),
        }),
      ),
    );
    const { totals, sites } = collector.state();
    expect(totals).toMatchObject({
      visits: 6,
      orders: 6,
      bounces: 6,
      actions: 0,
      revenue: cents.reduce((sum, cent) => sum + cent, 0) / 100,
    });
    expect(Object.values(sites).map(site => site.orders)).toEqual([2, 2, 2]);
  });

  it('is told over HTTP, with the visits when asked, and forgotten on demand', async () => {
    await bulk(collector, [hit()]);
    const plain = await stateOverHttp(collector);
    expect(Object.keys(plain)).toEqual(['totals', 'sites', 'failedLogins']);
    const full = await stateOverHttp(collector, '?visits=1');
    expect(full.visits).toEqual([
      {
        siteId: 1,
        visitorId: '00000000000000a1',
        actions: 1,
        totalTimeSeconds: 0,
        returning: 0,
        visitCount: 1,
        firstActionAt: noon,
        lastActionAt: noon,
      },
    ]);
    await fetch(`${collector.origin}/collector/reset`, { method: 'POST' });
    expect(collector.state().totals.visits).toBe(0);
  });

  it('is shown to people', async () => {
    await bulk(collector, [hit()]);
    const page = await fetch(`${collector.origin}/`);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const html = await page.text();
    expect(html).toContain('00000000000000a1');
    expect(html).not.toMatch(/src=|href="http/);
  });
});

it('counts a failed login once a request and locks the address out after twenty', async () => {
  const bad = { token_auth: 'e'.repeat(32) };
  const old = hit({ cdt: noon - 90_000 });
  for (let tries = 0; tries < 25; tries++) await bulk(collector, [old, old], bad);
  expect(collector.state().failedLogins).toBe(21);
  expect(await bulk(collector, [hit()], { token_auth: token })).toEqual({
    status: 500,
    body: { status: 'error', tracked: 0, invalid: 0 },
  });
  expect((await bulk(collector, [hit()], {})).body).toEqual({ status: 'success', tracked: 1, invalid: 0 });
});
