import { describe, expect, it } from 'vitest';
import { parseChangeRule } from '../../src/comparison/change-rule.ts';
import { compareRuns, RunPairs } from '../../src/comparison/compare-runs.ts';
import { judgeChange } from '../../src/comparison/judge-changes.ts';
import { nested } from '../../src/config/nested.ts';
import { leavesOf, settingsTree } from '../../src/config/option-tree.ts';
import { runComparisonLines } from '../../src/output/run-comparison-lines.ts';
import { textWidth } from '../../src/output/text-width.ts';
import type { Report } from '../../src/run/report.ts';
import { plainChalk } from '../output/samples.ts';
import { reportOfRun } from './report-of-run.ts';

function compare(first: Report, second: Report) {
  const pairs = new RunPairs(first, second);
  const comparison = compareRuns(
    { file: 'a.json', report: first },
    { file: 'b.json', report: second },
    pairs,
  );
  const figure = (name: string) => comparison.figures.find(one => one.name === name);
  const judged = (text: string) => {
    const rule = parseChangeRule(text);
    const pair = pairs.of(rule.figure.target);
    return pair === undefined ? undefined : judgeChange(rule, pairs, pair);
  };
  return { pairs, comparison, figure, judged };
}

const calm = reportOfRun({ latencyMs: 20 });

describe('two runs side by side', () => {
  it('differ in nothing where they are the same', () => {
    const { comparison, judged } = compare(calm, calm);
    for (const { first, second, isMoreThanNoise } of comparison.figures) {
      expect(second).toBe(first);
      expect(isMoreThanNoise).toBe(false);
    }
    expect(comparison.differing).toEqual([]);
    expect(comparison.warnings).toEqual(['both are the report of the same run']);
    for (const rule of ['latency.p95 > +0%', 'latency.p95 < +0ms', 'hits.errors.rate > +0points']) {
      expect(judged(rule)).toMatchObject({ change: 0, failed: false });
    }
  });

  it('are called noise where their slices scatter as much as they differ, and different where not', () => {
    const alike = compare(calm, reportOfRun({ latencyMs: 20.6, seed: 2 }));
    expect(alike.figure('latency.p95')?.isMoreThanNoise).toBe(false);
    const slow = compare(calm, reportOfRun({ latencyMs: 40, seed: 2 }));
    const { ratio, interval, isMoreThanNoise } = slow.figure('latency.p95') ?? {};
    expect(isMoreThanNoise).toBe(true);
    expect(ratio).toBeGreaterThan(1.8);
    expect(ratio).toBeLessThan(2.2);
    expect(interval?.[0]).toBeGreaterThan(1.5);
    expect(interval?.[1]).toBeLessThan(2.6);
  });

  it('are compared target by target, by name, and what only one has is named', () => {
    const both = compare(
      reportOfRun({ targets: ['a', 'b', 'old'] }),
      reportOfRun({ targets: ['new', 'b', 'a'], seed: 2 }),
    );
    expect(both.comparison.targets.map(({ first, second }) => [first, second])).toEqual([
      ['a', 'a'],
      ['b', 'b'],
    ]);
    expect(both.comparison.unmatched).toEqual({ first: ['old'], second: ['new'] });
    expect(both.judged('targets.old.latency.p95 > +10%')).toBeUndefined();
    expect(both.judged('targets.b.latency.p95 > +1000%')?.failed).toBe(false);
  });

  it('are of one target each, whatever they are called', () => {
    const { comparison, judged } = compare(
      reportOfRun({ targets: ['old'] }),
      reportOfRun({ targets: ['new'], seed: 2 }),
    );
    expect(comparison.targets).toMatchObject([{ first: 'old', second: 'new' }]);
    expect(judged('targets.old.latency.p50 > +1000%')?.figure).toEqual(
      judged('targets.new.latency.p50 > +1000%')?.figure,
    );
  });

  it('give no verdict on noise where one is too short, or percentiles are of slices of another length', () => {
    const short = compare(calm, reportOfRun({ slices: 11, seed: 2 }));
    expect(short.comparison.figures.map(({ isMoreThanNoise }) => isMoreThanNoise)).toEqual(
      short.comparison.figures.map(() => null),
    );
    const long = compare(calm, reportOfRun({ sliceSeconds: 4, seed: 2 }));
    expect(long.figure('latency.p95')).toMatchObject({ isMoreThanNoise: null, interval: null });
    // A quarter of the hits a second: that is counted, and slices of any length add up.
    expect(long.figure('rate.hits')).toMatchObject({ ratio: 0.25, isMoreThanNoise: true });
  });

  it('give no verdict on what slices of older reports do not count', () => {
    const older: Report = { ...calm, series: calm.series.map(point => ({ ...point, begun: 0 })) };
    expect(compare(older, calm).figure('rate.visits')?.isMoreThanNoise).toBeNull();
  });
});

describe('a rule', () => {
  const slow = reportOfRun({ latencyMs: 40, seed: 2 });

  it('fails where the change goes beyond it and is more than noise', () => {
    const { judged } = compare(calm, slow);
    expect(judged('latency.p95 > +10%')?.failed).toBe(true);
    expect(judged('latency.p95 > +10ms')?.failed).toBe(true);
    expect(judged('latency.p95 > +500%')?.failed).toBe(false);
    expect(judged('latency.p95 < -10%')?.failed).toBe(false);
    expect(compare(slow, calm).judged('latency.p95 < -10%')?.failed).toBe(true);
  });

  it('does not fail for noise', () => {
    const { judged, figure } = compare(calm, reportOfRun({ latencyMs: 20.6, seed: 2 }));
    expect(figure('latency.p95')?.second).not.toBe(figure('latency.p95')?.first);
    const rule = (figure('latency.p95')?.ratio ?? 1) > 1 ? 'latency.p95 > +0.001%' : 'latency.p95 < -0.001%';
    expect(judged(rule)).toMatchObject({ failed: false, figure: { isMoreThanNoise: false } });
  });

  it('is left to the limit alone where noise cannot be told', () => {
    const { judged } = compare(calm, slow);
    expect(judged('latency.mean > +10%')).toMatchObject({ failed: true, figure: { isMoreThanNoise: null } });
    expect(judged('latency.mean > +500%')?.failed).toBe(false);
  });

  it('fails without data, and takes something after nothing for a change without end', () => {
    const silent: Report = { ...calm, latencyMs: null };
    expect(compare(calm, silent).judged('latency.p95 > +10%')).toMatchObject({ change: null, failed: true });
    const failing = reportOfRun({ failedShare: 0.2, seed: 2 });
    const { judged } = compare(calm, failing);
    expect(judged('hits.errors.rate > +900%')).toMatchObject({ failed: true, figure: { first: 0 } });
    expect(judged('hits.errors.rate > +50points')?.failed).toBe(false);
    expect(judged('hits.errors.rate > +10points')?.failed).toBe(true);
  });
});

describe('what makes runs hard to compare is told', () => {
  it('by the keys that change the traffic, and not by names, servers and files', () => {
    const config = {
      seed: 1,
      runId: 'one',
      rate: '10/s',
      report: 'a.json',
      pages: { file: 'a.txt', sha256: 'same' },
      traffic: { pageviews: { min: 1, max: 3 } },
      target: { name: 'a', url: 'https://a.example/matomo.php', transport: 'single' },
    };
    const other = {
      seed: 2,
      runId: 'two',
      rate: '20/s',
      report: 'b.json',
      pages: { file: 'b.txt', sha256: 'same' },
      traffic: { pageviews: { min: 1, max: 8 } },
      target: { name: 'b', url: 'https://b.example/matomo.php', transport: 'bulk' },
    };
    const { comparison } = compare({ ...calm, config }, { ...reportOfRun({ seed: 2 }), config: other });
    expect(comparison.differing).toEqual([
      { key: 'seed', first: '1', second: '2' },
      { key: 'rate', first: '"10/s"', second: '"20/s"' },
      { key: 'traffic.pageviews.max', first: '3', second: '8' },
      { key: 'target.transport', first: '"single"', second: '"bulk"' },
    ]);
    const lists = compare(
      { ...calm, config: { targets: [{ name: 'a', weight: 1 }] } },
      { ...calm, config: { targets: [{ name: 'b', weight: 1 }], clock: 'real' } },
    );
    expect(lists.comparison.differing).toEqual([{ key: 'clock', first: null, second: '"real"' }]);
  });

  it('and by no key that says what is told where, or when the run begins', () => {
    const told = leavesOf(settingsTree).filter(({ meta }) => ['result', 'start'].includes(meta.group));
    expect(told.length).toBeGreaterThan(10);
    const config = (value: string) => nested(told.map(({ path }) => [path, value] as const));
    const { comparison } = compare({ ...calm, config: config('one') }, { ...calm, config: config('two') });
    expect(comparison.differing).toEqual([]);
  });

  it('by what became of the runs', () => {
    const odd = reportOfRun({ seed: 2, slices: 30 });
    const { comparison } = compare(calm, {
      ...odd,
      run: { ...odd.run, stoppedBy: 'signal', command: 'backfill' },
      targets: odd.targets.map(target => ({ ...target, health: { state: 'up', outages: 2 } })),
      generator: { ...odd.generator, warnings: ['this machine was the limit'] },
    });
    expect(comparison.warnings).toEqual([
      'a.json is of run, and b.json of backfill',
      'one took 60 s and the other 30 s',
      'b.json was interrupted',
      'b.json lost target for a while',
      'b.json: this machine was the limit',
    ]);
  });
});

describe('the table', () => {
  const first = reportOfRun({ targets: ['a', 'b'] });
  const second = reportOfRun({ targets: ['a', 'b'], latencyMs: 40, failedShare: 0.2, seed: 2 });
  const { comparison, judged } = compare(first, { ...second, config: { rate: '20/s' } });
  const rules = ['latency.p95 > +10%', 'hits.errors.rate > +50points', 'latency.max < -1%'].flatMap(
    text => judged(text) ?? [],
  );
  const lines = (width: number) => runComparisonLines(comparison, rules, { chalk: plainChalk, width });

  it('says of each figure what it was, is, and whether that is more than noise', () => {
    const text = lines(100).join('\n');
    expect(text).toContain('A  a.json: ');
    expect(text).toMatch(/! not the same traffic: rate none → 20\/s/);
    expect(text).toMatch(/p95 +\d+ ms +\d+ ms +[12]\.\d\d +[12]\.\d\d–[12]\.\d\d +slower/);
    expect(text).toMatch(/hits\/s +\S+ +\S+ +\S+ +\S+ +within noise/);
    expect(text).toMatch(/errors +– +20 % +– +more/);
    expect(text).toMatch(/✗ latency\.p95 > \+10%: \d+ ms → \d+ ms, \+\d+ %, more than noise/);
    expect(text).toMatch(/✓ hits\.errors\.rate > \+50points: – → 20 %, \+20 points, more than noise/);
    expect(text).toMatch(/✓ latency\.max < -1%: .*noise not to be told/);
    expect(lines(100).filter(line => /^[ab] +A +B/.test(line))).toHaveLength(2);
  });

  it.each([40, 60, 79, 200])('fits into %d columns', width => {
    for (const line of lines(width)) expect(textWidth(line)).toBeLessThanOrEqual(width);
    expect(lines(width).some(line => /p95 +\d+ ms +\d+ ms/.test(line))).toBe(true);
  });
});
