import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/base/failure.ts';
import { reportTokens } from '../../src/config/report-tokens.ts';
import { variableLookup } from '../../src/config/sources.ts';
import type { Report } from '../../src/run/report.ts';
import { report, targetReport } from '../output/samples.ts';

function reportOf(
  ...targets: readonly { readonly name: string; readonly tokenEnv?: string; readonly apiTokenEnv?: string }[]
): Report {
  return report({
    targets: targets.map(({ name, tokenEnv = null }) => targetReport({ name, tokenEnv })),
    config: { targets: targets.map(({ name, apiTokenEnv }) => ({ name, apiTokenEnv: apiTokenEnv ?? null })) },
  });
}

function tokens(of: Report, env: Readonly<Record<string, string>>, ...specs: readonly string[]) {
  return Object.fromEntries(reportTokens(of, specs, name => env[name]));
}

const one = reportOf({ name: 'a', tokenEnv: 'OF_RUN' });

describe('the token to verify with', () => {
  it.each([
    { env: { OF_RUN: 'run' }, token: 'run', why: 'the one of the run' },
    {
      env: { OF_RUN: 'run', MATOMO_API_TOKEN: 'api' },
      token: 'api',
      why: 'one for the Reporting API alone before it',
    },
    { env: { MATOMO_TOKEN_AUTH: 'auth' }, token: 'auth', why: 'the usual one where the run had none' },
  ])('is $why', ({ env, token }) => {
    expect(tokens(one, env)).toEqual({ a: token });
  });

  it('is that of the Reporting API which the run had, before all others but a named one', () => {
    const withApi = reportOf({ name: 'a', tokenEnv: 'OF_RUN', apiTokenEnv: 'API_OF_RUN' });
    const env = { OF_RUN: 'run', API_OF_RUN: 'mine', MATOMO_API_TOKEN: 'api', NAMED: 'named' };
    expect(tokens(withApi, env)).toEqual({ a: 'mine' });
    expect(tokens(withApi, env, 'NAMED')).toEqual({ a: 'named' });
  });

  it('is named for each target or for all others', () => {
    const two = reportOf({ name: 'a=b' }, { name: 'c' }, { name: 'd' });
    const env = { ONE: 'one', REST: 'rest' };
    expect(tokens(two, env, 'a=b=ONE', 'REST')).toEqual({ 'a=b': 'one', c: 'rest', d: 'rest' });
  });

  it("goes to no other target than the first where it is the first one's", () => {
    const two = reportOf({ name: 'a' }, { name: 'b' });
    expect(() => tokens(two, { MATOMO_TOKEN_AUTH: 'first' })).toThrow(
      /\n {2}b: MATOMO_API_TOKEN_2 or MATOMO_TOKEN_AUTH_2 is not set$/,
    );
    expect(tokens(two, { MATOMO_TOKEN_AUTH: 'first', MATOMO_TOKEN_AUTH_2: 'second' })).toEqual({
      a: 'first',
      b: 'second',
    });
  });

  it.each([
    { specs: [], rule: /a: MATOMO_API_TOKEN, OF_RUN or MATOMO_TOKEN_AUTH is not set/ },
    { specs: ['UNSET'], rule: /a: UNSET is not set/ },
    { specs: ['b=OF_RUN'], rule: /the report has no target b/ },
    { specs: ['0123456789abcdef'], rule: /^--token-env takes the name of a variable/ },
    { specs: ['abcdef0123456789abcdef0123456789'], rule: /^--token-env takes the name of a variable/ },
  ])('is asked for where there is none: $specs', ({ specs, rule }) => {
    expect(() => tokens(one, {}, ...specs)).toThrow(Failure);
    expect(() => tokens(one, {}, ...specs)).toThrow(rule);
  });
});

describe('the variables of a command that takes nothing else from them', () => {
  const lookup = (envFile?: string) =>
    variableLookup({
      flags: envFile === undefined ? {} : { envFile },
      env: { HERE: 'of the environment', BOTH: 'of the environment', EMPTY: '' },
      cwd: '/',
      readFile(path) {
        if (path === '/.env')
          return 'THERE=of the file\nBOTH=of the file\nEMPTY=of the file\nMATOMO_URLL=typo\n';
        throw Object.assign(new Error(path), { code: 'ENOENT' });
      },
    });

  it('are those of the environment and, below them, of the env file', () => {
    const of = lookup();
    expect(['HERE', 'THERE', 'BOTH', 'EMPTY', 'NOWHERE'].map(of)).toEqual([
      'of the environment',
      'of the file',
      'of the environment',
      'of the file',
      undefined,
    ]);
  });

  it('are refused where a named file is not there', () => {
    expect(() => lookup('none.env')).toThrow(/--env-file none\.env does not exist/);
  });
});
