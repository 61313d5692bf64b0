import type { ExitCode } from '../base/exit-codes.ts';
import { addTotals, emptyPlanTotals, type PlanTotals } from '../traffic/plan-totals.ts';
import { addVisitorShares, emptyVisitorShares, type VisitorShares } from '../traffic/visitor-shares.ts';
import { compareTargets } from './comparison.ts';
import { offeredToTarget, offeredVisitsPerSecond } from './expectation.ts';
import { funnelReports, sumOfCounts, withoutRepeats } from './funnel-report.ts';
import { generatorWarnings } from './generator-warnings.ts';
import { Histogram } from './histogram.ts';
import { addedUp, type Monitor } from './monitor.ts';
import { hitsNeedToken, type TargetDates, trafficOf } from './planning.ts';
import type {
  Distribution,
  GeneratorReport,
  HitCounts,
  Rate,
  Report,
  ReportedPlan,
  ReportedVisitors,
  SeriesPoint,
  SiteTotals,
  StopReason,
  TargetReport,
} from './report.ts';
import type { RunConfig } from './run-config.ts';
import type { RunningTarget } from './running-target.ts';

/** What the report says that neither the configuration nor the targets know. */
export interface RunFacts {
  readonly tag: string;
  readonly version: string;
  readonly startEpochMs: number;
  /** By position. */
  readonly dates: readonly TargetDates[];
  /** By name. */
  readonly totalsBefore: ReadonlyMap<string, SiteTotals> | undefined;
  /** The file that has what is beyond the targets' exceptions. */
  readonly exceptionsFile: string | null;
  readonly endEpochMs: number;
  readonly durationSeconds: number;
  readonly stoppedBy: StopReason;
  readonly remaining: number | null;
  readonly monitor: Monitor;
  /** Threads it was sent from; default: one. */
  readonly workers?: number;
  readonly exitCode: ExitCode;
}

export function buildReport(config: RunConfig, targets: readonly RunningTarget[], facts: RunFacts): Report {
  const reports = targets.map((target, at) => targetReport(config, target, facts, at));
  const plan = emptyPlanTotals();
  const visitors = emptyVisitorShares();
  for (const { ledger } of targets) {
    addTotals(plan, ledger.plan);
    addVisitorShares(visitors, ledger.visitors);
  }
  const offered = offeredVisitsPerSecond(config);
  const rate = ratesOf(offered, targets, facts.durationSeconds);
  const latenessMs = Histogram.sum(targets.map(target => target.times.lateness)).distribution();
  return {
    schemaVersion: 1,
    run: {
      id: config.runId,
      tag: facts.tag,
      seed: config.seed,
      shard: config.shard === undefined ? null : `${config.shard.number}/${config.shard.count}`,
      workers: facts.workers ?? 1,
      version: facts.version,
      startEpochMs: facts.startEpochMs,
      startedAt: new Date(facts.startEpochMs).toISOString(),
      endedAt: new Date(facts.endEpochMs).toISOString(),
      durationSeconds: round(facts.durationSeconds),
      command: config.command,
      stoppedBy: facts.stoppedBy,
      remaining: facts.remaining,
    },
    config: config.effective,
    plan: reportedPlan(plan),
    visitors: reportedVisitors(visitors),
    funnels: funnelReports(
      withoutRepeats(targets.flatMap(target => trafficOf(config, target.config).funnels ?? [])),
      sumOfCounts(targets.map(target => target.ledger.funnels.planned)),
      sumOfCounts(targets.map(target => target.ledger.funnels.sent)),
    ),
    visits: addedUp(reports.map(report => report.visits)),
    hits: addedUp(reports.map(report => report.hits)),
    rate,
    latencyMs: Histogram.sum(targets.map(target => target.times.latency)).distribution(),
    latenessMs,
    series: scheduled(facts.monitor.series(), config, offered),
    targets: reports,
    // Without a schedule targets do not get the same at the same moments: there is nothing to pair.
    comparison:
      config.distribution === 'mirror' && config.visitsPerSecond !== 'max'
        ? compareTargets(reports, config.seed)
        : null,
    thresholds: [],
    generator: generatorReport(config, facts, rate, latenessMs),
    verification: null,
    exitCode: facts.exitCode,
  };
}

function generatorReport(
  config: RunConfig,
  { monitor, workers = 1, durationSeconds }: RunFacts,
  rate: Rate,
  latenessMs: Distribution | null,
): GeneratorReport {
  const { lateSlices, lateBusySlices, ...figures } = monitor.generatorFigures();
  const run = {
    isBackfill: config.clock === 'backfill',
    isBulk: config.targets.some(({ transport }) => transport === 'bulk'),
    hasCollector: config.effective.collector === true,
    isScheduled: rate.offeredVisitsPerSecond !== null,
    threads: workers,
    durationSeconds,
    latenessMs,
  };
  return { ...figures, warnings: generatorWarnings(run, { ...figures, lateSlices, lateBusySlices }) };
}

function targetReport(config: RunConfig, target: RunningTarget, facts: RunFacts, at: number): TargetReport {
  const { ledger, times, config: own } = target;
  const dates = facts.dates[at] as TargetDates;
  const offered = offeredToTarget(config, own);
  return {
    name: own.name,
    url: own.url.href,
    apiUrl: own.apiUrl.href,
    siteId: own.siteId,
    tokenEnv: own.tokenEnv ?? null,
    hitsCarryToken: hitsNeedToken(config, own),
    timezone: dates.timezone,
    clockShiftSeconds: dates.serverLagSeconds,
    totalsBefore: facts.totalsBefore?.get(own.name) ?? null,
    plan: reportedPlan(ledger.plan),
    funnels: funnelReports(trafficOf(config, own).funnels ?? [], ledger.funnels.planned, ledger.funnels.sent),
    visits: { ...ledger.visits },
    ...(target.plannedByThread && { plannedByThread: target.plannedByThread }),
    hits: hitCounts(target),
    rate: ratesOf(offered, [target], facts.durationSeconds),
    latencyMs: times.latency.distribution(),
    latenessMs: times.lateness.distribution(),
    series: scheduled(facts.monitor.targetSeries(at), config, offered),
    health: { state: target.health, outages: target.outages },
    errors: ledger.errors(),
    exceptions: ledger.exceptions,
    exceptionsLeftOut: ledger.exceptionsLeftOut,
    exceptionsFile: ledger.exceptionsLeftOut > 0 ? facts.exceptionsFile : null,
    taken: ledger.taken,
    takenLeftOut: ledger.takenLeftOut,
  };
}

function hitCounts({ ledger }: RunningTarget): HitCounts {
  return { ...ledger.hits, unaccounted: ledger.unaccountedHits() };
}

/** Without a schedule nothing was due, and so it is with past days. */
function scheduled(
  series: readonly SeriesPoint[],
  { clock }: RunConfig,
  offered: number | null,
): readonly SeriesPoint[] {
  const isScheduled = offered !== null && clock !== 'backfill';
  return isScheduled ? series : series.map(point => ({ ...point, due: null }));
}

function reportedVisitors(shares: VisitorShares): ReportedVisitors {
  const mostFirst = (counts: ReadonlyMap<string, number>) =>
    Object.fromEntries([...counts].sort(([one, few], [other, many]) => many - few || (one < other ? -1 : 1)));
  return {
    countries: mostFirst(shares.countries),
    sources: mostFirst(shares.sources),
    devices: mostFirst(shares.devices),
    browsers: mostFirst(shares.browsers),
    systems: mostFirst(shares.systems),
  };
}

/** Plan totals as people read them. */
export function reportedPlan({
  revenueCents,
  discountCents,
  goalRevenueCents,
  ...figures
}: PlanTotals): ReportedPlan {
  return {
    ...figures,
    returningShare: figures.visits === 0 ? 0 : round(figures.returningVisits / figures.visits),
    revenue: revenueCents / 100,
    discount: discountCents / 100,
    goalRevenue: goalRevenueCents / 100,
  };
}

/**
 * Achieved is the rate at which visits began to be sent: the time from the first to the last of them has one visit
 * less than there are.
 */
export function ratesOf(
  offered: number | null,
  targets: readonly RunningTarget[],
  durationSeconds: number,
): Rate {
  const times = targets.map(target => target.times).filter(time => time.begunVisits > 0);
  const begun = times.reduce((sum, time) => sum + time.begunVisits, 0);
  const seconds =
    (Math.max(...times.map(time => time.lastBegunMs)) - Math.min(...times.map(time => time.firstBegunMs))) /
    1000;
  const hits = targets.reduce(
    (sum, { ledger: { hits: h }, earlierHits = 0 }) =>
      sum + h.accepted + h.rejected + h.failed + h.unknown - earlierHits,
    0,
  );
  return {
    offeredVisitsPerSecond: offered,
    achievedVisitsPerSecond: begun > 1 && seconds > 0 ? round((begun - 1) / seconds) : 0,
    hitsPerSecond: durationSeconds > 0 ? round(hits / durationSeconds) : 0,
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
