import { describe, expect, it } from 'vitest';
import { load, originOf, refusal, settingAt } from './loading.ts';

const yaml = (text: string) => ({ 'trafficinator.yaml': text });

describe('layers', () => {
  it('begin with the defaults of the Python Trafficinator', () => {
    const { values } = load({});
    expect(values).toMatchObject({
      visits: 0,
      duration: 0,
      concurrency: 50,
      pause: { min: 0.5, max: 2 },
      timezone: 'CET',
      timeout: 30,
      connectTimeout: 10,
      batchSize: 100,
      traffic: { pageviews: { min: 3, max: 6 }, ecommerce: { currency: 'SEK' } },
    });
    expect(values.rate).toBeCloseTo(20_000 / 86_400, 12);
  });

  const layers = [
    { name: 'preset', given: { flags: { preset: 'light' } }, concurrency: 10, origin: 'preset light' },
    {
      name: 'configuration file',
      given: { files: yaml('concurrency: 11') },
      concurrency: 11,
      origin: 'trafficinator.yaml:1:14',
    },
    {
      name: 'env file',
      given: { files: { '.env': '# mine\nCONCURRENCY=12' } },
      concurrency: 12,
      origin: 'CONCURRENCY in .env:2',
    },
    {
      name: 'environment',
      given: { env: { CONCURRENCY: '13' } },
      concurrency: 13,
      origin: 'environment variable CONCURRENCY',
    },
    { name: 'flag', given: { flags: { concurrency: '14' } }, concurrency: 14, origin: '--concurrency' },
  ];

  it.each(layers)('$name overrides all before it', ({ name, concurrency, origin }) => {
    const upTo = layers
      .slice(0, layers.findIndex(layer => layer.name === name) + 1)
      .map(layer => layer.given);
    const loaded = load({
      files: Object.assign({}, ...upTo.map(given => ('files' in given ? given.files : {}))),
      flags: Object.assign({}, ...upTo.map(given => ('flags' in given ? given.flags : {}))),
      env: Object.assign({}, ...upTo.map(given => ('env' in given ? given.env : {}))),
    });
    expect(loaded.values.concurrency).toBe(concurrency);
    expect(originOf(loaded, 'concurrency')).toBe(origin);
  });

  it('merge key by key: one end of a range may come from one and one from another', () => {
    const loaded = load({ files: yaml('traffic: { pageviews: { min: 2 } }'), env: { PAGEVIEWS_MAX: '9' } });
    expect(loaded.values.traffic.pageviews).toEqual({ min: 2, max: 9 });
  });

  it('tell who overrides what a preset sets, a line each', () => {
    const { notices } = load({ flags: { preset: 'light', rate: '5/s' }, env: { CONCURRENCY: '20' } });
    expect(notices).toEqual([
      '--rate overrides preset light: rate is 5/s, not 1000/day',
      'environment variable CONCURRENCY overrides preset light: concurrency is 20, not 10',
    ]);
  });

  it('say nothing of an override with the same value, or without a preset', () => {
    expect(load({ flags: { preset: 'light', concurrency: '10' } }).notices).toEqual([]);
    expect(load({ flags: { concurrency: '10' }, env: { CONCURRENCY: '20' } }).notices).toEqual([]);
  });

  it('take the preset from the file, the env file, the environment or the flag, the last of them', () => {
    expect(load({ files: yaml('preset: heavy') }).values.concurrency).toBe(150);
    expect(
      load({ files: yaml('preset: heavy'), env: { TRAFFICINATOR_PRESET: 'light' } }).values.concurrency,
    ).toBe(10);
    expect(load({ files: yaml('preset: heavy'), flags: { preset: 'extreme' } }).values.concurrency).toBe(300);
  });

  it('take a YAML file or a legacy .env file as preset', () => {
    expect(
      load({ files: { 'mine.yaml': 'concurrency: 7' }, flags: { preset: 'mine.yaml' } }).values.concurrency,
    ).toBe(7);
    const loaded = load({ files: { '.env.old': 'CONCURRENCY=8' }, flags: { preset: '.env.old' } });
    expect(loaded.values.concurrency).toBe(8);
    expect(originOf(loaded, 'concurrency')).toBe('preset CONCURRENCY in .env.old:1');
  });

  it('do not need the default files, but need those that are named', () => {
    const message = refusal({ flags: { config: 'mine.yaml', envFile: 'mine.env' } });
    expect(message).toContain('--config: config = mine.yaml does not exist');
    expect(message).toContain('--env-file: envFile = mine.env does not exist');
  });

  it('take an empty variable for one that is not set', () => {
    expect(load({ env: { CONCURRENCY: '', PAGEVIEWS_MIN: ' ', TIMEZONE: '' } }).values).toMatchObject({
      concurrency: 50,
      timezone: 'CET',
    });
  });

  it('let the variable with the wide limits win over the legacy one, and say so', () => {
    const { values, notices } = load({ env: { CONCURRENCY: '20', TRAFFICINATOR_CONCURRENCY: '900' } });
    expect(values.concurrency).toBe(900);
    expect(notices).toEqual([
      'environment variable CONCURRENCY is not used: environment variable TRAFFICINATOR_CONCURRENCY sets concurrency too',
    ]);
  });

  it('say where a value stands that Node itself read from --env-file into the environment', () => {
    const loaded = load({
      files: { 'run.env': 'CONCURRENCY=9' },
      flags: { envFile: 'run.env' },
      env: { CONCURRENCY: '9' },
    });
    expect(originOf(loaded, 'concurrency')).toBe('CONCURRENCY in run.env:1');
  });
});

describe('references', () => {
  const token = {
    'trafficinator.yaml': `target:\n  token: \${MY_TOKEN}\nvisits: \${N:-5}\npause: \${A:-0}-\${B:-1}`,
  };

  it('are resolved from the environment and the env file, with the type of their key', () => {
    const { values } = load({ files: { ...token, '.env': 'MY_TOKEN=fromfile00' }, env: { N: '7' } });
    expect(values.target.token).toBe('fromfile00');
    expect(values.visits).toBe(7);
    expect(values.pause).toEqual({ min: 0, max: 1 });
  });

  it('are an error with a place where the variable is unset and there is no default', () => {
    expect(refusal({ files: token })).toContain(
      'trafficinator.yaml:2:10: target.token refers to MY_TOKEN, which is not set',
    );
  });

  it('can be tokenEnv: NAME', () => {
    const files = { 'trafficinator.yaml': 'target: { tokenEnv: MY_TOKEN }' };
    const loaded = load({ files, env: { MY_TOKEN: 'sometoken1' } });
    expect(loaded.values.target.token).toBe('sometoken1');
    expect(settingAt(loaded, 'target.token')?.variable).toBe('MY_TOKEN');
    expect(refusal({ files })).toContain('target.tokenEnv must be the name of a variable that is set');
  });

  it('spare the warning that an inline token gets', () => {
    const warned = (text: string) =>
      load({ files: yaml(text), env: { T: 'sometoken1' } }).warnings.some(warning =>
        warning.includes('the token stands in'),
      );
    expect(warned(`target: { token: "\${T}" }`)).toBe(false);
    expect(warned('target: { token: sometoken1 }')).toBe(true);
  });
});
