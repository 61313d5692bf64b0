import { describe, expect, it } from 'vitest';
import { thresholdLines } from '../../src/output/threshold-lines.ts';
import type { ThresholdResult } from '../../src/run/report.ts';
import { colourChalk, plainChalk } from './samples.ts';

const results: readonly ThresholdResult[] = [
  { expression: 'latency.p95 < 20ms', value: 30, passed: false },
  { expression: 'hits.failed.rate < 1%', value: 0, passed: true },
  { expression: 'verification.difference == 0', value: null, passed: false },
];
const ended: ThresholdResult = {
  expression: 'hits.errors.rate < 5% abort after 30s',
  value: 0.25,
  passed: false,
  abortedAtSeconds: 31.4,
};

describe('thresholds are shown', () => {
  it('a line each, their values under each other', () => {
    expect(thresholdLines(results, 80, plainChalk).join('\n')).toMatchInlineSnapshot(`
      "✗ latency.p95 < 20ms              30 ms
      ✓ hits.failed.rate < 1%             0 %
      ✗ verification.difference == 0  no data"
    `);
  });

  it('with the moment at which one ended the run', () => {
    expect(thresholdLines([ended], 80, plainChalk)).toEqual([
      '✗ hits.errors.rate < 5% abort after 30s  25 %  ended the run after 31.4 s',
    ]);
  });

  it('folded where there is no room beside each other', () => {
    expect(thresholdLines([...results.slice(0, 1), ended], 30, plainChalk).join('\n')).toMatchInlineSnapshot(`
        "✗ latency.p95 < 20ms
          30 ms
        ✗ hits.errors.rate < 5% abort
          after 30s
          25 %  ended the run after
          31.4 s"
      `);
  });

  it('and only what failed is red', () => {
    const red = thresholdLines(results, 80, colourChalk).filter(line => line.includes('\u001B[31m'));
    expect(red).toHaveLength(2);
  });

  it('as far as they are known to this version', () => {
    const foreign = { expression: 'visits.on.mars < 3', value: 2, passed: true };
    expect(thresholdLines([foreign], 80, plainChalk)).toEqual(['✓ visits.on.mars < 3  2']);
  });
});
