import { describe, expect, it } from 'vitest';
import { cli } from '../support/command-line.ts';

it('help on a command within a command is its own', async () => {
  const [asked, own, parents] = [
    await cli(['help', 'presets', 'list']),
    await cli(['presets', 'list', '--help']),
    await cli(['help', 'presets']),
  ];
  expect([asked.exitCode, asked.stdout]).toEqual([0, own.stdout]);
  expect(asked.stdout).not.toBe(parents.stdout);
});

describe('presets list', () => {
  it('says how much each preset sends', async () => {
    const { stdout } = await cli(['presets', 'list']);
    expect(stdout).toMatch(/^name +visits\/day +visits\/s +pageviews +concurrency +description$/m);
    expect(stdout).toMatch(/^light +1,000 +0\.0116 +2–4 +10 /m);
    expect(stdout).toMatch(/^stress +5,000,000 +57\.9 /m);
  });

  it('takes nothing from the environment or the folder', async () => {
    const { stdout, exitCode } = await cli(['presets', 'list'], { env: { CONCURRENCY: '9999' } });
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('9999');
  });
});

describe('presets show', () => {
  it('prints the preset as it is', async () => {
    expect((await cli(['presets', 'show', 'heavy'])).stdout).toContain('rate: 50000/day');
  });

  it('names the nearest for one that does not exist, and ends with 2', async () => {
    const { stderr, exitCode } = await cli(['presets', 'show', 'hevy']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('there is no preset hevy (did you mean heavy?)');
  });
});

describe('presets export', () => {
  it('prints YAML or an env file, nothing else', async () => {
    expect((await cli(['presets', 'export', 'heavy'])).stdout).toMatch(/^# A busy site/);
    expect((await cli(['presets', 'export', 'heavy', '--format', 'env'])).stdout).toContain(
      '\nCONCURRENCY=150\n',
    );
    expect((await cli(['presets', 'export', 'heavy', '--format', 'toml'])).exitCode).toBe(2);
  });
});
