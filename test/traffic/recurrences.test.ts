import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zoneOf } from '../../src/base/zone.ts';
import { visitPlan } from '../../src/traffic/plan.ts';
import { expectedShare, type Layout, onlyVisit, Recurrences } from '../../src/traffic/recurrences.ts';
import { leastGapSeconds, visitsInReach } from '../../src/traffic/return-gaps.ts';
import type { TrafficSettings } from '../../src/traffic/settings.ts';
import type { Visit } from '../../src/traffic/visit.ts';
import { anyRun, dating, usualRun, usualTraffic } from './any-traffic.ts';

const DAY_SECONDS = 86_400;

function layout(more: Partial<Layout> = {}): Layout {
  return { share: 0.3, columns: 20, rows: 8, leastMs: undefined, ...more };
}

/** The first visits of a plan, one a second. */
function walk(of: Layout, visits: number, seed = 1, startMs = (index: number) => index * 1000) {
  const recurrences = new Recurrences(seed, of);
  return Array.from({ length: visits }, (_, index) => recurrences.next(index, startMs(index)));
}

const anyLayout: fc.Arbitrary<Layout> = fc
  .record({
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    columns: fc.integer({ min: 1, max: 50 }),
    rows: fc.oneof(fc.integer({ min: 2, max: 8 }), fc.constant(Number.POSITIVE_INFINITY)),
  })
  .map(drawn => layout(drawn));

describe('whose a visit is', () => {
  it('numbers the visits of a visitor from 1, each once and in order, and knows how many are to come', () => {
    fc.assert(
      fc.property(anyLayout, fc.nat(2 ** 32), (of, seed) => {
        const visits = walk(of, 500, seed);
        const met = new Map<number, number>();
        for (const [index, { firstIndex, visitNumber, visitsToCome }] of visits.entries()) {
          expect(firstIndex === index).toBe(visitNumber === 1);
          expect(visitNumber).toBe((met.get(firstIndex) ?? 0) + 1);
          met.set(firstIndex, visitNumber);
          const isWhole = index + of.columns * of.rows < visits.length;
          if (!isWhole) continue;
          const later = visits.slice(index + 1).filter(one => one.firstIndex === firstIndex);
          expect(visitsToCome).toBe(later.length);
          expect(visitNumber + visitsToCome).toBeLessThanOrEqual(of.rows);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is of so many visits another’s as is asked for', () => {
    for (const share of [0.05, 0.3, 0.6, 0.8]) {
      for (const rows of [2 * Math.ceil(1 / (1 - share)), 8, Number.POSITIVE_INFINITY]) {
        const visits = walk(layout({ share, rows }), 20_000);
        const returning = visits.filter(({ visitNumber }) => visitNumber > 1).length;
        const sigma = Math.sqrt(20_000 * share * (1 - share));
        expect(Math.abs(returning - 20_000 * share)).toBeLessThan(4 * sigma + 20 * share);
      }
    }
  });

  it('has the share that was foretold, also in a plan that is short', () => {
    for (const of of [layout(), layout({ rows: Number.POSITIVE_INFINITY }), layout({ columns: 150 })]) {
      for (const visits of [10, 20, 25, 100, 500, 1300]) {
        const returning = Array.from({ length: 200 }, (_, seed) => walk(of, visits, seed)).flatMap(all =>
          all.filter(({ visitNumber }) => visitNumber > 1),
        ).length;
        const expected = expectedShare(of, visits) * visits * 200;
        expect(Math.abs(returning - expected)).toBeLessThanOrEqual(5 * Math.sqrt(expected));
      }
    }
    expect(expectedShare(layout(), Number.POSITIVE_INFINITY)).toBeCloseTo(0.3);
  });

  it('is nobody’s again within the time that must pass, however visits come', () => {
    const leastMs = 30_000;
    fc.assert(
      fc.property(fc.array(fc.nat(9000), { minLength: 300, maxLength: 300 }), gaps => {
        let now = 0;
        const moments = gaps.map(gap => {
          now += gap;
          return now;
        });
        const of = layout({ share: 0.9, columns: 8, rows: Number.POSITIVE_INFINITY, leastMs });
        const visits = walk(of, 300, 1, index => moments[index] as number);
        const last = new Map<number, number>();
        for (const [index, { firstIndex, visitsToCome }] of visits.entries()) {
          const before = last.get(firstIndex);
          if (before !== undefined) {
            expect((moments[index] as number) - (moments[before] as number)).toBeGreaterThanOrEqual(leastMs);
          }
          last.set(firstIndex, index);
          expect(visitsToCome).toBe(0);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is always somebody new’s where there is no schedule to say that the time has passed', () => {
    const recurrences = new Recurrences(1, layout({ share: 1, leastMs: 1000 }));
    for (let index = 0; index < 200; index++) expect(recurrences.next(index, null)).toEqual(onlyVisit(index));
  });
});

const zones = [[], ['UTC'], ['Europe/Stockholm'], ['UTC', 'Asia/Kathmandu', 'America/Santiago']] as const;

/** All visits of visitors who come again, planned. */
function planned(
  traffic: TrafficSettings,
  {
    reachSeconds,
    inZones,
    visits,
    run = usualRun,
  }: {
    reachSeconds: number | undefined;
    inZones: readonly string[];
    visits: number;
    run?: typeof usualRun;
  },
): Visit[] {
  const rows = Math.min(8, visitsInReach(traffic, Math.max(1, inZones.length)));
  const plan = visitPlan(run, { traffic, dating: { ...dating('compressed', inZones), reachSeconds } });
  const share = traffic.returning?.share ?? 0;
  return walk(layout({ share, rows }), visits, run.seed).map((recurrence, index) =>
    plan(index, index * 1000, recurrence),
  );
}

function byVisitor(visits: readonly Visit[]): Visit[][] {
  const visitors = new Map<number, Visit[]>();
  for (const visit of visits) {
    visitors.set(visit.visitorIndex, [...(visitors.get(visit.visitorIndex) ?? []), visit]);
  }
  return [...visitors.values()];
}

const endOf = ({ firstEpochSeconds, hits }: Visit) => firstEpochSeconds + (hits.at(-1)?.atSeconds ?? 0);

const often: TrafficSettings = {
  ...usualTraffic,
  returning: { share: 0.6, gapDays: 3, daysBack: 30 },
};

describe('the visits of a visitor', () => {
  it('are 1800 s apart or more, oldest first, and none is dated farther back than it may', () => {
    fc.assert(
      fc.property(
        anyRun,
        fc.constantFrom(...zones),
        fc.constantFrom(undefined, DAY_SECONDS, 30 * DAY_SECONDS),
        fc.constantFrom(1, 8, 60, 120),
        fc.constantFrom(0.05, 3, 90),
        (run, inZones, reachSeconds, minutes, gapDays) => {
          const traffic = {
            ...often,
            visitMinutes: { min: 0, max: minutes },
            returning: { share: 0.6, gapDays, daysBack: 30 },
          };
          const visits = planned(traffic, { reachSeconds, inZones, visits: 200, run });
          for (const own of byVisitor(visits)) {
            for (const [at, visit] of own.entries()) {
              const before = own[at - 1];
              if (before !== undefined) {
                expect(visit.firstEpochSeconds - endOf(before)).toBeGreaterThanOrEqual(1800);
              }
              const sentEpochSeconds = (run.startEpochMs + (visit.startMs ?? 0)) / 1000;
              expect(sentEpochSeconds - visit.firstEpochSeconds).toBeLessThanOrEqual(
                reachSeconds ?? 23 * 3600,
              );
              expect(endOf(visit)).toBeLessThanOrEqual(sentEpochSeconds - 5);
              for (const zone of inZones.map(zoneOf)) {
                const day = (epoch: number) => Math.floor((epoch + zone.offsetSeconds(epoch)) / DAY_SECONDS);
                expect(day(visit.firstEpochSeconds)).toBe(day(endOf(visit)));
              }
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are some days apart with a token, and as many hours without', () => {
    const rest = leastGapSeconds(often, 1);
    for (const [reachSeconds, unit] of [
      [90 * DAY_SECONDS, DAY_SECONDS],
      [undefined, 3600],
    ] as const) {
      const visits = planned(often, { reachSeconds, inZones: ['UTC'], visits: 4000 });
      // Those of two visits: the more there are, the more they have to share the time.
      const gaps = byVisitor(visits).flatMap(([one, other, ...more]) =>
        one === undefined || other === undefined || more.length > 0
          ? []
          : [other.firstEpochSeconds - one.firstEpochSeconds - rest],
      );
      const half = gaps.filter(gap => gap < 3 * unit).length / gaps.length;
      expect(gaps.length).toBeGreaterThan(300);
      expect(half).toBeGreaterThan(0.4);
      expect(half).toBeLessThan(0.6);
    }
  });

  it('have the same id, browser, place and user each time, and pages and orders of their own', () => {
    const traffic = { ...often, loggedInProbability: 0.5 };
    const visits = planned(traffic, { reachSeconds: undefined, inZones: [], visits: 400 });
    for (const own of byVisitor(visits)) {
      for (const visit of own) {
        const { visitor, visitorId, userId } = own[0] as Visit;
        expect(visit).toMatchObject({ visitor, visitorId, userId });
      }
    }
    expect(new Set(visits.map(({ visitorId }) => visitorId)).size).toBe(byVisitor(visits).length);
    expect(visits.filter(({ userId }) => userId !== undefined).length).toBeGreaterThan(100);
    const orders = visits.flatMap(({ hits }) =>
      hits.flatMap(hit => (hit.type === 'order' ? hit.deed.order.id : [])),
    );
    expect(new Set(orders).size).toBe(orders.length);
    expect(visits[0]).toMatchObject({ visitNumber: 1, userId: undefined });
  });

  it('changes nothing of those who come once', () => {
    const alone = visitPlan(usualRun, { traffic: usualTraffic, dating: dating('compressed', ['UTC']) });
    const among = visitPlan(usualRun, { traffic: often, dating: dating('compressed', ['UTC']) });
    for (let index = 0; index < 100; index++) expect(among(index, 0)).toEqual(alone(index, 0));
  });
});
