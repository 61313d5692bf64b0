import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zoneOf } from '../../src/base/zone.ts';
import { spamHosts } from '../../src/data/referrer-spam-hosts.ts';
import type { LoggedVisit } from '../../src/matomo/reporting/visit-log.ts';
import type { HitException } from '../../src/run/report.ts';
import { runIdentity } from '../../src/traffic/identity.ts';
import { visitPlan } from '../../src/traffic/plan.ts';
import type { Hit, Visit } from '../../src/traffic/visit.ts';
import { type Assessment, assess } from '../../src/verification/assessment.ts';
import { looksLikeBot } from '../../src/verification/bot-agent.ts';
import { causeOf } from '../../src/verification/cause.ts';
import { expectedReferrer } from '../../src/verification/expected-referrer.ts';
import { hitFates } from '../../src/verification/hit-fates.ts';
import { planOutline } from '../../src/verification/plan-outline.ts';
import { RecordedLog } from '../../src/verification/recorded-log.ts';
import { recordedVisit } from '../../src/verification/recorded-visit.ts';
import { isSpamReferrer } from '../../src/verification/spam-referrer.ts';
import { traffic } from '../support/run-config.ts';

const wholeLog = { pageTimings: true, productViews: true };
const utc = zoneOf('UTC');
const startEpochMs = Date.parse('2026-03-14T12:00:00Z');
const plan = visitPlan(
  {
    seed: 7,
    identity: runIdentity('assessment', startEpochMs),
    startEpochMs,
    pauseSeconds: { min: 0, max: 0 },
  },
  { traffic, dating: { clock: 'compressed', zones: [utc], serverLagSeconds: 0 } },
);
const anyVisit = fc.integer({ min: 0, max: 5000 }).map(index => plan(index, index * 10));

/** A visit, and which of its hits a server has. */
const anyPart = anyVisit.chain(visit =>
  fc.record({
    visit: fc.constant(visit),
    isThere: fc.array(fc.boolean(), { minLength: visit.hits.length, maxLength: visit.hits.length }),
  }),
);

const typesInLog: Readonly<Record<Exclude<Hit['type'], 'ping'>, string>> = {
  pageview: 'action',
  event: 'event',
  search: 'search',
  outlink: 'outlink',
  download: 'download',
  order: 'ecommerceOrder',
  cart: 'ecommerceAbandonedCart',
  goal: 'goal',
  content: '13',
};
const actions = new Set(['pageview', 'event', 'search', 'outlink', 'download']);

/** What Live tells of a visit of which only these hits arrived, by the rules of the contract. */
function logged(visit: Visit, isThere: (at: number) => boolean, shiftSeconds = 0): LoggedVisit[] {
  const arrived = visit.hits.filter((_, at) => isThere(at));
  while (arrived[0]?.type === 'ping') arrived.shift();
  const rows = arrived.filter(({ type }) => type !== 'ping');
  const [first] = rows;
  const last = rows.at(-1);
  const final = arrived.at(-1);
  if (first === undefined || last === undefined || final === undefined) return [];
  const at = (hit: Hit) => visit.firstEpochSeconds + hit.atSeconds;
  const referrer = expectedReferrer(visit, first);
  return [
    {
      idVisit: visit.index + 1,
      visitorId: visit.visitorId,
      visitDuration: arrived.length === 1 ? 0 : 1 + at(final) - at(first) + (final.type === 'order' ? 2 : 0),
      actions: rows.filter(({ type }) => actions.has(type)).length,
      searches: rows.filter(({ type }) => type === 'search').length,
      events: rows.filter(({ type }) => type === 'event').length,
      referrerType: referrer.type ?? 'direct',
      referrerName: referrer.name ?? '',
      countryCode: visit.visitor.country ?? '',
      deviceType: 'Desktop',
      browserName: visit.visitor.browser,
      operatingSystemName: visit.visitor.os,
      firstActionTimestamp: at(first),
      lastActionTimestamp: at(last),
      actionDetails: rows.flatMap(hit =>
        hit.type === 'ping'
          ? []
          : [
              {
                type: typesInLog[hit.type],
                timestamp: at(hit) + shiftSeconds,
                idpageview: hit.type === 'order' ? '' : hit.pageviewId,
                orderId: hit.type === 'order' ? hit.deed.order.id : '',
                revenue: hit.type === 'order' ? hit.deed.order.totalCents / 100 : 0,
              },
            ],
      ),
    },
  ];
}

function assessed(
  visit: Visit,
  recorded: readonly LoggedVisit[],
  exceptions: readonly HitException[] = [],
): Assessment {
  const log = new RecordedLog(planOutline([visit]), utc, wholeLog);
  for (const one of recorded) log.take(one);
  const rules = { fates: hitFates(exceptions), carriesCountry: true, strict: false };
  const [assessment] = [...assess([visit], log, rules)];
  if (assessment === undefined) throw new Error('nothing was assessed');
  return assessment;
}

function ofFiveHits(): Visit {
  const visit = Array.from({ length: 100 }, (_, index) => plan(index, 0)).find(
    ({ hits }) => hits.length === 5,
  );
  if (visit === undefined) throw new Error('no visit of five hits');
  return visit;
}

function likelyCause(assessment: Assessment) {
  return causeOf(assessment, {
    zone: utc,
    host: undefined,
    looksLikeBot,
    isSpamReferrer,
    shunnedHosts: new Set(),
    exclusionOf: () => undefined,
    isQueued: false,
  }).cause;
}

describe('a visit held against the log', () => {
  it('never differs where all that was accepted is there, and nothing else', () => {
    fc.assert(
      fc.property(anyPart, ({ visit, isThere }) => {
        const exceptions = isThere.flatMap((is, hit): HitException[] =>
          is ? [] : [{ index: visit.index, hit, outcome: 'rejected' }],
        );
        expect(
          assessed(
            visit,
            logged(visit, at => isThere[at] === true),
            exceptions,
          ).difference,
        ).toBeUndefined();
      }),
    );
  });

  it('never differs for hits whose answer never came, and every one of them is settled as it is', () => {
    fc.assert(
      fc.property(anyPart, ({ visit, isThere }) => {
        const exceptions = isThere.map(
          (_, hit): HitException => ({ index: visit.index, hit, outcome: 'unknown' }),
        );
        const { difference, settled } = assessed(
          visit,
          logged(visit, at => isThere[at] === true),
          exceptions,
        );
        expect(difference).toBeUndefined();
        for (const { hit, recorded } of settled) {
          // A ping is told by the seconds alone, and not where it changes none of them.
          if (visit.hits[hit]?.type !== 'ping') expect(recorded).toBe(isThere[hit]);
        }
      }),
    );
  });

  it('always differs where an accepted hit is not there, and is then called lost or missing', () => {
    fc.assert(
      fc.property(anyVisit, fc.nat(), (visit, choice) => {
        const lost = choice % visit.hits.length;
        fc.pre(visit.hits[lost]?.type !== 'ping');
        const assessment = assessed(
          visit,
          logged(visit, at => at !== lost),
        );
        expect(assessment.difference).toBeDefined();
        expect(likelyCause(assessment)).toBe(assessment.recorded.length === 0 ? 'unknown' : 'lost');
      }),
    );
  });

  it('always differs where a hit is there twice, and is then called doubled', () => {
    fc.assert(
      fc.property(anyVisit, fc.nat(), (visit, choice) => {
        const [whole] = logged(visit, () => true);
        if (whole === undefined) throw new Error('nothing is logged');
        const again = whole.actionDetails[choice % whole.actionDetails.length];
        fc.pre(again !== undefined && again.type !== 'ecommerceOrder');
        const doubled = {
          ...whole,
          actions: whole.actions + 1,
          actionDetails: [...whole.actionDetails, ...(again === undefined ? [] : [again])],
        };
        const assessment = assessed(visit, [doubled]);
        expect(assessment.difference).toBeDefined();
        expect(likelyCause(assessment)).toBe('doubled');
      }),
    );
  });

  it('never differs where its log shows the first rows alone, and always where fewer are cut off than were sent', () => {
    const cut = fc.record({ visit: anyVisit, shown: fc.integer({ min: 1, max: 3 }) });
    fc.assert(
      fc.property(cut, ({ visit, shown }) => {
        const [whole] = logged(visit, () => true);
        fc.pre(whole !== undefined && whole.actionDetails.length > shown);
        const { actionDetails } = whole as LoggedVisit;
        const cutAt = (rows: readonly LoggedVisit['actionDetails'][number][]) => ({
          actionDetails: rows.slice(0, shown),
          truncatedActionsCount: rows.length - shown,
        });
        const hidden = { ...(whole as LoggedVisit), ...cutAt(actionDetails) };
        const assessment = assessed(visit, [hidden]);
        expect([assessment.difference, assessment.matched.missing]).toEqual([undefined, []]);

        const [less] = logged(visit, at => visit.hits[at]?.type !== 'order');
        fc.pre(less !== undefined && visit.hits.some(({ type }) => type === 'order'));
        const without = { ...(less as LoggedVisit), ...cutAt((less as LoggedVisit).actionDetails) };
        expect(assessed(visit, [without]).difference).toBeDefined();
      }),
    );
  });

  it('is missing only the hits that a body lost beyond those it said were refused', () => {
    const visit = ofFiveHits();
    const exceptions = visit.hits.map(
      (_, hit): HitException => ({
        index: visit.index,
        hit,
        outcome: hit === 4 ? 'rejected' : 'accepted',
        inDoubt: true,
      }),
    );
    // One was refused, whichever it was.
    expect(
      assessed(
        visit,
        logged(visit, at => at !== 1),
        exceptions,
      ).difference,
    ).toBeUndefined();
    expect(
      assessed(
        visit,
        logged(visit, at => at > 1),
        exceptions,
      ).difference,
    ).toBeDefined();
  });
});

describe('a visit of the log', () => {
  const visit = ofFiveHits();

  it.each([
    ['Europe/Stockholm', 3600],
    ['Asia/Kolkata', 19_800],
    ['America/St_Johns', -9000],
    // A distance from UTC moves the times of rows the other way.
    ['UTC-3.5', 12_600],
    ['Europe/Stockholm', 0],
  ])('has the times of its rows whatever the site’s zone makes of them: %s', (name, shiftSeconds) => {
    const [whole] = logged(visit, () => true, shiftSeconds);
    if (whole === undefined) throw new Error('nothing is logged');
    const { actions: rows, facts } = recordedVisit(whole, zoneOf(name), wholeLog);
    expect(rows[0]?.epochSeconds).toBe(visit.firstEpochSeconds);
    expect(rows.at(-1)?.epochSeconds).toBe(facts.lastEpochSeconds);
  });

  it('is read again with more in it, and counts once', () => {
    const log = new RecordedLog(planOutline([visit]), utc, wholeLog);
    for (const until of [1, visit.hits.length]) {
      for (const one of logged(visit, at => at < until)) log.take(one);
    }
    expect(log.of(visit.index)).toHaveLength(1);
    expect(log.of(visit.index)[0]?.facts.lastEpochSeconds).toBeGreaterThan(visit.firstEpochSeconds);
  });

  it('of a stranger is not kept, and of nobody’s by pageview ids alone', () => {
    const log = new RecordedLog(planOutline([visit]), utc, wholeLog);
    for (const one of logged(visit, () => true)) {
      log.take({
        ...one,
        visitorId: 'ffffffffffffffff',
        firstActionTimestamp: one.firstActionTimestamp + 50_000,
        actionDetails: one.actionDetails.map(row => ({ ...row, timestamp: row.timestamp + 50_000 })),
      });
    }
    expect(log.of(visit.index)).toEqual([]);
    expect(log.hostOf(visit.index)).toBeUndefined();
  });
});

describe('likely causes of their own', () => {
  it('recognise bots, and no browser of ours', () => {
    expect(looksLikeBot('Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)')).toBe(
      true,
    );
    expect(looksLikeBot('k6/0.49.0 (https://k6.io/)')).toBe(true);
    for (let index = 0; index < 200; index++)
      expect(looksLikeBot(plan(index, 0).visitor.userAgent)).toBe(false);
  });

  it('recognise spammers, and no referrer of ours', () => {
    expect(isSpamReferrer(`http://www.${spamHosts[100]?.toUpperCase()}/x`)).toBe(true);
    for (let index = 0; index < 200; index++)
      expect(isSpamReferrer(plan(index, 0).hits[0]?.referrer ?? '')).toBe(false);
  });

  it('tell campaigns by the address of the first page', () => {
    const visit = plan(1, 0);
    const [first] = visit.hits;
    if (first === undefined) throw new Error('a visit without hits');
    const landing = {
      ...first,
      page: { ...first.page, url: 'https://shop.example/?mtm_campaign=Spring&x=1' },
    };
    expect(expectedReferrer(visit, landing)).toEqual({ type: 'campaign', name: 'spring' });
  });
});
