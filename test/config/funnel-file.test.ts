import { describe, expect, it } from 'vitest';
import { readFunnelFile } from '../../src/config/funnel-file.ts';
import { checkFunnelSet } from '../../src/config/funnel-set.ts';
import { problemsText } from '../../src/config/problem-text.ts';

const problemsOf = (text: string, file = 'f.yaml') =>
  problemsText(readFunnelFile(text, file).problems, new Set());

/** As the control UI of the Python Trafficinator writes it: every key of a kind, empty where nothing was entered. */
const exported = JSON.stringify(
  [
    {
      name: 'Purchase',
      description: null,
      probability: 0.35,
      priority: 0,
      enabled: true,
      exit_after_completion: true,
      steps: [
        {
          type: 'pageview',
          title: null,
          url: 'https://store.example.com/',
          action_name: 'Landing Page',
          event_category: null,
          ecommerce_currency: null,
          delay_seconds_min: 0,
          delay_seconds_max: 2,
        },
        {
          type: 'event',
          url: '',
          event_category: 'CTA',
          event_action: 'Click',
          event_name: 'Hero',
          event_value: null,
          delay_seconds_min: 1.0,
          delay_seconds_max: 3.0,
        },
        {
          type: 'ecommerce',
          url: 'https://store.example.com/done',
          action_name: '',
          ecommerce_revenue: null,
        },
      ],
    },
  ],
  null,
  '\t',
);

describe('a funnel file', () => {
  it('of the Python Trafficinator is read as it is, empty values left out', () => {
    const { funnels, problems, warnings } = readFunnelFile(exported, 'funnels.json');
    expect([problems, warnings]).toEqual([[], []]);
    expect(funnels[0]?.from).toBe('funnels.json:2:2');
    expect(funnels[0]?.definition.steps).toEqual([
      {
        type: 'pageview',
        url: 'https://store.example.com/',
        action_name: 'Landing Page',
        delay_seconds_min: 0,
        delay_seconds_max: 2,
        continue_probability: 1,
      },
      {
        type: 'event',
        event_category: 'CTA',
        event_action: 'Click',
        event_name: 'Hero',
        delay_seconds_min: 1,
        delay_seconds_max: 3,
        continue_probability: 1,
      },
      {
        type: 'ecommerce',
        url: 'https://store.example.com/done',
        delay_seconds_min: 0,
        continue_probability: 1,
      },
    ]);
  });

  it('may have its list under `funnels`, and defaults for all that need not be said', () => {
    const { funnels, problems } = readFunnelFile(
      'funnels:\n  - name: A\n    probability: 0.1\n    steps: [{ type: pageview, url: /a }]\n',
      'f.yaml',
    );
    expect(problems).toEqual([]);
    expect(funnels[0]?.definition).toMatchObject({ priority: 0, enabled: true, exit_after_completion: true });
  });

  it.each(['', '[]', '# nothing\n', 'funnels:\n', 'funnels: []'])('may be empty: %j', text => {
    expect(readFunnelFile(text, 'f.yaml')).toEqual({ funnels: [], problems: [], warnings: [] });
  });

  it('has every problem told at once, each with line, column and what is allowed', () => {
    const text = `
- name: A
  probability: 1.5
  colour: red
  steps:
    - type: evnt
      event_category: x
    - type: event
      event_category: x
      delay_seconds_min: 5
      delay_seconds_max: 2
      searchkeyword: y
- name: B
  probability: 0.5
  priority: -1
  steps:
    - type: site_search
      search_keyword: shoes
      search_results: many
- name: C
  probability: 0.1
  steps: []
- nonsense
`;
    expect(problemsOf(text).split('\n')).toEqual([
      'the configuration has 12 problems',
      '  f.yaml:3:16: funnels[0].probability = 1.5 must be at most 1',
      '  f.yaml:4:3: funnels[0].colour is no key of a funnel',
      '  f.yaml:6:13: funnels[0].steps[0].type = evnt must be pageview, event, site_search, outlink, download, ecommerce, goal, cart, product_view, content or dimension (did you mean event?)',
      '  f.yaml:8:7: funnels[0].steps[1].event_action is missing, which an event step needs: must be text',
      '  f.yaml:8:7: funnels[0].steps[1].event_name is missing, which an event step needs: must be text',
      '  f.yaml:10:26: funnels[0].steps[1].delay_seconds_min = 5 must not be above delay_seconds_max = 2',
      '  f.yaml:12:7: funnels[0].steps[1].searchkeyword is no key of an event step',
      '  f.yaml:15:13: funnels[1].priority = -1 must be at least 0',
      '  f.yaml:17:13: funnels[1].steps[0].type = site_search must be pageview: a visit begins with a page',
      '  f.yaml:19:23: funnels[1].steps[0].search_results = many must be a number',
      '  f.yaml:22:10: funnels[2].steps must not be empty',
      '  f.yaml:23:3: funnels[3] = nonsense must be a mapping of keys to values',
    ]);
  });

  it.each([
    [
      'probability is missing',
      '- name: A\n  steps: [{type: pageview, url: /}]',
      'f.yaml:1:3: funnels[0].probability is missing: must be a number',
    ],
    [
      'a type is missing',
      '- {name: A, probability: 1, steps: [{url: /}]}',
      'steps[0].type is missing: must be pageview',
    ],
    [
      'a page is missing',
      '- {name: A, probability: 1, steps: [{type: pageview, url: ""}]}',
      'steps[0].url is missing, which a pageview step needs',
    ],
    [
      'a page is no address',
      '- {name: A, probability: 1, steps: [{type: pageview, url: shop}]}',
      'url = shop must be an http or https URL, or a path from the root',
    ],
    [
      'a target cannot be visited',
      '- {name: A, probability: 1, steps: [{type: pageview, url: /}, {type: outlink, target_url: "mailto:a@b.c"}]}',
      'must be an http or https URL, or relative to the page',
    ],
    [
      'a delay is beyond an hour',
      '- {name: A, probability: 1, steps: [{type: pageview, url: /, delay_seconds_max: 3601}]}',
      'must be at most 3600',
    ],
    [
      'a name is too long',
      `- {name: ${'x'.repeat(101)}, probability: 1, steps: [{type: pageview, url: /}]}`,
      'must have at most 100 characters',
    ],
    ['it is no YAML', '- name: [', 'is no YAML'],
    ['it is no list', 'name: A', 'must be a list of funnels, or have one under `funnels`'],
    [
      'it has another key',
      'funnels: []\nfunels: []',
      'f.yaml:2:1: funels is no key of a funnel file (did you mean funnels?)',
    ],
  ])('is refused where %s', (_, text, message) => {
    expect(problemsOf(text)).toContain(message);
  });

  it('has its funnels looked at, too, where another key is wrong', () => {
    expect(
      problemsOf('funels: []\nfunnels: [{ name: A, probability: 2, steps: [] }]').split('\n').slice(1),
    ).toEqual([
      '  f.yaml:1:1: funels is no key of a funnel file (did you mean funnels?)',
      '  f.yaml:2:35: funnels[0].probability = 2 must be at most 1',
      '  f.yaml:2:45: funnels[0].steps must not be empty',
    ]);
  });

  it('is refused where a funnel would last for hours', () => {
    const steps = Array.from({ length: 14 }, () => '{type: pageview, url: /, delay_seconds_max: 3600}');
    expect(problemsOf(`- {name: A, probability: 1, steps: [${steps.join(',')}]}`)).toContain(
      'funnels[0].steps must not last longer than 21600 s in all, and with their longest delays they last 25186 s',
    );
  });

  it('is warned of where a delay must be cut, and where a key has no use', () => {
    const { warnings } = readFunnelFile(
      `- name: A
  probability: 1
  steps:
    - { type: pageview, url: /, delay_seconds_max: 2000, search_keyword: x }
    - { type: ecommerce, ecommerce_revenue: 10, ecommerce_subtotal: 5, ecommerce_tax: 1, ecommerce_shipping: 1 }`,
      'f.yaml',
    );
    expect(warnings).toEqual([
      'f.yaml:4:52: a delay of 2000 s in funnel A is cut to 1799 s, because Matomo begins a new visit after 1800 s',
      'f.yaml:5:45: the revenue of funnel A is not its subtotal, tax and shipping, which are 7: it is sent as it is',
      'f.yaml:1:3: funnel A says search_keyword where a step of its kind has no use for it',
    ]);
  });
});

describe('funnels that are used together', () => {
  const list = (
    rows: readonly (readonly [name: string, probability: number, priority: number, enabled?: boolean])[],
  ) =>
    readFunnelFile(
      JSON.stringify(
        rows.map(([name, probability, priority, enabled = true]) => ({
          name,
          probability,
          priority,
          enabled,
          steps: [{ type: 'pageview', url: '/' }],
        })),
      ),
      'f.json',
    ).funnels;
  const check = (...rows: Parameters<typeof list>[0]) => checkFunnelSet(list(rows));

  it('have names of their own', () => {
    const { problems } = check(['A', 0.1, 0], ['A', 0.1, 1]);
    expect(problems.map(({ rule }) => rule)).toEqual(['is also the name of the funnel at f.json:1:2']);
  });

  it('of one priority have probabilities that add up to 1 at most', () => {
    expect(check(['A', 0.35, 0], ['B', 0.25, 0], ['C', 0.4, 0]).problems).toEqual([]);
    expect(check(['A', 0.7, 3], ['B', 0.6, 3]).problems[0]?.rule).toBe(
      'must add up to 1 at most among funnels of priority 3, and they add up to 1.3: A 0.7, B 0.6',
    );
    expect(check(['A', 0.7, 3], ['B', 0.6, 3, false]).problems).toEqual([]);
    expect(check(['A', 0.7, 3], ['B', 0.6, 4]).problems).toEqual([]);
  });

  it('are warned of where nothing is left for one', () => {
    expect(check(['A', 1, 0], ['B', 0.5, 1], ['C', 0, 1]).warnings).toEqual([
      expect.stringContaining('funnel B never runs: A is tried before it and has probability 1'),
    ]);
  });
});
