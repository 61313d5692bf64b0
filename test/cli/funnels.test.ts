import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { shippedFunnels } from '../../src/config/shipped-funnels.ts';
import { cli } from '../support/command-line.ts';
import { type ControlUiServer, startControlUi } from '../support/control-ui.ts';
import { folder } from '../support/program.ts';

const simple = (name: string, more: Record<string, unknown> = {}) => ({
  name,
  description: null,
  probability: 0.5,
  priority: 0,
  enabled: true,
  exit_after_completion: true,
  steps: [
    {
      type: 'pageview',
      url: 'https://shop.example/a',
      action_name: 'A',
      delay_seconds_min: 1,
      delay_seconds_max: 2,
    },
    {
      type: 'site_search',
      search_keyword: 'shoes',
      search_results: 3,
      delay_seconds_min: 0,
      delay_seconds_max: 0,
    },
  ],
  ...more,
});

const run = (args: readonly string[], options: Parameters<typeof cli>[1] = {}) =>
  cli(['funnels', ...args], options);

describe('funnels list', () => {
  it('shows those of the package where none are configured', async () => {
    const { stdout, stderr, exitCode } = await run(['list']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^name +priority +probability +of visits +finish +steps +from$/m);
    expect(stdout).toMatch(/^Cart abandonment +20 +5 % +4\.8 % +40 % +6 /m);
    expect(stderr).toContain('no funnels are configured');
  });

  it('shows those in effect in the order they are tried in, with their shares', async () => {
    const files = {
      'f.json': JSON.stringify([
        simple('Second', { priority: 2 }),
        simple('First', { priority: 1, probability: 0.2 }),
        simple('Off', { enabled: false }),
      ]),
    };
    const { stdout, exitCode } = await run(['list'], {
      cwd: folder(files),
      env: { FUNNEL_CONFIG_PATH: 'f.json' },
    });
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').slice(1, 4)).toEqual([
      expect.stringMatching(/^Off +0 +50 % +disabled +100 % +2 +f\.json:1:\d+$/),
      expect.stringMatching(/^First +1 +20 % +20 % /),
      expect.stringMatching(/^Second +2 +50 % +40 % /),
    ]);
  });
});

describe('funnels validate', () => {
  it('tells every problem of every file, with line and column, and ends with 2', async () => {
    const cwd = folder({
      'a.yaml': 'funnels:\n  - name: A\n    probability: 2\n    steps: [{ type: evnt }]\n',
      'b.json': '[{"name": "B", "probability": 0.1, "steps": []}]',
    });
    const { stdout, stderr, exitCode } = await run(['validate', 'a.yaml', 'b.json'], { cwd });
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('error: the funnels have 3 problems\n  a.yaml:3:18: funnels[0].probability = 2');
    expect(stderr).toContain('  a.yaml:4:21: funnels[0].steps[0].type = evnt must be pageview, event,');
    expect(stderr).toContain('  b.json:1:45: funnels[0].steps must not be empty\n');
  });

  it('looks at the files together, too', async () => {
    const cwd = folder({
      'a.json': JSON.stringify([simple('A', { probability: 0.8 })]),
      'b.json': JSON.stringify([simple('B', { probability: 0.7 }), simple('A', { priority: 1 })]),
    });
    const { stderr, exitCode } = await run(['validate', 'a.json', 'b.json'], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('must add up to 1 at most among funnels of priority 0, and they add up to 1.5');
    expect(stderr).toContain('name = A is also the name of the funnel at a.json:1:2');
    expect((await run(['validate', 'a.json'], { cwd })).stdout).toContain(
      'a.json: a funnel, nothing wrong\n',
    );
    expect((await run(['validate', 'none.json'], { cwd })).exitCode).toBe(2);
  });
});

describe('funnels preview', () => {
  it('shows the same visit for the same seed, and its exact share', async () => {
    const cwd = folder({ 'f.json': JSON.stringify([simple('Half'), simple('Rest', { priority: 1 })]) });
    const options = { cwd, env: { FUNNEL_CONFIG_PATH: 'f.json' } };
    const { stdout, exitCode } = await run(['preview', 'rest', '--seed', '7'], options);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      'probability 50 %: 25 % of the visits go through it, 100 % of those come to its end',
    );
    expect(stdout).toMatch(/^0:00 +1 +pageview +\/a {2}A$/m);
    expect(stdout).toMatch(/^0:0[12] +2 +search +shoes, 3 results$/m);
    expect(stdout).toContain('comes to the end, and the visit ends there');
    expect((await run(['preview', 'rest', '--seed', '7'], options)).stdout).toBe(stdout);
  });

  it.each(shippedFunnels())('knows %s of the package by the name of its file', async name => {
    const { stdout, exitCode } = await run(['preview', name, '--seed', '1']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ *0:00 +1 +pageview/m);
  });

  it('ends with 2 for a name that is none, and a seed that is none', async () => {
    const { stderr, exitCode } = await run(['preview', 'sign-upp']);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining('there is no funnel sign-upp (did you mean Sign-up?)'),
    ]);
    expect((await run(['preview', 'sign-up', '--seed', 'x'])).exitCode).toBe(2);
  });
});

describe('funnels new', () => {
  it.each(shippedFunnels())('makes a valid file of the template %s', async name => {
    const { stdout, exitCode } = await run(['new', '--template', name]);
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('$schema');
    const cwd = folder({ 'mine.yaml': stdout });
    expect((await run(['validate', 'mine.yaml'], { cwd })).exitCode).toBe(0);
  });

  it('names the templates for one that does not exist', async () => {
    const { stderr, exitCode } = await run(['new', '--template', 'signup']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('did you mean sign-up?')]);
  });
});

describe('funnels import and export', () => {
  it('take a legacy file to YAML and back without a change', async () => {
    const legacy = [simple('A'), simple('B', { priority: 3, enabled: false, description: 'b' })];
    const cwd = folder({ 'f.json': JSON.stringify(legacy) });
    const yaml = await run(['import', 'f.json'], { cwd });
    expect(yaml.exitCode).toBe(0);
    const options = { cwd: folder({ 'f.yaml': yaml.stdout }), env: { FUNNEL_CONFIG_PATH: 'f.yaml' } };
    const json = await run(['export', '--format', 'json'], options);
    expect(json.exitCode).toBe(0);
    expect(JSON.parse(json.stdout)).toEqual(legacy);
    expect((await run(['export'], options)).stdout).toBe(yaml.stdout);
  });

  it('give what ran there priorities of its own, where a file of ours may not say it', async () => {
    const cwd = folder({ 'f.json': JSON.stringify([simple('A'), simple('B', { probability: 0.8 })]) });
    const { stdout, stderr } = await run(['import', 'f.json'], { cwd });
    expect(parse(stdout)).toMatchObject({ funnels: [{ name: 'A' }, { name: 'B', priority: 1 }] });
    expect(stderr).toContain('add up to 1.3: A 0.5, B 0.8. They are tried one after another');
  });

  it('refuse by name what the legacy list cannot hold, and export the rest by name', async () => {
    const all = await run(['export', '--format', 'json']);
    expect([all.exitCode, all.stdout]).toEqual([2, '']);
    expect(all.stderr).toContain(
      'Cart abandonment: step 2 is of type product_view, step 2 has continue_probability',
    );
    expect(all.stderr).not.toContain('Support search:');
    const one = await run(['export', 'Support search', '--format', 'json']);
    expect(one.exitCode).toBe(0);
    expect(JSON.parse(one.stdout)).toMatchObject([
      { name: 'Support search', steps: [{ url: 'https://shop.example/support' }, {}, {}, {}, {}, {}] },
    ]);
    expect((await run(['export'])).stdout).toContain('name: Cart abandonment');
  });

  it('need one source', async () => {
    expect((await run(['import'])).exitCode).toBe(2);
    expect((await run(['import', '--api-base', 'http://127.0.0.1:1'])).stderr).toContain('--api-key-env');
  });
});

describe('a running control UI', () => {
  const key = 'a-key-that-nobody-may-see';
  const servers: ControlUiServer[] = [];
  afterAll(async () => {
    for (const server of servers) await server.close();
  });

  it('is read by import and export, and its key is never shown', async () => {
    const server = await startControlUi([simple('A'), simple('B', { priority: 1 })], key);
    servers.push(server);
    const from = ['--api-base', server.base, '--api-key-env', 'UI_KEY'];
    const env = { UI_KEY: key };
    const json = await run(['export', '--format', 'json', ...from], { env });
    expect(JSON.parse(json.stdout)).toEqual([simple('A'), simple('B', { priority: 1 })]);
    const yaml = await run(['import', ...from], { env });
    expect(parse(yaml.stdout).funnels.map(({ name }: { name: string }) => name)).toEqual(['A', 'B']);
    const ofFile = await run(['import', ...from], { cwd: folder({ '.env': `UI_KEY=${key}\n` }) });
    expect(ofFile.stdout).toBe(yaml.stdout);
    const wrong = await run(['import', ...from], { env: { UI_KEY: `${key}-wrong` } });
    const unset = await run(['import', ...from]);
    expect([wrong.exitCode, unset.exitCode]).toEqual([2, 2]);
    expect(wrong.stderr).toContain('refused the key of UI_KEY: status 401');
    expect(unset.stderr).toContain('the variable UI_KEY of --api-key-env is not set');
    for (const { stdout, stderr } of [json, yaml, wrong, unset]) expect(stdout + stderr).not.toContain(key);
  });
});

describe('help', () => {
  it('has an example of every command', async () => {
    for (const name of ['list', 'validate', 'preview', 'new', 'import', 'export']) {
      const { stdout, exitCode } = await run([name, '--help']);
      expect(exitCode).toBe(0);
      expect(stdout).toContain(`$ trafficinator funnels ${name}`);
    }
  });
});

describe('run with funnels', () => {
  it('tells in the summary of the plan how far they come', async () => {
    const { stdout } = await cli([
      ...['run', '--preset', 'medium', '--dry-run', '--summary', '--visits', '500', '--seed', '1'],
      ...['--run-id', 'x', '--start-at', '2026-11-22T12:00:00Z'],
    ]);
    const { funnels } = JSON.parse(stdout);
    expect(funnels.length).toBe(6);
    expect(funnels[0].name).toBe('E-commerce purchase');
    expect(funnels[0].began).toBe(funnels[0].steps[0]);
    expect(funnels[0].finished).toBe(funnels[0].steps.at(-1));
  });

  it('names the funnel as the journey of its visits', async () => {
    const cwd = folder({ 'f.json': JSON.stringify([simple('Only', { probability: 1 })]) });
    const { stdout } = await cli(['run', '--dry-run', '--visits', '3', '--collector'], {
      cwd,
      env: { FUNNEL_CONFIG_PATH: 'f.json' },
    });
    const visits = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(visits.map(({ journey }) => journey)).toEqual(['Only', 'Only', 'Only']);
    expect(visits[0].hits.map(({ type }: { type: string }) => type)).toEqual(['pageview', 'search', 'ping']);
    expect(readFileSync(`${cwd}/f.json`, 'utf8')).toContain('Only');
  });
});
