import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runIdentity, visitorId, visitorIdOfUser } from '../../src/traffic/identity.ts';
import type { Page } from '../../src/traffic/pages.ts';
import { type RunPlan, type TargetPlan, visitPlan } from '../../src/traffic/plan.ts';
import type { Visit } from '../../src/traffic/visit.ts';
import {
  anyIndex,
  anyRun,
  anyStart,
  anyTarget,
  dating,
  usualRun,
  usualTarget,
  usualTraffic,
} from './any-traffic.ts';

/** Checks a rule on visits of any run, settings and index. */
function always(rule: (visit: Visit, run: RunPlan, target: TargetPlan) => void) {
  fc.assert(
    fc.property(anyRun, anyTarget, anyIndex, anyStart, (run, target, index, startMs) => {
      rule(visitPlan(run, target)(index, startMs), run, target);
    }),
  );
}

/** A campaign's link leads to the page with a query more. */
function withoutCampaign({ url, title }: Page): Page {
  return { url: url.replace(/[?&](mtm|utm)_campaign=[^#]*/, ''), title };
}

const hitsAfterFirst = ({ hits }: Visit) =>
  hits.slice(1).map((hit, at) => ({ hit, before: hits[at] ?? hit }));

describe('a planned visit', () => {
  it('is always deeply equal for the same seed, index, run id and start', () => {
    fc.assert(
      fc.property(anyRun, anyTarget, anyIndex, anyStart, (run, target, index, startMs) => {
        const again = { ...run, identity: runIdentity(run.identity.runId, run.startEpochMs) };
        const visit = visitPlan(again, target)(index, startMs);
        expect(visit).toEqual(visitPlan(run, target)(index, startMs));
        expect(JSON.stringify(visit)).toBe(JSON.stringify(visitPlan(run, target)(index, startMs)));
      }),
    );
  });

  it('never depends on which visits were asked for before it', () => {
    const indices = Array.from({ length: 12 }, (_, index) => index);
    const inOrder = visitPlan(usualRun, usualTarget);
    const expected = indices.map(index => inOrder(index, index * 100));
    fc.assert(
      fc.property(fc.shuffledSubarray(indices), fc.shuffledSubarray(indices), (some, others) => {
        const plan = visitPlan(usualRun, usualTarget);
        for (const index of [...some, ...others]) expect(plan(index, index * 100)).toEqual(expected[index]);
      }),
      { numRuns: 50 },
    );
  });

  it('is another with another seed', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (seed, other) => {
        fc.pre(seed !== other);
        const visits = (of: number) => {
          const plan = visitPlan({ ...usualRun, seed: of }, usualTarget);
          return [0, 1, 2].map(index => plan(index, 0));
        };
        expect(visits(seed)).not.toEqual(visits(other));
      }),
    );
  });

  it('is another with another index', () => {
    fc.assert(
      fc.property(anyIndex, anyIndex, (index, other) => {
        fc.pre(index !== other);
        const plan = visitPlan(usualRun, usualTarget);
        const { visitorId: _, index: __, ...visit } = plan(index, 0);
        expect(plan(other, 0)).not.toMatchObject(visit);
      }),
    );
  });

  it('has a visitor drawn for it alone', () => {
    const plan = visitPlan(usualRun, usualTarget);
    const visitors = Array.from({ length: 500 }, (_, index) => plan(index, 0).visitor);
    expect(new Set(visitors.map(({ ip }) => ip)).size).toBeGreaterThan(490);
    expect(new Set(visitors.map(({ userAgent }) => userAgent)).size).toBeGreaterThan(50);
    expect(new Set(visitors.map(({ country }) => country)).size).toBeGreaterThan(20);
  });

  it('takes from the run’s identity its ids and nothing else', () => {
    fc.assert(
      fc.property(anyRun, anyTarget, anyIndex, anyStart, (run, target, index, startMs) => {
        const other = { ...run, identity: runIdentity('another', run.startEpochMs) };
        const withoutIds = (visit: Visit) => ({
          ...visit,
          visitorId: '',
          userId: visit.userId === undefined ? undefined : '',
          hits: visit.hits.map(hit =>
            hit.type === 'order'
              ? { ...hit, deed: { ...hit.deed, order: { ...hit.deed.order, id: '' } } }
              : hit,
          ),
        });
        const plans = [run, other].map(its => withoutIds(visitPlan(its, target)(index, startMs)));
        expect(plans[1]).toEqual(plans[0]);
      }),
    );
  });

  it('takes from its start its date and nothing else', () => {
    fc.assert(
      fc.property(anyRun, anyTarget, anyIndex, anyStart, anyStart, (run, target, index, start, later) => {
        const plan = visitPlan(run, target);
        const { startMs, firstEpochSeconds, ...visit } = plan(index, later);
        expect(startMs).toBe(later);
        expect(plan(index, start)).toMatchObject(visit);
      }),
    );
  });

  it('takes from the setting for countries its visitor’s place and nothing else', () => {
    fc.assert(
      fc.property(anyRun, anyIndex, (run, index) => {
        const [placed, unplaced] = [true, false].map(randomizeCountries =>
          visitPlan(run, { ...usualTarget, traffic: { ...usualTraffic, randomizeCountries } })(index, 0),
        );
        expect(unplaced?.visitor.ip).toBeUndefined();
        expect(unplaced?.visitor.country).toBeUndefined();
        expect({ ...unplaced, visitor: placed?.visitor }).toEqual(placed);
      }),
    );
  });

  it('has a visitor of its own, who was not there before', () => {
    always((visit, run) => {
      const { userId, index } = visit;
      const own = visitorId(run.identity.tag, index);
      expect(visit.visitorId).toBe(userId === undefined ? own : visitorIdOfUser(userId));
      expect(visit.returning).toBe(false);
      expect(visit.visitNumber).toBe(1);
    });
  });

  it('has an order id that is new for ever: the whole run id, the start, the index, at most 100 characters', () => {
    always((visit, run) => {
      for (const hit of visit.hits) {
        if (hit.type !== 'order') continue;
        expect(hit.deed.order.id).toBe(`${run.identity.orderPrefix}-${visit.index}`);
        expect(hit.deed.order.id.startsWith(run.identity.runId)).toBe(true);
        expect(hit.deed.order.id.length).toBeLessThanOrEqual(100);
      }
    });
  });

  it('can have an order id within 100 characters in the longest run', () => {
    const identity = runIdentity('x'.repeat(64), Date.UTC(2099, 0, 1));
    const longest = `${identity.orderPrefix}-${2 ** 40 - 1}`;
    expect(longest.length).toBeLessThanOrEqual(100);
  });
});

describe('the hits of a visit', () => {
  it('always begin with a pageview', () => {
    always(({ hits }) => expect(hits[0]?.type).toBe('pageview'));
  });

  it('are a single one in a visit of one page', () => {
    always(({ hits }) => {
      if (hits.filter(({ type }) => type === 'pageview').length === 1) expect(hits).toHaveLength(1);
    });
  });

  it('end with the only ping in a visit of more pages, on the last page', () => {
    always(({ hits }) => {
      const pings = hits.filter(({ type }) => type === 'ping');
      const pageviews = hits.filter(({ type }) => type === 'pageview');
      expect(pings).toHaveLength(pageviews.length > 1 ? 1 : 0);
      if (pings.length === 0) return;
      const last = pageviews[pageviews.length - 1];
      expect(hits[hits.length - 1]).toMatchObject({
        type: 'ping',
        pageviewId: last?.pageviewId,
        page: last && withoutCampaign(last.page),
        referrer: last?.referrer,
      });
    });
  });

  it('have the order last before the closing ping', () => {
    always(({ hits }) => {
      const order = hits.findIndex(({ type }) => type === 'order');
      if (order >= 0) expect(order).toBe(hits.length - 2);
    });
  });

  it('have as many pageviews as configured: nothing takes the place of one', () => {
    always(({ hits }, _, { traffic: { pageviews, bounceProbability } }) => {
      const count = hits.filter(({ type }) => type === 'pageview').length;
      const isBounce = bounceProbability > 0 && count === 1;
      expect(count).toBeGreaterThanOrEqual(isBounce ? 1 : pageviews.min);
      expect(count).toBeLessThanOrEqual(pageviews.max);
    });
  });

  it('share page, referrer and six hex digits with the pageview before them', () => {
    always(visit => {
      for (const { pageviewId } of visit.hits) expect(pageviewId).toMatch(/^[0-9a-f]{6}$/);
      for (const { hit, before } of hitsAfterFirst(visit)) {
        if (hit.type === 'pageview') continue;
        const { page, referrer, pageviewId } = before;
        expect(hit).toMatchObject({ page: withoutCampaign(page), referrer, pageviewId });
      }
    });
  });

  it('come to the first page from the source and to each other page from the one before', () => {
    always(visit => {
      for (const { hit, before } of hitsAfterFirst(visit)) {
        if (hit.type === 'pageview') expect(hit.referrer).toBe(withoutCampaign(before.page).url);
      }
    });
  });

  it('come from nowhere when all visits are direct, from another site when none is', () => {
    fc.assert(
      fc.property(anyIndex, index => {
        const source = (directProbability: number) => {
          const traffic = { ...usualTraffic, directProbability };
          return visitPlan(usualRun, { ...usualTarget, traffic })(index, 0).hits[0]?.referrer ?? '';
        };
        expect(source(1)).toBe('');
        expect(new URL(source(0)).host).not.toBe(new URL(usualTraffic.pages[0]?.url ?? '').host);
      }),
    );
  });

  it('never happen before the one before, nor 30 min after it', () => {
    always(visit => {
      expect(visit.hits[0]?.atSeconds).toBe(0);
      for (const { hit, before } of hitsAfterFirst(visit)) {
        const gap = hit.atSeconds - before.atSeconds;
        expect(Number.isInteger(gap) && gap >= 0 && gap < 1800).toBe(true);
      }
    });
  });

  it('are sent when they happen: real', () => {
    fc.assert(
      fc.property(anyRun, anyTarget, anyIndex, (run, target, index) => {
        const { hits } = visitPlan(run, { ...target, dating: dating('real') })(index, 0);
        for (const { sendMs, atSeconds } of hits) expect(sendMs).toBe(atSeconds * 1000);
      }),
    );
  });

  it('are sent at once and then with the configured pauses: compressed', () => {
    fc.assert(
      fc.property(anyRun, anyTarget, anyIndex, (run, target, index) => {
        const visit = visitPlan(run, { ...target, dating: dating('compressed') })(index, 0);
        expect(visit.hits[0]?.sendMs).toBe(0);
        for (const { hit, before } of hitsAfterFirst(visit)) {
          const pauseMs = hit.sendMs - before.sendMs;
          expect(pauseMs).toBeGreaterThanOrEqual(Math.round(run.pauseSeconds.min * 1000));
          expect(pauseMs).toBeLessThanOrEqual(Math.round(run.pauseSeconds.max * 1000));
        }
      }),
    );
  });
});
