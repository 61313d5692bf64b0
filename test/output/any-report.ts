import { Histogram } from '../../src/run/histogram.ts';
import type { Report, SeriesPoint } from '../../src/run/report.ts';
import { hitCounts, optimizedReport, report, targetReport, visitCounts } from './samples.ts';

/** As few as the charts' points are never put together. */
const SLICES = 12;

function spread(times: readonly number[]) {
  const histogram = new Histogram();
  for (const ms of times) histogram.record(ms);
  return histogram.distribution();
}

function series(slices: number, seed: number): SeriesPoint[] {
  return Array.from({ length: slices }, (_, at) => ({
    at: at + 1,
    seconds: 1,
    due: 8,
    begun: at === 0 ? 7 : 8,
    visits: 8,
    hits: 40 + ((at * seed) % 7),
    failed: at % 5 === 0 ? 1 : 0,
    p50: 4 + (at % 3),
    p95: 12 + ((at * seed) % 11),
    p99: 40,
    latenessP99: 1.5,
    inFlight: 12,
  }));
}

/** A report with something in every part of the page; all names and texts from outside are `text`. */
export function fullReport(text: string): Report {
  const latencyMs = spread([0.4, 1, 1.1, 1.2, 3, 8, 20, 170]);
  const funnel = { began: 10, steps: [10, 7, 2], finished: 2 };
  const figures = [
    { name: 'visits', planned: 21_672, recorded: 21_670 },
    { name: 'actions', planned: 93_000, recorded: 93_000 },
    { name: `country ${text}`, planned: 3, recorded: 2 },
  ];
  const targets = [
    targetReport({
      name: text,
      latencyMs,
      series: series(SLICES, 3),
      errors: [{ code: text, count: 3, example: text }],
    }),
    { ...optimizedReport, name: `${text} 2`, latencyMs, series: series(SLICES, 5) },
  ];
  const noRatio = { ratio: 1.02, interval: null, isMoreThanNoise: false };
  const compared = { visitsPerSecond: 8, hitsPerSecond: 40, p50Ms: 4, p95Ms: 12, p99Ms: 40, errors: 0 };
  return report({
    config: {
      preset: text,
      traffic: { ecommerce: { currency: text } },
      funnels: [
        {
          name: text,
          steps: [
            { type: 'pageview', title: text },
            { type: 'event', event_action: text },
          ],
        },
      ],
      [text]: text,
    },
    run: { ...report().run, id: text },
    visitors: {
      countries: { us: 20, se: 9, [text]: 1 },
      sources: { direct: 12, search: 18 },
      devices: { desktop: 30 },
      browsers: { [text]: 30 },
      systems: { Windows: 30 },
    },
    funnels: [{ name: text, ...funnel, sent: { ...funnel, steps: [10, 6, 1], finished: 1 } }],
    visits: visitCounts(28_896, { completed: 28_893, partial: 3 }),
    hits: hitCounts(155_358, { accepted: 155_355, rejected: 3 }),
    latencyMs,
    series: series(SLICES, 3),
    targets,
    days: [
      { date: '2026-01-01', planned: 12, recorded: 12 },
      { date: '2026-01-02', planned: 12, recorded: 11 },
      { date: '2026-01-03', planned: 12, recorded: null },
    ],
    comparison: {
      method: { name: 'paired block bootstrap', confidence: 0.95, slices: SLICES, sliceSeconds: 1 },
      targets: targets.map(({ name }, at) => ({
        name,
        values: compared,
        toFirst:
          at === 0
            ? null
            : {
                visitsPerSecond: noRatio,
                hitsPerSecond: noRatio,
                p50Ms: noRatio,
                p95Ms: noRatio,
                p99Ms: noRatio,
                errors: noRatio,
              },
      })),
    },
    thresholds: [{ expression: text, value: null, passed: false }],
    generator: { ...report().generator, warnings: [text] },
    verification: {
      method: 'visits',
      at: '2026-01-01T00:02:00.000Z',
      strict: false,
      passed: false,
      targets: [
        {
          name: text,
          result: 'different',
          reason: text,
          figures,
          differences: figures.filter(({ planned, recorded }) => planned !== recorded),
          names: [{ name: `browser ${text}`, planned: 3, recorded: 4 }],
          causes: [{ cause: 'lost', visits: 2 }],
          visits: Array.from({ length: 7 }, (_, index) => ({
            index,
            visitorId: text,
            cause: 'lost' as const,
            explanation: text,
            planned: { actions: 4, [text]: text },
            recorded: index === 0 ? [] : [{ actions: 3, [text]: null }],
          })),
          visitsLeftOut: 3,
          settled: { recorded: 1, lost: 1, hits: [] },
        },
      ],
    },
    exitCode: 6,
  });
}
