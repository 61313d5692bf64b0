import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskSecrets } from '../../src/base/mask-secrets.ts';
import type { Site } from '../../src/matomo/reporting/site.ts';
import { clockFindings } from '../../src/validation/clock-findings.ts';
import { connectionFinding } from '../../src/validation/connection-findings.ts';
import { exclusionFindings } from '../../src/validation/exclusion-findings.ts';
import { type FindingCode, findingCodes } from '../../src/validation/finding-codes.ts';
import { type PlanNeeds, planNeeds } from '../../src/validation/plan-needs.ts';
import { serverFindings } from '../../src/validation/server-findings.ts';
import type { SiteFacts } from '../../src/validation/site-facts.ts';
import { siteFindings } from '../../src/validation/site-findings.ts';
import { productionFinding } from '../../src/validation/todays-visits.ts';
import { tokenFindings } from '../../src/validation/token-findings.ts';
import { notATracker } from '../../src/validation/tracker-findings.ts';
import { windowFindings } from '../../src/validation/window-findings.ts';
import { runConfig, targetConfig, traffic } from '../support/run-config.ts';
import { funnelOf, landing, plainStep } from '../traffic/any-funnels.ts';
import { replyOf } from '../wire/replies.ts';

const site: Site = {
  name: 'Shop',
  main_url: 'https://shop.example',
  ts_created: '2020-01-01 00:00:00',
  timezone: 'Europe/Stockholm',
  currency: 'SEK',
  ecommerce: true,
  sitesearch: true,
  sitesearch_keyword_parameters: [],
  exclude_unknown_urls: false,
  excluded_ips: [],
  excluded_user_agents: [],
  excluded_parameters: [],
  excluded_referrers: [],
};

/** A site of which nothing is to be said, as an administrator sees it. */
const facts: SiteFacts = {
  version: '5.2.0',
  site,
  siteHidden: undefined,
  urls: ['https://shop.example'],
  mayView: true,
  mayWrite: true,
  isSuperuser: false,
  serverExcludedIps: [],
  serverExcludedAgents: [],
  serverExcludedParameters: [],
  serverSearchParameters: [],
  goals: [],
  dimensions: [],
  queuedTracking: false,
  spamPrevention: false,
};

const target = targetConfig('http://127.0.0.1:1/matomo.php', { token: 'token', timezone: 'CET' });
const needs: PlanNeeds = planNeeds(runConfig(target), target);
const ofSite = (more: Partial<Site>): SiteFacts => ({ ...facts, site: { ...site, ...more } });
const withPages = (...urls: string[]): PlanNeeds => ({
  ...needs,
  pages: urls.map(url => ({ url, title: 'Thanks, ÅSA' })),
});

interface Case {
  readonly what: string;
  readonly facts?: SiteFacts;
  readonly needs?: PlanNeeds;
  /** Beside SITE and VERSION, which are always there. */
  readonly codes: readonly FindingCode[];
  readonly told?: RegExp;
}

const goal = {
  idgoal: 3,
  name: 'Bought',
  match_attribute: 'url',
  pattern: '/thanks',
  pattern_type: 'contains',
  case_sensitive: false,
};

const cases: readonly Case[] = [
  { what: 'nothing where all fits', codes: [] },
  { what: 'site search that is off', facts: ofSite({ sitesearch: false }), codes: ['SEARCH_OFF'] },
  {
    what: 'not site search that nobody needs',
    facts: ofSite({ sitesearch: false }),
    needs: { ...needs, searches: false },
    codes: [],
  },
  { what: 'orders on a site that is no shop', facts: ofSite({ ecommerce: false }), codes: ['SHOP_OFF'] },
  {
    what: 'another currency',
    facts: ofSite({ currency: 'EUR' }),
    codes: ['OTHER_CURRENCY'],
    told: /meant in SEK, but the site's currency is EUR/,
  },
  {
    what: 'neither of both without orders',
    facts: ofSite({ currency: 'EUR', ecommerce: false }),
    needs: { ...needs, orders: false },
    codes: [],
  },
  { what: 'another time zone', facts: ofSite({ timezone: 'Asia/Tokyo' }), codes: ['OTHER_TIMEZONE'] },
  {
    what: 'a zone Matomo writes as a distance',
    facts: ofSite({ timezone: 'UTC+5.5' }),
    codes: ['OTHER_TIMEZONE'],
  },
  {
    what: 'goals that are not there',
    facts: { ...facts, goals: [goal] },
    needs: { ...needs, goalIds: [3, 4, 5] },
    codes: ['GOAL_UNKNOWN'],
    told: /goal 4, 5/,
  },
  {
    what: 'dimensions that are not in use',
    facts: { ...facts, dimensions: [1] },
    needs: { ...needs, dimensionIds: [1, 2] },
    codes: ['DIMENSION_UNKNOWN'],
    told: /dimension 2/,
  },
  {
    what: 'nothing of goals and dimensions the API did not tell of',
    facts: { ...facts, goals: undefined, dimensions: undefined },
    needs: { ...needs, goalIds: [4], dimensionIds: [2] },
    codes: [],
  },
  {
    what: 'goals that pages reach by themselves',
    facts: { ...facts, goals: [goal] },
    needs: withPages('https://shop.example/Thanks/1'),
    codes: ['GOALS_MATCH_PAGES'],
    told: /3 \(Bought\)/,
  },
  {
    what: 'goals by the title, as a pattern',
    facts: {
      ...facts,
      goals: [{ ...goal, match_attribute: 'title', pattern: '^thanks', pattern_type: 'regex' }],
    },
    needs: withPages('https://shop.example/'),
    codes: ['GOALS_MATCH_PAGES'],
  },
  {
    what: 'none that look at other things, or at case',
    facts: {
      ...facts,
      goals: [
        { ...goal, match_attribute: 'manually', pattern: '', pattern_type: '' },
        { ...goal, match_attribute: 'event_category' },
        { ...goal, case_sensitive: true },
        { ...goal, pattern: '(', pattern_type: 'regex' },
      ],
    },
    needs: withPages('https://shop.example/Thanks/1'),
    codes: [],
  },
  {
    what: 'pages that are not of the site',
    facts: ofSite({ exclude_unknown_urls: true }),
    needs: withPages('https://shop.example/a', 'https://other.example/b'),
    codes: ['PAGES_UNKNOWN'],
    told: /1 of 2 pages \(https:\/\/other\.example\/b\)/,
  },
  { what: 'no page of the site', facts: ofSite({ exclude_unknown_urls: true }), codes: [] },
  {
    what: 'pages that are searches to the site',
    facts: ofSite({ sitesearch_keyword_parameters: ['find'] }),
    needs: withPages('https://shop.example/?Find=a', 'https://shop.example/?q=a'),
    codes: ['PAGES_ARE_SEARCHES'],
    told: /1 of 2 pages hold Find/,
  },
  {
    what: 'pages that are searches to a server that does not tell its parameters',
    facts: { ...facts, serverSearchParameters: undefined },
    needs: withPages('https://shop.example/?q=a'),
    codes: ['PAGES_ARE_SEARCHES'],
  },
  {
    what: 'parameters that are taken out',
    facts: { ...ofSite({ excluded_parameters: ['a'] }), serverExcludedParameters: ['B'] },
    needs: withPages('https://shop.example/?a=1&b=2'),
    codes: ['PARAMETERS_EXCLUDED'],
    told: /hold a, b,/,
  },
  {
    what: 'addresses excluded for the site',
    facts: ofSite({ excluded_ips: ['0.0.0.0/1', '128.0.0.0/1'] }),
    codes: ['ADDRESSES_EXCLUDED'],
    told: /^all of the visitors/,
  },
  {
    what: 'addresses excluded on the whole server',
    facts: { ...facts, serverExcludedIps: ['78.*.*.*'] },
    needs: { ...needs, visits: 1000 },
    codes: ['ADDRESSES_EXCLUDED'],
    told: /% of the visitors .*78\.\*\.\*\.\*/,
  },
  {
    what: 'a few of them with a warning',
    facts: ofSite({ excluded_ips: ['78.64.0.9'] }),
    codes: ['FEW_ADDRESSES_EXCLUDED'],
  },
  {
    what: 'addresses nobody comes from not at all',
    facts: ofSite({ excluded_ips: ['10.0.0.0/8', '::1'] }),
    codes: [],
  },
  {
    what: 'its own address where visitors have none',
    facts: ofSite({ excluded_ips: ['192.168.*.*'] }),
    needs: { ...needs, addresses: [] },
    codes: ['OWN_ADDRESS_EXCLUDED'],
    told: /192\.168\.1\.7/,
  },
  {
    what: 'browsers excluded for the site',
    facts: ofSite({ excluded_user_agents: ['Mozilla'] }),
    codes: ['AGENTS_EXCLUDED'],
    told: /^all of the visitors/,
  },
  {
    what: 'browsers excluded on the whole server',
    facts: { ...facts, serverExcludedAgents: ['/android/i'] },
    codes: ['AGENTS_EXCLUDED'],
    told: /Android/,
  },
  {
    what: 'a pattern of browsers that cannot be read',
    facts: { ...facts, serverExcludedAgents: ['/(?>a)/'] },
    codes: ['AGENTS_UNCHECKED'],
  },
  {
    what: 'that the exclusions of the server are hidden',
    facts: { ...facts, serverExcludedIps: undefined, serverExcludedAgents: undefined },
    codes: ['EXCLUSIONS_HIDDEN'],
  },
  { what: 'a queue', facts: { ...facts, queuedTracking: true }, codes: ['QUEUED'] },
  { what: 'a plugin against spam', facts: { ...facts, spamPrevention: true }, codes: ['SPAM_PREVENTION'] },
];

describe('of a site and a plan is found', () => {
  it.each(cases)('$what', ({ facts: given = facts, needs: planned = needs, codes, told }) => {
    const found = [
      ...serverFindings(given),
      ...siteFindings(given, planned),
      ...exclusionFindings(given, planned, '192.168.1.7'),
    ];
    expect(found.map(({ code }) => code).filter(code => code !== 'SITE' && code !== 'VERSION')).toEqual(
      codes,
    );
    if (told !== undefined)
      expect(found.map(({ message }) => message).find(text => told.test(text))).toBeDefined();
  });

  it('what a plan needs by its own settings', () => {
    const goals = [{ id: 7, probability: 0.1 }];
    const dimensions = [{ id: 2, scope: 'visit' as const, probability: 1, values: [] }];
    const shopless = { ...traffic.ecommerce, probability: 0, abandonedCartProbability: 0.1 };
    const config = runConfig(target, { traffic: { ...traffic, goals, dimensions, ecommerce: shopless } });
    const planned = planNeeds(config, target);
    expect(planned).toMatchObject({ goalIds: [7], dimensionIds: [2], orders: true, hitsCarryToken: true });
    expect(siteFindings(facts, planned).map(({ code }) => code)).toEqual([
      'SITE',
      'GOAL_UNKNOWN',
      'DIMENSION_UNKNOWN',
    ]);
    expect(planNeeds(config, { ...target, token: undefined }).addresses).toEqual([]);
  });

  it('what a plan needs by its funnels, those that never run left out', () => {
    const goal = { ...plainStep, type: 'goal', goalId: 8, revenue: undefined } as const;
    const dimension = { ...plainStep, type: 'dimension', id: 3, value: 'a', scope: 'visit' } as const;
    const cart = { ...plainStep, type: 'cart', total: undefined, items: undefined } as const;
    const steps = [landing, goal, goal, dimension, cart];
    const shopless = { ...traffic.ecommerce, probability: 0 };
    const needsOf = (enabled: boolean) =>
      planNeeds(
        runConfig(target, {
          traffic: { ...traffic, ecommerce: shopless, funnels: [funnelOf({ steps, enabled })] },
        }),
        target,
      );
    expect(needsOf(true)).toMatchObject({ goalIds: [8], dimensionIds: [3], orders: true });
    expect(needsOf(true).pages.at(-1)).toEqual({ url: 'https://shop.example/landing', title: 'Landing' });
    expect(needsOf(false)).toMatchObject({ goalIds: [], dimensionIds: [], orders: false });
  });

  it('an older or a newer version with a warning', () => {
    const codeOf = (version: string) => serverFindings({ ...facts, version })[0]?.code;
    expect(['3.14.1', '4.0.0', '5.9.0', '6.0.0-b1'].map(codeOf)).toEqual([
      'VERSION_OLD',
      'VERSION',
      'VERSION',
      'VERSION_NEW',
    ]);
  });

  it('an error exactly where visits would be missing, whatever share of addresses is excluded', () => {
    const bits = fc.integer({ min: 1, max: 32 });
    const visits = fc.option(fc.integer({ min: 1, max: 1_000_000 }));
    fc.assert(
      fc.property(bits, visits, (size, planned) => {
        const given = ofSite({ excluded_ips: [`78.64.0.0/${size}`] });
        const found = exclusionFindings(given, { ...needs, visits: planned }, undefined);
        const share = needs.addresses.reduce((sum, { first, last, share }) => {
          const low = 78 * 2 ** 24 + 64 * 2 ** 16;
          const from = Math.floor(low / 2 ** (32 - size)) * 2 ** (32 - size);
          const common = Math.min(last, from + 2 ** (32 - size) - 1) - Math.max(first, from) + 1;
          return sum + (share * Math.max(0, common)) / (last - first + 1);
        }, 0);
        const isMissing = planned === null ? share >= 1e-5 : share * planned >= 0.5;
        expect(found[0]?.level).toBe(isMissing ? 'error' : 'warning');
      }),
    );
  });
});

describe('of a token is found', () => {
  const probes = { good: 'TOKEN_GOOD', refused: 'TOKEN_NOT_TAKEN', unclear: 'TOKEN_UNCHECKED' } as const;

  it.each(Object.entries(probes))('what the tracker says of it: %s is %s', (result, code) => {
    const probe = { result: result as keyof typeof probes, detail: 'words of the server' };
    for (const mayWrite of [true, undefined]) {
      const [found] = tokenFindings({ facts: { mayWrite }, probe, siteId: 1 });
      expect(found?.code).toBe(code);
    }
  });

  it('that it may not write, as the Reporting API says, without a question to the tracker', () => {
    expect(tokenFindings({ facts: { mayWrite: false }, probe: undefined, siteId: 1 })[0]?.code).toBe(
      'TOKEN_MAY_NOT_WRITE',
    );
  });

  it('that one the API takes and the tracker refuses works in forms only, or is new', () => {
    const [found] = tokenFindings({
      facts: { mayWrite: true },
      probe: { result: 'refused', detail: '' },
      siteId: 1,
    });
    expect(found?.message).toContain('secure requests only');
  });
});

describe('of clocks is found', () => {
  it.each([
    [null, []],
    [0, []],
    [1.9, []],
    [-900, []],
    [5.2, ['CLOCK_BEHIND']],
    [3599, ['CLOCK_BEHIND']],
    [3601, ['CLOCK_FAR_OFF']],
    [-7200, ['CLOCK_FAR_OFF']],
  ])('with a difference of %s s: %s', (difference, codes) => {
    expect(clockFindings(difference).map(({ code }) => code)).toEqual(codes);
  });
});

it('an error of the connection always says where, and what to do', () => {
  const place = { url: new URL('https://m.example:8443/'), timeoutSeconds: 30, connectTimeoutSeconds: 10 };
  fc.assert(
    fc.property(fc.oneof(fc.constantFrom('ENOTFOUND', 'ERR_SSL_X', 'TIMEOUT'), fc.string()), cause => {
      const found = connectionFinding(cause, 'words', place);
      expect(found.level).toBe('error');
      expect(found.message).toContain('m.example');
      expect(found.hint).toBeDefined();
    }),
  );
});

it.each([
  [{ foreign: 0, isAtLeast: true, since: 'today' }, 'NO_OTHER_VISITS', 'no visits today but those of runs'],
  [{ foreign: 1, isAtLeast: false, since: 'today' }, 'PRODUCTION_SITE', 'the site has 1 visit today'],
  [
    { foreign: 250, isAtLeast: true, since: 'in the last hour' },
    'PRODUCTION_SITE',
    'the site has 250 or more visits in the last hour',
  ],
] as const)('of the visits of today is found %j', (visits, code, told) => {
  expect(productionFinding(visits)).toMatchObject({ code, message: expect.stringContaining(told) });
});

it.each<[string, string, readonly string[], readonly string[]]>([
  [
    '2019-12-31',
    '2020-01-05',
    ['CREATED_LATER', 'LOGS_MAY_BE_DELETED'],
    ['made on 2020-01-01', 'sets its creation date back to 2019-12-31'],
  ],
  ['2020-01-03', '2020-01-05', [], []],
  ['2020-06-01', '2020-06-30', ['TODAY_INCLUDED'], ['2020-06-30 is today in Europe/Stockholm']],
  [
    '2019-12-31',
    '2020-06-30',
    ['CREATED_LATER', 'LOGS_MAY_BE_DELETED', 'TODAY_INCLUDED'],
    ['2019-12-31 is 182 days ago'],
  ],
])('of a window from %s to %s is found %j', (firstDay, lastDay, codes, told) => {
  // Already the 30th in Stockholm.
  const now = Date.parse('2020-06-29T22:30:00Z');
  const site = { ts_created: '2020-01-01 00:00:00' };
  const findings = windowFindings({ firstDay, lastDay }, site, 'Europe/Stockholm', now);
  expect(findings.map(({ code }) => code)).toEqual(codes);
  const text = findings.map(({ message }) => message).join('\n');
  for (const part of told) expect(text).toContain(part);
  // What cannot be looked at is not told of.
  const unseen = windowFindings({ firstDay, lastDay }, undefined, 'Europe/Stockholm', now);
  expect(unseen.map(({ code }) => code)).toEqual(codes.filter(code => code !== 'CREATED_LATER'));
});

it('what an answer said is not cut in the middle of a secret, which could not be taken out any more', () => {
  const secret = 'hunter-22';
  for (let before = 0; before < 120; before++) {
    const reply = replyOf(403, `${'word '.repeat(30).slice(0, before)} ${secret} and more `.repeat(3));
    const { message } = notATracker(reply, new URL('https://stats.example/matomo.php'));
    expect(maskSecrets(message, [secret])).not.toContain('hunt');
  }
});

it('the table of docs/validation.md has every code, what it means and what to do', () => {
  const page = readFileSync(new URL('../../docs/validation.md', import.meta.url), 'utf8');
  const rows = page.split('\n').filter(line => /^\| `[A-Z_]+`/.test(line));
  const unpadded = rows.map(row => row.replace(/ {2,}/g, ' '));
  expect(unpadded).toEqual(
    Object.entries(findingCodes).map(
      ([code, { level, means, toDo }]) =>
        `| \`${code}\` | ${level} | ${means} | ${toDo}${toDo === '' ? '' : ' '}|`,
    ),
  );
});
