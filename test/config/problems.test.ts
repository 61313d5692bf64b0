import { describe, expect, it } from 'vitest';
import { ExitCode } from '../../src/base/exit-codes.ts';
import { Failure } from '../../src/base/failure.ts';
import { load, refusal } from './loading.ts';

const yaml = (text: string) => ({ 'trafficinator.yaml': text });

describe('a configuration that is not right', () => {
  it('is refused with every problem at once, each with origin, key, value and rule', () => {
    const message = refusal({
      files: {
        ...yaml(
          [
            'rate: 10/x',
            'vists: 5',
            'target:',
            '  url: nowhere',
            'traffic:',
            '  searchProbability: 1.5',
            '  pageviews: { min: 9 }',
            '  ecommerce: 5',
          ].join('\n'),
        ),
        '.env': 'A=b\nTIMEZONE=Mars/Olympus',
      },
      env: { CONCURRENCY: '900', MATOMO_SITEID: '2' },
      flags: { preset: 'hevy', seed: '-1' },
    });
    expect(message.split('\n').sort()).toEqual(
      [
        'the configuration has 11 problems',
        '  --preset: preset = hevy is no preset (did you mean heavy?): there are smoke, light, medium, heavy, extreme, stress, and files',
        '  trafficinator.yaml:2:1: vists is no key (did you mean visits?)',
        '  trafficinator.yaml:8:14: traffic.ecommerce must be a mapping of keys to values',
        '  environment variable MATOMO_SITEID: is no variable (did you mean MATOMO_SITE_ID?)',
        '  environment variable CONCURRENCY: concurrency = 900 must be a number from 1 to 500, the limits of CONCURRENCY: those of concurrency in a file are wider',
        '  --seed: seed = -1 must be at least 0',
        '  trafficinator.yaml:4:8: target.url = nowhere must be an absolute http or https URL',
        '  trafficinator.yaml:1:7: rate = 10/x must be a rate such as 50000/day, 600/h, 100/min, 10/s, or max',
        '  TIMEZONE in .env:2: timezone = Mars/Olympus must be the name of a time zone, such as Europe/Stockholm',
        '  trafficinator.yaml:6:22: traffic.searchProbability = 1.5 must be at most 1',
        '  trafficinator.yaml:7:21: traffic.pageviews.min = 9 must not be above traffic.pageviews.max = 6 (default)',
      ].sort(),
    );
  });

  it('ends the process with 2', () => {
    expect(() => load({ flags: { visits: 'x' } })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', exitCode: ExitCode.Usage }),
    );
  });

  it('is one without a target, with a hint at what to give', () => {
    expect(refusal({ needsTarget: true })).toContain('give --url or MATOMO_URL (run --collector');
    load({ needsTarget: true, flags: { collector: true } });
    load({ needsTarget: true, flags: { dryRun: true, visits: '5' } });
  });

  it('is not told about a missing target when the file that may have it cannot be read', () => {
    expect(refusal({ needsTarget: true, files: yaml('target: [') })).not.toContain('target.url');
  });

  it('is one with a syntax error, told with line and column', () => {
    expect(refusal({ files: yaml('a: 1\nb: "x') })).toContain(
      'trafficinator.yaml:2:6: is no YAML: missing closing',
    );
  });

  it.each([
    ['rate: 5/s\nrate: 6/s', 'trafficinator.yaml:2:1: is no YAML: map keys must be unique'],
    ['visits: *there', 'trafficinator.yaml:1:9: visits repeats an anchor (&) that is not there'],
    ['visits: 1\n---\nvisits: 2', 'must be one document'],
  ])('is YAML that says nothing or two things: %j', (text, told) => {
    expect(refusal({ files: yaml(text) })).toContain(told);
  });

  it('names the origins of both ends of a range that is turned around', () => {
    const message = refusal({
      env: { PAGEVIEWS_MIN: '8' },
      files: yaml('traffic: { pageviews: { max: 4 } }'),
    });
    expect(message).toContain(
      'environment variable PAGEVIEWS_MIN: traffic.pageviews.min = 8 must not be above traffic.pageviews.max = 4 (trafficinator.yaml:1:30)',
    );
  });

  it.each([
    ['seed', '9007199254740993'],
    ['seed', '1.5'],
    ['runId', 'a b'],
    ['runId', 'x'.repeat(65)],
    ['shard', '5/4'],
    ['shard', '0/4'],
    ['startAt', '2025-06-01 12:00'],
    ['startAt', '2025-13-01T12:00:00Z'],
    ['startAt', '2025-02-30T12:00:00Z'],
    ['rate', '0/s'],
    ['rate', '5'],
    ['duration', '10 parsecs'],
    ['pause', '2-1'],
    ['pause', '-1'],
    ['clock', 'fast'],
    ['arrivals', 'bursts'],
    ['timeout', '0'],
    ['target.siteId', '0'],
    ['logLevel', 'loud'],
  ])('is refused: %s = %s', (key, value) => {
    expect(refusal({ flags: { [key]: value } })).toMatch(/^the configuration has a problem\n {2}--/);
  });

  it.each([
    ['seed', '9007199254740991'],
    ['shard', '4/4'],
    ['startAt', '2025-06-01T12:00:00+02:00'],
    ['startAt', '1748772000000'],
    ['rate', '0.5/s'],
    ['rate', 'max'],
    ['duration', '1h30m'],
    ['pause', '0'],
    ['pause', '0.5-2'],
    ['drainTimeout', '0'],
    ['timeout', '500ms'],
  ])('is accepted: %s = %s', (key, value) => {
    load({ flags: { [key]: value } });
  });

  it('is an unreadable file, a folder too', () => {
    expect(refusal({ flags: { config: '.' } })).toContain('config = . is a folder, not a file');
    expect(refusal({ env: { URLS_FILE: 'none.txt' } })).toContain(
      'environment variable URLS_FILE: pages = none.txt does not exist',
    );
  });

  it('is an empty page list, and one with lines that are no URL', () => {
    expect(refusal({ files: { 'urls.txt': '# none\n' }, env: { URLS_FILE: 'urls.txt' } })).toContain(
      'urls.txt: pages must list at least one page',
    );
    expect(refusal({ files: { 'urls.txt': '\n/a\n' }, env: { URLS_FILE: 'urls.txt' } })).toContain(
      'urls.txt:2: pages = /a must be an absolute http or https URL',
    );
  });

  it('is a preset in a preset', () => {
    expect(refusal({ files: { 'a.yaml': 'preset: light' }, flags: { preset: './a.yaml' } })).toContain(
      'must not be in a preset',
    );
  });

  it('is a summary of nothing, and a plan without end', () => {
    expect(refusal({ flags: { summary: true } })).toContain('--summary: summary needs --dry-run');
    expect(refusal({ flags: { verify: true, dryRun: true, visits: '1' } })).toContain(
      '--verify: verify has nothing to ask about with --dry-run',
    );
    expect(refusal({ flags: { dryRun: true } })).toContain('needs --visits, --duration or --stages');
  });

  it('is how to verify what is not verified, unless it is said for all runs', () => {
    const flags = { wait: '5m', strict: true };
    const told = refusal({ flags });
    expect(told).toContain('--wait: wait needs --verify');
    expect(told).toContain('--strict: strict needs --verify');
    expect(load({ flags: { ...flags, verify: true } }).values.wait).toBe(300);
    expect(load({ flags: { ...flags, collector: true } }).values.strict).toBe(true);
    expect(load({ env: { TRAFFICINATOR_WAIT: '5m', TRAFFICINATOR_STRICT: 'true' } }).values.wait).toBe(300);
  });

  it('is two tokens for one target', () => {
    const files = yaml('target: { token: abcdefgh, tokenEnv: T }');
    expect(refusal({ files, env: { T: 'ijklmnop' } })).toContain('are two tokens for one target');
  });

  it('is not one that a later layer puts right', () => {
    expect(load({ env: { CONCURRENCY: '9999' }, flags: { concurrency: '9' } }).values.concurrency).toBe(9);
  });

  it('never lets anything but a Failure through', () => {
    expect(() => load({ files: yaml('- a\n- b') })).toThrow(Failure);
    expect(() => load({ files: yaml('just words') })).toThrow(Failure);
    expect(() => load({ files: yaml('target: { url: { a: b } }') })).toThrow(Failure);
  });
});

describe('warnings', () => {
  const warnings = (given: Parameters<typeof load>[0]) => load(given).warnings.join('\n');

  it('are given for countries without a token', () => {
    expect(warnings({})).toContain('without a token');
    expect(warnings({ env: { MATOMO_TOKEN_AUTH: 'abcdefgh' } })).not.toContain('without a token');
    expect(warnings({ env: { RANDOMIZE_VISITOR_COUNTRIES: 'false' } })).not.toContain('without a token');
    expect(warnings({ flags: { collector: true } })).not.toContain('without a token');
  });

  it('are given for more than 200 visits in flight and more than 500,000 visits a day', () => {
    expect(warnings({ env: { CONCURRENCY: '201' } })).toContain('201 visits in flight');
    expect(warnings({ env: { CONCURRENCY: '200' } })).not.toContain('in flight');
    expect(warnings({ env: { TARGET_VISITS_PER_DAY: '500001' } })).toContain('500,001 visits a day');
    expect(warnings({ env: { TARGET_VISITS_PER_DAY: '500000' } })).not.toContain('visits a day');
  });

  it('are given for a run that nothing ends', () => {
    expect(warnings({})).toContain('nothing ends this run');
    for (const name of ['MAX_TOTAL_VISITS', 'AUTO_STOP_AFTER_HOURS', 'MAX_VISITS_PER_DAY']) {
      expect(warnings({ env: { [name]: '1' } })).not.toContain('nothing ends this run');
    }
  });

  it('are given for flags and files beyond the limits of legacy variables, not for shipped presets', () => {
    expect(warnings({ flags: { concurrency: '501' } })).toContain(
      'concurrency = 501 (--concurrency) is beyond the usual 1 to 500',
    );
    expect(warnings({ files: yaml('pause: 0') })).toContain(
      'pause.min = 0 (trafficinator.yaml:1:8) is beyond',
    );
    expect(warnings({ flags: { preset: 'smoke' } })).not.toContain('beyond');
  });

  it('are given for a token that stands in a file', () => {
    expect(warnings({ files: yaml('target: { token: abcdefgh }') })).toContain('keep it in a variable');
  });
});
