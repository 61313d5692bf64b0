import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Report } from '../../src/run/report.ts';
import { runConfig, start, targetConfig, traffic } from '../support/run-config.ts';

/**
 * Runs into a real Matomo: what it recorded of each must be what was planned. Other visits may come meanwhile; those of
 * a run are told by their tag.
 */
const { MATOMO_URL: url, MATOMO_TOKEN_AUTH: token } = process.env;
const VISITS = 75;

if (!url || !token) {
  console.log('Skipped: no run into a real Matomo, because MATOMO_URL or MATOMO_TOKEN_AUTH is not set.');
  describe.skip('a run into a real Matomo', () => it('needs MATOMO_URL and MATOMO_TOKEN_AUTH', () => {}));
} else {
  describe('a run into a real Matomo is recorded as planned', () => {
    it.each([
      ['with a token', 'single', true],
      ['with a token', 'bulk', true],
      ['without a token', 'single', false],
      ['without a token', 'bulk', false],
    ] as const)('%s, %s', async (_, transport, withToken) => {
      const target = targetConfig(url, {
        transport,
        token: withToken ? token : undefined,
        timeoutSeconds: 30,
        concurrency: 20,
        connections: 20,
      });
      const report = await start(runConfig(target, { visits: VISITS, visitsPerSecond: 10, traffic })).done;
      expect(report.visits).toMatchObject({ planned: VISITS, completed: VISITS });
      expect(await recordedOf(report, url, token)).toEqual(plannedIn(report));
    });
  });
}

function plannedIn({ plan }: Report) {
  const { visits, actions, bounces, visitSeconds, events, searches, orders } = plan;
  return {
    visits,
    actions,
    bounces,
    visitSeconds,
    events,
    searches,
    orders,
    revenueCents: cents(plan.revenue),
  };
}

const number = z.coerce.number();
const liveVisits = z.array(
  z.object({
    visitorId: z.string(),
    actions: number,
    visitDuration: number,
    events: number,
    searches: number,
    totalEcommerceConversions: number,
    totalEcommerceRevenue: number,
  }),
);

async function recordedOf(report: Report, trackerUrl: string, tokenAuth: string) {
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  const answer = await fetch(new URL('index.php', trackerUrl), {
    method: 'POST',
    body: new URLSearchParams({
      module: 'API',
      method: 'Live.getLastVisitsDetails',
      format: 'JSON',
      idSite: '1',
      period: 'range',
      date: `${day(-1)},${day(1)}`,
      minTimestamp: String(Math.floor(report.run.startEpochMs / 1000) - 3600),
      filter_limit: '-1',
      doNotFetchActions: '1',
      token_auth: tokenAuth,
    }),
  });
  const visits = liveVisits
    .parse(await answer.json())
    .filter(visit => visit.visitorId.startsWith(report.run.tag));
  const sum = (figure: (visit: (typeof visits)[number]) => number) =>
    visits.reduce((total, visit) => total + figure(visit), 0);
  return {
    visits: visits.length,
    actions: sum(visit => visit.actions),
    bounces: visits.filter(visit => visit.actions <= 1).length,
    visitSeconds: sum(visit => visit.visitDuration),
    events: sum(visit => visit.events),
    searches: sum(visit => visit.searches),
    orders: sum(visit => visit.totalEcommerceConversions),
    revenueCents: sum(visit => cents(visit.totalEcommerceRevenue)),
  };
}

function cents(amount: number): number {
  return Math.round(amount * 100);
}
