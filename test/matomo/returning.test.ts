import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { replayPlan } from '../../src/run/plan-walk.ts';
import type { Report } from '../../src/run/report.ts';
import type { RunConfig } from '../../src/run/run-config.ts';
import type { Visit } from '../../src/traffic/visit.ts';
import { verifyRun } from '../../src/verification/verify-run.ts';
import { runConfig, start, targetConfig, traffic } from '../support/run-config.ts';
import { type ThrowAwaySite, throwAwaySite } from './throw-away-site.ts';

/** Runs with visitors who come again, each into a site of its own on a real Matomo, made 60 days ago. */
const { MATOMO_URL: url, MATOMO_TOKEN_AUTH: token } = process.env;
const LONGEST_MS = 300_000;
const DAY_MS = 86_400_000;

const ways = [
  { transport: 'bulk', withToken: true },
  { transport: 'single', withToken: false },
] as const;

if (!url || !token) {
  console.log(
    'Skipped: no returning visitors of a real Matomo, because MATOMO_URL or MATOMO_TOKEN_AUTH is not set.',
  );
  describe.skip('visitors who come again, in a real Matomo', () =>
    it('need MATOMO_URL and MATOMO_TOKEN_AUTH', () => {}));
} else {
  describe.each(ways)(
    'visitors who come again, $transport, with token $withToken',
    ({ transport, withToken }) => {
      let site: ThrowAwaySite;
      let config: RunConfig;
      let report: Report;
      let visits: readonly Visit[];

      beforeAll(async () => {
        site = await throwAwaySite(url, token);
        await site.ask('SitesManager.updateSite', { startDate: dayText(-60) }, z.unknown());
        const target = targetConfig(url, {
          transport,
          siteId: site.id,
          token: withToken ? token : undefined,
          timeoutSeconds: 60,
          concurrency: 10,
          connections: 10,
        });
        config = runConfig(target, {
          visits: 60,
          visitsPerSecond: 10,
          runId: `returning-${transport}-${Date.now()}`,
          traffic: {
            ...traffic,
            loggedInProbability: 0.3,
            returning: { share: 0.5, gapDays: 3, daysBack: 30 },
          },
        });
        report = await start(config).done;
        visits = [...(replayPlan(config, report).targets[0]?.visits() ?? [])];
      }, LONGEST_MS);

      afterAll(() => site.remove());

      it('every visit is recorded as it is planned, by Live', async () => {
        expect(report.visits).toMatchObject({ planned: 60, completed: 60 });
        expect(report.plan.returningVisits).toBeGreaterThan(15);
        const verification = await verifyRun({
          config,
          report,
          tokens: new Map([['target', token]]),
          method: 'visits',
          strict: true,
          waitMs: 0,
          mask: text => text,
        });
        expect(verification.targets[0]).toMatchObject({ result: 'equal', differences: [], visits: [] });
      });

      it('Live tells which of its visitor’s each visit is, and how many days after the last one', async () => {
        const rows = await site.ask(
          'Live.getLastVisitsDetails',
          {
            period: 'range',
            date: `${dayText(-40)},${dayText(1)}`,
            filter_limit: '-1',
            doNotFetchActions: '1',
          },
          z.array(
            z.object({
              visitorId: z.string(),
              firstActionTimestamp: z.coerce.number(),
              visitorType: z.string(),
              visitCount: z.coerce.number(),
              daysSinceFirstVisit: z.coerce.number(),
            }),
          ),
        );
        const firsts = new Map(
          visits.filter(visit => !visit.returning).map(visit => [visit.visitorId, visit.firstEpochSeconds]),
        );
        const planned = visits.map(({ visitorId, firstEpochSeconds, returning, visitNumber }) => [
          visitorId,
          firstEpochSeconds,
          returning,
          visitNumber,
          Math.floor((firstEpochSeconds - (firsts.get(visitorId) ?? 0)) / 86_400),
        ]);
        const recorded = rows.map(row => [
          row.visitorId,
          row.firstActionTimestamp,
          row.visitorType !== 'new',
          row.visitCount,
          Math.floor(row.daysSinceFirstVisit),
        ]);
        expect(recorded.sort()).toEqual(planned.sort());
      });

      it('VisitFrequency.get tells how many are new and how many return', async () => {
        const frequency = await site.ask(
          'VisitFrequency.get',
          { period: 'range', date: `${dayText(-40)},${dayText(1)}`, format_metrics: '0' },
          z.object({ nb_visits_new: z.coerce.number(), nb_visits_returning: z.coerce.number() }),
        );
        expect(frequency).toEqual({
          nb_visits_new: report.plan.visitors,
          nb_visits_returning: report.plan.returningVisits,
        });
      });
    },
  );
}

function dayText(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
}
