import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { hitParameters, siteParameters } from '../../src/matomo/parameters.ts';
import { type RunPlan, type TargetPlan, visitPlan } from '../../src/traffic/plan.ts';
import type { Hit, Visit } from '../../src/traffic/visit.ts';
import { localDate } from '../base/local-time.ts';
import {
  anyIndex,
  anyRun,
  anyStart,
  anyTarget,
  usualRun,
  usualTarget,
  usualTraffic,
} from '../traffic/any-traffic.ts';

const anySiteId = fc.integer({ min: 1, max: 4_294_967_295 });

/** A hit as it is planned and as it is sent. */
interface Sent {
  readonly hit: Hit;
  readonly text: string;
  readonly parameters: URLSearchParams;
}

interface Sending {
  readonly run: RunPlan;
  readonly target: TargetPlan;
  readonly visit: Visit;
  readonly siteId: number;
  readonly withToken: boolean;
}

function send(visit: Visit, siteId: number, withToken: boolean): Sent[] {
  const site = siteParameters(siteId, withToken);
  return visit.hits.map((hit, at) => {
    const text = hitParameters(site, visit, at);
    return { hit, text, parameters: new URLSearchParams(text) };
  });
}

/** Checks a rule on all hits of visits of any run, settings and index. */
function always(rule: (sent: readonly Sent[], sending: Sending) => void) {
  fc.assert(
    fc.property(
      fc.record({ run: anyRun, target: anyTarget, index: anyIndex, startMs: anyStart }),
      anySiteId,
      fc.boolean(),
      ({ run, target, index, startMs }, siteId, withToken) => {
        const visit = visitPlan(run, target)(index, startMs);
        rule(send(visit, siteId, withToken), { run, target, visit, siteId, withToken });
      },
    ),
    // A visit has up to 106 hits.
    { numRuns: 40 },
  );
}

/** Checks a rule on each hit. */
function alwaysEach(rule: (sent: Sent, sending: Sending) => void) {
  always((all, sending) => {
    for (const sent of all) rule(sent, sending);
  });
}

const number = (parameters: URLSearchParams, name: string) => Number(parameters.get(name) ?? Number.NaN);

describe('every hit', () => {
  it('carries site, rec=1, the cid of 16 hex digits and the cdt in whole seconds', () => {
    alwaysEach(({ parameters }, { visit, siteId }) => {
      expect(parameters.get('idsite')).toBe(String(siteId));
      expect(parameters.get('rec')).toBe('1');
      expect(parameters.get('cid')).toBe(visit.visitorId);
      expect(parameters.get('cid')).toMatch(/^[0-9a-f]{16}$/);
      expect(parameters.get('cdt')).toMatch(/^\d{10}$/);
    });
  });

  it('carries the visitor’s agent, client hints, language and screen', () => {
    alwaysEach(({ parameters }, { visit: { visitor } }) => {
      expect(parameters.get('ua')).toBe(visitor.userAgent);
      expect(parameters.get('uadata')).toBe(visitor.clientHints === '' ? null : visitor.clientHints);
      expect(parameters.get('lang')).toBe(visitor.language);
      expect(parameters.get('res')).toBe(visitor.resolution);
      expect(visitor.resolution.length).toBeLessThanOrEqual(9);
    });
  });

  it('carries the user id of a visitor who is logged in, of whose visitor id Matomo makes it', () => {
    alwaysEach(({ parameters }, { visit: { userId } }) => expect(parameters.get('uid')).toBe(userId ?? null));
  });

  it('carries the page it happens on and six hex digits of its view', () => {
    alwaysEach(({ hit, parameters }) => {
      expect(parameters.get('url')).toBe(hit.page.url);
      expect(parameters.get('pv_id')).toBe(hit.pageviewId);
      expect(parameters.get('pv_id')).toMatch(/^[0-9a-f]{6}$/);
    });
  });

  it('never carries the token', () => {
    alwaysEach(({ parameters }) => expect(parameters.has('token_auth')).toBe(false));
  });

  it('never carries a place without a token, and always the visitor’s with one', () => {
    alwaysEach(({ parameters }, { visit: { visitor }, withToken }) => {
      for (const name of ['region', 'city', 'lat', 'long']) expect(parameters.has(name)).toBe(false);
      const place = withToken ? [visitor.ip ?? null, visitor.country ?? null] : [null, null];
      expect([parameters.get('cip'), parameters.get('country')]).toEqual(place);
    });
  });

  it('never names a parameter twice, nor one that is empty but a title', () => {
    alwaysEach(({ parameters }) => {
      const names = [...parameters.keys()];
      expect(new Set(names).size).toBe(names.length);
      const empty = names.filter(name => parameters.get(name) === '');
      expect(empty.filter(name => name !== 'action_name')).toEqual([]);
    });
  });

  it('never carries a parameter that is not on this list', () => {
    // Such as send_image=0, after which a bulk is not counted, or bots=1, which would hide a mistake.
    const known =
      'idsite rec apiv cid new_visit ua uadata lang res h m s cdt cip country url pv_id urlref action_name ' +
      'e_c e_a e_n e_v search search_count search_cat link download ' +
      'idgoal ec_id revenue ec_st ec_tx ec_sh ec_dt ec_items _pks _pkn _pkc _pkp ' +
      'c_n c_p c_t c_i uid pf_net pf_srv pf_tfr pf_dm1 pf_dm2 pf_onl ping';
    alwaysEach(({ parameters }) => {
      const names = new Set(known.split(' '));
      const others = [...parameters.keys()].filter(name => !names.has(name));
      expect(others.filter(name => !/^dimension[1-9]\d*$/.test(name))).toEqual([]);
    });
  });

  it('is always plain ASCII that neither a URL nor JSON has to escape', () => {
    alwaysEach(({ text }) => {
      expect(text).toMatch(/^[\w%&=.!~*'()-]+$/);
      expect(JSON.stringify(text)).toBe(`"${text}"`);
    });
  });

  it('tells the visitor’s local time at its date', () => {
    alwaysEach(({ parameters }, { visit: { visitor } }) => {
      const local = new Date((number(parameters, 'cdt') + visitor.utcOffsetMinutes * 60) * 1000);
      expect([number(parameters, 'h'), number(parameters, 'm'), number(parameters, 's')]).toEqual([
        local.getUTCHours(),
        local.getUTCMinutes(),
        local.getUTCSeconds(),
      ]);
    });
  });
});

describe('the hits of a visit', () => {
  it('have a cdt that never decreases, with less than 30 min between two', () => {
    always(sent => {
      for (const [at, { parameters }] of sent.entries()) {
        const before = sent[at - 1];
        if (before === undefined) continue;
        const gap = number(parameters, 'cdt') - number(before.parameters, 'cdt');
        expect(gap >= 0 && gap < 1800).toBe(true);
      }
    });
  });

  it('are never dated later than 5 s before they are planned to be sent', () => {
    alwaysEach(({ hit, parameters }, { run, target: { dating }, visit }) => {
      const startMs = run.startEpochMs + (visit.startMs ?? 0);
      const sentMs = dating.clock === 'compressed' ? startMs : startMs + hit.sendMs;
      const latest = sentMs / 1000 - 5 - dating.serverLagSeconds;
      expect(number(parameters, 'cdt')).toBeLessThanOrEqual(latest);
    });
  });

  it('are never on two days of a zone to keep clear of', () => {
    always((sent, { target: { dating } }) => {
      for (const { name } of dating.zones) {
        const days = sent.map(({ parameters }) => localDate(name, number(parameters, 'cdt')));
        expect(new Set(days).size).toBe(1);
      }
    });
  });

  it('ask for a new visit with the first and with no other', () => {
    always(sent => {
      const asked = sent.map(({ parameters }) => parameters.get('new_visit'));
      expect(asked).toEqual(['1', ...new Array(sent.length - 1).fill(null)]);
    });
  });

  it('have one visitor, one agent and one place', () => {
    always(sent => {
      for (const name of ['cid', 'ua', 'uadata', 'lang', 'res', 'cip', 'country']) {
        expect(new Set(sent.map(({ parameters }) => parameters.get(name))).size).toBe(1);
      }
    });
  });

  it('begin with a pageview that names the source, or nothing where there is none', () => {
    always(([first]) => {
      expect(kindsOf(first?.parameters)).toEqual(['action_name']);
      expect(first?.parameters.get('urlref')).toBe(first?.hit.referrer === '' ? null : first?.hit.referrer);
    });
  });

  it('name the page before as the referrer of every later page', () => {
    always(sent => {
      const pageviews = sent.filter(({ parameters }) => parameters.has('action_name'));
      for (const [at, { parameters }] of pageviews.entries()) {
        const before = pageviews[at - 1]?.parameters.get('url');
        // The landing page as such: what its campaign added is not told again.
        const page = before?.replace(/[?&](mtm|utm)_campaign=[^#]*/, '');
        if (at > 0) expect(parameters.get('urlref')).toBe(page);
      }
    });
  });
});

/** What makes a hit what it is. Each hit has the parameters of one kind. */
const kinds = ['action_name', 'e_c', 'search', 'link', 'download', 'idgoal', 'c_n', 'ping'];
const kindsOf = (parameters: URLSearchParams | undefined) => kinds.filter(kind => parameters?.has(kind));

describe('a hit of each kind', () => {
  it('is of one kind only', () => {
    alwaysEach(({ parameters }) => expect(kindsOf(parameters)).toHaveLength(1));
  });

  it('is a pageview with its title', () => {
    ofType('pageview', (hit, parameters) => expect(parameters.get('action_name')).toBe(hit.page.title));
  });

  it('is an event with category and action, without which Matomo records a pageview', () => {
    ofType('event', (hit, parameters) => {
      expect(parameters.get('e_c')).toBe(hit.deed.category);
      expect(parameters.get('e_a')).toBe(hit.deed.action);
      expect(parameters.get('e_n')).toBe(hit.deed.name);
      expect(parameters.get('e_v')).toBe(hit.deed.value === undefined ? null : String(hit.deed.value));
      expect(hit.deed.category.trim()).not.toBe('');
      expect(hit.deed.action.trim()).not.toBe('');
    });
  });

  it('is a search with its count, and a category where it has one', () => {
    ofType('search', (hit, parameters) => {
      expect(parameters.get('search')).toBe(hit.deed.keyword);
      expect(parameters.get('search_count')).toBe(String(hit.deed.results));
      expect(parameters.get('search_cat')).toBe(hit.deed.category ?? null);
    });
  });

  it('is an outlink or a download of an absolute URL', () => {
    ofType('outlink', (hit, parameters) => expect(parameters.get('link')).toBe(hit.deed.target));
    ofType('download', (hit, parameters) => expect(parameters.get('download')).toBe(hit.deed.target));
    ofType('download', hit => expect(URL.canParse(hit.deed.target)).toBe(true));
  });

  it('is an order whose amounts add up and whose items are its subtotal', () => {
    ofType('order', (hit, parameters) => {
      const cents = (name: string) => Math.round(number(parameters, name) * 100);
      expect(parameters.get('idgoal')).toBe('0');
      expect(parameters.get('ec_id')).toBe(hit.deed.order.id);
      for (const name of ['revenue', 'ec_st', 'ec_tx', 'ec_sh', 'ec_dt'])
        expect(parameters.get(name)).toMatch(/^\d+\.\d\d$/);
      expect(cents('revenue')).toBe(hit.deed.order.totalCents);
      expect(cents('ec_st') + cents('ec_tx') + cents('ec_sh') - cents('ec_dt')).toBe(cents('revenue'));

      const items: unknown = JSON.parse(parameters.get('ec_items') ?? '');
      expect(items).toEqual(
        hit.deed.order.items.map(({ product, priceCents, quantity }) => [
          product.sku,
          product.name,
          product.category,
          priceCents / 100,
          quantity,
        ]),
      );
      const prices = hit.deed.order.items.map(({ priceCents, quantity }) => priceCents * quantity);
      expect(prices.reduce((sum, price) => sum + price, 0)).toBe(cents('ec_st'));
    });
  });

  it('is a cart whose items are its total, and which has no order id', () => {
    ofType('cart', (hit, parameters) => {
      expect(parameters.get('idgoal')).toBe('0');
      expect(parameters.has('ec_id')).toBe(false);
      const items = z.array(z.tuple([z.string(), z.string(), z.string(), z.number(), z.number()]));
      const rows = items.parse(JSON.parse(parameters.get('ec_items') ?? ''));
      expect(rows).toHaveLength(hit.deed.cart.items.length);
      const total = rows.reduce(
        (sum, [, , , price, quantity]) => sum + Math.round(price * 100) * quantity,
        0,
      );
      expect(Math.round(number(parameters, 'revenue') * 100)).toBe(total);
    });
  });

  it('is a goal by its id, with what it brings', () => {
    ofType('goal', (hit, parameters) => {
      expect(parameters.get('idgoal')).toBe(String(hit.deed.goalId));
      expect(hit.deed.goalId).toBeGreaterThan(0);
      expect(parameters.get('revenue')).toBe(
        hit.deed.revenueCents === undefined ? null : (hit.deed.revenueCents / 100).toFixed(2),
      );
      expect(parameters.has('ec_id')).toBe(false);
    });
  });

  it('is a block of content that was seen, or seen and clicked, and leads to an absolute URL', () => {
    ofType('content', (hit, parameters) => {
      expect(parameters.get('c_n')).toBe(hit.deed.name);
      expect(parameters.get('c_p')).toBe(hit.deed.piece);
      expect(URL.canParse(parameters.get('c_t') ?? '')).toBe(true);
      expect(parameters.get('c_i')).toBe(hit.deed.interaction ?? null);
    });
  });

  it('is a view of a product or a category, where the page shows one', () => {
    const seen = new Set<boolean>();
    ofType('pageview', ({ product }, parameters) => {
      expect(parameters.get('_pks')).toBe(product?.sku ?? null);
      expect(parameters.get('_pkc')).toBe(product?.category ?? null);
      expect(parameters.has('_pkp')).toBe(product?.sku !== undefined);
      if (product !== undefined) seen.add(product.sku !== undefined);
    });
    expect(seen).toEqual(new Set([true, false]));
  });

  it('tells as whole milliseconds how long its page took, as far as Matomo can keep them', () => {
    ofType('pageview', (_, parameters) => {
      for (const name of ['pf_net', 'pf_srv', 'pf_tfr', 'pf_dm1', 'pf_dm2', 'pf_onl']) {
        expect(parameters.get(name)).toMatch(/^[1-9]\d*$/);
        expect(number(parameters, name)).toBeLessThanOrEqual(16_777_215);
      }
    });
  });

  it('names the values of the custom dimensions: of the page’s with it, of the visit’s with the first hit', () => {
    ofType('pageview', (_, parameters) => expect(parameters.get('dimension2')).toBe('guide'));
    always(sent => {
      for (const [at, { hit, parameters }] of sent.entries()) {
        const named = [...parameters.keys()].filter(name => name.startsWith('dimension'));
        if (at > 0 && hit.type !== 'pageview') expect(named).toEqual([]);
        for (const name of named) expect(parameters.get(name)?.length).toBeLessThanOrEqual(250);
      }
    });
  });

  it('is a ping that says only that the page is open', () => {
    ofType('ping', (_, parameters) => expect(parameters.get('ping')).toBe('1'));
  });
});

/** Checks a rule on hits of one type, of visits that have all of them. */
function ofType<T extends Hit['type']>(
  type: T,
  rule: (hit: Extract<Hit, { type: T }>, parameters: URLSearchParams) => void,
) {
  const traffic = {
    ...usualTraffic,
    searchProbability: 1,
    outlinkProbability: 1,
    downloadProbability: 1,
    clickEventProbability: 1,
    behaviourEventProbability: 1,
    contentProbability: 1,
    contentInteractionProbability: 0.5,
    goals: [{ id: 3, probability: 1, revenue: { min: 1, max: 9.99 } }],
    dimensions: [
      { id: 1, scope: 'visit' as const, probability: 1, values: [{ value: 'member', weight: 1 }] },
      { id: 2, scope: 'action' as const, probability: 1, values: [{ value: 'guide', weight: 1 }] },
    ],
    pageTimings: { probability: 1, scale: 1 },
    ecommerce: {
      ...usualTraffic.ecommerce,
      probability: 1,
      productViewProbability: 1,
      cartProbability: 1,
      discountProbability: 1,
    },
  };
  const isOfType = (hit: Hit): hit is Extract<Hit, { type: T }> => hit.type === type;
  fc.assert(
    fc.property(anyIndex, index => {
      const visit = visitPlan(usualRun, { ...usualTarget, traffic })(index, 0);
      const sent = send(visit, 1, false).filter(({ hit }) => isOfType(hit));
      expect(sent.length).toBeGreaterThan(0);
      for (const { hit, parameters } of sent) if (isOfType(hit)) rule(hit, parameters);
    }),
    { numRuns: 50 },
  );
}
