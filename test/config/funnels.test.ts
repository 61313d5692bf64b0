import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadShippedPreset } from '../../src/config/export-preset.ts';
import { shippedPresets } from '../../src/config/preset.ts';
import { reportConfig } from '../../src/config/report-config.ts';
import { toRunConfig } from '../../src/config/to-run-config.ts';
import { sharesOf } from '../../src/traffic/funnel.ts';
import { visitPlanner } from '../../src/traffic/plan.ts';
import { start } from '../support/run-config.ts';
import { servers } from '../support/servers.ts';
import { dating, usualRun } from '../traffic/any-traffic.ts';
import { load, refusal } from './loading.ts';

const funnel = (name: string, more: Record<string, unknown> = {}) => ({
  name,
  probability: 0.1,
  steps: [{ type: 'pageview', url: `https://shop.example/${name}` }],
  ...more,
});
const json = (...funnels: readonly unknown[]) => JSON.stringify(funnels, null, 2);

const namesOf = (given: Parameters<typeof load>[0]) =>
  load(given).funnels.funnels.map(({ definition }) => definition.name);

describe('the funnels of a run', () => {
  it('are none by default', () => expect(namesOf({})).toEqual([]));

  it('are those of FUNNEL_CONFIG_PATH', () => {
    const env = { FUNNEL_CONFIG_PATH: 'funnels.json' };
    expect(namesOf({ env, files: { 'funnels.json': json(funnel('A'), funnel('B')) } })).toEqual(['A', 'B']);
    expect(namesOf({ env, files: { 'funnels.json': '[]\n' } })).toEqual([]);
  });

  it('are none where FUNNEL_CONFIG_PATH names the file of a container that is not there', () => {
    const loaded = load({ env: { FUNNEL_CONFIG_PATH: '/app/data/funnels.json' } });
    expect([loaded.funnels.funnels, loaded.warnings.join()]).toEqual([
      [],
      expect.not.stringContaining('funnel'),
    ]);
    expect(refusal({ env: { FUNNEL_CONFIG_PATH: 'other.json' } })).toContain(
      'environment variable FUNNEL_CONFIG_PATH: funnels[0] = other.json does not exist',
    );
  });

  it('are those of a container where no other is named, in place of those a preset has for everybody', () => {
    const readFile = (path: string) => {
      if (path === '/app/data/funnels.json') return json(funnel('Of the container'));
      throw Object.assign(new Error(path), { code: 'ENOENT' });
    };
    for (const flags of [{}, { preset: 'medium' }]) {
      const { funnels, notices } = load({ flags, readFile });
      expect(funnels.funnels.map(({ definition }) => definition.name)).toEqual(['Of the container']);
      expect(notices).toContain('funnels are those of /app/data/funnels.json');
    }
  });

  it('are in a configuration files, folders, names of shipped ones, and written out', () => {
    const cwd = mkdtempSync(join(tmpdir(), 'trafficinator-funnels-'));
    mkdirSync(join(cwd, 'etc/more'), { recursive: true });
    writeFileSync(join(cwd, 'etc/one.json'), json(funnel('One')));
    writeFileSync(join(cwd, 'etc/more/b.yaml'), `funnels: ${json(funnel('B'))}`);
    writeFileSync(join(cwd, 'etc/more/a.json'), json(funnel('A')));
    writeFileSync(join(cwd, 'etc/more/notes.txt'), 'no funnel');
    writeFileSync(
      join(cwd, 'etc/t.yaml'),
      `funnels:
  - one.json
  - more
  - sign-up
  - name: Inline
    probability: 0.2
    steps: [{ type: pageview, url: /a }]
`,
    );
    const loaded = load({ flags: { config: join(cwd, 'etc/t.yaml') } });
    expect(loaded.funnels.funnels.map(({ definition }) => definition.name)).toEqual([
      'One',
      'A',
      'B',
      'Sign-up',
      'Inline',
    ]);
    expect(loaded.funnels.files.map(({ funnels }) => funnels)).toEqual([1, 1, 1, 1]);
  });

  it('that are written out have every mistake told with line and column', () => {
    const text = `funnels:
  - name: A
    probability: 2
    steps:
      - { type: event, event_category: c, event_action: a, event_name: n }
  - nowhere.yaml
  - 7
`;
    const told = refusal({ files: { 'trafficinator.yaml': text } });
    for (const line of [
      'trafficinator.yaml:3:18: funnels[0].probability = 2 must be at most 1',
      'trafficinator.yaml:5:17: funnels[0].steps[0].type = event must be pageview',
      'trafficinator.yaml:7:5: funnels[2] must be the name of a shipped funnel, a file, a folder, or a funnel',
    ]) {
      expect(told).toContain(line);
    }
    expect(refusal({ files: { 'trafficinator.yaml': 'funnels: [sing-up]' } })).toContain(
      'funnels[0] = sing-up does not exist (did you mean sign-up?)',
    );
  });

  it('of a legacy file are refused as a whole where one is wrong; disabled ones never run', () => {
    const mixed = json(
      funnel('Valid'),
      funnel('Disabled', { enabled: false, probability: 1 }),
      funnel('Wrong', { steps: [{ type: 'event', event_category: 'c' }] }),
      { ...funnel('Worse'), probability: 3, colour: 'red' },
    );
    const env = { FUNNEL_CONFIG_PATH: 'f.json' };
    expect(
      refusal({ env, files: { 'f.json': mixed } })
        .split('\n')
        .slice(1),
    ).toEqual([
      '  f.json:27:7: funnels[2].steps[0].event_action is missing, which an event step needs: must be text',
      '  f.json:27:7: funnels[2].steps[0].event_name is missing, which an event step needs: must be text',
      '  f.json:28:17: funnels[2].steps[0].type = event must be pageview: a visit begins with a page',
      '  f.json:35:20: funnels[3].probability = 3 must be at most 1',
      '  f.json:42:5: funnels[3].colour is no key of a funnel',
    ]);
    const sound = json(
      funnel('Valid', { priority: 1 }),
      funnel('Disabled', { enabled: false, probability: 1 }),
    );
    const { traffic } = toRunConfig(load({ env, files: { 'f.json': sound } }), { command: 'run' });
    const plan = visitPlanner(traffic)(usualRun, dating('compressed', ['UTC']));
    const journeys = Array.from({ length: 2000 }, (_, index) => plan(index, 0).journey);
    expect(new Set(journeys)).toEqual(new Set(['browse', 'Valid']));
    const valid = journeys.filter(journey => journey === 'Valid').length;
    expect(Math.abs(valid - 200)).toBeLessThan(70);
  });

  it('of a legacy file are tried one after another, whatever those of one priority add up to', () => {
    const files = {
      'f.json': json(
        funnel('Last', { probability: 1, priority: 2 }),
        funnel('A', { probability: 0.6 }),
        funnel('B', { probability: 0.7 }),
      ),
    };
    const loaded = load({ env: { FUNNEL_CONFIG_PATH: 'f.json' }, files });
    const { traffic } = toRunConfig(loaded, { command: 'run' });
    const shares = [...sharesOf(traffic.funnels ?? [])].map(([{ name }, share]) => [name, share.toFixed(2)]);
    expect(shares).toEqual([
      ['A', '0.60'],
      ['B', '0.28'],
      ['Last', '0.12'],
    ]);
    expect(loaded.warnings.join()).toContain('of priority 0 add up to 1.3: A 0.6, B 0.7. They are tried one');
    expect(refusal({ files: { ...files, 'trafficinator.yaml': 'funnels: [f.json]' } })).toContain(
      'must add up to 1 at most among funnels of priority 0',
    );
  });

  it('may be those of one target', () => {
    const text = `funnels: [sign-up]
targets:
  - { name: a, url: "https://a.example/" }
  - { name: b, url: "https://b.example/", features: { funnels: [support-search] } }
`;
    const loaded = load({ files: { 'trafficinator.yaml': text } });
    const { traffic, targets } = toRunConfig(loaded, { command: 'run' });
    expect(traffic.funnels?.map(({ name }) => name)).toEqual(['Sign-up']);
    expect(targets.map(target => target.traffic?.funnels?.map(({ name }) => name))).toEqual([
      undefined,
      ['Support search'],
    ]);
  });

  it('of a preset are in its plan', () => {
    for (const name of shippedPresets()) {
      const { funnels } = loadShippedPreset(name);
      expect(funnels.funnels.length).toBeGreaterThanOrEqual(name === 'stress' ? 0 : 2);
    }
    expect(loadShippedPreset('medium').funnels.funnels.length).toBe(6);
  });
});

describe('the report of a run with funnels', () => {
  const { collect, close } = servers();

  it('holds them, so that the same is planned again without their files', async () => {
    const collector = await collect();
    const loaded = load({
      flags: { visits: '40', rate: '200/s', pause: '0' },
      env: { MATOMO_URL: String(collector.url), FUNNEL_CONFIG_PATH: 'f.json' },
      files: { 'f.json': json(funnel('A', { probability: 0.5 }), funnel('B', { probability: 0.8 })) },
    });
    const config = toRunConfig(loaded, { command: 'run' });
    const report = await start(config).done;
    await close();
    expect(report.config.funnelFiles).toEqual([
      { file: 'f.json', sha256: expect.stringMatching(/^[0-9a-f]{64}$/), funnels: 2 },
    ]);
    const again = reportConfig(report, {
      file: 'report.json',
      cwd: '/',
      lookup: () => undefined,
      tokens: new Map(),
      readFile: path => {
        throw Object.assign(new Error(path), { code: 'ENOENT' });
      },
    });
    expect(again.config.traffic.funnels).toEqual(config.traffic.funnels);
  });
});
