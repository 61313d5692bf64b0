import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { campaigns } from '../../src/data/campaigns.ts';
import { runIdentity } from '../../src/traffic/identity.ts';
import { visitPlan } from '../../src/traffic/plan.ts';
import type { EcommerceSettings, TrafficSettings } from '../../src/traffic/settings.ts';
import type { Hit, Visit } from '../../src/traffic/visit.ts';
import { chiSquare, worstBy } from '../base/chi-square.ts';
import { fullEcommerce, fullTraffic } from '../support/plain-traffic.ts';
import { anyIndex, anyRun, anyTarget, usualRun, usualTarget, usualTraffic } from './any-traffic.ts';

/** Visits of everyday traffic with something switched on. */
function visitsWith(
  more: Partial<TrafficSettings>,
  ecommerce: Partial<EcommerceSettings> = {},
  count = 4000,
): Visit[] {
  const traffic = { ...usualTraffic, ...more, ecommerce: { ...usualTraffic.ecommerce, ...ecommerce } };
  const plan = visitPlan(usualRun, { ...usualTarget, traffic });
  return Array.from({ length: count }, (_, index) => plan(index, 0));
}

/** Whether so many of all are what a probability says. */
function isShare(seen: number, all: number, probability: number): boolean {
  return chiSquare([seen, all - seen], [probability, 1 - probability]) < worstBy[1];
}

const share = (visits: readonly Visit[], is: (visit: Visit) => boolean) => visits.filter(is).length;
const has = (type: Hit['type']) => (visit: Visit) => visit.hits.some(hit => hit.type === type);
const pageviewsOf = ({ hits }: Visit) => hits.flatMap(hit => (hit.type === 'pageview' ? [hit] : []));

describe('what is switched on', () => {
  it('changes nothing else of a visit', () => {
    const plain = visitsWith({}, {}, 200);
    const withMore = visitsWith(
      {
        campaignProbability: 0.5,
        campaigns,
        pageTimings: { probability: 1, scale: 1 },
        dimensions: fullTraffic.dimensions,
      },
      {},
      200,
    );
    for (const [at, visit] of withMore.entries()) {
      const before = plain[at];
      expect(visit.visitor).toEqual(before?.visitor);
      expect(visit.firstEpochSeconds).toBe(before?.firstEpochSeconds);
      const outline = ({ hits }: Visit) =>
        hits.map(({ type, atSeconds, sendMs, pageviewId }) => ({ type, atSeconds, sendMs, pageviewId }));
      expect(outline(visit)).toEqual(before && outline(before));
    }
  });
});

describe('campaigns', () => {
  const linked = /[?&](mtm|utm)_campaign=/;
  const byCampaign = ({ hits }: Visit) => linked.test(hits[0]?.page.url ?? '');

  it('bring as many visits as configured, with the referrer of the campaign', () => {
    const visits = visitsWith({ campaignProbability: 0.25, campaigns });
    const brought = visits.filter(byCampaign);
    expect(isShare(brought.length, visits.length, 0.25)).toBe(true);
    const referrers = new Set<string>(
      campaigns.map(campaign => ('referrer' in campaign ? campaign.referrer : '')),
    );
    for (const { hits } of brought) expect(referrers.has(hits[0]?.referrer ?? 'none')).toBe(true);
    const others = visits.filter(visit => !byCampaign(visit));
    const direct = share(others, ({ hits }) => hits[0]?.referrer === '');
    expect(isShare(direct, others.length, usualTraffic.directProbability)).toBe(true);
  });

  it('are told on the first pageview and nowhere else, once, before the fragment', () => {
    fc.assert(
      fc.property(anyRun, anyTarget, anyIndex, (run, target, index) => {
        const { hits } = visitPlan(run, target)(index, 0);
        for (const [at, { page, referrer }] of hits.entries()) {
          expect(linked.test(referrer)).toBe(false);
          if (at > 0) expect(linked.test(page.url)).toBe(false);
        }
        const landing = new URL(hits[0]?.page.url ?? '');
        const names = [...landing.searchParams.keys()].filter(name => /_campaign$/.test(name));
        expect(names.length).toBeLessThanOrEqual(1);
        expect(landing.hash).not.toContain('campaign');
      }),
    );
  });

  it('tell source, medium, content and keyword in the words of their style', () => {
    const campaign = {
      name: 'a & b',
      source: 's',
      medium: 'm',
      content: 'c',
      keyword: 'k w',
      weight: 1,
    } as const;
    const landing = (style: 'mtm' | 'utm') => {
      const [visit] = visitsWith({ campaignProbability: 1, campaigns: [{ ...campaign, style }] }, {}, 1);
      return Object.fromEntries(new URL(visit?.hits[0]?.page.url ?? '').searchParams);
    };
    expect(landing('mtm')).toEqual({
      mtm_campaign: 'a & b',
      mtm_source: 's',
      mtm_medium: 'm',
      mtm_content: 'c',
      mtm_kwd: 'k w',
    });
    expect(landing('utm')).toEqual({
      utm_campaign: 'a & b',
      utm_source: 's',
      utm_medium: 'm',
      utm_content: 'c',
      utm_term: 'k w',
    });
  });
});

describe('visitors who are logged in', () => {
  const visits = visitsWith({ loggedInProbability: 0.5 });
  const loggedIn = visits.filter(({ userId }) => userId !== undefined);

  it('are as many as configured, but never the first, who is asked for', () => {
    expect(isShare(loggedIn.length, visits.length, 0.5)).toBe(true);
    const [first, second] = visitsWith({ loggedInProbability: 1 }, {}, 2);
    expect([first?.userId, second?.userId]).toEqual([undefined, expect.any(String)]);
  });

  it('have a user id of their own that carries the whole run id, and the visitor id Matomo makes of it', () => {
    expect(new Set(loggedIn.map(({ userId }) => userId)).size).toBe(loggedIn.length);
    for (const { userId = '', visitorId } of loggedIn) {
      expect(userId).toContain(usualRun.identity.runId);
      expect(userId.length).toBeLessThanOrEqual(200);
      expect(visitorId).toBe(createHash('sha1').update(userId).digest('hex').slice(0, 16));
    }
  });

  it('have another user id in another run', () => {
    const identity = runIdentity(usualRun.identity.runId, usualRun.startEpochMs + 1);
    const target = { ...usualTarget, traffic: { ...usualTraffic, loggedInProbability: 1 } };
    const other = visitPlan({ ...usualRun, identity }, target)(7, 0);
    expect(other.userId).not.toBe(visitPlan(usualRun, target)(7, 0).userId);
  });

  it('never have the languages of one who is not, as far as Matomo looks at them', () => {
    const seen = (of: readonly Visit[]) => new Set(of.map(({ visitor }) => visitor.language.slice(0, 20)));
    const members = seen(visitsWith({ loggedInProbability: 1 }, {}, 8000).slice(1));
    const others = seen(visitsWith({}, {}, 8000));
    expect(members.size).toBeGreaterThan(60);
    expect([...members].filter(language => others.has(language))).toEqual([]);
    const first = (language: string) => language.split(',')[0];
    expect(new Set([...members].map(first))).toEqual(new Set([...others].map(first)));
  });
});

describe('a shopping trip', () => {
  const visits = visitsWith({}, { ...fullEcommerce, probability: 0.3 });

  it('leaves as many carts behind as configured, among visits without an order', () => {
    const without = visits.filter(visit => !has('order')(visit));
    expect(isShare(share(without, has('cart')), without.length, fullEcommerce.abandonedCartProbability)).toBe(
      true,
    );
    const ordering = visits.filter(has('order'));
    expect(isShare(share(ordering, has('cart')), ordering.length, fullEcommerce.cartProbability)).toBe(true);
  });

  it('has the discount as often as configured, with totals that add up', () => {
    const made = visits.flatMap(({ hits }) =>
      hits.flatMap(hit => (hit.type === 'order' ? [hit.deed.order] : [])),
    );
    const reduced = made.filter(({ discountCents }) => discountCents > 0);
    expect(isShare(reduced.length, made.length, fullEcommerce.discountProbability)).toBe(true);
    for (const { items, subtotalCents, discountCents, taxCents, shippingCents, totalCents } of made) {
      expect(items.reduce((sum, { priceCents, quantity }) => sum + priceCents * quantity, 0)).toBe(
        subtotalCents,
      );
      expect(subtotalCents - discountCents + taxCents + shippingCents).toBe(totalCents);
      expect(discountCents / subtotalCents).toBeLessThan(0.26);
    }
  });

  it('ends with the cart that is ordered, where there is one before the order', () => {
    for (const { hits } of visits) {
      const order = hits.findIndex(({ type }) => type === 'order');
      const cart = hits.findLast(hit => hit.type === 'cart');
      if (order < 0 || cart?.type !== 'cart') continue;
      expect(hits.indexOf(cart)).toBeLessThan(order);
      const hit = hits[order];
      if (hit?.type === 'order') expect(cart.deed.cart.items).toEqual(hit.deed.order.items);
    }
  });

  it('looks at the products before they are in the cart, and at a page of theirs where there is one', () => {
    let onOwnPage = 0;
    for (const visit of visits) {
      const seen = new Set<string>();
      for (const hit of visit.hits) {
        if (hit.type === 'pageview' && hit.product?.sku !== undefined) {
          seen.add(hit.product.sku);
          if (hit.page.title.startsWith(hit.product.name)) onOwnPage++;
        }
      }
      const bought = visit.hits.find(hit => hit.type === 'order' || hit.type === 'cart');
      if (bought !== undefined) expect(seen.size).toBeGreaterThan(0);
    }
    expect(onOwnPage).toBeGreaterThan(100);
  });

  it('never sends a cart that is empty or names a product twice', () => {
    fc.assert(
      fc.property(anyRun, anyTarget, anyIndex, (run, target, index) => {
        for (const hit of visitPlan(run, target)(index, 0).hits) {
          if (hit.type !== 'cart') continue;
          const skus = hit.deed.cart.items.map(({ product }) => product.sku);
          expect(skus.length).toBeGreaterThan(0);
          expect(new Set(skus).size).toBe(skus.length);
        }
      }),
    );
  });
});

describe('goals, contents and dimensions', () => {
  const visits = visitsWith({ ...fullTraffic, bounceProbability: 0, shape: 'flat' });

  it('are told by id as often as configured, at most once a visit', () => {
    for (const id of [1, 4]) {
      const told = (visit: Visit) =>
        visit.hits.filter(hit => hit.type === 'goal' && hit.deed.goalId === id).length;
      expect(
        isShare(
          share(visits, visit => told(visit) === 1),
          visits.length,
          0.2,
        ),
      ).toBe(true);
      expect(share(visits, visit => told(visit) > 1)).toBe(0);
    }
  });

  it('know the goals that the address of a page reaches, the landing page’s as it is linked', () => {
    for (const pageview of visits.flatMap(pageviewsOf)) {
      const { url } = pageview.page;
      const reached = [
        ...(url.includes('/audio/') ? [2] : []),
        ...(url.includes('utm_campaign=autumn') ? [3] : []),
      ];
      expect(pageview.urlGoals?.map(({ id }) => id) ?? []).toEqual(reached);
    }
  });

  it('see content as often as configured, and click no block they have not seen', () => {
    expect(isShare(share(visits, has('content')), visits.length, fullTraffic.contentProbability)).toBe(true);
    for (const { hits } of visits) {
      const seen = new Set<string>();
      for (const hit of hits) {
        if (hit.type !== 'content') continue;
        const block = `${hit.pageviewId} ${hit.deed.name} ${hit.deed.piece} ${hit.deed.target}`;
        if (hit.deed.interaction === undefined) seen.add(block);
        else expect(seen.has(block)).toBe(true);
      }
    }
  });

  it('have a value of a dimension as often as configured, by weight', () => {
    const values = visits.map(({ dimensions }) => dimensions?.[1]);
    const members = values.filter(value => value === 'member').length;
    const guests = values.filter(value => value === 'guest & co.').length;
    expect(chiSquare([members, guests, values.length - members - guests], [0.175, 0.525, 0.3])).toBeLessThan(
      worstBy[2],
    );
    const pageviews = visits.flatMap(pageviewsOf);
    const guides = pageviews.filter(({ dimensions }) => dimensions?.[2] === 'guide').length;
    expect(isShare(guides, pageviews.length, 0.5)).toBe(true);
  });
});

describe('the time a page takes', () => {
  const visits = visitsWith({ pageTimings: { probability: 1, scale: 1 } });
  const median = (numbers: readonly number[]) =>
    [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
  const whole = (visit: Visit) =>
    pageviewsOf(visit).map(({ timings }) => Object.values(timings ?? {}).reduce((sum, ms) => sum + ms, 0));

  it('is longer on phones, and mostly near its median with a long tail', () => {
    const on = (type: string) => visits.filter(({ visitor }) => visitor.deviceType === type).flatMap(whole);
    const [desktop, phone] = [on('desktop'), on('smartphone')];
    expect(median(desktop)).toBeGreaterThan(700);
    expect(median(desktop)).toBeLessThan(1300);
    expect(median(phone)).toBeGreaterThan(median(desktop) * 1.4);
    expect(Math.max(...desktop)).toBeGreaterThan(median(desktop) * 3);
  });

  it('grows with its scale', () => {
    const slow = visitsWith({ pageTimings: { probability: 1, scale: 4 } }, {}, 500).flatMap(whole);
    expect(median(slow)).toBeGreaterThan(median(visits.flatMap(whole)) * 3);
  });
});

describe('the shape "long-tail"', () => {
  const bounds = { pageviews: { min: 2, max: 20 }, visitMinutes: { min: 0.5, max: 30 } };
  const visits = visitsWith({ ...bounds, shape: 'long-tail', bounceProbability: 0.4 });
  const pages = visits.map(visit => pageviewsOf(visit).length);

  it('has as many bounces as configured, and nothing else of a single page', () => {
    expect(isShare(pages.filter(count => count === 1).length, pages.length, 0.4)).toBe(true);
    const few = visitsWith({ pageviews: { min: 1, max: 3 }, bounceProbability: 0.4 });
    expect(
      isShare(
        share(few, ({ hits }) => hits.length === 1),
        few.length,
        0.4,
      ),
    ).toBe(true);
  });

  it('keeps to the bounds, with most visits short and a few long', () => {
    const longer = pages.filter(count => count > 1).sort((a, b) => a - b);
    expect(longer[0]).toBe(2);
    expect(longer.at(-1)).toBeGreaterThan(17);
    expect(longer.at(-1)).toBeLessThanOrEqual(20);
    expect(longer[Math.floor(longer.length / 2)]).toBeLessThan(8);
    const seconds = visits.map(({ hits }) => hits.at(-1)?.atSeconds ?? 0).filter(length => length > 0);
    expect(Math.max(...seconds)).toBeLessThanOrEqual(1800);
    expect(Math.max(...seconds)).toBeGreaterThan(1500);
    expect(seconds.filter(length => length < 600).length).toBeGreaterThan(seconds.length / 2);
  });
});
