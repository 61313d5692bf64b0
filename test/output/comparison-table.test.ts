import { describe, expect, test } from 'vitest';
import { comparisonLines } from '../../src/output/comparison-table.ts';
import { Summary } from '../../src/output/summary.ts';
import { textWidth } from '../../src/output/text-width.ts';
import type { ComparedTarget, Comparison, RatioToFirst } from '../../src/run/report.ts';
import { colourChalk, optimizedReport, plainChalk, report, targetReport } from './samples.ts';
import { Written } from './screen.ts';

const baseline: ComparedTarget = {
  name: 'baseline',
  values: { visitsPerSecond: 361.2, hitsPerSecond: 1942, p50Ms: 12, p95Ms: 31, p99Ms: 58, errors: 0 },
  toFirst: null,
};
const noise = (ratio: number): RatioToFirst => ({ ratio, interval: [0.9, 1.1], isMoreThanNoise: false });
const differs = (ratio: number | null): RatioToFirst => ({ ratio, interval: null, isMoreThanNoise: true });
const unknown = (ratio: number | null): RatioToFirst => ({ ratio, interval: null, isMoreThanNoise: null });

const optimized: ComparedTarget = {
  name: 'optimized',
  values: { visitsPerSecond: 361.1, hitsPerSecond: 1941.4, p50Ms: 9, p95Ms: 22, p99Ms: 60, errors: 3 },
  toFirst: {
    visitsPerSecond: noise(1),
    hitsPerSecond: noise(1),
    p50Ms: differs(0.75),
    p95Ms: differs(0.71),
    p99Ms: noise(1.034),
    errors: { ratio: null, interval: null, isMoreThanNoise: false },
  },
};
const overloaded: ComparedTarget = {
  name: 'the-small-one',
  values: {
    visitsPerSecond: 120.4,
    hitsPerSecond: 640,
    p50Ms: 1450,
    p95Ms: 12_500,
    p99Ms: 30_000,
    errors: 4120,
  },
  toFirst: {
    visitsPerSecond: differs(0.333),
    hitsPerSecond: differs(0.33),
    p50Ms: differs(120.8),
    p95Ms: differs(403.2),
    p99Ms: differs(517.2),
    errors: differs(null),
  },
};

function comparison(targets: readonly ComparedTarget[], slices = 60): Comparison {
  const method = { name: 'paired block bootstrap', confidence: 0.95, slices, sliceSeconds: 1.001 } as const;
  return { method, targets };
}

function shown(of: Comparison, width: number): string {
  return comparisonLines(of, width, plainChalk).join('\n');
}

describe('mirrored targets side by side', () => {
  test('two, in the summary at 100 columns', () => {
    const stream = new Written(100);
    const targets = [targetReport(), optimizedReport];
    new Summary({ stream, chalk: plainChalk, currency: 'SEK' }).finish(
      report({ targets, comparison: comparison([baseline, optimized]) }),
    );
    expect(stream.text).toMatchInlineSnapshot(`
      "✓ 28,896 visits planned and sent in 1 m 0 s: all 155,358 hits accepted

                 visits     hits  accepted  rejected  failed  unknown     p50     p95     p99
      baseline   21,672  116,518   116,518         –       –        –   12 ms   31 ms   58 ms
      optimized   7,224   38,840    38,837         3       –        –    9 ms   22 ms   40 ms
      total      28,896  155,358   155,358         –       –        –   11 ms   30 ms   57 ms

                baseline  optimized
      visits/s     361.2    361.1  1.00 within noise
      hits/s     1,942.0  1,941.4  1.00 within noise
      p50          12 ms     9 ms  0.75 faster
      p95          31 ms    22 ms  0.71 faster
      p99          58 ms    60 ms  1.03 within noise
      errors           –        3  within noise
      ratios to baseline; noise: paired bootstrap over 60 slices of 1 s, 95 %

      errors
        optimized  HTTP_429  3  status 429: slow down

      plan    140,120 actions · 1,234 bounces · 1,802 orders · 212,993.10 SEK
      "
    `);
  });

  test('three at 100 columns', () => {
    expect(shown(comparison([baseline, optimized, overloaded]), 100)).toMatchInlineSnapshot(`
      "          baseline  optimized                   the-small-one
      visits/s     361.2    361.1  1.00 within noise    120.4  0.33 fewer
      hits/s     1,942.0  1,941.4  1.00 within noise    640.0  0.33 fewer
      p50          12 ms     9 ms  0.75 faster         1.45 s  121 slower
      p95          31 ms    22 ms  0.71 faster         12.5 s  403 slower
      p99          58 ms    60 ms  1.03 within noise   30.0 s  517 slower
      errors           –        3  within noise         4,120  more
      ratios to baseline; noise: paired bootstrap over 60 slices of 1 s, 95 %"
    `);
  });

  test('three at 60 columns: one beside the first at a time', () => {
    expect(shown(comparison([baseline, optimized, overloaded]), 60)).toMatchInlineSnapshot(`
      "          baseline  optimized
      visits/s     361.2    361.1  1.00 within noise
      hits/s     1,942.0  1,941.4  1.00 within noise
      p50          12 ms     9 ms  0.75 faster
      p95          31 ms    22 ms  0.71 faster
      p99          58 ms    60 ms  1.03 within noise
      errors           –        3  within noise

                baseline  the-small-one
      visits/s     361.2    120.4  0.33 fewer
      hits/s     1,942.0    640.0  0.33 fewer
      p50          12 ms   1.45 s  121 slower
      p95          31 ms   12.5 s  403 slower
      p99          58 ms   30.0 s  517 slower
      errors           –    4,120  more
      ratios to baseline; noise: paired bootstrap over 60 slices
        of 1 s, 95 %"
    `);
  });

  test('of a run too short to tell', () => {
    const short: ComparedTarget = {
      ...optimized,
      values: { ...optimized.values, errors: 0, p99Ms: null },
      toFirst: {
        visitsPerSecond: unknown(1),
        hitsPerSecond: unknown(1),
        p50Ms: unknown(0.75),
        p95Ms: unknown(0.71),
        p99Ms: unknown(null),
        errors: unknown(null),
      },
    };
    expect(shown(comparison([baseline, short], 7), 80)).toMatchInlineSnapshot(`
      "          baseline  optimized
      visits/s     361.2    361.1  too short to tell
      hits/s     1,942.0  1,941.4  too short to tell
      p50          12 ms     9 ms  too short to tell
      p95          31 ms    22 ms  too short to tell
      p99          58 ms        –
      errors           –        –
      ratios to baseline; too short to tell: 7 slices of 1 s, and 12 are needed"
    `);
  });

  test('long names are cut and no line is too long', () => {
    const long = (target: ComparedTarget, name: string) => ({ ...target, name });
    const targets = [
      long(baseline, 'matomo-baseline.internal.example.com/analytics'),
      long(optimized, `${'日本'.repeat(20)}`),
      long(overloaded, 'x\u001B[2J\ny'),
      ...Array.from({ length: 6 }, (_, at) => long(optimized, `node-${at}`)),
    ];
    expect(shown(comparison(targets.slice(0, 3)), 60)).toMatchInlineSnapshot(`
      "          matomo-ba…nalytics  日本日本…日本日本
      visits/s               361.2    361.1  1.00 within noise
      hits/s               1,942.0  1,941.4  1.00 within noise
      p50                    12 ms     9 ms  0.75 faster
      p95                    31 ms    22 ms  0.71 faster
      p99                    58 ms    60 ms  1.03 within noise
      errors                     –        3  within noise

                matomo-ba…nalytics      x y
      visits/s               361.2    120.4  0.33 fewer
      hits/s               1,942.0    640.0  0.33 fewer
      p50                    12 ms   1.45 s  121 slower
      p95                    31 ms   12.5 s  403 slower
      p99                    58 ms   30.0 s  517 slower
      errors                     –    4,120  more
      ratios to matomo-ba…nalytics; noise: paired bootstrap over
        60 slices of 1 s, 95 %"
    `);
    for (const width of [200, 120, 100, 80, 60, 40, 20]) {
      const lines = comparisonLines(comparison(targets), width, plainChalk);
      expect(lines.filter(line => textWidth(line) > width)).toEqual([]);
      expect(lines.join('\n')).not.toContain('\u001B');
    }
  });

  test('what is better is green, what is worse yellow, errors are red, noise is dim', () => {
    const text = comparisonLines(comparison([baseline, optimized, overloaded]), 200, colourChalk).join('\n');
    const inColour = (code: number) =>
      text
        .split(`\u001B[${code}m`)
        .slice(1)
        .map(part => part.split('\u001B')[0]);
    expect(inColour(32)).toEqual(['0.75 faster', '0.71 faster']);
    expect(inColour(33)).toEqual([
      '0.33 fewer',
      '0.33 fewer',
      '121 slower',
      '403 slower',
      '517 slower',
      'more',
    ]);
    expect(inColour(31)).toEqual(['3', '4,120']);
    expect(inColour(2)).toContain('1.03 within noise');
  });
});
