import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Funnel, type FunnelStep, reachOf, sharesOf } from '../../src/traffic/funnel.ts';
import {
  addFunnelCounts,
  addPassage,
  addStepsOfHit,
  type FunnelCounts,
} from '../../src/traffic/funnel-counts.ts';
import { visitPlan } from '../../src/traffic/plan.ts';
import type { Hit, Visit } from '../../src/traffic/visit.ts';
import { longestVisitSeconds } from '../../src/traffic/visit-length.ts';
import { chiSquare, worstBy } from '../base/chi-square.ts';
import { anyFunnel, funnelOf, landing, plainStep } from './any-funnels.ts';
import { anyClock, anyIndex, anyRun, anyStart, dating, usualRun, usualTraffic } from './any-traffic.ts';

const site = new URL(usualTraffic.pages[0]?.url ?? '').origin;

function planOf(funnels: readonly Funnel[], clock: 'compressed' | 'real' = 'compressed', seed = 42) {
  const target = { traffic: { ...usualTraffic, funnels }, dating: dating(clock, ['UTC']) };
  return visitPlan({ ...usualRun, seed }, target);
}

const visitsOf = (funnels: readonly Funnel[], count: number) => {
  const plan = planOf(funnels);
  return Array.from({ length: count }, (_, index) => plan(index, index * 100));
};

const walkOf = (...steps: readonly FunnelStep[]) => planOf([funnelOf({ steps: [landing, ...steps] })])(0, 0);

const typesOf = ({ hits }: Visit) => hits.map(({ type }) => type);
const ofType = <T extends Hit['type']>({ hits }: Visit, type: T) =>
  hits.filter((hit): hit is Extract<Hit, { type: T }> => hit.type === type);

describe('which visits go through a funnel', () => {
  it('is told by priority, then by probability: shares of 10,000 visits', () => {
    const funnels = [
      funnelOf({ name: 'last', priority: 9, probability: 0.5 }),
      funnelOf({ name: 'first', priority: 1, probability: 0.2 }),
      funnelOf({ name: 'second', priority: 2, probability: 0.25 }),
      funnelOf({ name: 'third', priority: 2, probability: 0.1 }),
      funnelOf({ name: 'off', priority: 0, probability: 1, enabled: false }),
      funnelOf({ name: 'never', priority: 0, probability: 0 }),
    ];
    const shares = [...sharesOf(funnels)].map(([{ name }, share]) => [name, share] as const);
    expect(Object.fromEntries(shares)).toEqual({
      first: 0.2,
      second: 0.8 * 0.25,
      third: expect.closeTo(0.8 * 0.75 * 0.1, 12),
      last: expect.closeTo(0.8 * 0.75 * 0.9 * 0.5, 12),
      off: 0,
      never: 0,
    });
    const seen = new Map<string, number>();
    for (const { journey } of visitsOf(funnels, 10_000)) seen.set(journey, (seen.get(journey) ?? 0) + 1);
    expect([seen.has('off'), seen.has('never')]).toEqual([false, false]);
    const cells = [...shares.filter(([, share]) => share > 0), ['browse', 0.27] as const];
    const counts = cells.map(([name]) => seen.get(name) ?? 0);
    expect(
      chiSquare(
        counts,
        cells.map(([, share]) => share),
      ),
    ).toBeLessThan(worstBy[4]);
  });

  it('is all of them with probability 1, and none after it', () => {
    const funnels = [funnelOf({ name: 'B', priority: 2 }), funnelOf({ name: 'A', priority: 1 })];
    expect(new Set(visitsOf(funnels, 500).map(({ journey }) => journey))).toEqual(new Set(['A']));
  });

  it('never includes a disabled one', () => {
    const off = funnelOf({ enabled: false });
    expect(visitsOf([off], 500)).toEqual(visitsOf([], 500));
  });

  it('changes nothing of the visits that do not', () => {
    const without = visitsOf([], 300);
    const some = visitsOf([funnelOf({ probability: 0.3 })], 300);
    const browsing = some.filter(({ journey }) => journey === 'browse');
    expect(browsing.length).toBeGreaterThan(150);
    for (const visit of browsing) expect(visit).toEqual(without[visit.index]);
  });
});

describe('a visit through a funnel', () => {
  it('keeps its order, its gaps below 1800 s, and its dates within a day', () => {
    fc.assert(
      fc.property(anyFunnel, anyRun, anyClock, anyIndex, anyStart, (funnel, run, clock, index, startMs) => {
        const traffic = { ...usualTraffic, funnels: [funnel] };
        const visit = visitPlan(run, { traffic, dating: dating(clock, ['UTC']) })(index, startMs);
        const { hits, firstEpochSeconds } = visit;
        expect([hits[0]?.type, hits[0]?.atSeconds, hits[0]?.sendMs]).toEqual(['pageview', 0, 0]);
        for (const [at, hit] of hits.entries()) {
          const before = hits[at - 1] ?? hit;
          const gap = hit.atSeconds - before.atSeconds;
          expect(Number.isInteger(hit.atSeconds) && gap >= 0 && gap < 1800).toBe(true);
          expect(hit.sendMs).toBeGreaterThanOrEqual(before.sendMs);
          if (clock === 'real') expect(hit.sendMs).toBe(hit.atSeconds * 1000);
          expect(URL.canParse(hit.page.url)).toBe(true);
          if (hit.deed !== undefined && 'target' in hit.deed)
            expect(new URL(hit.deed.target).protocol).toMatch(/^https?:$/);
        }
        const length = hits.at(-1)?.atSeconds ?? 0;
        expect(length).toBeLessThanOrEqual(longestVisitSeconds(traffic));
        expect(Math.floor(firstEpochSeconds / 86_400)).toBe(
          Math.floor((firstEpochSeconds + length) / 86_400),
        );
        // The last hit of a visit of several is a ping, and no other is.
        expect(typesOf(visit).filter(type => type === 'ping').length).toBe(hits.length > 1 ? 1 : 0);
        if (hits.length > 1) expect(hits.at(-1)?.type).toBe('ping');
        const ids = ofType(visit, 'order').map(({ deed }) => deed.order.id);
        expect(new Set(ids).size).toBe(ids.length);
        for (const { order } of ofType(visit, 'order').map(({ deed }) => deed)) {
          expect(order.id.startsWith(run.identity.orderPrefix)).toBe(true);
          const sum = order.items.reduce(
            (total, { priceCents, quantity }) => total + priceCents * quantity,
            0,
          );
          expect(sum).toBe(order.subtotalCents);
          expect(new Set(order.items.map(({ product }) => product.sku)).size).toBe(order.items.length);
          expect(order.items.every(({ priceCents }) => priceCents >= 0)).toBe(true);
        }
      }),
    );
  });

  it('has as many steps behind it as it had hits for, never one back', () => {
    fc.assert(
      fc.property(anyFunnel, anyIndex, (funnel, index) => {
        const { funnel: passage, hits } = planOf([funnel])(index, 0);
        const steps = passage?.steps ?? [];
        expect(steps.length).toBeGreaterThan(0);
        expect(steps.length === funnel.steps.length).toBe(passage?.isFinished);
        for (const [step, hit] of steps.entries()) {
          expect(hit).toBeGreaterThanOrEqual(steps[step - 1] ?? 0);
          expect(hit).toBeLessThan(hits.length);
        }
      }),
    );
  });

  it('of one page is a bounce with a single hit', () => {
    expect(typesOf(walkOf())).toEqual(['pageview']);
  });

  it('waits after each step as long as it says', () => {
    const delays = { delaySeconds: { min: 10, max: 20 } };
    const steps: FunnelStep[] = [
      { ...landing, ...delays },
      { ...plainStep, type: 'goal', goalId: 1, revenue: undefined, delaySeconds: { min: 60, max: 60 } },
      { ...landing, ...delays },
    ];
    const visits = Array.from({ length: 200 }, (_, index) => planOf([funnelOf({ steps })])(index, 0));
    const gaps = visits.map(({ hits }) =>
      hits.slice(1).map((hit, at) => hit.atSeconds - (hits[at]?.atSeconds ?? 0)),
    );
    for (const [first = 0, second, last = 0] of gaps) {
      expect([first >= 10 && first <= 20, last >= 9 && last <= 21]).toEqual([true, true]);
      expect(second).toBe(60);
    }
    expect(new Set(gaps.map(([first]) => first)).size).toBeGreaterThan(8);
  });

  it('under the compressed clock is sent with the pauses of the run', () => {
    const steps = [landing, { ...landing, delaySeconds: { min: 900, max: 900 } }, landing];
    const { hits } = planOf([funnelOf({ steps })])(3, 0);
    for (const [at, { sendMs }] of hits.slice(1).entries()) {
      const pause = sendMs - (hits[at]?.sendMs ?? 0);
      expect(pause >= 500 && pause <= 2000).toBe(true);
    }
  });

  it('ends where the visitor drops off, as often as the step says', () => {
    const steps = [
      { ...landing, continueProbability: 0.4 },
      { ...landing, continueProbability: 0.5 },
      landing,
    ];
    const funnel = funnelOf({ steps, exitAfterCompletion: false });
    const reached = visitsOf([funnel], 4000).map(visit => visit.funnel?.steps.length ?? 0);
    const counts = [1, 2, 3].map(steps => reached.filter(count => count === steps).length);
    expect(chiSquare(counts, [0.6, 0.2, 0.2])).toBeLessThan(worstBy[2]);
    expect(reachOf(funnel)).toEqual([1, 0.4, 0.2]);
    for (const visit of visitsOf([funnel], 200)) {
      if (visit.funnel?.steps.length === 1) expect(typesOf(visit)).toEqual(['pageview']);
    }
  });

  it('goes on browsing in the same visit where it does not end with the funnel', () => {
    const funnel = funnelOf({
      steps: [landing, { ...landing, url: '/two', delaySeconds: { min: 30, max: 30 } }],
      exitAfterCompletion: false,
    });
    for (const visit of visitsOf([funnel], 50)) {
      const pages = ofType(visit, 'pageview');
      expect(pages.length).toBeGreaterThanOrEqual(5);
      expect(pages[1]?.page.url).toBe(`${site}/two`);
      expect(pages[2]?.referrer).toBe(`${site}/two`);
      expect((pages[2]?.atSeconds ?? 0) - (pages[1]?.atSeconds ?? 0)).toBe(30);
      expect(visit.journey).toBe('Funnel');
    }
  });
});

describe('a step', () => {
  it('without an address uses the last page; links and files are relative to it', () => {
    const visit = walkOf(
      { ...plainStep, type: 'outlink', target: 'https://partner.example/x' },
      { ...plainStep, type: 'event', url: '/shop/form', category: 'c', action: 'a', name: 'n', value: 1.5 },
      { ...plainStep, type: 'download', target: 'files/a.pdf' },
      { ...plainStep, type: 'search', keyword: 'shoes', category: undefined, results: 3 },
      { ...plainStep, type: 'pageview', url: 'https://other.example/end' },
    );
    expect(visit.hits.map(({ type, page, referrer }) => [type, page.url, referrer].join(' '))).toEqual([
      expect.stringMatching(new RegExp(`^pageview ${site}/landing`)),
      expect.stringMatching(new RegExp(`^outlink ${site}/landing`)),
      `event ${site}/shop/form ${site}/landing`,
      `download ${site}/shop/form ${site}/landing`,
      `search ${site}/shop/form ${site}/landing`,
      `pageview https://other.example/end ${site}/shop/form`,
      `ping https://other.example/end ${site}/shop/form`,
    ]);
    expect(ofType(visit, 'download')[0]?.deed.target).toBe(`${site}/shop/files/a.pdf`);
    expect(ofType(visit, 'event')[0]?.deed.value).toBe(1.5);
  });

  it('has the title of its page in the page list where it says none', () => {
    const [page] = usualTraffic.pages;
    const visit = walkOf(
      { ...plainStep, type: 'pageview', url: page?.url ?? '' },
      { ...plainStep, type: 'pageview', url: '/unlisted' },
    );
    expect(visit.hits.slice(0, 3).map(hit => hit.page.title)).toEqual([
      'Landing',
      page?.title,
      'Funnel (3/3)',
    ]);
  });

  it('that is an order takes what it says and makes up the rest', () => {
    const order = (wish: Partial<Record<'revenue' | 'subtotal' | 'tax' | 'shipping' | 'items', number>>) => {
      const nothing = {
        revenue: undefined,
        subtotal: undefined,
        tax: undefined,
        shipping: undefined,
        items: undefined,
      };
      const visit = walkOf({ ...plainStep, type: 'order', order: { ...nothing, ...wish } });
      return ofType(visit, 'order')[0]?.deed.order;
    };
    expect(order({ revenue: 110, tax: 10, shipping: 20 })).toMatchObject({
      totalCents: 11_000,
      subtotalCents: 8000,
      shippingCents: 2000,
      taxCents: 1000,
    });
    expect(order({ subtotal: 50, shipping: 0, tax: 5 })?.totalCents).toBe(5500);
    expect(order({ revenue: 99.99 })).toMatchObject({ totalCents: 9999 });
    expect(order({ revenue: 0 })).toMatchObject({ totalCents: 0, subtotalCents: 0 });
    expect(order({ items: 4 })?.items.length).toBe(4);
    expect(order({ revenue: 10, subtotal: 1, tax: 1, shipping: 1 })).toMatchObject({
      totalCents: 1000,
      subtotalCents: 100,
    });
  });

  it('that is a cart holds the products viewed, and the order after it those of the cart', () => {
    const view = { ...plainStep, type: 'product_view' as const };
    const none = { sku: undefined, name: undefined, category: undefined, price: undefined };
    const visit = walkOf(
      { ...view, url: '/hat', product: { sku: 'HAT', name: 'Hat', category: 'Hats', price: 20 } },
      { ...view, url: '/any', product: none },
      { ...view, url: '/all', product: { ...none, category: 'Hats' } },
      { ...plainStep, type: 'cart', total: undefined, items: undefined },
      {
        ...plainStep,
        type: 'order',
        order: {
          revenue: undefined,
          subtotal: undefined,
          tax: undefined,
          shipping: undefined,
          items: undefined,
        },
      },
    );
    const [, hat, any, all] = ofType(visit, 'pageview').map(({ product }) => product);
    expect(hat).toEqual({ sku: 'HAT', name: 'Hat', category: 'Hats', priceCents: 2000 });
    expect(all).toEqual({ sku: undefined, name: '', category: 'Hats', priceCents: undefined });
    const cart = ofType(visit, 'cart')[0]?.deed.cart;
    expect(cart?.totalCents).toBe(2000 + (any?.priceCents ?? 0));
    const [order] = ofType(visit, 'order').map(hit => hit.deed.order);
    expect(order?.items).toEqual(cart?.items);
    expect(order?.subtotalCents).toBe(cart?.totalCents);
  });

  it('that is a dimension is told with the hits that follow, or with the visit', () => {
    const visit = walkOf(
      {
        ...plainStep,
        type: 'dimension',
        id: 2,
        value: 'b',
        scope: 'action',
        delaySeconds: { min: 1799, max: 1799 },
      },
      {
        ...plainStep,
        type: 'dimension',
        id: 1,
        value: 'member',
        scope: 'visit',
        delaySeconds: { min: 9, max: 9 },
      },
      { ...plainStep, type: 'goal', goalId: 1, revenue: 2 },
    );
    expect(visit.dimensions).toEqual({ 1: 'member' });
    expect(visit.hits.map(hit => [hit.type, hit.dimensions, hit.atSeconds])).toEqual([
      ['pageview', undefined, 0],
      ['goal', { 2: 'b' }, 1799],
      ['ping', undefined, 1799],
    ]);
    expect(visit.funnel?.steps).toEqual([0, 1, 1, 1]);
  });
});

describe('the counts of funnels', () => {
  it('are those of the visits, whether counted by visit or by hit, added up in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyFunnel, fc.nat(99)), { maxLength: 6 }), rows => {
        const [planned, sent, sum]: FunnelCounts[] = [new Map(), new Map(), new Map()];
        if (planned === undefined || sent === undefined || sum === undefined) return;
        for (const [funnel, index] of rows) {
          const visit = planOf([funnel])(index, 0);
          addPassage(planned, visit);
          for (const hit of visit.hits.keys()) addStepsOfHit(sent, visit, hit);
          const one: FunnelCounts = new Map();
          addPassage(one, visit);
          addFunnelCounts(sum, one);
        }
        expect(sent).toEqual(planned);
        expect(sum).toEqual(planned);
        for (const { began, steps, finished } of planned.values()) {
          expect([steps[0], finished <= began]).toEqual([began, true]);
        }
      }),
    );
  });
});
