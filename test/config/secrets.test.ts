import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mask } from '../../src/base/mask-secrets.ts';
import { withoutSecrets } from '../../src/config/secrets.ts';
import { configAsJson, configAsRows } from '../../src/config/show.ts';
import { toRunConfig } from '../../src/config/to-run-config.ts';
import { load, refusal } from './loading.ts';

/** Long enough that it does not stand in our own words by chance. */
const token = fc.stringMatching(/^[A-Za-z0-9]{12,40}$/).filter(text => !/[a-z]{12}/.test(text));

const ways = fc.constantFrom('environment', 'env file', 'inline', 'reference', 'tokenEnv');

function given(way: string, secret: string, more = '') {
  const yaml = (text: string) => ({ files: { 'trafficinator.yaml': `target:\n  ${text}\n${more}` } });
  switch (way) {
    case 'environment':
      return { ...yaml('siteId: 1'), env: { MATOMO_TOKEN_AUTH: secret } };
    case 'env file':
      return { files: { '.env': `MATOMO_TOKEN_AUTH=${secret}`, 'trafficinator.yaml': more } };
    case 'inline':
      return yaml(`token: "${secret}"`);
    case 'reference':
      return { ...yaml(`token: \${MY}`), env: { MY: secret } };
    default:
      return { ...yaml('tokenEnv: MY'), env: { MY: secret } };
  }
}

describe('a token', () => {
  it('is in the target and in nothing that is shown, wherever it came from', () => {
    fc.assert(
      fc.property(token, ways, (secret, way) => {
        const loaded = load({ ...given(way, secret), flags: { url: 'https://m.example/' } });
        const run = toRunConfig(loaded, { command: 'run' });
        expect(run.targets[0]?.token).toBe(secret);
        const shown = JSON.stringify([
          run.effective,
          configAsRows(loaded),
          configAsJson(loaded),
          loaded.notices,
          loaded.warnings,
        ]);
        expect(shown).not.toContain(secret);
      }),
      { numRuns: 60 },
    );
  });

  it('is in no message of a refusal, not even when it was put into the wrong key too', () => {
    const wrong = fc.constantFrom(
      'runId',
      'timezone',
      'rate',
      'target.url',
      'target.siteId',
      'pages',
      'preset',
      'shard',
    );
    fc.assert(
      fc.property(token, ways, wrong, (secret, way, key) => {
        const value =
          key === 'target.url' ? `https://m.example/matomo.php?token_auth=${secret}` : `${secret} `.repeat(2);
        expect(refusal({ ...given(way, secret, 'visits: x'), flags: { [key]: value } })).not.toContain(
          secret,
        );
      }),
      { numRuns: 60 },
    );
  });

  it('is not shown when it stands where the name of its variable should', () => {
    fc.assert(
      fc.property(token, secret => {
        const files = { 'trafficinator.yaml': `target: { tokenEnv: "${secret}" }` };
        expect(refusal({ files })).not.toContain(secret);
      }),
      { numRuns: 30 },
    );
  });

  it('is not shown as part of a URL, nor is a password', () => {
    for (const url of [
      'https://user:hunter2hunter@m.example/matomo.php',
      'https://m.example/matomo.php?token_auth=hunter2hunter',
      'user:hunter2hunter@m.example',
      'https://m.example/matomo.php&token_auth=hunter2hunter',
    ]) {
      expect(refusal({ flags: { 'target.url': url } })).not.toContain('hunter2');
      expect(refusal({ env: { MATOMO_API_URL: url } })).not.toContain('hunter2');
    }
  });

  it('that looks like one of Matomo is masked even where nobody said that it is one', () => {
    expect(refusal({ flags: { 'target.siteId': '0123456789abcdef0123456789abcdef' } })).toContain(
      'target.siteId = 01… must',
    );
  });

  it('is shown by the name of its variable', () => {
    const env = { MATOMO_TOKEN_AUTH: '0123456789abcdef0123456789abcdef' };
    const loaded = load({ env, flags: { url: 'https://m.example/' } });
    expect(toRunConfig(loaded, { command: 'run' }).effective).toMatchObject({
      target: { tokenEnv: 'MATOMO_TOKEN_AUTH' },
    });
    expect(JSON.stringify(configAsRows(loaded))).toContain('01… (MATOMO_TOKEN_AUTH)');
  });
});

describe('a token for the Reporting API alone', () => {
  const apiToken = 'fedcba9876543210fedcba9876543210';

  it.each([
    { way: 'a variable', given: { env: { MATOMO_API_TOKEN: apiToken } }, variable: 'MATOMO_API_TOKEN' },
    {
      way: 'apiTokenEnv',
      given: { files: { 'trafficinator.yaml': 'target: { apiTokenEnv: MY }' }, env: { MY: apiToken } },
      variable: 'MY',
    },
    {
      way: 'api-token-env of --target',
      given: { flags: { targets: 'name=a,url=https://m.example/,api-token-env=MY' }, env: { MY: apiToken } },
      variable: 'MY',
    },
  ])('comes from $way, and is shown by its name only', ({ given: { flags = {}, ...rest }, variable }) => {
    const url = 'targets' in flags ? {} : { 'target.url': 'https://m.example/' };
    const loaded = load({ ...rest, flags: { ...url, ...flags } });
    const run = toRunConfig(loaded, { command: 'run' });
    expect(run.targets[0]).toMatchObject({ token: undefined, apiToken, apiTokenEnv: variable });
    const shown = JSON.stringify([run.effective, configAsRows(loaded), configAsJson(loaded)]);
    expect(shown).not.toContain(apiToken);
    expect(shown).toContain(variable);
  });

  it('is not taken from a command line', () => {
    const text = refusal({ flags: { targets: `name=a,url=https://m.example/,api-token=${apiToken}` } });
    expect(text).toContain('api-token-env');
    expect(text).not.toContain(apiToken);
  });

  it('that stands in a file is warned of', () => {
    const files = { 'trafficinator.yaml': `target: { url: "https://m.example/", apiToken: "${apiToken}" }` };
    const { warnings } = load({ files });
    expect(warnings.join('\n')).toContain('the apiToken stands in trafficinator.yaml');
    expect(warnings.join('\n')).not.toContain(apiToken);
  });
});

describe('tokens and header values of several targets', () => {
  const secrets = fc.uniqueArray(token, { minLength: 4, maxLength: 4 });
  const many = ([inline = '', , , header = '']: readonly string[]) => `targets:
  - { name: a, url: "https://a.example/", token: "${inline}", headers: { Authorization: "Bearer \${HEADER}" } }
  - { name: b, url: "https://b.example/", tokenEnv: ONE, headers: { Cookie: "${header}", X-B: "${header}" } }
  - { name: c, url: "https://c.example/", token: "\${TWO}" }
`;

  it('are in the targets and in nothing that is shown', () => {
    fc.assert(
      fc.property(secrets, all => {
        const [inline, one = '', two = '', header = ''] = all;
        const loaded = load({
          files: { 'trafficinator.yaml': many(all) },
          env: { ONE: one, TWO: two, HEADER: header, MATOMO_TOKEN_AUTH_2: two, TARGET_NAME_2: 'c' },
        });
        const run = toRunConfig(loaded, { command: 'run' });
        expect(run.targets.map(target => target.token)).toEqual([inline, one, two]);
        expect(run.targets.map(target => target.headers)).toEqual([
          { Authorization: `Bearer ${header}` },
          { Cookie: header, 'X-B': header },
          undefined,
        ]);
        const shown = JSON.stringify([
          run.effective,
          configAsRows(loaded),
          configAsJson(loaded),
          loaded.notices,
          loaded.warnings,
        ]);
        for (const secret of all) expect(shown).not.toContain(secret);
      }),
      { numRuns: 40 },
    );
  });

  it('are in no message of a refusal, wherever else they were put', () => {
    const wrong = fc.constantFrom(
      (secret: string) => ({ env: { MATOMO_TOKEN_AUTH: secret, TARGET_NAME_7: secret } }),
      (secret: string) => ({ env: { MATOMO_TOKEN_AUTH_3: secret, TARGET_WEIGHT: secret } }),
      (secret: string) => ({ env: { T: secret }, flags: { targets: `token=${secret}` } }),
      (secret: string) => ({
        env: { T: secret },
        flags: { targets: `token-env=T,${secret}=1,site=${secret}\nname=${secret},weight=0` },
      }),
      (secret: string) => ({
        env: { MATOMO_TOKEN_AUTH: secret, MATOMO_URL: `https://m.example/?token_auth=${secret}` },
      }),
    );
    fc.assert(
      fc.property(secrets, wrong, (all, given) => {
        const [, one = '', two = '', header = ''] = all;
        const { env, ...more } = { flags: {}, ...given(two) };
        const files = { 'trafficinator.yaml': `visits: x\n${many(all)}` };
        const message = refusal({ files, env: { ONE: one, TWO: two, HEADER: header, ...env }, ...more });
        for (const secret of all) expect(message).not.toContain(secret);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a masked secret', () => {
  it('keeps two letters of a long one and none of a short one', () => {
    expect(mask('abcdefgh')).toBe('ab…');
    expect(mask('abcdefg')).toBe('…');
  });

  it('does not tear apart texts that hold a short one by chance', () => {
    expect(withoutSecrets('a boat', ['a'])).toBe('a boat');
    expect(withoutSecrets('a', ['a'])).toBe('…');
  });
});
