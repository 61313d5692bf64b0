import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hitParameters, siteParameters } from '../../src/matomo/parameters.ts';
import { visitPlan } from '../../src/traffic/plan.ts';
import { addTotals, addVisit, emptyPlanTotals, visitSeconds } from '../../src/traffic/plan-totals.ts';
import type { Hit, HitType, Visit } from '../../src/traffic/visit.ts';
import { anyRun, anyTarget, usualRun, usualTarget } from './any-traffic.ts';

const site = siteParameters(1, false);
const requestsOf = (visit: Visit) =>
  visit.hits.map((_, at) => new URLSearchParams(hitParameters(site, visit, at)));

/** What a request is to Matomo: an action takes the place of a pageview, and a ping of all. */
function kindOf(request: URLSearchParams): string {
  const kinds: readonly (readonly [string, string])[] = [
    ['ping', 'ping'],
    ['ec_id', 'order'],
    ['search', 'search'],
    ['download', 'download'],
    ['link', 'outlink'],
    ['e_c', 'event'],
  ];
  return kinds.find(([parameter]) => request.has(parameter))?.[1] ?? 'pageview';
}

/** Counted slowly from what is sent, by the contract's rules: visits by `cid`, seconds by the hit that arrives last. */
function countRequests(requests: readonly URLSearchParams[]) {
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
    for (const hit of hits) counted.revenueCents += Math.round(Number(hit.get('revenue') ?? 0) * 100);

    const first = Number(hits[0]?.get('cdt'));
    let seconds = 0;
    for (const [at, hit] of hits.entries()) {
      const extra = kindOf(hit) === 'order' ? 2 : 0;
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
        expect(totals).toEqual(countRequests(visits.flatMap(requestsOf)));
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
      hits: hits.map(([type, atSeconds]) => ({ ...example.hits[0], type, atSeconds }) as Hit),
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
});
