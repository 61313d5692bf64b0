import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mask, withoutSecrets } from '../../src/config/secrets.ts';
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
