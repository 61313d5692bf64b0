import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accepted,
  acceptedInDoubt,
  acceptedUnconfirmed,
  type Verdict,
  verdict,
} from '../../src/matomo/outcome.ts';
import { Ledger } from '../../src/run/ledger.ts';
import { plannedVisit } from '../support/deliveries.ts';
import { twoPages } from '../support/run-config.ts';

const refused = verdict('rejected', 'HTTP_400', 'status 400: no such site');
const lost = verdict('unknown', 'TIMEOUT', 'no answer in time');

describe('a ledger', () => {
  it('owes every hit and visit that was planned an end', () => {
    const ledger = new Ledger(text => text);
    const visit = plannedVisit(0, twoPages);
    ledger.planned(visit);
    expect(ledger.plan).toMatchObject({ visits: 1, hits: 3, pageviews: 2, pings: 1 });
    expect([ledger.unaccountedHits(), ledger.isWhole()]).toEqual([3, false]);
    ledger.settle(0, 0, accepted);
    ledger.settle(0, 1, lost);
    ledger.skip(visit, 2, verdict('skipped', 'VISIT_BROKEN'));
    ledger.visitEnded('partial');
    expect([ledger.unaccountedHits(), ledger.isWhole()]).toEqual([0, true]);
    expect(ledger.hits).toMatchObject({ planned: 3, accepted: 1, unknown: 1, skipped: 1 });
    expect(ledger.exceptions).toEqual([
      { index: 0, hit: 1, outcome: 'unknown' },
      { index: 0, hit: 2, outcome: 'skipped' },
    ]);
  });

  it('has a whole account after any verdicts, with every loss counted by its cause', () => {
    const settled = fc.constantFrom<Verdict>(
      accepted,
      acceptedUnconfirmed,
      acceptedInDoubt,
      refused,
      lost,
      verdict('failed', 'ECONNREFUSED'),
    );
    fc.assert(
      fc.property(fc.array(fc.array(settled, { maxLength: 3 }), { maxLength: 40 }), visits => {
        const ledger = new Ledger(text => text);
        for (const [index, verdicts] of visits.entries()) {
          const visit = plannedVisit(index, twoPages);
          ledger.planned(visit);
          for (const [hit, judgement] of verdicts.entries()) ledger.settle(index, hit, judgement);
          ledger.skip(visit, verdicts.length, verdict('skipped', 'INTERRUPTED'));
          ledger.visitEnded('partial');
        }
        expect([ledger.unaccountedHits(), ledger.isWhole()]).toEqual([0, true]);
        const { planned, accepted: taken, unconfirmed } = ledger.hits;
        expect(ledger.errors().reduce((sum, { count }) => sum + count, 0)).toBe(planned - taken);
        expect(unconfirmed).toBe(visits.flat().filter(one => one === acceptedUnconfirmed).length);
        const counts = ledger.errors().map(({ count }) => count);
        expect(counts).toEqual(counts.toSorted((a, b) => b - a));
      }),
      { numRuns: 30 },
    );
  });

  it('names a hit that was accepted in doubt, and counts it as no loss', () => {
    const ledger = new Ledger(text => text);
    ledger.planned(plannedVisit(4, twoPages));
    ledger.settle(4, 0, acceptedInDoubt);
    expect(ledger.exceptions).toEqual([{ index: 4, hit: 0, outcome: 'accepted', inDoubt: true }]);
    expect(ledger.errors()).toEqual([]);
  });

  it('keeps ten thousand exceptions by name and the number of the others', () => {
    const ledger = new Ledger(text => text);
    const visit = plannedVisit(0, twoPages);
    for (let index = 0; index < 4000; index++) {
      ledger.planned(visit);
      for (let hit = 0; hit < 3; hit++) ledger.settle(index, hit, refused);
    }
    expect(ledger.exceptions).toHaveLength(10_000);
    expect(ledger.exceptionsLeftOut).toBe(2000);
    expect(ledger.errors()).toEqual([{ code: 'HTTP_400', count: 12_000, example: refused.example }]);
  });

  it('takes secrets out of what a server said', () => {
    const ledger = new Ledger(text => text.replaceAll('secret', '…'));
    ledger.planned(plannedVisit(0, twoPages));
    ledger.settle(0, 0, verdict('rejected', 'HTTP_400', 'bad token secret'));
    expect(ledger.errors()[0]?.example).toBe('bad token …');
  });
});
