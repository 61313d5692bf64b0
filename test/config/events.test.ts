import { describe, expect, it } from 'vitest';
import { Purpose, randomStream } from '../../src/base/random.ts';
import { reportConfig } from '../../src/config/report-config.ts';
import { toRunConfig } from '../../src/config/to-run-config.ts';
import { browsing } from '../../src/traffic/browsing.ts';
import { report, targetReport } from '../output/samples.ts';
import { load, originOf, refusal } from './loading.ts';

/** As the Python Trafficinator writes it. */
const legacy = {
  click_events_probability: 0.5,
  random_events_probability: 0.25,
  click_events: [
    { category: 'CTA', action: 'Click', name: 'Free trial', value: null },
    { category: 'CTA', action: 'Click', name: 'Price', value: 9.5 },
  ],
  random_events: [{ category: 'Error', action: '404', name: 'Broken link', value: null }],
};

const file = (content: unknown) => ({ 'events.json': JSON.stringify(content) });
const given = (content: unknown, more: Parameters<typeof load>[0] = {}) =>
  load({ files: file(content), ...more, env: { EVENTS_FILE: 'events.json', ...more.env } });
const trafficOf = (...args: Parameters<typeof given>) =>
  toRunConfig(given(...args), { command: 'run' }).traffic;

describe('an events file', () => {
  it('says which events there are, and how likely', () => {
    expect(trafficOf(legacy)).toMatchObject({
      clickEventProbability: 0.5,
      behaviourEventProbability: 0.25,
      clickEvents: [
        { category: 'CTA', action: 'Click', name: 'Free trial', value: null },
        { category: 'CTA', action: 'Click', name: 'Price', value: { min: 9.5, max: 9.5 } },
      ],
      behaviourEvents: [{ category: 'Error', action: '404', name: 'Broken link', value: null }],
    });
  });

  it('is what visits do', () => {
    const browse = browsing({ ...trafficOf(legacy), pageviews: { min: 3, max: 3 } });
    const deeds = Array.from({ length: 200 }, (_, at) =>
      browse(randomStream(1, Purpose.Visit, at), 'order', randomStream(2, Purpose.Visit, at)),
    ).flatMap(stops => stops.flatMap(stop => stop.deeds.filter(({ type }) => type === 'event')));
    const seen = new Set(deeds.map(deed => JSON.stringify(deed)));
    expect([...seen].map(text => JSON.parse(text)).sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
      { type: 'event', category: 'Error', action: '404', name: 'Broken link' },
      { type: 'event', category: 'CTA', action: 'Click', name: 'Free trial' },
      { type: 'event', category: 'CTA', action: 'Click', name: 'Price', value: 9.5 },
    ]);
  });

  it('says more of probabilities than a preset, and less than who says them by name', () => {
    const preset = given(legacy, { flags: { preset: 'heavy' } });
    expect(preset.values.traffic.clickEventProbability).toBe(0.5);
    expect(originOf(preset, 'traffic.clickEventProbability')).toBe('events.json:1:29');
    const named = given(legacy, { env: { CLICK_EVENTS_PROBABILITY: '0.1' } });
    expect(named.values.traffic.clickEventProbability).toBe(0.1);
    expect(named.values.traffic.behaviourEventProbability).toBe(0.25);
  });

  it('may leave out what is to stay as it is', () => {
    const traffic = trafficOf({ random_events: legacy.random_events });
    expect(traffic.clickEvents).toBeUndefined();
    expect([traffic.clickEventProbability, traffic.behaviourEventProbability]).toEqual([0.25, 0.12]);
  });

  it('has no events of a kind whose list is empty', () => {
    const traffic = trafficOf({ ...legacy, click_events: [] });
    expect([traffic.clickEventProbability, traffic.behaviourEventProbability]).toEqual([0, 0.25]);
  });

  it('can be YAML, and written out in the configuration', () => {
    const text = 'events:\n  click_events:\n    - { category: A, action: B, name: C }\n';
    expect(
      toRunConfig(load({ files: { 'trafficinator.yaml': text } }), { command: 'run' }).traffic.clickEvents,
    ).toEqual([{ category: 'A', action: 'B', name: 'C', value: null }]);
  });

  it('is that of a container where it has one', () => {
    const readFile = (path: string) => {
      if (path === '/app/data/events.json') return JSON.stringify(legacy);
      throw Object.assign(new Error(path), { code: 'ENOENT' });
    };
    const loaded = load({ readFile });
    expect(loaded.events.clickEvents).toHaveLength(2);
    expect(loaded.notices).toContain('events are those of /app/data/events.json');
    expect(load({ env: { EVENTS_FILE: '/app/data/events.json' } }).events.clickEvents).toBeUndefined();
  });

  it('is in the report, written out: the plan can be made again without the file', () => {
    const env = { EVENTS_FILE: 'events.json', MATOMO_URL: 'http://127.0.0.1:9/' };
    const config = toRunConfig(given(legacy, { env }), { command: 'run' });
    const [target] = config.targets;
    const saved = report({
      run: { ...report().run, id: config.runId, seed: config.seed, shard: null },
      config: config.effective,
      targets: [targetReport({ name: target?.name ?? '', url: target?.url.href ?? '', siteId: 1 })],
    });
    const again = reportConfig(JSON.parse(JSON.stringify(saved)), {
      file: 'report.json',
      cwd: '/nowhere',
      lookup: () => undefined,
      tokens: new Map(),
    });
    expect(again.config.traffic).toEqual(config.traffic);
  });
});

describe('an events file that is not right', () => {
  const wrong = [
    '{',
    '  "click_events_probability": 1.5,',
    '  "clicks": [],',
    '  "click_events": [',
    '    { "category": "", "action": "B", "name": "C", "value": -1 },',
    '    { "category": "A", "action": 5, "name": "C", "valu": 1 },',
    '    { "category": "A", "action": "B" }',
    '  ],',
    '  "random_events": 5',
    '}',
  ].join('\n');

  it('is refused with every problem at once, each with file, line and column', () => {
    const message = refusal({ files: { 'e.json': wrong }, env: { EVENTS_FILE: 'e.json' } });
    expect(message.split('\n').sort()).toEqual(
      [
        'the configuration has 8 problems',
        '  e.json:2:31: events.click_events_probability = 1.5 must be at most 1',
        '  e.json:3:3: events.clicks is no key of events',
        '  e.json:5:19: events.click_events[0].category = "" must not be empty',
        '  e.json:5:60: events.click_events[0].value = -1 must be at least 0',
        '  e.json:6:34: events.click_events[1].action = 5 must be text',
        '  e.json:6:50: events.click_events[1].valu is no key of an event (did you mean value?)',
        '  e.json:7:5: events.click_events[2].name must be text',
        '  e.json:9:20: events.random_events = 5 must be a list',
      ].sort(),
    );
  });

  it.each([
    ['{', 'e.json:1:2: is no YAML'],
    ['[]', 'e.json:1:1: events must be a mapping of keys to values'],
    ['', 'events must be a mapping of keys to values'],
  ])('is refused: %j', (text, told) => {
    expect(refusal({ files: { 'e.json': text }, env: { EVENTS_FILE: 'e.json' } })).toContain(told);
  });

  it('is refused where it is not there', () => {
    expect(refusal({ env: { EVENTS_FILE: 'none.json' } })).toContain(
      'environment variable EVENTS_FILE: events = none.json does not exist',
    );
  });
});
