import { describe, expect, it } from 'vitest';
import { thresholdText } from '../../src/thresholds/threshold.ts';
import { load, originOf, refusal } from './loading.ts';

const yaml = (text: string) => ({ 'trafficinator.yaml': text });
const said = (given: Parameters<typeof load>[0]) => load(given).values.thresholds.map(thresholdText);

describe('thresholds', () => {
  it('are a flag that is given again for each, a variable with commas, or a list', () => {
    const both = ['latency.p95 < 1s', 'hits.failed.rate < 1%'];
    expect(said({ flags: { thresholds: both.join('\n') } })).toEqual(both);
    expect(said({ env: { TRAFFICINATOR_THRESHOLDS: both.join(', ') } })).toEqual(both);
    expect(said({ files: yaml(`thresholds:\n  - ${both.join('\n  - ')}`) })).toEqual(both);
    expect(said({})).toEqual([]);
  });

  it('of a later layer take the place of all before', () => {
    const loaded = load({
      files: yaml('thresholds: [latency.p95 < 1s, latency.max < 5s]'),
      env: { TRAFFICINATOR_THRESHOLDS: 'latency.p50 < 1s' },
    });
    expect(loaded.values.thresholds.map(thresholdText)).toEqual(['latency.p50 < 1s']);
    expect(originOf(loaded, 'thresholds')).toBe('environment variable TRAFFICINATOR_THRESHOLDS');
  });

  it('are refused all at once, each with its origin and a caret under its mistake', () => {
    const flags = { thresholds: 'latency.p95 < 5%\nlatency.p95 < 1s\nlatncy.p95 < 1s' };
    expect(refusal({ flags })).toBe(
      [
        'the configuration has 2 problems',
        '  --threshold #1: thresholds[0] = latency.p95 < 5% must have at character 16 the unit of a time: us, ms, s or m',
        '    latency.p95 < 5%',
        '                   ^',
        '  --threshold #3: thresholds[2] = latncy.p95 < 1s must have at character 1 hits, visits, rate, latency, lateness, errors, verification or targets.NAME.…',
        '    latncy.p95 < 1s',
        '    ^',
      ].join('\n'),
    );
    const text = 'thresholds:\n  - latency.p95 < 1s\n  - latency.p95 <\n';
    expect(refusal({ files: yaml(text) })).toContain(
      'trafficinator.yaml:3:5: thresholds[1] = latency.p95 < must have at character 14 a number\n',
    );
    expect(refusal({ files: yaml('thresholds: latency.p95 < 1s') })).toContain('must be a list');
    expect(refusal({ files: yaml('thresholds: [5]') })).toContain(
      'trafficinator.yaml:1:14: thresholds[0] = 5',
    );
  });

  it.each([
    ['targets.c.latency.p95 < 1s', {}, 'names no target: there are a, "b.example:80"'],
    ['latency.p95 / targets.c.latency.p95 < 2', {}, 'names no target'],
    ['verification.difference == 0', {}, 'needs --verify'],
    ['lateness.p99 < 1s', { rate: 'max' }, 'is of a schedule, which --rate max has not: lateness.p99'],
    ['visits.achieved.rate > 9%', { rate: 'max' }, 'is of a schedule'],
  ])('that can have no data are refused: %s', (thresholds, more, rule) => {
    const files = yaml(
      'targets:\n  - {name: a, url: http://a.example}\n  - {url: "http://b.example:80/x"}\n',
    );
    const given = { files: { ...files }, flags: { thresholds, ...more } };
    expect(refusal(given)).toContain(rule.replace(':80', ''));
  });

  it('may be about what is verified, and about the collector in the place of the one target', () => {
    load({ flags: { verify: true, thresholds: 'verification.difference == 0' } });
    const flags = { collector: true, thresholds: 'verification.difference == 0' };
    load({ flags });
    load({ flags: { ...flags, thresholds: 'targets.collector.latency.p95 < 1s' } });
  });

  it('of a backfill are about what a backfill has', () => {
    const backfill = (thresholds: string) => ({
      command: 'backfill' as const,
      flags: { thresholds, 'backfill.daysBack': '2', 'backfill.days': '1' },
    });
    load(backfill('hits.failed.rate < 1%'));
    expect(refusal(backfill('lateness.p99 < 1s'))).toContain('is of a schedule, which a backfill has not');
    expect(refusal(backfill('verification.difference == 0'))).toContain('which a backfill has not');
  });
});
