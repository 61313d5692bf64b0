import { describe, expect, it } from 'vitest';
import { campaigns } from '../../src/data/campaigns.ts';
import { visitPlan } from '../../src/traffic/plan.ts';
import { addVisitor, addVisitorShares, emptyVisitorShares } from '../../src/traffic/visitor-shares.ts';
import { expectedReferrer } from '../../src/verification/expected-referrer.ts';
import { usualRun, usualTarget } from './any-traffic.ts';

const VISITS = 2000;
const { traffic } = usualTarget;
const plan = visitPlan(usualRun, {
  ...usualTarget,
  traffic: { ...traffic, campaignProbability: 0.2, campaigns: [...campaigns] },
});
const visits = Array.from({ length: VISITS }, (_, index) => plan(index, index * 1000));

function sharesOf(counted: typeof visits) {
  const shares = emptyVisitorShares();
  for (const visit of counted) addVisitor(shares, visit);
  return shares;
}

describe('planned visits by visitors', () => {
  it('come from where Matomo sees them come from', () => {
    const seen = new Map<string, number>();
    for (const visit of visits) {
      const { type = 'unknown' } = expectedReferrer(visit, visit.hits[0] as (typeof visit.hits)[0]);
      seen.set(type, (seen.get(type) ?? 0) + 1);
    }
    const { sources } = sharesOf(visits);
    expect(sources).toEqual(seen);
    expect([...sources.keys()].sort()).toEqual(['campaign', 'direct', 'search', 'social', 'website']);
  });

  it('count every visit once in each kind', () => {
    for (const counts of Object.values(sharesOf(visits))) {
      expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(VISITS);
    }
  });

  it('have no country where none is sent', () => {
    const nowhere = visitPlan(usualRun, {
      ...usualTarget,
      traffic: { ...traffic, randomizeCountries: false },
    });
    const { countries, devices } = sharesOf([nowhere(0, 0)]);
    expect(countries.size).toBe(0);
    expect(devices.size).toBe(1);
  });

  it('add up over parts', () => {
    const sum = sharesOf(visits.slice(0, 700));
    addVisitorShares(sum, sharesOf(visits.slice(700)));
    expect(sum).toEqual(sharesOf(visits));
  });
});
