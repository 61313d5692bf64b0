import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toRunConfig } from '../../src/config/to-run-config.ts';
import { cli } from '../support/command-line.ts';
import { type Given, load, originOf, refusal } from './loading.ts';

const yaml = (text: string) => ({ 'trafficinator.yaml': text });

const two = `targets:
  - { name: a, url: "https://a.example/matomo.php", siteId: 1, weight: 3 }
  - { name: b, url: "https://b.example/matomo.php", siteId: 2 }
`;

/** Repeated --target flags. */
const specs = (...texts: string[]) => ({ targets: texts.join('\n') });

const targets = (given: Given) =>
  toRunConfig(load({ needsTarget: true, ...given }), { command: 'run' }).targets;

/** `a https://a.example/matomo.php 1 ×3` */
const told = (given: Given) =>
  targets(given).map(({ name, url, siteId, weight }) => `${name} ${url.host} ${siteId} ×${weight}`);

describe('several targets', () => {
  it('are a list in YAML', () => {
    expect(told({ files: yaml(two) })).toEqual(['a a.example 1 ×3', 'b b.example 2 ×1']);
  });

  it('are --target, once for each', () => {
    const flags = specs(
      'name=a,url=https://a.example/,site=1,weight=3',
      'name=b,url=https://b.example/,site=2',
    );
    expect(told({ flags })).toEqual(['a a.example 1 ×3', 'b b.example 2 ×1']);
  });

  it('are numbered variables, the first of which need no number', () => {
    const env = {
      MATOMO_URL: 'https://a.example/matomo.php',
      MATOMO_SITE_ID: '1',
      TARGET_NAME: 'a',
      TARGET_WEIGHT_1: '3',
      MATOMO_URL_2: 'https://b.example/matomo.php',
      MATOMO_SITE_ID_2: '2',
      TARGET_NAME_2: 'b',
    };
    expect(told({ env })).toEqual(['a a.example 1 ×3', 'b b.example 2 ×1']);
    const { MATOMO_URL, TARGET_NAME, ...others } = env;
    const numbered = { ...others, MATOMO_URL_1: MATOMO_URL, TARGET_NAME_1: TARGET_NAME };
    expect(told({ env: numbered })).toEqual(told({ env }));
  });

  it('can be 99, in the order of their numbers', () => {
    const numbers = Array.from({ length: 98 }, (_, at) => at + 2);
    const env = {
      MATOMO_URL: 'https://m.example/',
      ...Object.fromEntries(numbers.map(n => [`MATOMO_URL_${n}`, 'https://m.example/'])),
      ...Object.fromEntries(numbers.map(n => [`MATOMO_SITE_ID_${n}`, String(n)])),
    };
    expect(targets({ env }).map(({ siteId }) => siteId)).toEqual([1, ...numbers]);
  });

  it('have variables from the env file and the environment together', () => {
    const files = {
      '.env': 'MATOMO_URL=https://a.example/\nMATOMO_URL_2=https://b.example/\nTARGET_WEIGHT_2=2',
    };
    expect(told({ files, env: { TARGET_WEIGHT_2: '5', TARGET_NAME: 'a' } })).toEqual([
      'a a.example 1 ×1',
      'b.example b.example 1 ×5',
    ]);
  });

  it('begin with `target` where a file says the first and variables the next', () => {
    const files = yaml('target: { name: a, url: "https://a.example/", weight: 2 }');
    expect(told({ files, env: { MATOMO_URL_2: 'https://b.example/', MATOMO_SITE_ID: '7' } })).toEqual([
      'a a.example 7 ×2',
      'b.example b.example 1 ×1',
    ]);
  });

  it('name the variable that a gap in the numbers lacks', () => {
    const env = { MATOMO_URL: 'https://a.example/', MATOMO_URL_4: 'https://b.example/' };
    const message = refusal({ env });
    expect(message).toContain(
      'environment variable MATOMO_URL_4: MATOMO_URL_2 is missing: targets are numbered',
    );
    expect(message).toContain('MATOMO_URL_3 is missing');
    expect(refusal({ env: { MATOMO_URL_2: 'https://a.example/' } })).toContain(': MATOMO_URL is missing');
  });

  it('name the variable of a URL that is missing', () => {
    const env = { MATOMO_URL: 'https://a.example/', TARGET_WEIGHT_2: '2' };
    expect(refusal({ env, needsTarget: true })).toContain(
      'environment variable TARGET_WEIGHT_2: targets[1].url of target is missing: set MATOMO_URL_2',
    );
  });
});

describe('the name of a target', () => {
  it('is the host of its URL, with the id of its site where several have one', () => {
    const flags = specs(
      'url=https://m.example:8443/,site=4',
      'url=https://n.example/,site=1',
      'url=https://n.example/,site=7',
    );
    expect(targets({ flags }).map(({ name }) => name)).toEqual([
      'm.example:8443',
      'n.example-1',
      'n.example-7',
    ]);
  });

  it('is new also where site and host are those of another, or another is called so', () => {
    const flags = specs(
      'url=https://n.example/a/,site=1',
      'url=https://n.example/b/,site=1',
      'name=m.example,url=https://x.example/',
      'url=https://m.example/',
    );
    expect(targets({ flags }).map(({ name }) => name)).toEqual([
      'n.example-1',
      'n.example-1-2',
      'm.example',
      'm.example-2',
    ]);
  });
});

describe('a later layer', () => {
  it('changes the targets it names, key by key, and leaves the others', () => {
    const given = { files: yaml(two), flags: specs('name=b,weight=5') };
    expect(told(given)).toEqual(['a a.example 1 ×3', 'b b.example 2 ×5']);
    const loaded = load(given);
    expect(loaded.notices).toEqual([]);
    expect(originOf(loaded, 'targets[1].weight')).toBe('--target');
    expect(originOf(loaded, 'targets[1].siteId')).toBe('trafficinator.yaml:3:61');
  });

  it('replaces the list when it names a new target, and says so', () => {
    const given = { files: yaml(two), flags: specs('name=c,url=https://c.example/') };
    expect(told(given)).toEqual(['c c.example 1 ×1']);
    expect(load(given).notices).toContain(
      '--target names other targets: a, b of trafficinator.yaml are not used',
    );
  });

  it('keeps what was said of the targets that its own list has too', () => {
    const given = { files: yaml(two), flags: specs('name=c,url=https://c.example/', 'name=a,weight=2') };
    expect(told(given)).toEqual(['c c.example 1 ×1', 'a a.example 1 ×2']);
    expect(load(given).notices).toContain(
      '--target names other targets: b of trafficinator.yaml is not used',
    );
  });

  it('changes targets of variables too', () => {
    const env = { MATOMO_URL: 'https://a.example/', MATOMO_URL_2: 'https://b.example/', TARGET_NAME_2: 'b' };
    const given = { env, flags: specs('name=b,weight=5') };
    expect(told(given)).toEqual(['a.example a.example 1 ×1', 'b b.example 1 ×5']);
    const other = { env, flags: specs('name=c,url=https://c.example/') };
    expect(told(other)).toEqual(['c c.example 1 ×1']);
    expect(load(other).notices.join()).toContain('TARGET_NAME_2 are not used: --target names other targets');
  });

  it('of variables changes a target of a list by its TARGET_NAME', () => {
    const env = {
      TARGET_NAME_2: 'b',
      TARGET_WEIGHT_2: '9',
      TARGET_NAME: 'a',
      MATOMO_URL: 'https://c.example/',
    };
    const given = { files: yaml(two), env };
    expect(told(given)).toEqual(['a c.example 1 ×3', 'b b.example 2 ×9']);
    expect(told({ ...given, flags: specs('name=b,weight=1') })).toEqual([
      'a c.example 1 ×3',
      'b b.example 2 ×1',
    ]);
  });

  it('of variables without a name is not used beside a list, and says so, except where the list refers to it', () => {
    const env = { MATOMO_URL: 'https://c.example/', MATOMO_TOKEN_AUTH: 'sometoken1' };
    expect(told({ files: yaml(two), env })).toEqual(['a a.example 1 ×3', 'b b.example 2 ×1']);
    expect(load({ files: yaml(two), env }).notices).toEqual([
      'environment variable MATOMO_URL, environment variable MATOMO_TOKEN_AUTH are not used: a list says which targets there are, and variables change one of it by its TARGET_NAME',
    ]);
    const referring = yaml(`targets: [{ url: "\${MATOMO_URL}", tokenEnv: MATOMO_TOKEN_AUTH }]`);
    expect(load({ files: referring, env }).notices.join()).not.toContain('not used');
    expect(targets({ files: referring, env })[0]).toMatchObject({ name: 'c.example', token: 'sometoken1' });
  });

  it('of a file replaces the list of a preset, or changes the targets it has too and says so', () => {
    const files = { 'p.yaml': two, ...yaml('preset: ./p.yaml\ntargets: [{ name: b, siteId: 4 }]') };
    expect(told({ files })).toEqual(['a a.example 1 ×3', 'b b.example 4 ×1']);
    expect(load({ files }).notices).toContain(
      'trafficinator.yaml:2:30 overrides preset ./p.yaml: siteId of target b',
    );
    const single = { 'p.yaml': two, ...yaml('preset: ./p.yaml\ntarget: { url: "https://c.example/" }') };
    expect(told({ files: single })).toEqual(['c.example c.example 1 ×1']);
    expect(load({ files: single }).notices).toContain(
      'trafficinator.yaml:2:16 names the only target: the targets of preset ./p.yaml are not used',
    );
  });
});

describe('--url', () => {
  it('means one target, in place of a list or of numbered variables, and says so', () => {
    const flags = { 'target.url': 'https://c.example/' };
    expect(told({ files: yaml(two), flags })).toEqual(['c.example c.example 1 ×1']);
    expect(load({ files: yaml(two), flags }).notices).toContain(
      '--url names the only target: the targets of trafficinator.yaml are not used',
    );
    const env = { MATOMO_URL: 'https://a.example/', MATOMO_SITE_ID: '5', MATOMO_URL_2: 'https://b.example/' };
    expect(told({ env, flags })).toEqual(['c.example c.example 5 ×1']);
    expect(load({ env, flags }).notices).toContain(
      '--url names the only target: environment variable MATOMO_URL_2 is not used',
    );
  });

  it('and --site-id are of the only target of a list', () => {
    const files = yaml('targets: [{ name: a, url: "https://a.example/", siteId: 1 }]');
    expect(told({ files, flags: { 'target.siteId': '9' } })).toEqual(['a a.example 9 ×1']);
    expect(told({ files, flags: { 'target.url': 'https://c.example/' } })).toEqual(['a c.example 1 ×1']);
  });

  it('cannot stand beside --target, nor --site-id beside several targets', () => {
    expect(refusal({ flags: { ...specs('name=a,url=https://a.example/'), 'target.siteId': '4' } })).toContain(
      '--site-id: target.siteId is of the one target without --target',
    );
    expect(refusal({ files: yaml(two), flags: { 'target.siteId': '4' } })).toContain(
      '--site-id: target.siteId = 4 is of one target, and there are 2: say --target name=NAME,… instead',
    );
  });
});

describe('one target that no list names', () => {
  it('is `target` in everything that is shown, and has the keys of all others', () => {
    const files = yaml(
      'target: { url: "https://a.example/", weight: 2, headers: { X-A: b }, features: { pageviews: 1 } }',
    );
    const run = toRunConfig(load({ files }), { command: 'run' });
    expect(run.targets[0]).toMatchObject({
      name: 'a.example',
      headers: { 'X-A': 'b' },
      traffic: { pageviews: { min: 1, max: 1 } },
    });
    expect(run.effective).toMatchObject({ target: { url: 'https://a.example/matomo.php', weight: 2 } });
    expect(run.effective).not.toHaveProperty('targets');
  });

  it('is refused beside a list in the same file', () => {
    expect(refusal({ files: yaml(`${two}target: { url: "https://c.example/" }`) })).toContain(
      'trafficinator.yaml:4:16: target.url is of the one target that `target` is: with `targets`, write it into the list',
    );
  });
});

describe('--target', () => {
  const one = (spec: string, env: Record<string, string> = {}) =>
    targets({ flags: specs(`url=https://m.example/,${spec}`), env })[0];

  it('takes every key but headers and the token itself, in kebab case or as in YAML', () => {
    const flags = specs(
      'name=a,url=https://m.example/,site-id=4,weight=0.5,rate=10/s,api-url=https://api.example/,concurrency=7,' +
        'connections=3,transport=bulk,method=post,batch-size=5,timeout=3s,connectTimeout=500ms,' +
        'timezone=Europe/Stockholm,token-env=T,tls.server-name=x.example,tls.verify=no,' +
        'features.pageviews=2-3,features.ecommerce.probability=0',
    );
    const [target] = targets({ flags: { ...flags, distribution: 'independent' }, env: { T: 'sometoken1' } });
    expect(target).toMatchObject({
      name: 'a',
      siteId: 4,
      weight: 0.5,
      visitsPerSecond: 10,
      concurrency: 7,
      connections: 3,
      transport: 'bulk',
      method: 'post',
      batchSize: 5,
      timeoutSeconds: 3,
      connectTimeoutSeconds: 0.5,
      timezone: 'Europe/Stockholm',
      token: 'sometoken1',
      tokenEnv: 'T',
      tls: { ca: undefined, serverName: 'x.example', isVerified: false },
      traffic: { pageviews: { min: 2, max: 3 }, ecommerce: { probability: 0 } },
    });
    expect(target?.apiUrl.href).toBe('https://api.example/index.php');
  });

  it('takes a value with commas or quotes in double quotes, a quote of it doubled', () => {
    expect(one('name="a, ""b"""')?.name).toBe('a, "b"');
    expect(one('features.ecommerce.shippingRates="0,5"')?.traffic?.ecommerce.shippingRates).toEqual([0, 5]);
    expect(one(' name = a b ')?.name).toBe('a b');
  });

  it.each([
    ['wieght=3', 'targets[0].wieght is no key of --target (did you mean weight?)'],
    ['features.serchProbability=0', '(did you mean features.search-probability?)'],
    ['weight=1,weight=2', 'targets[0].weight is said twice'],
    ['weight=', 'targets[0].weight has no value: weight=…'],
    ['weight', 'targets[0].weight has no value: weight=…'],
    ['features.pageviews=many', 'targets[0].features.pageviews must be MIN-MAX or a number'],
    ['tls=x', 'targets[0].tls has keys of its own: tls.ca, tls.server-name, tls.verify'],
    ['headers=x', 'targets[0].headers are not taken from a command line'],
    ['token=sometoken1', 'targets[0].token is not taken from a command line'],
    ['token-env=UNSET_HERE', 'targets[0].tokenEnv must be the name of a variable that is set'],
    ['site=1.5', 'targets[0].siteId = 1.5 must be a whole number'],
    ['site=one', 'targets[0].siteId = one must be a number'],
    ['', 'targets[0] must be KEY=VALUE,KEY=VALUE…'],
    ['name="a', 'targets[0] must be KEY=VALUE,KEY=VALUE…'],
  ])('is refused with %j', (spec, rule) => {
    const message = refusal({ flags: specs(`url=https://m.example/,${spec}`) });
    expect(message).toContain('  --target: targets[0]');
    expect(message).toContain(rule);
  });

  it('is read from a command line as often as it is given', async () => {
    const { stdout } = await cli([
      'config',
      'show',
      '--target',
      'name=a,site=3',
      '--target=name="b,c",site=4',
    ]);
    expect(stdout).toMatch(/^target a$/m);
    expect(stdout).toMatch(/^target b,c$/m);
    expect(stdout).toMatch(/^ {2}targets\[1\]\.siteId +4 +--target #2$/m);
  });

  it('is accepted or refused, whatever its text: nothing else is ever thrown', () => {
    const word = fc.constantFrom(
      'name',
      'url',
      'site',
      'token-env',
      'features.pageviews',
      '=',
      ',',
      '"',
      '""',
      ' ',
      '1',
      'a',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 12 }).map(words => words.join('')),
    );
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 3 }), texts => {
        try {
          load({ flags: specs(...texts) });
        } catch (error) {
          expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
        }
      }),
      { numRuns: 150 },
    );
  });

  it('is told by its number where there are several', () => {
    expect(refusal({ flags: specs('url=https://m.example/', 'url=https://n.example/,weight=0') })).toContain(
      '--target #2: targets[1].weight = 0 must be above 0',
    );
  });
});
