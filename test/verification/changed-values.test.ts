import { afterAll, expect, it } from 'vitest';
import { fullEcommerce, fullSite, fullTraffic } from '../support/plain-traffic.ts';
import { runConfig, start, targetConfig, traffic } from '../support/run-config.ts';
import { servers } from '../support/servers.ts';
import { startTamperingProxy } from './tampering-proxy.ts';
import { figure, onlyTarget, verify } from './verifying.ts';

const { collect, close } = servers();
afterAll(close);

/** What is changed of a hit on its way, and how a verification names it. */
interface Change {
  readonly named: RegExp;
  /** The parameter it needs and changes. */
  readonly parameter: string;
  /** The value in its place; undefined: it is taken out. */
  readonly to?: (value: string) => string;
  /** Besides having the parameter. */
  readonly fits?: (hit: URLSearchParams) => boolean;
  /** Of every hit of the visit. */
  readonly always?: true;
}

const isLanding = (hit: URLSearchParams) => hit.has('new_visit');
const another = (value: string) => `${value}x`;

const changes: Readonly<Record<string, Change>> = {
  'the value of a dimension of the visit': {
    named: /^dimension 1$/,
    parameter: 'dimension1',
    to: () => 'else',
  },
  'a value of a dimension that is lost': { named: /^dimension 2 of hit \d+$/, parameter: 'dimension2' },
  'the keyword of a campaign': {
    named: /^campaign keyword$/,
    parameter: 'url',
    fits: hit => isLanding(hit) && /(?:mtm_kwd|utm_term)=/.test(hit.get('url') ?? ''),
    to: url => url.replace(/(mtm_kwd|utm_term)=[^&]*/, '$1=else'),
  },
  'a user id that is lost': { named: /^user id$/, parameter: 'uid', fits: isLanding, always: true },
  'what a goal brings': {
    named: /^revenue of goal 1$/,
    parameter: 'revenue',
    fits: hit => hit.get('idgoal') === '1',
    to: another,
  },
  'which goal it is': {
    named: /^goal 1$/,
    parameter: 'idgoal',
    fits: hit => hit.get('idgoal') === '1',
    to: () => '4',
  },
  'a product that is lost': { named: /^productViews of hit \d+$/, parameter: '_pks' },
  'a category': {
    named: /^categoryViews of hit \d+$/,
    parameter: '_pkc',
    fits: hit => !hit.has('_pks'),
    to: another,
  },
  'how long a page took': { named: /^timedPageviews of hit \d+$/, parameter: 'pf_srv', to: ms => `${ms}0` },
  'how long a page took, lost in part': { named: /^timedPageviews of hit \d+$/, parameter: 'pf_onl' },
  'the title of a page': { named: /^page title of hit \d+$/, parameter: 'action_name', to: another },
  'the address of a page': {
    named: /^page address of hit \d+$/,
    parameter: 'url',
    fits: hit => hit.has('action_name') && !/[?#]/.test(hit.get('url') ?? ''),
    to: another,
  },
  'the action of an event': { named: /^event name of hit \d+$/, parameter: 'e_a', to: another },
  'the value of an event': { named: /^event name of hit \d+$/, parameter: 'e_v' },
  'what was searched': { named: /^search word of hit \d+$/, parameter: 'search', to: another },
  'where a link leads': { named: /^outlink address of hit \d+$/, parameter: 'link', to: another },
  'what is downloaded': { named: /^download address of hit \d+$/, parameter: 'download', to: another },
  'a piece of content': { named: /^content piece of hit \d+$/, parameter: 'c_p', to: another },
  'an interaction that is lost': { named: /^contentInteractions$/, parameter: 'c_i' },
  'a discount that is lost': { named: /^discount$/, parameter: 'ec_dt' },
  'an item of an order': {
    named: /^order lines of hit \d+$/,
    parameter: 'ec_items',
    fits: hit => hit.has('ec_id'),
    to: items => items.replace('","', 'x","'),
  },
};

it('names every value that is changed or lost on the way, visit by visit', async () => {
  const collector = await collect({ sites: [fullSite] });
  const open = new Map(Object.entries(changes));
  const changed = new Map<string, string>();
  const proxy = await startTamperingProxy(collector, {
    hit({ parameters }) {
      const visitor = parameters.get('cid') ?? '';
      const known = changed.get(visitor);
      const again = known === undefined ? undefined : changes[known];
      if (again?.always) return alter(parameters, again);
      if (known !== undefined) return 'pass';
      for (const [name, change] of open) {
        if (!parameters.has(change.parameter) || change.fits?.(parameters) === false) continue;
        open.delete(name);
        changed.set(visitor, name);
        return alter(parameters, change);
      }
      return 'pass';
    },
  });
  const target = targetConfig(proxy.url, {
    apiUrl: new URL('/index.php', collector.origin),
    timeoutSeconds: 60,
  });
  const config = runConfig(target, {
    visits: 150,
    visitsPerSecond: 100,
    traffic: { ...traffic, ...fullTraffic, ecommerce: { ...traffic.ecommerce, ...fullEcommerce } },
  });
  const report = await start(config).done;
  await proxy.close();
  expect(report.hits.accepted).toBe(report.plan.hits);
  expect([...open.keys()]).toEqual([]);

  const verification = await verify(config, report, collector);
  expect(verification.passed).toBe(false);
  const verified = onlyTarget(verification);
  const found = new Map(verified.visits.map(visit => [visit.visitorId, visit]));
  for (const [visitor, name] of changed) {
    const difference = found.get(visitor);
    const names = Object.keys(difference?.planned ?? {});
    expect(
      names.some(one => changes[name]?.named.test(one)),
      `${name}: ${names.join(', ')}`,
    ).toBe(true);
    expect(Object.keys(difference?.recorded[0] ?? {})).toEqual(names);
  }
  expect([...found.keys()].sort()).toEqual([...changed.keys()].sort());
  const told = figure(verified, 'page title');
  expect(told).toMatchObject({ planned: report.plan.pageviews, recorded: report.plan.pageviews - 1 });
  for (const name of ['productViews', 'timedPageviews'] as const) {
    expect(figure(verified, name).planned).toBe(report.plan[name]);
    expect(figure(verified, name).recorded).toBeLessThan(report.plan[name]);
  }
});

function alter(parameters: URLSearchParams, { parameter, to }: Change): URLSearchParams {
  const altered = new URLSearchParams(parameters);
  const value = altered.get(parameter);
  if (to === undefined || value === null) altered.delete(parameter);
  else altered.set(parameter, to(value));
  return altered;
}
