import { Chalk } from 'chalk';
import type { HitCounts, Report, TargetReport, VisitCounts } from '../../src/run/report.ts';
import type { RunInfo, Snapshot, TargetSnapshot } from '../../src/run/snapshot.ts';

export const plainChalk = new Chalk({ level: 0 });
export const colourChalk = new Chalk({ level: 1 });

export const info: RunInfo = {
  runId: '8f3a1c0011223344',
  tag: '8f3a1c',
  seed: 42,
  startEpochMs: 0,
  clock: 'compressed',
  distribution: 'split',
  preset: 'stress',
  targets: [
    { name: 'baseline', url: 'https://a.example/matomo.php', siteId: 1, weight: 3 },
    { name: 'optimized', url: 'https://b.example/matomo.php', siteId: 1, weight: 1 },
  ],
  visitsPerSecond: 481.6,
  visits: 28_896,
  durationSeconds: 60,
};

export function visitCounts(planned: number, more: Partial<VisitCounts> = {}): VisitCounts {
  return { planned, completed: planned, partial: 0, failed: 0, dropped: 0, skipped: 0, ...more };
}

export function hitCounts(planned: number, more: Partial<HitCounts> = {}): HitCounts {
  const counts = {
    planned,
    accepted: planned,
    rejected: 0,
    failed: 0,
    unknown: 0,
    skipped: 0,
    unconfirmed: 0,
    unaccounted: 0,
  };
  return { ...counts, ...more };
}

export function targetSnapshot(more: Partial<TargetSnapshot> = {}): TargetSnapshot {
  return {
    name: 'baseline',
    visits: visitCounts(12_642),
    hits: hitCounts(67_000),
    visitsPerSecond: 361.2,
    hitsPerSecond: 1942,
    inFlight: 1204,
    waiting: 0,
    p50Ms: 12,
    p95Ms: 31,
    p99Ms: 58,
    errors: [],
    health: 'up',
    ...more,
  };
}

export const optimized = targetSnapshot({
  name: 'optimized',
  visitsPerSecond: 120.4,
  hitsPerSecond: 647.3,
  inFlight: 402,
  p50Ms: 9,
  p95Ms: 22,
  p99Ms: 40,
  hits: hitCounts(22_000, { accepted: 21_997, rejected: 3 }),
  errors: [{ code: 'HTTP_429', count: 3, example: 'status 429: slow down' }],
});

export function snapshot(more: Partial<Snapshot> = {}): Snapshot {
  return {
    elapsedMs: 35_020,
    phase: 'running',
    drainLeftMs: null,
    plannedVisits: 28_896,
    endedVisits: 16_856,
    fraction: 0.5834,
    leftMs: 24_980,
    offeredVisitsPerSecond: 481.6,
    total: targetSnapshot({
      name: 'total',
      visitsPerSecond: 481.6,
      hitsPerSecond: 2589.3,
      inFlight: 1606,
      p50Ms: 11,
      p95Ms: 30,
      p99Ms: 57,
      hits: hitCounts(89_000, { accepted: 88_997, rejected: 3 }),
      errors: optimized.errors,
    }),
    targets: [targetSnapshot(), optimized],
    latenessP99Ms: 1.2,
    cpu: 0.38,
    eventLoopDelayP99Ms: 1.4,
    ...more,
  };
}

function times(p50: number, p95: number, p99: number) {
  return { p50, p90: p95, p95, p99, max: p99 + 20, mean: p50, histogram: '' };
}

const plan = {
  visits: 28_896,
  visitors: 27_000,
  returningVisits: 1896,
  hits: 155_358,
  actions: 140_120,
  bounces: 1234,
  visitSeconds: 4_000_000,
  pageviews: 100_000,
  events: 20_000,
  searches: 10_000,
  outlinks: 6_000,
  downloads: 4_120,
  contents: 0,
  pings: 13_436,
  orders: 1802,
  carts: 0,
  goalConversions: 0,
  revenue: 212_993.1,
  loggedInVisits: 0,
  campaignVisits: 0,
  contentInteractions: 0,
  productViews: 0,
  categoryViews: 0,
  timedPageviews: 0,
  visitDimensionValues: 0,
  actionDimensionValues: 0,
  discount: 0,
  returningShare: 0.066,
  goalRevenue: 0,
};

export function targetReport(more: Partial<TargetReport> = {}): TargetReport {
  return {
    name: 'baseline',
    url: 'https://a.example/matomo.php',
    apiUrl: 'https://a.example/index.php',
    siteId: 1,
    tokenEnv: null,
    hitsCarryToken: false,
    timezone: 'UTC',
    clockShiftSeconds: 0,
    totalsBefore: null,
    plan,
    funnels: [],
    rate: { offeredVisitsPerSecond: 361.2, achievedVisitsPerSecond: 361.2, hitsPerSecond: 1942 },
    series: [],
    visits: visitCounts(21_672),
    hits: hitCounts(116_518),
    latencyMs: times(12, 31, 58),
    latenessMs: times(0.5, 0.9, 1.2),
    health: { state: 'up', outages: 0 },
    errors: [],
    exceptions: [],
    exceptionsLeftOut: 0,
    exceptionsFile: null,
    taken: [],
    takenLeftOut: 0,
    ...more,
  };
}

export const optimizedReport = targetReport({
  name: 'optimized',
  visits: visitCounts(7224, { completed: 7221, partial: 3 }),
  hits: hitCounts(38_840, { accepted: 38_837, rejected: 3 }),
  latencyMs: times(9, 22, 40),
  errors: [{ code: 'HTTP_429', count: 3, example: 'status 429: slow down' }],
});

export function report(more: Partial<Report> = {}): Report {
  return {
    schemaVersion: 1,
    run: {
      id: '8f3a1c0011223344',
      tag: '8f3a1c',
      seed: 42,
      shard: null,
      workers: 1,
      version: '0.1.0',
      startEpochMs: 0,
      startedAt: '2026-01-01T00:00:00.000Z',
      endedAt: '2026-01-01T00:01:00.200Z',
      durationSeconds: 60.2,
      command: 'run',
      stoppedBy: 'visits',
      remaining: 0,
    },
    config: {},
    plan,
    visitors: { countries: {}, sources: {}, devices: {}, browsers: {}, systems: {} },
    funnels: [],
    visits: visitCounts(28_896),
    hits: hitCounts(155_358),
    rate: { offeredVisitsPerSecond: 481.6, achievedVisitsPerSecond: 480, hitsPerSecond: 2580 },
    latencyMs: times(11, 30, 57),
    latenessMs: times(0.5, 0.9, 1.2),
    series: [],
    targets: [targetReport()],
    comparison: null,
    thresholds: [],
    generator: { cpuShareMean: 0.31, cpuShareMax: 0.38, eventLoopDelayP99Ms: 1.1, warnings: [] },
    verification: null,
    exitCode: 0,
    ...more,
  };
}
