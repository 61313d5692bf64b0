import { describe, expect, it } from 'vitest';
import { Histogram } from '../../src/run/histogram.ts';
import type { Report } from '../../src/run/report.ts';
import { evaluate } from '../../src/thresholds/evaluate.ts';
import { judgedAgain, judgeOf } from '../../src/thresholds/judge-thresholds.ts';
import { parseThreshold } from '../../src/thresholds/parse.ts';
import { reportStanding } from '../../src/thresholds/report-standing.ts';
import { valueText } from '../../src/thresholds/value-text.ts';
import { hitCounts, report, targetReport, visitCounts } from '../output/samples.ts';

function times(...ms: readonly number[]) {
  const histogram = new Histogram();
  for (const one of ms) histogram.record(one);
  return histogram.distribution();
}

const fast = Array.from({ length: 100 }, (_, at) => at + 1);
const slow = fast.map(ms => ms * 2);
const baseline = targetReport({
  latencyMs: times(...slow),
  latenessMs: times(4),
  hits: hitCounts(500),
  visits: visitCounts(100),
});
const optimized = targetReport({
  name: 'b.example:8080',
  latencyMs: times(...fast),
  latenessMs: null,
  hits: hitCounts(500, { accepted: 490, rejected: 4, failed: 5, unknown: 1 }),
  visits: visitCounts(100, { completed: 90, partial: 10 }),
  errors: [{ code: 'HTTP_429', count: 5, example: '' }],
});
const whole = report({
  targets: [baseline, optimized],
  latencyMs: times(...slow, ...fast),
  latenessMs: times(4),
  hits: hitCounts(1000, { accepted: 990, rejected: 4, failed: 5, unknown: 1 }),
  visits: visitCounts(200, { completed: 190, partial: 10 }),
  rate: { offeredVisitsPerSecond: 10, achievedVisitsPerSecond: 9.9, hitsPerSecond: 50.5 },
});

function result(expression: string, of: Report = whole) {
  return evaluate(parseThreshold(expression), reportStanding(of));
}

describe('a threshold', () => {
  it.each([
    ['hits.failed.rate < 1%', 0.005, true],
    ['hits.failed.rate < 0.5%', 0.005, false],
    ['hits.failed.rate <= 0.5%', 0.005, true],
    ['hits.errors.count == 10', 10, true],
    ['hits.errors.rate != 1%', 0.01, false],
    ['visits.completed.rate >= 95%', 0.95, true],
    ['visits.achieved.rate >= 99%', 0.99, true],
    ['rate.visits > 9.9', 9.9, false],
    ['rate.hits > 50', 50.5, true],
    ['latency.max < 201ms', 200, true],
    ['latency.mean < 0.1s', 75.75, true],
    ['lateness.p99 < 4000us', 4, false],
    ['errors.HTTP_429.count < 5', 5, false],
    ['errors.ECONNRESET.count == 0', 0, true],
    ['targets.baseline.hits.failed.count == 0', 0, true],
    ['targets."b.example:8080".hits.failed.count == 0', 5, false],
    ['targets."b.example:8080".latency.mean / targets.baseline.latency.mean < 90%', 0.5, true],
  ])('%s: %d, %s', (expression, value, passed) => {
    expect(result(expression)).toEqual({ value, passed });
  });

  it.each([50, 90, 95, 99])('is about the percentile that the report has: p%i', percentile => {
    const of = `p${percentile}` as 'p50' | 'p90' | 'p95' | 'p99';
    expect(result(`latency.${of} < 1ms`).value).toBe(whole.latencyMs?.[of]);
  });

  it.each([
    ['there is no data', 'targets."b.example:8080".lateness.p99 < 1s'],
    ['nothing was verified', 'verification.difference == 0'],
    ['there is no such target', 'targets.gone.latency.p95 < 1s'],
    ['it would be divided by 0', 'hits.failed.count / hits.skipped.count < 2'],
  ])('fails where %s', (_, expression) => {
    expect(result(expression)).toEqual({ value: null, passed: false });
  });

  it('fails where nothing was sent, also one that asks for little', () => {
    const nothing = report({
      targets: [targetReport({ hits: hitCounts(0), visits: visitCounts(0), latencyMs: null })],
      hits: hitCounts(0),
      visits: visitCounts(0),
      latencyMs: null,
      rate: { offeredVisitsPerSecond: 10, achievedVisitsPerSecond: 0, hitsPerSecond: 0 },
    });
    for (const expression of [
      'latency.p95 < 1m',
      'hits.failed.rate < 100%',
      'visits.completed.rate >= 0%',
      'visits.achieved.rate >= 0%',
    ]) {
      expect(result(expression, nothing), expression).toEqual({ value: null, passed: false });
    }
  });

  it('counts what was recorded otherwise: figures and visits, and names where they count', () => {
    const target = {
      name: 'baseline',
      result: 'different' as const,
      reason: null,
      figures: [],
      differences: [{ name: 'visits', planned: 2, recorded: 1 }],
      names: [{ name: 'browser Chrome', planned: 2, recorded: 1 }],
      causes: [],
      visits: [],
      visitsLeftOut: 3,
      settled: { recorded: 0, lost: 0, hits: [] },
    };
    const verified = (strict: boolean, more: object = {}): Report =>
      report({
        targets: [baseline],
        verification: {
          method: 'visits',
          at: '2026-01-01T00:00:00.000Z',
          strict,
          passed: false,
          targets: [{ ...target, ...more }],
        },
      });
    expect(result('verification.difference == 4', verified(false))).toEqual({ value: 4, passed: true });
    expect(result('verification.difference == 5', verified(true))).toEqual({ value: 5, passed: true });
    const unknown = verified(false, { result: 'not-comparable', differences: [], visitsLeftOut: 0 });
    expect(result('verification.difference == 0', unknown)).toEqual({ value: null, passed: false });
  });
});

describe('while a run goes on', () => {
  const standing = reportStanding(whole);
  const judge = (...expressions: readonly string[]) => judgeOf(expressions.map(parseThreshold));

  it('nothing is asked where nothing can end it', () => {
    expect(judge('latency.p95 < 1ms').watch).toBeUndefined();
  });

  it('a breach ends it, is told once and stays, whatever the end is like', () => {
    const { watch, judge: atEnd } = judge('latency.p95 < 1ms', 'hits.failed.count == 0 abort');
    expect(watch?.(standing, 1.25)).toEqual([
      'the run ends: hits.failed.count == 0 abort is broken, it is 5',
    ]);
    expect(watch?.(standing, 1.5)).toEqual([]);
    expect(atEnd(report({ hits: hitCounts(10) }))).toMatchObject([
      { expression: 'latency.p95 < 1ms' },
      { expression: 'hits.failed.count == 0 abort', value: 5, passed: false, abortedAtSeconds: 1.25 },
    ]);
  });

  it('its first seconds may be given it as grace', () => {
    const { watch } = judge('latency.p95 < 1ms abort after 0.5m');
    expect(watch?.(standing, 29.9)).toEqual([]);
    expect(watch?.(standing, 30)).toHaveLength(1);
  });

  it('what has no data yet is no breach', () => {
    const { watch } = judge('targets."b.example:8080".lateness.p99 < 1ms abort');
    expect(watch?.(standing, 5)).toEqual([]);
  });
});

describe('a saved report that is judged again', () => {
  it('has new values, but what ended the run', () => {
    const kept = { expression: 'latency.p95 < 1ms abort', value: 3, passed: false, abortedAtSeconds: 2 };
    const stale = { expression: 'hits.failed.count == 5', value: null, passed: false };
    const foreign = { expression: 'of another version', value: 1, passed: true };
    expect(judgedAgain({ ...whole, thresholds: [kept, stale, foreign] })).toEqual([
      kept,
      { ...stale, value: 5, passed: true },
      foreign,
    ]);
  });
});

describe('a value is shown', () => {
  it.each([
    ['latency.p95 < 20ms', 30.123, '30.1 ms'],
    ['latency.p95 < 20ms', 0.844, '0.844 ms'],
    ['latency.p95 < 20ms', 1253.4, '1.25 s'],
    // As much of it as tells on which side of the limit it is.
    ['latency.p95 < 800ms', 800.04, '800 ms'],
    ['latency.p95 <= 800ms', 800.04, '800.04 ms'],
    ['latency.p95 < 800ms', 799.96, '799.96 ms'],
    ['hits.failed.rate < 1%', 0, '0 %'],
    ['hits.failed.rate < 0.1%', 0.004, '0.4 %'],
    ['hits.failed.count < 1', 12_345, '12,345'],
    ['rate.hits > 5', 1234.5, '1,230/s'],
    ['latency.p95 / latency.p50 < 2', 1.5, '1.5'],
    ['latency.p95 < 1s', null, 'no data'],
  ])('%s: %s as %s', (expression, value, text) => {
    expect(valueText(parseThreshold(expression), value)).toBe(text);
  });
});
