import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import { secretMask } from '../../src/base/mask-secrets.ts';
import { annotationsOf, workflowCommand } from '../../src/output/github-annotations.ts';
import { GitHubOutput, type GitHubOutputOptions } from '../../src/output/github-output.ts';
import { stepSummary } from '../../src/output/step-summary.ts';
import type { Report, VerifiedTarget } from '../../src/run/report.ts';
import { optimizedReport, report, targetReport } from './samples.ts';
import { Written } from './screen.ts';

const different: VerifiedTarget = {
  name: 'baseline',
  result: 'different',
  reason: null,
  figures: [
    { name: 'visits', planned: 20, recorded: 19 },
    { name: 'orders', planned: 3, recorded: 3 },
  ],
  differences: [{ name: 'visits', planned: 20, recorded: 19 }],
  names: [],
  causes: [{ cause: 'lost', visits: 1 }],
  visits: [],
  visitsLeftOut: 1,
  settled: { recorded: 0, lost: 0, hits: [] },
};

const bad: Report = report({
  targets: [targetReport({ health: { state: 'down', outages: 1 } }), optimizedReport],
  thresholds: [
    { expression: 'hits.failed.rate < 1%', value: null, passed: false },
    { expression: 'latency.p95 < 800ms', value: 30, passed: true },
  ],
  generator: {
    cpuShareMean: 1,
    cpuShareMax: 1,
    eventLoopDelayP99Ms: 90,
    warnings: ['the machine was the limit'],
  },
  verification: {
    method: 'visits',
    at: '2026-01-01T00:01:05.000Z',
    strict: false,
    passed: false,
    targets: [different, { ...different, name: 'optimized', result: 'not-comparable', reason: 'no access' }],
  },
  exitCode: 5,
});

async function shown(told: Report, more: Partial<GitHubOutputOptions> = {}) {
  const stream = new Written();
  const summaryPath = join(mkdtempSync(join(tmpdir(), 'github-')), 'summary.md');
  writeFileSync(summaryPath, 'of an earlier step\n');
  await new GitHubOutput({
    stream,
    levels: ['error', 'warning'],
    summaryPath,
    mask: text => text,
    ...more,
  }).finish(told);
  return { lines: stream.text.split('\n').slice(0, -1), summary: readFileSync(summaryPath, 'utf8') };
}

describe('a job on GitHub', () => {
  it('is shown what failed, and why, as annotations', async () => {
    expect((await shown(bad)).lines).toEqual([
      '::error title=trafficinator%3A target lost::baseline was lost',
      '::error title=trafficinator%3A threshold failed::hits.failed.rate < 1%25: there is no data, which is a failure',
      '::error title=trafficinator%3A not recorded as planned::baseline: visits 20 planned, 19 recorded; 1 visit recorded otherwise',
      '::warning title=trafficinator%3A not verified::optimized: no access',
      '::warning title=trafficinator%3A load generator::the machine was the limit',
    ]);
    expect((await shown(bad, { levels: ['error'] })).lines).toHaveLength(3);
    expect((await shown(report())).lines).toEqual([]);
  });

  it('is shown ten of a level at most, and how many more there are', () => {
    const thresholds = Array.from({ length: 25 }, (_, at) => ({
      expression: `latency.p95 < ${at}ms`,
      value: 30,
      passed: false,
    }));
    const annotations = annotationsOf(report({ thresholds }));
    expect(annotations).toHaveLength(10);
    expect(annotations.at(-1)?.message).toBe('16 more like these');
  });

  it('is shown no secret', async () => {
    const secret = '01-23!45_67*89+abcdef';
    const targets = [{ ...different, result: 'not-comparable' as const, reason: `token ${secret} refused` }];
    const told = report({
      verification: { ...(bad.verification as NonNullable<Report['verification']>), targets },
    });
    const { lines, summary } = await shown(told, { mask: secretMask([secret]) });
    expect(lines.join()).toContain('token 01… refused');
    expect(summary).toContain('token 01… refused');
    expect(lines.join() + summary.replaceAll('\\', '')).not.toContain(secret);
  });

  it('goes on where its summary cannot be written, and says so', async () => {
    const { lines } = await shown(report(), { summaryPath: '/no/such/folder/summary.md' });
    expect(lines).toEqual([
      '::warning title=trafficinator%3A summary::cannot write the step summary to /no/such/folder/summary.md: there is no folder /no/such/folder',
    ]);
  });

  it('gets a summary below that of earlier steps: verdict, targets, thresholds and verification', async () => {
    const { summary } = await shown(bad);
    expect(summary.startsWith('of an earlier step\n### trafficinator run\n')).toBe(true);
    const html = await marked.parse(stepSummary(bad));
    const text = html.replace(/<[^>]*>/g, '|').replace(/[|\s]*\|[|\s]*/g, '|');
    for (const told of [
      '28,896 visits planned and sent in 1 m 0 s: all 155,358 hits accepted',
      'exit 5: baseline was lost',
      '⚠ the machine was the limit',
      '|baseline|21,672|116,518|116,518|0|0|0|0|12 ms|31 ms|58 ms|down|',
      '|✗|hits.failed.rate &lt; 1%|there is no data, which is a failure|',
      '|✗|baseline|otherwise: 1 visit found to differ|',
      '|!|optimized|not comparable: no access|',
      '|baseline|visits|20|19|',
    ]) {
      expect(text).toContain(told);
    }
    expect(html.match(/<table>/g)).toHaveLength(4);
  });
});

describe('any text', () => {
  const anything = fc.string({ unit: 'binary', maxLength: 30 });

  it('stays in one workflow command', () => {
    fc.assert(
      fc.property(anything, anything, (title, message) => {
        const command = workflowCommand({ level: 'error', title, message });
        expect(command).not.toMatch(/[\r\n]/);
        // As the runner reads it: properties end at the first `::`, and those at commas.
        const [, properties = '', data = ''] = /^::error ([\s\S]*?)::([\s\S]*)$/.exec(command) ?? [];
        expect(properties.split(',')).toHaveLength(1);
        expect(unescaped(properties)).toBe(`title=trafficinator: ${title}`);
        expect(unescaped(data)).toBe(message);
      }),
    );
  });

  it('is read in a table as it is', () => {
    const word = fc
      .string({
        unit: fc.constantFrom(...'ab |\\`*_{}[]()#+-.!<>&~$:/@"\'=^%;,?1'),
        minLength: 1,
        maxLength: 20,
      })
      .filter(text => text.trim() === text);
    fc.assert(
      fc.property(word, name => {
        const html = marked.parse(stepSummary(report({ targets: [targetReport({ name })] })), {
          async: false,
        });
        const [, cell = ''] = /<tbody><tr>\s*<td[^>]*>([\s\S]*?)<\/td>/.exec(html) ?? [];
        expect(cell).not.toContain('<');
        expect(fromHtml(cell)).toBe(name);
      }),
    );
  });
});

function unescaped(text: string): string {
  return text.replace(/%(25|0D|0A|3A|2C)/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

function fromHtml(text: string): string {
  const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => named[name] ?? '');
}
