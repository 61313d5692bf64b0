import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli } from '../support/command-line.ts';

describe('config show', () => {
  it('shows key, value and origin in columns under headings', async () => {
    const env = { MATOMO_TOKEN_AUTH: '0123456789abcdef0123456789abcdef', CONCURRENCY: '20' };
    const { stdout, stderr, exitCode } = await cli(['config', 'show', '--preset', 'light', '--rate', '5/s'], {
      env,
    });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^how much$/m);
    expect(stdout).toMatch(/^ {2}rate +5\/s +--rate$/m);
    expect(stdout).toMatch(/^ {2}concurrency +20 +environment variable CONCURRENCY$/m);
    expect(stdout).toMatch(/^ {2}pause\.min +1 +preset light$/m);
    expect(stdout).toMatch(/^ {2}clock +compressed +default$/m);
    expect(stdout).toMatch(
      /^ {2}target\.token +01… \(MATOMO_TOKEN_AUTH\) +environment variable MATOMO_TOKEN_AUTH$/m,
    );
    expect(stderr).toContain('note: --rate overrides preset light: rate is 5/s, not 1000/day');
  });

  it('is JSON for programs', async () => {
    const { stdout } = await cli([
      'config',
      'show',
      '--json',
      '--visits',
      '7',
      '--url',
      'https://m.example/',
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      values: {
        visits: 7,
        target: { url: 'https://m.example/' },
        traffic: { pageviews: { min: 3, max: 6 } },
      },
      origins: { visits: '--visits', concurrency: 'default' },
    });
  });

  it('takes all options of run', async () => {
    const { stdout } = await cli([
      'config',
      'show',
      '--no-progress',
      '--dry-run',
      '--summary',
      '--visits',
      '1',
      '--pause',
      '0-1',
    ]);
    expect(stdout).toMatch(/^ {2}progress +false +--no-progress$/m);
    expect(stdout).toMatch(/^ {2}pause\.max +1 +--pause$/m);
  });

  it('ends with 2 and every problem', async () => {
    const { stderr, stdout, exitCode } = await cli(['config', 'show', '--visits', 'x', '--seed', '-1']);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      'error: the configuration has 2 problems\n' +
        '  --seed: seed = -1 must be at least 0\n' +
        '  --visits: visits = x must be a number\n' +
        'Nothing was sent.\n',
    );
  });

  it('ends with 2 and the nearest name for an option that does not exist', async () => {
    const { stderr, exitCode } = await cli(['config', 'show', '--concurency', '5']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Did you mean --concurrency?');
  });

  it('lists the options under headings, with their defaults', async () => {
    const { stdout } = await cli(['config', 'show', '--help']);
    for (const heading of ['What:', 'Where:', 'How much:', 'How:', 'Result:'])
      expect(stdout).toContain(heading);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      '--concurrency <visits> visits in flight at once (default: 50)',
    );
  });
});

describe('config schema', () => {
  it('prints the JSON Schema', async () => {
    const { stdout } = await cli(['config', 'schema']);
    expect(JSON.parse(stdout)).toMatchObject({ additionalProperties: false, properties: { rate: {} } });
  });
});

describe('config init', () => {
  it('writes a starter file that is a configuration', async () => {
    const { cwd, exitCode } = await cli(['config', 'init']);
    expect(exitCode).toBe(0);
    expect(readFileSync(join(cwd, 'trafficinator.yaml'), 'utf8')).toMatch(
      /^# yaml-language-server: .*docs\/config\.schema\.json\n/,
    );
    expect((await cli(['config', 'show'], { cwd })).exitCode).toBe(0);
  });

  it('overwrites a file only with --force', async () => {
    const { cwd } = await cli(['config', 'init']);
    writeFileSync(join(cwd, 'trafficinator.yaml'), 'visits: 1\n');
    const refused = await cli(['config', 'init'], { cwd });
    expect([refused.exitCode, refused.stderr]).toEqual([
      2,
      'error: trafficinator.yaml is there already\n--force overwrites it.\n',
    ]);
    expect(readFileSync(join(cwd, 'trafficinator.yaml'), 'utf8')).toBe('visits: 1\n');
    await cli(['config', 'init', '--force'], { cwd });
    expect(readFileSync(join(cwd, 'trafficinator.yaml'), 'utf8')).not.toBe('visits: 1\n');
  });
});

describe('config alone', () => {
  it('prints its help and ends with 2', async () => {
    const { stderr, exitCode } = await cli(['config']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('config init');
  });
});
