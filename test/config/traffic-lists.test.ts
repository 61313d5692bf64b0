import { describe, expect, it } from 'vitest';
import { toRunConfig } from '../../src/config/to-run-config.ts';
import { campaigns } from '../../src/data/campaigns.ts';
import { load, refusal } from './loading.ts';

const traffic = (...lines: string[]) => ({
  files: { 'trafficinator.yaml': ['traffic:', ...lines.map(line => `  ${line}`)].join('\n') },
});
const read = (...lines: string[]) => toRunConfig(load(traffic(...lines)), { command: 'run' }).traffic;

describe('goals, dimensions and campaigns', () => {
  it('are none, none and the shipped ones where nobody says any', () => {
    expect(read('shape: flat')).toMatchObject({ goals: [], dimensions: [], campaigns });
  });

  it('are read with short forms and defaults', () => {
    const settings = read(
      'goals:',
      '  - { id: 1, probability: 0.1, revenue: 5-20 }',
      '  - { id: 2, revenue: 3, matches: { contains: /thanks } }',
      'dimensions:',
      '  - { id: 4, scope: visit, values: [member, { value: guest, weight: 3 }] }',
      'campaigns:',
      '  - { name: spring, style: utm, referrer: https://l.facebook.com/ }',
    );
    expect(settings.goals).toEqual([
      { id: 1, probability: 0.1, revenue: { min: 5, max: 20 } },
      {
        id: 2,
        probability: 0,
        revenue: { min: 3, max: 3 },
        matches: { contains: '/thanks', caseSensitive: false },
      },
    ]);
    expect(settings.dimensions).toEqual([
      {
        id: 4,
        scope: 'visit',
        probability: 1,
        values: [
          { value: 'member', weight: 1 },
          { value: 'guest', weight: 3 },
        ],
      },
    ]);
    expect(settings.campaigns).toEqual([
      { name: 'spring', style: 'utm', referrer: 'https://l.facebook.com/', weight: 1 },
    ]);
  });

  it('can be another target’s own', () => {
    const files = {
      'trafficinator.yaml': [
        'traffic: { goals: [{ id: 1, probability: 1 }] }',
        'targets:',
        '  - { name: a, url: https://a.example/ }',
        '  - { name: b, url: https://b.example/, features: { goals: [{ id: 7, probability: 1 }] } }',
      ].join('\n'),
    };
    const [a, b] = toRunConfig(load({ files }), { command: 'run' }).targets;
    expect(a?.traffic).toBeUndefined();
    expect(b?.traffic?.goals).toMatchObject([{ id: 7 }]);
  });

  it('are refused with the place of each mistake, what stands there and what is allowed', () => {
    const message = refusal(
      traffic(
        'goals:',
        '  - { id: 0, probability: 2 }',
        '  - { id: 2, revenue: x, matches: { contain: a } }',
        '  - { id: 3, matches: { regex: "(" } }',
        '  - { id: 4, probability: 1, matches: { exact: a } }',
        '  - { id: 5, revenue: 1-2, matches: { exact: a, contains: b } }',
        'dimensions: [{ id: 1, scope: visitor, values: [] }]',
        'campaigns: [{ nam: spring, referrer: x }]',
      ),
    );
    expect(message.split('\n').slice(1).sort()).toEqual(
      [
        'trafficinator.yaml:3:13: traffic.goals[0].id = 0 must be at least 1',
        'trafficinator.yaml:3:29: traffic.goals[0].probability = 2 must be at most 1',
        'trafficinator.yaml:4:25: traffic.goals[1].revenue = x must be an amount from 0 to 1,000,000,000, or {min, max} or MIN-MAX of such',
        'trafficinator.yaml:4:37: traffic.goals[1].matches = {"contain":"a"} has no key contain',
        'trafficinator.yaml:4:37: traffic.goals[1].matches = {"contain":"a"} must say one of contains, exact and regex',
        'trafficinator.yaml:5:34: traffic.goals[2].matches.regex = ( must be a regular expression',
        'trafficinator.yaml:6:7: traffic.goals[3] = {"id":4,"probability":1,"matches":{"exact":"a"}} must not have both: a goal with matches is reached by the address of a page, and never told by its id',
        'trafficinator.yaml:7:39: traffic.goals[4].matches = {"exact":"a","contains":"b"} must say one of contains, exact and regex',
        'trafficinator.yaml:7:7: traffic.goals[4] = {"id":5,"revenue":"1-2","matches":{"exact":"a","contains":"b"}} must have one amount as revenue: it is what the site\'s definition of the goal says',
        'trafficinator.yaml:8:32: traffic.dimensions[0].scope = visitor must be visit or action',
        'trafficinator.yaml:8:49: traffic.dimensions[0].values = [] must not be empty',
        'trafficinator.yaml:9:15: traffic.campaigns[0] = {"nam":"spring","referrer":"x"} has no key nam',
        'trafficinator.yaml:9:15: traffic.campaigns[0].name must be text',
        'trafficinator.yaml:9:40: traffic.campaigns[0].referrer = x must be an absolute http or https URL',
      ]
        .map(line => `  ${line}`)
        .sort(),
    );
  });

  it('have ids that differ', () => {
    expect(refusal(traffic('goals: [{ id: 3, probability: 1 }, { id: 3, probability: 1 }]'))).toContain(
      'trafficinator.yaml:2:44: traffic.goals[1].id = 3 must be another than 3, which is used before',
    );
  });
});
