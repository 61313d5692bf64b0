import { describe, expect, test } from 'vitest';
import { Summary, type SummaryOptions } from '../../src/output/summary.ts';
import type { Report } from '../../src/run/report.ts';
import type { Snapshot } from '../../src/run/snapshot.ts';
import {
  colourChalk,
  hitCounts,
  optimized,
  optimizedReport,
  plainChalk,
  report,
  snapshot,
  targetReport,
  targetSnapshot,
  visitCounts,
} from './samples.ts';
import { Written } from './screen.ts';

const twoTargets: Partial<Report> = {
  targets: [targetReport(), optimizedReport],
  visits: visitCounts(28_896, { completed: 28_893, partial: 3 }),
  hits: hitCounts(155_358, { accepted: 155_355, rejected: 3 }),
};
const late = { p50: 1, p90: 20, p95: 60, p99: 120, max: 2400, mean: 5, histogram: '' };

function summary(
  from: Partial<Report>,
  options: Partial<SummaryOptions> & { columns?: number; ticks?: Snapshot[] } = {},
): string {
  const stream = new Written(options.columns);
  const output = new Summary({ stream, chalk: plainChalk, currency: 'SEK', ...options });
  for (const tick of options.ticks ?? []) output.tick(tick);
  output.finish(report(from));
  return stream.text;
}

const idle = { cpuShareMean: 0.2, cpuShareMax: 0.3, eventLoopDelayP99Ms: 1 };

function first(from: Partial<Report>): string | undefined {
  return summary(from).split('\n')[0];
}

describe('the summary', () => {
  test('of a run that went well', () => {
    expect(summary({}, { files: () => ['run-8f3a1c.json'] })).toMatchInlineSnapshot(`
      "✓ 28,896 visits planned and sent in 1 m 0 s: all 155,358 hits accepted

                visits     hits  accepted  rejected  failed  unknown     p50     p95     p99
      baseline  21,672  116,518   116,518         –       –        –   12 ms   31 ms   58 ms

      plan    140,120 actions · 1,234 bounces · 1,802 orders · 212,993.10 SEK
      report  run-8f3a1c.json
      "
    `);
  });

  test('says of each funnel how many came to its end, of those who began', () => {
    const sent = { began: 0, steps: [], finished: 0 };
    const funnels = [
      { name: 'Sign-up', began: 1035, steps: [1035, 21], finished: 21, sent },
      { name: 'Lead', began: 3, steps: [3, 0], finished: 0, sent },
      { name: 'Nobody', began: 0, steps: [0], finished: 0, sent },
    ];
    expect(summary({ funnels })).toContain('\nfunnels Sign-up 21 of 1,035 · Lead 0 of 3 to the end\n');
    expect(summary({})).not.toContain('funnels');
  });

  test('of two targets, one with errors', () => {
    expect(summary(twoTargets)).toMatchInlineSnapshot(`
      "! 28,896 visits planned and sent in 1 m 0 s: 155,355 of 155,358 hits accepted

                 visits     hits  accepted  rejected  failed  unknown     p50     p95     p99
      baseline   21,672  116,518   116,518         –       –        –   12 ms   31 ms   58 ms
      optimized   7,224   38,840    38,837         3       –        –    9 ms   22 ms   40 ms
      total      28,896  155,358   155,355         3       –        –   11 ms   30 ms   57 ms

      errors
        optimized  HTTP_429  3  status 429: slow down

      plan    140,120 actions · 1,234 bounces · 1,802 orders · 212,993.10 SEK
      "
    `);
  });

  test('of a bad day, at 80 columns', () => {
    const causes = ['ECONNREFUSED', 'TIMEOUT', 'HTTP_500', 'HTTP_502', 'ECONNRESET', 'NOT_HTTP', 'HTTP_403'];
    const dead = targetReport({
      name: 'dead',
      visits: visitCounts(300, { completed: 100, failed: 50, skipped: 150 }),
      hits: hitCounts(1500, { accepted: 500, failed: 200, unknown: 60, skipped: 740 }),
      health: { state: 'down', outages: 1 },
      errors: causes.map((code, at) => ({
        code,
        count: 100 - 10 * at,
        example: `${code}: what the system said of it`,
      })),
    });
    const text = summary(
      {
        targets: [targetReport({ visits: visitCounts(300), hits: hitCounts(1500) }), dead],
        visits: visitCounts(600, { completed: 400, failed: 50, skipped: 150 }),
        hits: hitCounts(3000, { accepted: 2000, failed: 200, unknown: 60, skipped: 740 }),
        run: { ...report().run, stoppedBy: 'lost-targets', remaining: 1400 },
        latenessMs: late,
        exitCode: 5,
      },
      {
        columns: 80,
        ticks: [snapshot({ targets: [targetSnapshot(), { ...optimized, name: 'dead', waiting: 38 }] })],
        files: () => ['run-8f3a1c.json', 'run-8f3a1c.html'],
      },
    );
    expect(text).toMatchInlineSnapshot(`
      "✗ 450 of 600 planned visits sent in 1 m 0 s: 2,000 of 3,000 hits accepted,
        stopped before 1,400 more visits: a target was lost

                visits   hits  accepted  failed  unknown  skipped     p95     p99
      baseline     300  1,500     1,500       –        –        –   31 ms   58 ms
      dead         300  1,500       500     200       60      740   31 ms   58 ms
      total        600  3,000     2,000     200       60      740   30 ms   57 ms

      errors
        dead  ECONNREFUSED  100  ECONNREFUSED: what the system said of it
              TIMEOUT        90  TIMEOUT: what the system said of it
              HTTP_500       80  HTTP_500: what the system said of it
              HTTP_502       70  HTTP_502: what the system said of it
              ECONNRESET     60  ECONNRESET: what the system said of it
              2 more kinds   90

      plan    140,120 actions · 1,234 bounces · 1,802 orders · 212,993.10 SEK
      ! hits went out late (p99 120 ms, at most 2.40 s, 99 % of the offered rate): up
        to 38 visits waited for the in-flight cap of dead. The server is slower than
        the rate needs, or --concurrency is too low.
      ✗ exit 5: dead was lost
      report  run-8f3a1c.json, run-8f3a1c.html
      "
    `);
  });

  test('says what ended the run where it did not end by itself', () => {
    const { run } = report();
    expect(first({ exitCode: 130, run: { ...run, stoppedBy: 'signal', remaining: 12 } })).toBe(
      '! 28,896 visits planned and sent in 1 m 0 s: all 155,358 hits accepted, stopped by Ctrl-C before 12 more visits',
    );
    expect(first({ exitCode: 143, run: { ...run, stoppedBy: 'signal', remaining: null } })).toContain(
      'stopped by SIGTERM',
    );
    const lost = { ...run, stoppedBy: 'lost-targets', remaining: 12 } as const;
    const dead = targetReport({ health: { state: 'down', outages: 1 } });
    expect(first({ run: lost, targets: [dead, optimizedReport] })).toContain(
      'stopped before 12 more visits: a target was lost',
    );
    expect(summary({ run: lost, targets: [dead] }, { columns: 300 })).toContain('no target was left');
    expect(first({ run: { ...run, stoppedBy: 'duration', remaining: 12 } })).toMatch(/^✓ .* accepted$/);
  });

  test('is no success where visits were dropped, hits only queued or nothing was due', () => {
    expect(
      first({
        visits: visitCounts(100, { completed: 90, dropped: 10 }),
        hits: hitCounts(600, { accepted: 540, skipped: 60 }),
      }),
    ).toBe('! 90 of 100 planned visits sent in 1 m 0 s: 540 of 600 hits accepted');
    expect(first({ hits: hitCounts(600, { unconfirmed: 600 }) })).toContain('600 of them only queued');
    expect(first({ visits: visitCounts(0), hits: hitCounts(0) })).toContain('no hit was due');
  });

  test.each([
    [{ exitCode: 0 } as const, undefined],
    [
      { exitCode: 1, hits: hitCounts(10, { accepted: 8, unaccounted: 2 }) } as const,
      '✗ exit 1: 2 hits unaccounted for; this is a bug',
    ],
    [{ exitCode: 4 } as const, '✗ exit 4: a threshold failed'],
    [
      { exitCode: 5, targets: [targetReport({ health: { state: 'refused', outages: 0 } })] } as const,
      '✗ exit 5: baseline refused the token and was stopped',
    ],
    [
      { exitCode: 5, targets: [targetReport({ health: { state: 'up', outages: 2 } })] } as const,
      '✗ exit 5: baseline was lost 2 times and came back',
    ],
    [{ exitCode: 130 } as const, '! exit 130: interrupted (SIGINT)'],
  ])('says in words why the process ends as it does: %#', (from, reason) => {
    const lines = summary(from).split('\n');
    expect(lines.find(line => /^[✗!] exit/.test(line))).toBe(reason);
  });

  test('says what held the hits back where they went out late', () => {
    const warnings = ['this machine was the limit, not the server: hits went out late'];
    const busy = summary({ latenessMs: late, generator: { ...idle, warnings } }, { columns: 300 });
    expect(busy).toContain(`! ${warnings[0]}\n`);
    expect(busy).not.toContain('busy with something else');
    expect(summary({ latenessMs: late }, { columns: 300 })).toContain(
      'this machine was busy with something else',
    );
    const short = { ...report().run, durationSeconds: 1.2 };
    expect(summary({ latenessMs: late, run: short }, { columns: 300 })).toContain(
      'most of it is what it costs to begin',
    );
    expect(summary({ latenessMs: { ...late, p99: 50 } })).not.toContain('late');
    expect(summary({ latenessMs: null })).not.toContain('late');
  });

  test('has a line for each threshold, above the verdict on what was recorded', () => {
    const thresholds = [
      { expression: 'latency.p95 < 20ms', value: 30.2, passed: false },
      { expression: 'hits.failed.rate < 1%', value: 0, passed: true },
    ];
    const lines = summary({
      thresholds,
      exitCode: 4,
      run: { ...report().run, stoppedBy: 'threshold', remaining: 12 },
    });
    expect(lines).toContain(
      '✗ latency.p95 < 20ms     30.2 ms\n✓ hits.failed.rate < 1%      0 %\n✗ exit 4: latency.p95 < 20ms is broken: 30.2 ms\n',
    );
    expect(lines).toContain('stopped by a threshold before 12 more visits');
  });

  test('only what is wrong is red', () => {
    const text = summary(twoTargets, { chalk: colourChalk });
    const red = text
      .split('\u001B[31m')
      .slice(1)
      .map(part => part.split('\u001B')[0]);
    expect(red).toEqual(['3', '3', 'HTTP_429', '3']);
  });
});
