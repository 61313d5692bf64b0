import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Collector, startCollector } from '../../src/collector/collector.ts';
import { defaultSites, parseSites } from '../../src/collector/site.ts';
import { Placeholders } from './contract.ts';
import { send } from './http.ts';
import { planRequest, readReports, reportProblems, reportsFiles } from './reports.ts';

const noon = Date.UTC(2026, 10, 20, 12) / 1000;
const tokens = { token: 'a'.repeat(32), writeToken: 'b'.repeat(32), secureToken: 'c'.repeat(32) };

/** Reports that no run is verified with: single pages and words, versions and models. The collector has none of them. */
const notGiven = new Set([
  'Actions.getDownloads',
  'Actions.getOutlinks',
  'Actions.getPageTitles',
  'Actions.getPageUrls',
  'Actions.getSiteSearchCategories',
  'Actions.getSiteSearchKeywords',
  'DevicesDetection.getModel',
  'DevicesDetection.getOsVersions',
  'Referrers.getAll',
  'Referrers.getKeywords',
]);

for (const file of reportsFiles) {
  describe(`reports of ${file}`, () => {
    const recorded = readReports(file);
    let collector: Collector;
    let placeholders: Placeholders;

    beforeAll(async () => {
      const sites = file === 'reporting-dimensions.json' ? parseSites(recorded.sites, file) : defaultSites;
      collector = await startCollector({ ...tokens, sites, now: () => noon * 1000 });
      placeholders = new Placeholders(noon, tokens);
      const answer = await send(collector.origin, placeholders.fill(planRequest(recorded)));
      expect(JSON.parse(answer.body.toString())).toEqual(recorded.send.response.body);
    });
    afterAll(() => collector.close());

    for (const report of recorded.answers) {
      it.skipIf(notGiven.has(report.request.query?.method ?? ''))(report.id, async () => {
        const before = collector.state().failedLogins;
        const answer = await send(collector.origin, placeholders.fill(report.request));
        expect(reportProblems(report, answer, placeholders)).toEqual([]);
        if (report.response.failedLogins !== undefined) {
          expect(collector.state().failedLogins - before).toBe(report.response.failedLogins);
        }
      });
    }
  });
}
