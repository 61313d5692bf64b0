import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/run/report.ts';
import { reportOfRun } from '../comparison/report-of-run.ts';
import { cli } from '../support/command-line.ts';
import { folder } from '../support/program.ts';

const before = reportOfRun({ targets: ['baseline', 'optimised'] });
const after = reportOfRun({ targets: ['baseline', 'optimised'], latencyMs: 40, seed: 2 });

const files = (first: Report | string, second: Report | string) => {
  const text = (given: Report | string) => (typeof given === 'string' ? given : JSON.stringify(given));
  return folder({ 'a.json': text(first), 'b.json': text(second) });
};

const compare = (cwd: string, ...args: readonly string[]) =>
  cli(['compare', 'a.json', 'b.json', ...args], { cwd });

describe.concurrent('trafficinator compare', () => {
  it('puts two reports side by side on stdout, and fails nothing unless it is asked to', async () => {
    const { exitCode, stdout, stderr } = await compare(files(before, after));
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^A {2}a\.json: 600 visits in 1 m 0 s/);
    expect(stdout).toMatch(/p95 .* slower/);
    expect(stdout).toMatch(/baseline +A +B +B \/ A/);
  });

  it('ends with 4 where a rule fails, and says so of each', async () => {
    const rules = [
      ...['--fail-if', 'latency.p95 > +10%', '--fail-if', 'targets.optimised.latency.p50 > +500ms'],
      ...['--fail-if', 'hits.errors.rate > +0.1points'],
    ];
    const { exitCode, stdout } = await compare(files(before, after), ...rules);
    expect(exitCode).toBe(4);
    expect(stdout.match(/^[✗✓].*$/gmu)).toEqual([
      expect.stringMatching(/^✗ latency\.p95 > \+10%: .* more than noise$/),
      expect.stringMatching(/^✓ targets\.optimised\.latency\.p50 > \+500ms: /),
      expect.stringMatching(/^✓ hits\.errors\.rate > \+0\.1points: – → –, unchanged$/),
    ]);
    expect((await compare(files(after, before), ...rules)).exitCode).toBe(0);
  });

  it('is there for programs as well', async () => {
    const { exitCode, stdout } = await compare(
      files(before, after),
      '--json',
      '--fail-if',
      'latency.p95 > +10%',
    );
    expect(exitCode).toBe(4);
    const { schemaVersion, first, second, method, figures, targets, rules } = JSON.parse(stdout);
    expect([schemaVersion, first.file, second.id]).toEqual([1, 'a.json', 'run-2']);
    expect(method).toEqual({ name: 'unpaired block bootstrap', confidence: 0.95 });
    expect(targets.map((target: { first: string }) => target.first)).toEqual(['baseline', 'optimised']);
    const p95 = figures.find(({ name }: { name: string }) => name === 'latency.p95');
    expect(p95).toMatchObject({ unit: 'time', first: before.latencyMs?.p95, second: after.latencyMs?.p95 });
    expect(rules).toEqual([
      expect.objectContaining({
        expression: 'latency.p95 > +10%',
        failed: true,
        isRelative: true,
        figure: p95,
      }),
    ]);
  });

  it.each([
    ['--fail-if', 'latency.p95 > 10%', ['at character 15 + or -', '               ^']],
    ['--fail-if', 'targets.other.latency.p95 > +10%', ['no', 'target other', 'baseline, optimised']],
    ['--fail-if', 'nonsense', ['character 1 ', 'latency', 'docs/compare.md']],
  ])('refuses %s %s', async (flag, rule, said) => {
    const { exitCode, stdout, stderr } = await compare(files(before, after), flag, rule);
    expect([exitCode, stdout]).toEqual([2, '']);
    for (const text of said) expect(stderr.replace(/\n(?! )/g, ' ')).toContain(text);
  });

  it('tells the mistakes of all rules at once', async () => {
    const rules = ['--fail-if', 'latency.p95', '--fail-if', 'rate.hits > +1ms'];
    const { exitCode, stderr } = await compare(files(before, after), ...rules);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      '--fail-if must have at character 12 < or >\n    latency.p95\n               ^\n',
    );
    expect(stderr).toContain('    rate.hits > +1ms\n                  ^\n');
  });

  it.each([
    ['that is none', '{"some": "json"}', 'b.json is no report of a run'],
    ['of another schema', JSON.stringify({ ...after, schemaVersion: 2 }), 'schema version 2'],
    ['that is cut off', JSON.stringify(after).slice(0, 500), 'b.json is cut off'],
    ['that was changed', JSON.stringify({ ...after, series: 'none' }), 'b.json is no whole report: series'],
  ])('refuses a report %s', async (_, text, said) => {
    const { exitCode, stdout, stderr } = await compare(files(before, text));
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr.replace(/\s+/g, ' ')).toContain(said);
  });
});
