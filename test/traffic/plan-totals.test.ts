import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hitParameters, siteParameters } from '../../src/matomo/parameters.ts';
import { visitPlan } from '../../src/traffic/plan.ts';
import { addTotals, addVisit, emptyPlanTotals } from '../../src/traffic/plan-totals.ts';
import type { TrafficSettings } from '../../src/traffic/settings.ts';
import type { Hit, HitType, Visit } from '../../src/traffic/visit.ts';
import { visitSeconds } from '../../src/traffic/visit-seconds.ts';
import { anyRun, anyTarget, usualRun, usualTarget } from './any-traffic.ts';

const site = siteParameters(1, false);
const requestsOf = (visit: Visit) =>
  visit.hits.map((_, at) => new URLSearchParams(hitParameters(site, visit, at)));

/** What a request is to Matomo: an action takes the place of a pageview, and a ping of all. `goal` is any but the shop's. */
function kindOf(request: URLSearchParams): string {
  const kinds: readonly (readonly [string, string])[] = [
    ['ping', 'ping'],
    ['ec_id', 'order'],
    ['ec_items', 'cart'],
    ['idgoal', 'goal'],
    ['c_n', 'content'],
    ['search', 'search'],
    ['download', 'download'],
    ['link', 'outlink'],
    ['e_c', 'event'],
  ];
  return kinds.find(([parameter]) => request.has(parameter))?.[1] ?? 'pageview';
}

/** What the definition of a goal that is found by address says, as the site has it. */
type UrlGoals = readonly { id: number; revenueCents: number; isReached: (url: string) => boolean }[];

function urlGoals({ goals }: TrafficSettings): UrlGoals {
  return goals.flatMap(({ id, revenue, matches }) => {
    if (matches === undefined) return [];
    const { contains, exact, regex, caseSensitive } = matches;
    const isReached = (url: string) => {
      if (regex !== undefined) return new RegExp(regex, caseSensitive ? '' : 'i').test(url);
      if (exact !== undefined) return url === exact;
      const wanted = contains?.toLowerCase() ?? '';
      return url.toLowerCase().includes(wanted) || url.toLowerCase().includes(decodeURIComponent(wanted));
    };
    return [{ id, revenueCents: Math.round((revenue?.min ?? 0) * 100), isReached }];
  });
}

/** Counted slowly from what is sent, by the contract's rules: visits by `cid`, seconds by the hit that arrives last. */
function countRequests(
  requests: readonly URLSearchParams[],
  goals: UrlGoals = [],
  isOfVisit: (dimension: number) => boolean = () => false,
) {
  const counted = emptyPlanTotals();
  const visits = new Map<string | null, URLSearchParams[]>();
  for (const request of requests) {
    const cid = request.get('cid');
    visits.set(cid, [...(visits.get(cid) ?? []), request]);
  }
  const actions = new Set(['pageview', 'event', 'search', 'outlink', 'download']);
  for (const hits of visits.values()) {
    const kinds = hits.map(kindOf);
    const count = (kind: string) => kinds.filter(one => one === kind).length;
    counted.visits += 1;
    counted.visitors += 1;
    counted.hits += hits.length;
    counted.pageviews += count('pageview');
    counted.events += count('event');
    counted.searches += count('search');
    counted.outlinks += count('outlink');
    counted.downloads += count('download');
    counted.pings += count('ping');
    counted.orders += count('order');
    const itsActions = kinds.filter(kind => actions.has(kind)).length;
    counted.actions += itsActions;
    counted.bounces += itsActions <= 1 ? 1 : 0;
    counted.contents += count('content');
    counted.contentInteractions += hits.filter(hit => hit.has('c_i')).length;
    counted.productViews += hits.filter(hit => hit.has('_pks')).length;
    counted.categoryViews += hits.filter(hit => hit.has('_pkc') && !hit.has('_pks')).length;
    counted.timedPageviews += hits.filter(hit => hit.has('pf_srv')).length;
    counted.loggedInVisits += hits.some(hit => hit.has('uid')) ? 1 : 0;
    const [landing] = hits;
    const campaigns = new URL(landing?.get('url') ?? '').searchParams;
    counted.campaignVisits += campaigns.has('mtm_campaign') || campaigns.has('utm_campaign') ? 1 : 0;
    counted.carts += kinds.lastIndexOf('cart') > kinds.lastIndexOf('order') ? 1 : 0;
    const converted = new Set<string>();
    const convert = (id: string, cents: number) => {
      if (!converted.has(id)) counted.goalRevenueCents += cents;
      converted.add(id);
    };
    const reachedBy = (hit: URLSearchParams) =>
      kindOf(hit) === 'pageview' ? goals.filter(({ isReached }) => isReached(hit.get('url') ?? '')) : [];
    for (const hit of hits) {
      const cents = Math.round(Number(hit.get('revenue') ?? 0) * 100);
      if (kindOf(hit) === 'order') counted.revenueCents += cents;
      counted.discountCents += Math.round(Number(hit.get('ec_dt') ?? 0) * 100);
      const values = [...hit.keys()].filter(name => name.startsWith('dimension'));
      const ofVisit = values.filter(name => isOfVisit(Number(name.slice('dimension'.length))));
      counted.visitDimensionValues += ofVisit.length;
      counted.actionDimensionValues += values.length - ofVisit.length;
      if (kindOf(hit) === 'goal') convert(hit.get('idgoal') ?? '', cents);
      for (const { id, revenueCents } of reachedBy(hit)) convert(String(id), revenueCents);
    }
    counted.goalConversions += converted.size;

    const first = Number(hits[0]?.get('cdt'));
    let seconds = 0;
    for (const [at, hit] of hits.entries()) {
      const kind = kindOf(hit);
      const ofGoal = kind === 'goal' ? Number(hit.get('idgoal')) + 2 : Math.min(reachedBy(hit).length, 1);
      const extra = kind === 'order' ? 2 : ofGoal;
      // A visit of one hit has 0; the first hit of a known visitor does not occur here.
      seconds = at === 0 ? 0 : Math.max(0, 1 + Number(hit.get('cdt')) - first) + extra;
    }
    counted.visitSeconds += seconds;
  }
  return counted;
}

describe('the totals of a plan', () => {
  it('always are what the requests say', () => {
    fc.assert(
      fc.property(anyRun, anyTarget, fc.integer({ min: 1, max: 8 }), (run, target, count) => {
        const plan = visitPlan(run, target);
        const visits = Array.from({ length: count }, (_, index) => plan(index, index * 1000));
        const totals = emptyPlanTotals();
        for (const visit of visits) addVisit(totals, visit);
        const { traffic } = target;
        const isOfVisit = (dimension: number) =>
          traffic.dimensions.some(({ id, scope }) => id === dimension && scope === 'visit');
        expect(totals).toEqual(countRequests(visits.flatMap(requestsOf), urlGoals(traffic), isOfVisit));
      }),
    );
  });

  it('are what the requests say of 2,000 everyday visits', () => {
    const plan = visitPlan(usualRun, usualTarget);
    const visits = Array.from({ length: 2000 }, (_, index) => plan(index, index * 4320));
    const totals = emptyPlanTotals();
    for (const visit of visits) addVisit(totals, visit);
    expect(totals).toEqual(countRequests(visits.flatMap(requestsOf)));
    expect(totals.orders).toBeGreaterThan(50);
  });

  it('add up over parts, in any division', () => {
    fc.assert(
      fc.property(anyRun, anyTarget, fc.array(fc.boolean(), { maxLength: 8 }), (run, target, division) => {
        const plan = visitPlan(run, target);
        const [whole, left, right] = [emptyPlanTotals(), emptyPlanTotals(), emptyPlanTotals()];
        for (const [index, isLeft] of division.entries()) {
          addVisit(whole, plan(index, 0));
          addVisit(isLeft ? left : right, plan(index, 0));
        }
        addTotals(left, right);
        expect(left).toEqual(whole);
      }),
    );
  });

  it('count a returning visit as no new visitor', () => {
    const totals = emptyPlanTotals();
    const visit = visitPlan(usualRun, usualTarget)(0, 0);
    addVisit(totals, visit);
    addVisit(totals, { ...visit, returning: true });
    expect(totals).toMatchObject({ visits: 2, visitors: 1, returningVisits: 1 });
  });

  it('begin with nothing', () => {
    expect(new Set(Object.values(emptyPlanTotals()))).toEqual(new Set([0]));
  });
});

describe('the seconds of a visit', () => {
  /** Whole visits with hits of these kinds at these seconds; only kinds and times matter. */
  function visitOf(...hits: (readonly [HitType, number])[]): Visit {
    const example = visitPlan(usualRun, usualTarget)(0, 0);
    return {
      ...example,
      hits: hits.map(
        ([type, atSeconds]) => ({ ...example.hits[0], deed: { type, goalId: 3 }, type, atSeconds }) as Hit,
      ),
    };
  }

  it.each<[string, number, (readonly [HitType, number])[]]>([
    ['nothing for one hit', 0, [['pageview', 0]]],
    [
      'one more than the time between two hits',
      61,
      [
        ['pageview', 0],
        ['pageview', 60],
      ],
    ],
    [
      'one for two hits in a second',
      1,
      [
        ['pageview', 0],
        ['event', 0],
      ],
    ],
    [
      'up to the ping',
      91,
      [
        ['pageview', 0],
        ['pageview', 60],
        ['ping', 90],
      ],
    ],
    [
      'two more for an order that is last',
      63,
      [
        ['pageview', 0],
        ['order', 60],
      ],
    ],
    [
      'the number of the goal and two more for a goal that is last',
      66,
      [
        ['pageview', 0],
        ['goal', 60],
      ],
    ],
    [
      'none more for a goal before a ping',
      61,
      [
        ['pageview', 0],
        ['goal', 50],
        ['ping', 60],
      ],
    ],
    [
      'none more for a cart or content',
      61,
      [
        ['pageview', 0],
        ['content', 30],
        ['cart', 60],
      ],
    ],
    [
      'none more for an order before a ping',
      61,
      [
        ['pageview', 0],
        ['order', 60],
        ['ping', 60],
      ],
    ],
    [
      'none more for a search, an outlink or a download',
      61,
      [
        ['pageview', 0],
        ['search', 20],
        ['outlink', 40],
        ['download', 60],
      ],
    ],
  ])('are %s', (_, seconds, hits) => {
    expect(visitSeconds(visitOf(...hits))).toBe(seconds);
  });

  it('are one more for the last page where a goal knows its address, and none more for one before', () => {
    const { hits, ...visit } = visitOf(['pageview', 0], ['pageview', 30]);
    const reaching = (at: number) =>
      visitSeconds({
        ...visit,
        hits: hits.map((hit, index) =>
          hit.type === 'pageview' && index === at ? { ...hit, urlGoals: [{ id: 7, revenueCents: 0 }] } : hit,
        ),
      });
    expect([reaching(0), reaching(1)]).toEqual([31, 32]);
  });

  it('are what its kind adds for the only hit of a visitor who is known', () => {
    expect(visitSeconds({ ...visitOf(['order', 0]), returning: true })).toBe(2);
    expect(visitSeconds({ ...visitOf(['goal', 0]), returning: true })).toBe(5);
  });
});
