import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExitCode } from '../../src/base/exit-codes.ts';
import { collectorSiteIds, collectorSites } from '../../src/config/collector-sites.ts';
import { configAsJson, configAsRows } from '../../src/config/show.ts';
import { toRunConfig } from '../../src/config/to-run-config.ts';
import { type Given, load, refusal } from './loading.ts';

const yaml = (text: string) => ({ 'trafficinator.yaml': text });
const list = (...targets: string[]) => yaml(`targets:\n${targets.map(text => `  - { ${text} }\n`).join('')}`);
const a = 'name: a, url: "https://a.example/"';
const b = 'name: b, url: "https://b.example/"';
const run = (given: Given) => toRunConfig(load({ needsTarget: true, ...given }), { command: 'run' });

describe('targets that are not right', () => {
  it('are refused with every problem at once, each with origin, key, value and rule', () => {
    const files = yaml(
      [
        'distribution: mirror',
        'whenDown: reroute',
        'targets:',
        '  - { name: a, url: "https://m.example/", weight: 0 }',
        '  - { name: a, url: "https://M.example/piwik.php", siteId: 1.5 }',
        '  - { name: c, url: "https://m.example:443/matomo.php/", weight: -1, tokenEnv: NOT_SET }',
        '  - { name: d, url: nowhere, weigth: 1, features: { serchProbability: 1, pageviews: { min: 9 } } }',
        '  - { name: e, features: { ecommerce: { probability: 2 } }, concurrency: 3000000 }',
        '  - 5',
      ].join('\n'),
    );
    const message = refusal({ files, needsTarget: true });
    expect(message.split('\n').sort()).toEqual(
      [
        'the configuration has 16 problems',
        '  trafficinator.yaml:6:80: targets[2].tokenEnv must be the name of a variable that is set',
        '  trafficinator.yaml:7:30: targets[3].weigth is no key of targets[3] (did you mean weight?)',
        '  trafficinator.yaml:7:53: targets[3].features.serchProbability is no key of targets[3].features (did you mean searchProbability?)',
        '  trafficinator.yaml:9:5: targets[5] must be a mapping of keys to values',
        '  trafficinator.yaml:5:13: targets[1].name = a is also the name of targets[0]',
        '  trafficinator.yaml:4:51: targets[0].weight = 0 must be above 0',
        '  trafficinator.yaml:5:60: targets[1].siteId = 1.5 must be a whole number',
        '  trafficinator.yaml:6:66: targets[2].weight = -1 must be above 0',
        '  trafficinator.yaml:7:21: targets[3].url = nowhere must be an absolute http or https URL',
        '  trafficinator.yaml:8:54: targets[4].features.ecommerce.probability = 2 must be at most 1',
        '  trafficinator.yaml:8:74: targets[4].concurrency = 3000000 must be at most 2000000',
        '  trafficinator.yaml:6:21: targets[2].url = https://m.example:443/matomo.php/ is site 1 of the same server as targets[0] (a): say allowSameSite: true if that is meant',
        '  trafficinator.yaml:7:92: targets[3].features.pageviews.min = 9 must not be above traffic.pageviews.max = 6 (default)',
        '  trafficinator.yaml:2:11: whenDown = reroute is not possible with distribution mirror: every target has all visits already',
        '  trafficinator.yaml:7:92: targets[3].features.pageviews.min = 9 differs from traffic.pageviews.min, and with distribution mirror all targets get the same visits',
        '  trafficinator.yaml:8:54: targets[4].features.ecommerce.probability = 2 differs from traffic.ecommerce.probability, and with distribution mirror all targets get the same visits',
      ].sort(),
    );
  });

  it('end the process with 2', () => {
    expect(() => load({ files: list(a, a) })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', exitCode: ExitCode.Usage }),
    );
  });

  it.each([
    ['targets: a', 'targets must be a list of targets'],
    ['targets: []', 'targets must be a list of targets'],
    ['targets: { a: b }', 'targets must be a list of targets'],
    ['targets: [[]]', 'targets[0] must be a mapping of keys to values'],
    ['targets: [{ weight: 0.0001 }]', 'targets[0].weight = 0.0001 must be a multiple of 0.001'],
    ['targets: [{ weight: heavy }]', 'targets[0].weight = heavy must be a number'],
    ['targets: [{ rate: 5 }]', 'targets[0].rate = 5 must be a rate'],
    ['targets: [{ tls: { verify: perhaps } }]', 'targets[0].tls.verify = perhaps must be true or false'],
    ['targets: [{ tls: { ca: none.pem } }]', 'targets[0].tls.ca = none.pem does not exist'],
    ['targets: [{ tls: { ca: trafficinator.yaml } }]', 'holds no certificate in PEM form'],
    ['targets: [{ tls: { server: x } }]', 'targets[0].tls.server is no key of targets[0].tls'],
    ['targets: [{ headers: [a] }]', 'targets[0].headers must be a mapping of names to values'],
    ['targets: [{ headers: { "a b": c } }]', 'targets[0].headers must have names of HTTP headers'],
    ['targets: [{ headers: { a: "b\\nc: d" } }]', 'targets[0].headers must hold no control characters in a'],
    ['targets: [{ headers: { Content-Length: 5 } }]', 'must not hold Content-Length'],
    ['targets: [{ headers: { a: [b] } }]', 'targets[0].headers.a must be text'],
    [
      `targets: [{ headers: { a: "\${NOT_SET}" } }]`,
      'targets[0].headers.a refers to NOT_SET, which is not set',
    ],
    [`targets: [{ token: "\${NOT_SET}" }]`, 'targets[0].token refers to NOT_SET, which is not set'],
    ['targets: [{ token: abcdefgh, tokenEnv: T }]', 'are two tokens for one target'],
    ['targets: [{ features: { ecommerce: { orders: 1 } } }]', 'is no key of targets[0].features.ecommerce'],
    ['distribution: shared', 'distribution = shared must be split or mirror or independent or failover'],
    ['whenDown: wait', 'whenDown = wait must be skip or reroute or abort'],
    ['distribution: independent\nwhenDown: reroute', 'every target has visits of its own'],
    ['distribution: failover\nrate: max', 'rate = max is not possible with distribution failover'],
    ['concurrency: 2000001', 'concurrency = 2000001 must be at most 2000000'],
  ])('are refused: %j', (text, rule) => {
    expect(refusal({ files: yaml(text), env: { T: 'ijklmnop' } })).toContain(rule);
  });

  it('name both origins of a range that features turn around with the run, whichever end is said', () => {
    const files = yaml(
      `traffic: { pageviews: { min: 4 } }\ntargets: [{ ${a}, features: { pageviews: { max: 2 } } }]`,
    );
    expect(refusal({ files })).toContain(
      'targets[0].features.pageviews.max = 2 must not be below traffic.pageviews.min = 4 (trafficinator.yaml:1:30)',
    );
  });

  it('have legacy limits in legacy variables only', () => {
    const env = { MATOMO_URL: 'https://a.example/', MATOMO_URL_2: 'https://b.example/' };
    expect(refusal({ env: { ...env, TARGET_VISITS_PER_DAY_2: '1000001' } })).toContain(
      'TARGET_VISITS_PER_DAY_2: targets[1].rate = 1000001 must be a number from 1 to 1000000',
    );
    expect(load({ files: list(`${a}, rate: 1000001/day`) }).warnings.join()).toContain(
      'targets[0].rate = 1000001/day (trafficinator.yaml:2:49) is beyond the usual 1 to 1000000',
    );
  });
});

describe('two targets of the same site on the same server', () => {
  it.each([
    ['https://m.example/', 'https://m.example/matomo.php'],
    ['https://m.example/matomo.php', 'https://M.EXAMPLE:443/piwik.php'],
    ['http://m.example/x/', 'http://m.example:80/x/js/matomo.php/'],
  ])('are refused, however they are written: %s and %s', (one, other) => {
    const both = (siteId: number, more = '') =>
      yaml(`${more}targets: [{ name: a, url: "${one}" }, { name: b, url: "${other}", siteId: ${siteId} }]`);
    expect(refusal({ files: both(1) })).toContain('is site 1 of the same server as targets[0] (a)');
    expect(run({ files: both(2) }).targets).toHaveLength(2);
    expect(run({ files: both(1, 'allowSameSite: true\n') }).targets).toHaveLength(2);
  });

  it('are two sites of the embedded collector', () => {
    const files = list(a, a.replace('name: a', 'name: b'));
    expect(run({ files, flags: { collector: true } }).targets.map(({ siteId }) => siteId)).toEqual([1, 2]);
  });
});

describe('a target', () => {
  it('takes from the run what it does not say', () => {
    const files = yaml(
      `concurrency: 7\ntransport: bulk\nmethod: post\nbatchSize: 9\ntimeout: 3s\nconnectTimeout: 2s\ntargets: [{ ${a} }, { ${b}, concurrency: 200, transport: single, timeout: 1s }]`,
    );
    const shared = { method: 'post', batchSize: 9, connectTimeoutSeconds: 2, weight: 1 };
    expect(run({ files }).targets).toMatchObject([
      { ...shared, concurrency: 7, connections: 7, transport: 'bulk', timeoutSeconds: 3 },
      { ...shared, concurrency: 200, connections: 128, transport: 'single', timeoutSeconds: 1 },
    ]);
  });

  it('has a rate of its own under independent only; elsewhere it is warned of', () => {
    const files = list(`${a}, rate: 5/s`, b);
    const independent = run({ files, flags: { distribution: 'independent' } });
    expect(independent.targets.map(target => target.visitsPerSecond)).toEqual([5, undefined]);
    expect(load({ files, flags: { distribution: 'independent' } }).warnings.join()).not.toContain(
      'counts under',
    );
    expect(run({ files }).targets[0]).not.toHaveProperty('visitsPerSecond');
    expect(load({ files }).warnings).toContain(
      'targets[0].rate = 5/s (trafficinator.yaml:2:49) counts under independent only, and distribution is split',
    );
  });

  it('has a weight under split, and where visits are rerouted; elsewhere it is warned of', () => {
    const warned = (flags: Record<string, string>) =>
      load({ files: list(`${a}, weight: 2`, b), flags })
        .warnings.join()
        .includes('targets[0].weight = 2');
    expect(warned({})).toBe(false);
    expect(warned({ distribution: 'failover', whenDown: 'reroute' })).toBe(false);
    expect(warned({ distribution: 'mirror' })).toBe(true);
  });

  it('has traffic of its own where its features differ, with the pages of the run', () => {
    const files = list(`${a}, features: { ecommerce: { probability: 0 }, searchProbability: 1 }`, b);
    const { targets, traffic } = run({ files });
    expect(targets[0]?.traffic).toEqual({
      ...traffic,
      searchProbability: 1,
      ecommerce: { ...traffic.ecommerce, probability: 0 },
    });
    expect(targets[0]?.traffic?.pages).toBe(traffic.pages);
    expect(targets[1]).not.toHaveProperty('traffic');
  });

  it('has no traffic of its own where its features are the run’s, also under mirror', () => {
    const files = list(`${a}, features: { searchProbability: 0.15 }`, b);
    const { targets } = run({ files, flags: { distribution: 'mirror' } });
    expect(targets[0]).not.toHaveProperty('traffic');
  });

  it('has the text of its certificates, a server name and headers', () => {
    const pem = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';
    const files = {
      ...list(
        `${a}, tls: { ca: ca.pem, serverName: real.example }, headers: { X-Env: test, X-Number: 5 }`,
        b,
      ),
      'ca.pem': pem,
    };
    const { targets } = run({ files });
    expect(targets[0]).toMatchObject({
      tls: { ca: pem, serverName: 'real.example', isVerified: true },
      headers: { 'X-Env': 'test', 'X-Number': '5' },
    });
    expect(targets[1]).not.toHaveProperty('tls');
    expect(targets[1]).not.toHaveProperty('headers');
  });

  it('whose certificate is not checked is warned of loudly', () => {
    expect(load({ files: list(`${a}, tls: { verify: false }`) }).warnings.join()).toContain(
      'CERTIFICATES OF a ARE NOT CHECKED (trafficinator.yaml:2:58): whoever stands between can read its token',
    );
  });

  it('may have any weight with three decimals', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000_000 }), thousandths => {
        const weight = thousandths / 1000;
        expect(run({ files: list(`${a}, weight: ${weight}`) }).targets[0]?.weight).toBe(weight);
      }),
      { numRuns: 50 },
    );
  });
});

describe('distribution, whenDown and allowSameSite', () => {
  it('are split, skip and false, and come from flags, variables and files', () => {
    expect(run({ files: list(a) })).toMatchObject({ distribution: 'split', whenDown: 'skip' });
    const env = { TRAFFICINATOR_DISTRIBUTION: 'mirror', TRAFFICINATOR_WHEN_DOWN: 'abort' };
    expect(run({ files: list(a), env })).toMatchObject({ distribution: 'mirror', whenDown: 'abort' });
    const flags = { distribution: 'failover', whenDown: 'reroute' };
    expect(run({ files: list(a), env, flags })).toMatchObject(flags);
    expect(load({ env: { TRAFFICINATOR_ALLOW_SAME_SITE: 'yes' } }).values.allowSameSite).toBe(true);
  });
});

describe('the embedded collector', () => {
  it('stands in for all targets, which keep names, weights and features and have a site each', () => {
    const files = yaml(`traffic: { ecommerce: { currency: EUR } }
targets:
  - { ${a}, siteId: 3, weight: 2, tokenEnv: T, headers: { X-A: b }, timezone: Asia/Tokyo }
  - { ${b}, siteId: 3, features: { ecommerce: { currency: USD } }, tls: { ca: none.pem } }
  - { name: c, siteId: 1 }
`);
    const loaded = load({ files, flags: { collector: true }, env: { T: 'mine00000' }, needsTarget: true });
    const collector = { url: new URL('http://127.0.0.1:1/matomo.php'), token: 'ofthecollector' };
    const { targets } = toRunConfig(loaded, { command: 'run', collector });
    expect(targets.map(({ name, siteId, weight }) => [name, siteId, weight])).toEqual([
      ['a', 3, 2],
      ['b', 2, 1],
      ['c', 1, 1],
    ]);
    for (const target of targets) {
      expect(target).toMatchObject({ url: collector.url, token: 'ofthecollector', tokenEnv: undefined });
      expect(target).not.toHaveProperty('headers');
      expect(target).not.toHaveProperty('tls');
    }
    expect(loaded.notices).toEqual([
      '--collector: targets[0].url is not used',
      '--collector: targets[1].url is not used',
      '--collector: b is site 2: another target is site 3',
    ]);
    expect(collectorSites(loaded)).toEqual([
      { id: 3, name: 'a', timezone: 'Asia/Tokyo', currency: 'EUR', goals: [], dimensions: [] },
      { id: 2, name: 'b', timezone: 'CET', currency: 'USD', goals: [], dimensions: [] },
      { id: 1, name: 'c', timezone: 'CET', currency: 'EUR', goals: [], dimensions: [] },
    ]);
  });

  it('has sites with ids that always differ, the configured ones where they do', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 12 }), configured => {
        const ids = collectorSiteIds(configured);
        expect(new Set(ids).size).toBe(configured.length);
        for (const [at, id] of configured.entries()) {
          if (configured.indexOf(id) === at) expect(ids[at]).toBe(id);
        }
      }),
    );
  });
});

describe('what several targets are shown as', () => {
  const files = list(`${a}, tokenEnv: T, weight: 2, headers: { Authorization: "Bearer \${T}" }`, b);
  const loaded = () =>
    load({ files, env: { T: '0123456789abcdef0123456789abcdef' }, flags: { concurrency: '9' } });

  it('is every value of each with its origin, secrets by variable', () => {
    const groups = configAsRows(loaded());
    const rows = (name: string) => groups.find(group => group.name === name)?.rows ?? [];
    expect(rows('target a')).toContainEqual(['targets[0].weight', '2', 'trafficinator.yaml:2:64']);
    expect(rows('target a')).toContainEqual(['targets[0].token', '01… (T)', 'trafficinator.yaml:2:53']);
    expect(rows('target a')).toContainEqual([
      'targets[0].headers',
      `Authorization: Bearer \${T}`,
      'trafficinator.yaml:2:76',
    ]);
    expect(rows('target b')).toContainEqual(['targets[1].weight', '1', 'default']);
    expect(rows('target b')).toContainEqual(['targets[1].concurrency', '9', '--concurrency']);
  });

  it('is a list for programs', () => {
    expect(configAsJson(loaded())).toMatchObject({
      values: {
        targets: [
          { name: 'a', weight: 2 },
          { name: 'b', weight: 1 },
        ],
      },
      origins: { 'targets[0].weight': 'trafficinator.yaml:2:64', 'targets[1].weight': 'default' },
    });
  });
});

describe('`effective`', () => {
  it('says what a file would have to say for the same run of several targets', () => {
    const pem = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';
    const text = `distribution: independent
whenDown: abort
targets:
  - { ${a}, tokenEnv: TA, rate: 5/s, concurrency: 3, headers: { Authorization: "Bearer \${TA}" } }
  - { ${b}, token: "\${TB}", weight: 2.5, timeout: 5s, tls: { ca: ca.pem, serverName: x.example } }
  - { url: "https://c.example/", timezone: Asia/Tokyo, features: { pageviews: 2-5, ecommerce: { probability: 0 } } }
`;
    const env = { TA: 'sometoken1', TB: 'sometoken2' };
    const loaded = load({ files: { ...yaml(text), 'ca.pem': pem }, env, flags: { runId: 'x', seed: '1' } });
    const first = toRunConfig(loaded, { command: 'run' });
    expect(first.effective).toMatchObject({
      targets: [{ tokenEnv: 'TA' }, { tokenEnv: 'TB' }, { tokenEnv: null }],
    });
    const file = JSON.stringify({ ...first.effective, pages: undefined });
    expect(run({ files: { ...yaml(file), 'ca.pem': pem }, env })).toEqual(first);
  });
});

describe('warnings', () => {
  const warnings = (given: Given) => load(given).warnings.join('\n');

  it('name the targets without a token', () => {
    const files = list(
      `${a}, tokenEnv: T`,
      b,
      `name: c, url: "https://c.example/", features: { randomizeCountries: false }`,
    );
    expect(warnings({ files, env: { T: 'abcdefgh' } })).toContain(
      'without a token (token-env of --target) all visits on b come from one',
    );
  });

  it('name the target whose token or header stands in a file', () => {
    const files = list(
      `${a}, token: abcdefgh, headers: { Authorization: abc, Cookie: "\${C}", X-Env: test }`,
    );
    const text = warnings({ files, env: { C: 'abcdefgh' } });
    expect(text).toContain('the token of a stands in trafficinator.yaml:2:50');
    expect(text).toContain('the value of Authorization of a stands in trafficinator.yaml:2:69');
    expect(text).not.toContain('Cookie');
    expect(text).not.toContain('X-Env');
  });

  it('tell with numbers when more visits would be in flight than may be, and only then', () => {
    // 10/s × 1.25 s × (1.3 × 4.5 + 1) = 85.6
    expect(warnings({ flags: { rate: '10/s', concurrency: '85' } })).toContain(
      '10 visits a second, each of 8.56 s, are 86 in flight, and concurrency is 85: the others wait and are late',
    );
    expect(warnings({ flags: { rate: '10/s', concurrency: '86' } })).not.toContain('in flight, and');
    expect(warnings({ flags: { rate: '10/s', overflow: 'drop' } })).toContain('the others are dropped');
    // 10/s × 4.5 min
    expect(warnings({ flags: { rate: '10/s', clock: 'real' } })).toContain('are 2,700 in flight');
    expect(warnings({ flags: { rate: '10/s', clock: 'real', concurrency: '2700' } })).not.toContain(
      'flight, and',
    );
    expect(warnings({ flags: { rate: 'max' } })).not.toContain('in flight, and');
  });

  it('reckon with what each target gets', () => {
    const files = list(`${a}, weight: 3`, b);
    const told = (distribution: string) =>
      warnings({ files, flags: { rate: '10/s', concurrency: '60', distribution } });
    expect(told('split')).toContain('7.5 visits a second on a');
    expect(told('split')).not.toContain('a second on b');
    expect(told('mirror')).toContain('10 visits a second on b');
  });

  it('tell when gaps in a visit would be so long that they are cut', () => {
    const told = (traffic: string) => warnings({ files: yaml(`traffic: { ${traffic} }`) });
    expect(told('visitMinutes: 60, pageviews: 2')).toContain(
      'a visit of 60 minutes and 2 pageviews has gaps of more than 1799 s between its hits: they are cut to 1799 s',
    );
    expect(told('visitMinutes: 59, pageviews: 2')).not.toContain('1799');
  });
});
