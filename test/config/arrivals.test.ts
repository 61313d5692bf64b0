import { describe, expect, it } from 'vitest';
import { toRunConfig } from '../../src/config/to-run-config.ts';
import { weekCurve } from '../../src/data/week-curve.ts';
import { load, refusal } from './loading.ts';

const yaml = (text: string) => ({ 'trafficinator.yaml': text });
const arrivals = (given: Parameters<typeof load>[0]) => toRunConfig(load(given), { command: 'run' }).arrivals;
const warnings = (given: Parameters<typeof load>[0]) => load(given).warnings.join('\n');
const stages = (text: string) => {
  const over = arrivals({ flags: { stages: text } })?.over;
  return over?.kind === 'stages' ? over.stages : undefined;
};
const day = Array.from({ length: 24 }, (_, hour) => hour);

describe('arrivals', () => {
  it('are constant where nothing is said', () => expect(arrivals({})).toBeUndefined());

  it('are even or random, at one rate or along a curve', () => {
    const curve = { kind: 'curve', weights: weekCurve };
    expect(arrivals({ flags: { arrivals: 'poisson' } })).toEqual({ gaps: 'random' });
    expect(arrivals({ flags: { arrivals: 'curve' } })).toEqual({ gaps: 'even', over: curve });
    expect(arrivals({ env: { TRAFFICINATOR_ARRIVALS: 'poisson-curve' } })).toEqual({
      gaps: 'random',
      over: curve,
    });
  });

  it('take a curve of one’s own, from a file or a variable', () => {
    const own = { gaps: 'even', over: { kind: 'curve', weights: day } };
    expect(arrivals({ files: yaml(`arrivals: curve\ncurve: [${day}]`) })).toEqual(own);
    const env = { TRAFFICINATOR_ARRIVALS: 'curve', TRAFFICINATOR_CURVE: day.join(', ') };
    expect(arrivals({ env })).toEqual(own);
  });

  it.each([
    [[1, 2, 3], 'must have 24 or 168 numbers'],
    [day.map(() => 0), 'must have a number above 0'],
    [day.map(hour => hour - 1), 'must be at least 0'],
  ])('refuse the curve %j', (weights, rule) => {
    const message = refusal({ files: yaml(`curve: [${weights}]`) });
    expect(message).toContain('trafficinator.yaml:1:8: curve');
    expect(message).toContain(rule);
  });

  it('can be random in stages', () => {
    expect(arrivals({ flags: { arrivals: 'poisson', stages: '1s@2/s' } })).toEqual({
      gaps: 'random',
      over: { kind: 'stages', stages: [{ durationSeconds: 1, fromRate: 2, toRate: 2 }] },
    });
  });
});

describe('stages', () => {
  const ramp = [
    { durationSeconds: 300, fromRate: 100 / 60, toRate: 100 / 60 },
    { durationSeconds: 600, fromRate: 100 / 60, toRate: 10 },
  ];

  it.each([
    '5m@100/min,10m@100-600/min',
    '5m @ 100/min, 10m @ 100→600/min',
    '5m@100/min,10m@100->600/min',
    ' 300s@100 / min , 10m@100/min – 10/s ',
  ])('are read in every form: %s', text => expect(stages(text)).toEqual(ramp));

  it('can stand in a file', () => {
    const over = { kind: 'stages', stages: ramp };
    expect(arrivals({ files: yaml('stages: 5m@100/min, 10m@100-600/min') })).toEqual({ gaps: 'even', over });
  });

  it('may rest, and fall to nothing', () => {
    expect(stages('1m30s@0/s,10@5-0/h')).toEqual([
      { durationSeconds: 90, fromRate: 0, toRate: 0 },
      { durationSeconds: 10, fromRate: 5 / 3600, toRate: 0 },
    ]);
  });

  it.each([
    ['5m', 'in stage 1, at character 1, a time and a rate, such as 5m@100/min'],
    ['5m@1/s@2/s', 'in stage 1, at character 1, a time and a rate'],
    ['5m@1/s, 10x@1/s', 'in stage 2, at character 9, a time above 0 before the @, such as 30s, 10m or 1h30m'],
    ['5m@1/s,0s@1/s', 'in stage 2, at character 8, a time above 0'],
    ['5m@100', 'in stage 1, at character 1, a rate such as 10/s, 100/min or 600/h after the @'],
    ['5m@1-2-3/s', 'in stage 1, at character 1, a rate such as'],
    ['5m@-5/s', 'in stage 1, at character 1, a rate such as'],
    ['5m@max', 'in stage 1, at character 1, a rate such as'],
    ['5m@1-2000000/s', 'in stage 1, at character 1, a rate of at most 1000000/s'],
    ['5m@1/s,', 'in stage 2, at character 8, a time and a rate'],
    ['1h@0/s,1m@0/s', 'must have a stage with a rate above 0'],
    ['366d@1/s,1s@1/s', 'must be over within 366 days'],
  ])('are refused with place and rule: %s', (text, told) => {
    const message = refusal({ flags: { stages: text } });
    expect(message).toMatch(/^the configuration has a problem\n {2}--stages: stages = .* must /);
    expect(message).toContain(told);
  });

  it('tell all mistakes at once', () => {
    const message = refusal({ flags: { stages: '10x@5/s,5m@,1s@1/s' } });
    expect(message).toContain('stages = 10x@5/s,5m@,1s@1/s must have in stage 1, at character 1');
    expect(message).toContain('stage 2, at character 9');
    expect(message).not.toContain('stage 3');
  });

  it('never show a secret that was put there by mistake', () => {
    const message = refusal({ flags: { stages: 'https://me:hunter22@m.example/' } });
    expect(message).toContain('stages = …@m.example/');
    expect(message).not.toContain('hunter22');
  });

  it('are an end for a plan that is only printed', () => {
    load({ flags: { dryRun: true, stages: '1s@1/s' } });
    expect(refusal({ flags: { dryRun: true } })).toContain('needs --visits, --duration or --stages');
    expect(warnings({ flags: { stages: '1s@1/s' } })).not.toContain('nothing ends this run');
  });
});

describe('what contradicts itself', () => {
  it('is a curve in stages', () => {
    expect(refusal({ flags: { stages: '1s@1/s' }, env: { TRAFFICINATOR_ARRIVALS: 'curve' } })).toContain(
      '--stages: stages = 1s@1/s is not possible with arrivals curve (environment variable TRAFFICINATOR_ARRIVALS): both say how the rate changes',
    );
  });

  it.each(['poisson', 'curve', 'poisson-curve'])('is rate max with arrivals %s', kind => {
    expect(refusal({ flags: { rate: 'max', arrivals: kind } })).toContain(
      `--rate: rate = max is not possible with arrivals ${kind}`,
    );
  });

  it('is rate max with stages', () => {
    expect(refusal({ flags: { rate: 'max', stages: '1s@1/s' } })).toContain(
      '--rate: rate = max is not possible with stages, which say the rate: leave it out',
    );
  });

  const targets = (rate: string) =>
    `distribution: independent\ntargets:\n  - { name: a, url: "http://a.example/", rate: ${rate} }\n  - { name: b, url: "http://b.example/" }`;

  it('is a rate of an independent target with stages, and max with gaps drawn for it', () => {
    expect(refusal({ files: yaml(targets('5/s')), flags: { stages: '1s@1/s' } })).toContain(
      'targets[0].rate = 5/s is not possible with stages, which say the rate of every target',
    );
    expect(refusal({ files: yaml(targets('max')), flags: { arrivals: 'poisson' } })).toContain(
      'targets[0].rate = max is not possible with arrivals poisson',
    );
    expect(arrivals({ files: yaml(targets('5/s')), flags: { arrivals: 'poisson' } })).toEqual({
      gaps: 'random',
    });
  });
});

describe('warnings of arrivals', () => {
  it('tell what is not used, but for what a preset says', () => {
    expect(warnings({ flags: { stages: '1s@1/s', rate: '5/s' } })).toContain(
      'rate = 5/s (--rate) is not used: stages say the rate',
    );
    expect(warnings({ flags: { stages: '1s@1/s', preset: 'smoke' } })).not.toContain('not used');
    expect(warnings({ env: { TRAFFICINATOR_CURVE: day.join() } })).toContain(
      'is not used: arrivals is constant, not curve',
    );
  });

  it('count the visits in flight where the rate is highest', () => {
    // A visit of this configuration is 8.56 s long, and an hour of this curve has 24 times the mean.
    const onePeak = day.map(hour => (hour === 20 ? 1 : 0));
    expect(
      warnings({ files: yaml(`arrivals: curve\ncurve: [${onePeak}]\nrate: 1/s\nconcurrency: 100`) }),
    ).toContain('up to 24 visits a second, each of 8.56 s, are 206 in flight, and concurrency is 100');
    expect(warnings({ flags: { stages: '5m@1-30/s', concurrency: '100' } })).toContain(
      'up to 30 visits a second',
    );
    expect(warnings({ flags: { stages: '5m@1/s', concurrency: '100' } })).not.toContain('in flight, and');
  });

  it('tell of a heavy load only where stages come to one', () => {
    const heavy = 'up to 864,000 visits a day are a heavy load';
    expect(warnings({ flags: { stages: '10m@10/s' } })).toContain(heavy);
    expect(warnings({ flags: { stages: '1m@10/s' } })).not.toContain(heavy);
  });
});
