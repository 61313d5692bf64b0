import { describe, expect, it } from 'vitest';
import { toRunConfig } from '../../src/config/to-run-config.ts';
import { load } from './loading.ts';

const run = (given: Parameters<typeof load>[0], request = {}) =>
  toRunConfig(load(given), { command: 'run', ...request });

describe('a run', () => {
  it('draws a seed and a run id of 64 bits or more where none is given', () => {
    const one = run({});
    const other = run({});
    expect(Number.isSafeInteger(one.seed)).toBe(true);
    expect(one.runId).toMatch(/^[0-9a-f]{20}$/);
    expect([one.seed, one.runId]).not.toEqual([other.seed, other.runId]);
    expect(one.effective).toMatchObject({ seed: one.seed, runId: one.runId });
  });

  it('takes seed, run id, start and shard as they are given', () => {
    const flags = { seed: '42', runId: 'a.b-c_1', startAt: '2025-06-01T12:00:00+02:00', shard: '2/4' };
    expect(run({ flags })).toMatchObject({
      seed: 42,
      runId: 'a.b-c_1',
      startEpochMs: Date.UTC(2025, 5, 1, 10),
      shard: { number: 2, count: 4 },
    });
  });

  it('has as many connections as visits in flight, up to 128', () => {
    const connections = (concurrency: string) => run({ flags: { concurrency } }).targets[0]?.connections;
    expect(connections('7')).toBe(7);
    expect(connections('700')).toBe(128);
    expect(run({ flags: { concurrency: '700', connections: '300' } }).targets[0]?.connections).toBe(300);
  });

  it('has no limit where one is 0', () => {
    expect(run({ flags: { visits: '0', duration: '0' } })).toMatchObject({
      visits: undefined,
      durationSeconds: undefined,
    });
    expect(run({ flags: { visits: '5', duration: '90s' } })).toMatchObject({
      visits: 5,
      durationSeconds: 90,
    });
  });

  it('takes the Reporting API where it is said to be', () => {
    const apiUrl = (flags: Record<string, string>) =>
      run({ flags: { 'target.url': 'https://m.example/js/piwik.php', ...flags } }).targets[0]?.apiUrl.href;
    expect(apiUrl({})).toBe('https://m.example/js/index.php');
    expect(apiUrl({ 'target.apiUrl': 'https://m.example/' })).toBe('https://m.example/index.php');
  });

  it('sends neither hits nor the token to a configured server when it has a collector', () => {
    const collector = { url: new URL('http://127.0.0.1:1/matomo.php'), token: 'ofthecollector' };
    const given = {
      flags: { collector: true },
      env: { MATOMO_URL: 'https://m.example/', MATOMO_TOKEN_AUTH: 'mine0000' },
    };
    const { targets } = run(given, { collector });
    expect(targets[0]).toMatchObject({
      name: 'collector',
      url: collector.url,
      token: 'ofthecollector',
      tokenEnv: undefined,
    });
    expect(load(given).notices).toContain('--collector: target.url is not used');
  });

  it('plans the same in a dry run for the collector, which has a token', () => {
    expect(run({ flags: { collector: true, dryRun: true, visits: '1' } }).targets[0]?.token).toBeDefined();
    expect(run({ flags: { dryRun: true, visits: '1' } }).targets[0]?.token).toBeUndefined();
  });

  it('says in `effective` what a file would have to say for the same run', () => {
    const env = { MATOMO_URL: 'https://m.example/', MATOMO_TOKEN_AUTH: 'mine0000' };
    const first = run({ env, flags: { rate: '3/s', pause: '0-1', runId: 'x', seed: '1' } });
    const file = JSON.stringify({ ...first.effective, pages: undefined });
    const again = run({ env: { MATOMO_TOKEN_AUTH: 'mine0000' }, files: { 'trafficinator.yaml': file } });
    expect(again).toEqual(first);
  });
});
