import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Collector } from '../../src/collector/collector.ts';
import { toRunConfig } from '../../src/config/to-run-config.ts';
import { countries } from '../../src/data/countries.ts';
import { replayPlan } from '../../src/run/plan-walk.ts';
import type { Report } from '../../src/run/report.ts';
import type { RunConfig } from '../../src/run/run-config.ts';
import { browserProfiles } from '../../src/traffic/browser-profiles.ts';
import { sharesOf } from '../../src/traffic/funnel.ts';
import type { Hit, Visit } from '../../src/traffic/visit.ts';
import { expectedReferrer } from '../../src/verification/expected-referrer.ts';
import { chiSquare, worstOf } from '../base/chi-square.ts';
import { localTime } from '../base/local-time.ts';
import { load } from '../config/loading.ts';
import { expectRecordedAsPlanned, expectWholeAccount } from '../support/account.ts';
import { start, targetConfig } from '../support/run-config.ts';
import { servers } from '../support/servers.ts';
import { expectEqual, verify } from '../verification/verifying.ts';

const { collect, close } = servers();
afterAll(close);

/** The preset `medium` as it is shipped, at a rate and with pauses that let 2,000 visits be over in a while. */
const token = 'a'.repeat(32);
const timezone = 'Europe/Stockholm';
const LONGEST_MS = 180_000;

describe('2,000 visits of the preset `medium`', () => {
  let collector: Collector;
  let config: RunConfig;
  let report: Report;
  let visits: readonly Visit[];

  beforeAll(async () => {
    collector = await collect({ token, timezone });
    // Configured, because a busy machine may learn it too late.
    const target = targetConfig(collector.url, { token, timezone, transport: 'bulk', timeoutSeconds: 60 });
    config = {
      ...toRunConfig(load({ flags: { preset: 'medium', url: collector.url, seed: '4', runId: 'medium' } }), {
        command: 'run',
      }),
      targets: [target],
      visits: 2000,
      visitsPerSecond: 400,
      pauseSeconds: { min: 0, max: 0 },
    };
    report = await start(config).done;
    visits = [...(replayPlan(config, report).targets[0]?.visits() ?? [])];
  }, LONGEST_MS);

  const firstVisits = () => visits.filter(({ visitNumber }) => visitNumber === 1);
  const hitsOf = <T extends Hit['type']>(type: T) =>
    visits.flatMap(({ hits }) => hits.filter((hit): hit is Extract<Hit, { type: T }> => hit.type === type));
  const referrers = () => visits.map(visit => expectedReferrer(visit, visit.hits[0] as Hit));

  describe('are shared out as it says', () => {
    it('among sources', () => {
      const { campaignProbability, directProbability, referrerShares } = config.traffic;
      const others = 1 - campaignProbability;
      const { search, websites, social } = referrerShares;
      const referred = (others * (1 - directProbability)) / (search + websites + social);
      expectShares(tally(referrers().map(({ type }) => type)), {
        campaign: campaignProbability,
        direct: others * directProbability,
        search: referred * search,
        website: referred * websites,
        social: referred * social,
      });
    });

    it('among funnels and free browsing', () => {
      const shares = [...sharesOf(config.traffic.funnels ?? [])].map(
        ([{ name }, share]) => [name, share] as const,
      );
      expect(shares).toHaveLength(6);
      const browse = 1 - shares.reduce((sum, [, share]) => sum + share, 0);
      expectShares(tally(visits.map(({ journey }) => journey)), { ...Object.fromEntries(shares), browse });
    });

    it('among visitors who are new and who come again', () => {
      const share = config.traffic.returning?.share ?? 0;
      expect(share).toBe(0.3);
      const returning = visits.filter(visit => visit.returning).length;
      expectShares({ returning, new: 2000 - returning }, { returning: share, new: 1 - share });
    });

    // Visitors keep what they have from visit to visit: each is looked at once.
    it('among devices', () => {
      const shares: Record<string, number> = {};
      for (const { deviceType, weight } of browserProfiles())
        shares[deviceType] = (shares[deviceType] ?? 0) + weight;
      expectShares(tally(firstVisits().map(({ visitor }) => visitor.deviceType)), shares);
    });

    it('among countries, the fifteen largest and all others', () => {
      const bySize = [...countries].sort((one, other) => other.weight - one.weight);
      const large = new Set<string>(bySize.slice(0, 15).map(({ code }) => code));
      const cellOf = (code = '') => (large.has(code) ? code : 'others');
      const shares: Record<string, number> = {};
      for (const { code, weight } of countries) shares[cellOf(code)] = (shares[cellOf(code)] ?? 0) + weight;
      expectShares(tally(firstVisits().map(({ visitor }) => cellOf(visitor.country))), shares);
    });

    it('among those who are logged in and who are not', () => {
      const share = config.traffic.loggedInProbability;
      const members = firstVisits().filter(({ userId }) => userId !== undefined).length;
      expectShares(
        { members, others: firstVisits().length - members },
        { members: share, others: 1 - share },
      );
    });
  });

  it('are recorded as planned, each of them and in sum, and nothing is taken for something else', async () => {
    expectWholeAccount(report);
    expect(report).toMatchObject({ exitCode: 0, visits: { completed: 2000 } });
    expectRecordedAsPlanned(collector.state().totals, report.plan);
    expectEqual(await verify(config, report, collector, { strict: true }), 2000);
  });

  describe('are in every report of the collector as planned:', () => {
    /** Rows of a report by label, without those of nothing. */
    async function shown(method: string, column = 'nb_visits', more: Readonly<Record<string, string>> = {}) {
      const rows = (await ask(method, more)) as readonly Readonly<Record<string, unknown>>[];
      const cells = rows.map(row => [String(row.label), Number(row[column] ?? 0)] as const);
      return Object.fromEntries(cells.filter(([, count]) => count !== 0));
    }

    async function ask(method: string, more: Readonly<Record<string, string>> = {}): Promise<unknown> {
      const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
      const answer = await fetch(new URL('index.php', collector.url), {
        method: 'POST',
        body: new URLSearchParams({
          ...{ module: 'API', format: 'JSON', format_metrics: '0', idSite: '1', token_auth: token, method },
          ...{ period: 'range', date: `${day(-40)},${day(1)}`, filter_limit: '-1', ...more },
        }),
      });
      return answer.json();
    }

    it('VisitsSummary and VisitFrequency', async () => {
      const { plan } = report;
      const summary = {
        nb_visits: plan.visits,
        nb_actions: plan.actions,
        bounce_count: plan.bounces,
        sum_visit_length: plan.visitSeconds,
      };
      expect(await ask('VisitsSummary.get')).toMatchObject(summary);
      expect(await ask('VisitsSummary.getVisits')).toEqual({ value: plan.visits });
      expect(await ask('VisitsSummary.getActions')).toEqual({ value: plan.actions });
      expect(await ask('VisitFrequency.get')).toMatchObject({
        nb_visits_new: plan.visitors,
        nb_visits_returning: plan.returningVisits,
      });
    });

    it('Actions', async () => {
      const { plan } = report;
      expect(await ask('Actions.get')).toMatchObject({
        nb_pageviews: plan.pageviews,
        nb_downloads: plan.downloads,
        nb_outlinks: plan.outlinks,
        nb_searches: plan.searches,
        nb_keywords: new Set(hitsOf('search').map(({ deed }) => deed.keyword.toLowerCase())).size,
      });
    });

    it('Referrers', async () => {
      const names = { direct: 'Direct Entry', search: 'Search Engines', website: 'Websites' };
      const labels: Readonly<Record<string, string>> = {
        ...names,
        social: 'Social Networks',
        campaign: 'Campaigns',
      };
      expect(await shown('Referrers.getReferrerType')).toEqual(
        tally(referrers().map(({ type = '' }) => labels[type])),
      );
      for (const [method, wanted] of [
        ['getCampaigns', 'campaign'],
        ['getWebsites', 'website'],
        ['getSearchEngines', 'search'],
        ['getSocials', 'social'],
      ] as const) {
        const planned = tally(referrers().flatMap(({ type, name }) => (type === wanted ? [name] : [])));
        expect(Object.keys(planned).length).toBeGreaterThan(3);
        expect(await shown(`Referrers.${method}`)).toEqual(planned);
      }
    });

    it('UserCountry, UserLanguage and UserId', async () => {
      const regions = new Intl.DisplayNames('en', { type: 'region' });
      const languages = new Intl.DisplayNames('en', { type: 'language' });
      expect(await shown('UserCountry.getCountry')).toEqual(
        tally(visits.map(({ visitor }) => regions.of((visitor.country ?? '').toUpperCase()))),
      );
      expect(await shown('UserLanguage.getLanguage')).toEqual(
        tally(visits.map(({ visitor }) => languages.of(visitor.language.split('-')[0] ?? ''))),
      );
      expect(await shown('UserId.getUsers')).toEqual(tally(visits.flatMap(({ userId }) => userId ?? [])));
    });

    it('DevicesDetection and Resolution', async () => {
      const types = { desktop: 'Desktop', smartphone: 'Smartphone', tablet: 'Tablet' };
      expect(await shown('DevicesDetection.getType')).toEqual(
        tally(visits.map(({ visitor }) => types[visitor.deviceType])),
      );
      expect(await shown('DevicesDetection.getBrowsers')).toEqual(
        tally(visits.map(({ visitor }) => visitor.browser)),
      );
      expect(await shown('DevicesDetection.getOsFamilies')).toEqual(
        tally(visits.map(({ visitor }) => families[visitor.os] ?? visitor.os)),
      );
      expect(await shown('Resolution.getResolution')).toEqual(
        tally(visits.map(({ visitor }) => visitor.resolution)),
      );
    });

    it('VisitTime, by the hour of the last action in the zone of the site', async () => {
      const hourOf = ({ hits, firstEpochSeconds }: Visit) => {
        const last = hits.findLast(({ type }) => type !== 'ping')?.atSeconds ?? 0;
        return localTime(timezone, firstEpochSeconds + last).slice(11, 13);
      };
      expect(await shown('VisitTime.getVisitInformationPerServerTime')).toEqual(tally(visits.map(hourOf)));
    });

    it('Goals', async () => {
      const { plan } = report;
      const [orders, carts] = await Promise.all(
        ['ecommerceOrder', 'ecommerceAbandonedCart'].map(idGoal => ask('Goals.get', { idGoal })),
      );
      expect(orders).toMatchObject({ nb_conversions: plan.orders, revenue: expect.closeTo(plan.revenue, 2) });
      expect(carts).toMatchObject({ nb_conversions: plan.carts });
      expect(plan.orders).toBeGreaterThan(50);
      expect(plan.carts).toBeGreaterThan(50);
      const sold = hitsOf('order').flatMap(({ deed }) => deed.order.items);
      for (const [method, labelOf] of [
        ['getItemsSku', 'sku'],
        ['getItemsName', 'name'],
        ['getItemsCategory', 'category'],
      ] as const) {
        const quantities: Record<string, number> = {};
        for (const { product, quantity } of sold) {
          quantities[product[labelOf]] = (quantities[product[labelOf]] ?? 0) + quantity;
        }
        expect(await shown(`Goals.${method}`, 'quantity')).toEqual(quantities);
      }
      const viewed = hitsOf('pageview').flatMap(({ product }) => product?.sku ?? []);
      expect(await shown('Goals.getItemsSku', 'nb_actions')).toEqual(tally(viewed));
    });

    it('Events', async () => {
      const events = hitsOf('event').map(({ deed }) => deed);
      expect(await shown('Events.getCategory', 'nb_events')).toEqual(
        tally(events.map(({ category }) => category)),
      );
      expect(await shown('Events.getAction', 'nb_events')).toEqual(tally(events.map(({ action }) => action)));
      expect(await shown('Events.getName', 'nb_events')).toEqual(tally(events.map(({ name }) => name)));
    });

    it('Contents', async () => {
      const contents = hitsOf('content').map(({ deed }) => deed);
      const clicked = contents.filter(({ interaction }) => interaction !== undefined);
      const seen = contents.filter(({ interaction }) => interaction === undefined);
      expect(clicked.length).toBeGreaterThan(20);
      for (const [method, labelOf] of [
        ['Contents.getContentNames', 'name'],
        ['Contents.getContentPieces', 'piece'],
      ] as const) {
        expect(await shown(method, 'nb_impressions')).toEqual(tally(seen.map(deed => deed[labelOf])));
        expect(await shown(method, 'nb_interactions')).toEqual(tally(clicked.map(deed => deed[labelOf])));
      }
    });

    it('PagePerformance, in seconds with two digits', async () => {
      const timings = hitsOf('pageview').flatMap(({ timings }) => timings ?? []);
      expect(timings).toHaveLength(report.plan.pageviews);
      const told = (await ask('PagePerformance.get')) as Readonly<Record<string, number>>;
      for (const [metric, part] of [
        ['avg_time_network', 'network'],
        ['avg_time_server', 'server'],
        ['avg_time_transfer', 'transfer'],
        ['avg_time_dom_processing', 'domProcessing'],
        ['avg_time_dom_completion', 'domCompletion'],
        ['avg_time_on_load', 'onLoad'],
      ] as const) {
        const sum = timings.reduce((total, timing) => total + timing[part], 0);
        expect(Math.abs((told[metric] ?? 0) - sum / timings.length / 1000)).toBeLessThan(0.0051);
      }
    });
  });
});

/** Systems that Matomo groups under another name. */
const families: Readonly<Record<string, string>> = { iPadOS: 'iOS' };

function tally(names: readonly (string | undefined)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[String(name)] = (counts[String(name)] ?? 0) + 1;
  return counts;
}

/** So many of each are what chance may make of these shares, and there is nothing else. */
function expectShares(
  counts: Readonly<Record<string, number>>,
  shares: Readonly<Record<string, number>>,
): void {
  const cells = Object.keys(shares);
  expect(Object.keys(counts).filter(name => !cells.includes(name))).toEqual([]);
  const seen = cells.map(name => counts[name] ?? 0);
  expect(chiSquare(seen, Object.values(shares))).toBeLessThan(worstOf(cells.length - 1));
}
