import { Failure } from '../base/failure.ts';
import { hitParameters, siteParameters } from '../matomo/parameters.ts';
import { reportedPlan } from '../run/build-report.ts';
import { arrivalRate, hasEnd } from '../run/expectation.ts';
import { funnelReports, withoutRepeats } from '../run/funnel-report.ts';
import { type PlannedVisit, plannedVisits } from '../run/plan-walk.ts';
import {
  datesOf,
  hitsNeedToken,
  preparePlan,
  refuseUndatable,
  type TargetDates,
  trafficOf,
} from '../run/planning.ts';
import type { RunConfig } from '../run/run-config.ts';
import { addPassage, type FunnelCounts } from '../traffic/funnel-counts.ts';
import { runIdentity } from '../traffic/identity.ts';
import { addVisit, emptyPlanTotals } from '../traffic/plan-totals.ts';
import type { Visit } from '../traffic/visit.ts';
import type { TextStream } from './context.ts';
import { PacedWriter } from './paced-writer.ts';

/** Lines that go out at once. */
const LINES_TOGETHER = 200;

/** Prints the plan, one JSON line a visit, or its totals alone, and sends nothing. */
export async function dryRun(
  config: RunConfig,
  { summaryOnly, stdout }: { summaryOnly: boolean; stdout: TextStream },
): Promise<void> {
  if (!hasEnd(config)) {
    throw new Failure('USAGE', '--dry-run needs an end: the plan goes on for ever', {
      hint: 'Give --visits, --duration or --stages.',
    });
  }
  if (config.visits === undefined && config.targets.some(target => arrivalRate(config, target) === 'max')) {
    throw new Failure(
      'USAGE',
      '--dry-run with --rate max needs --visits: nothing says how many the time holds',
    );
  }
  const startEpochMs = config.startEpochMs ?? Date.now();
  const dates = datesOf(config, []);
  refuseUndatable(config, dates, startEpochMs);
  await printPlan(config, {
    startEpochMs,
    dates,
    visits: plannedVisits(config, startEpochMs),
    summaryOnly,
    stdout,
  });
}

export interface PlanToPrint {
  readonly startEpochMs: number;
  /** By position of the target. */
  readonly dates: readonly TargetDates[];
  readonly visits: Iterable<PlannedVisit>;
  readonly summaryOnly: boolean;
  readonly stdout: TextStream;
}

/** Prints visits, one JSON line each, or their totals alone. Holds none of them. */
export async function printPlan(
  config: RunConfig,
  { startEpochMs, dates, visits, summaryOnly, stdout }: PlanToPrint,
): Promise<void> {
  const identity = runIdentity(config.runId, startEpochMs);
  const targets = config.targets.map((target, position) => ({
    name: target.name,
    site: siteParameters(target.siteId, hitsNeedToken(config, target)),
    plan: preparePlan(config, target)(identity, startEpochMs, dates[position] as TargetDates),
  }));
  const totals = emptyPlanTotals();
  const passages: FunnelCounts = new Map();
  const writer = new PacedWriter(stdout);
  let lines: string[] = [];
  for (const { position, index, startMs, recurrence } of visits) {
    const { name, site, plan } = targets[position] as (typeof targets)[number];
    const visit = plan(index, startMs, recurrence);
    if (summaryOnly) {
      addVisit(totals, visit);
      addPassage(passages, visit);
    } else lines.push(JSON.stringify(described(visit, name, hit => hitParameters(site, visit, hit))));
    if (lines.length < LINES_TOGETHER) continue;
    await writer.write(`${lines.join('\n')}\n`);
    if (writer.isClosed) return;
    lines = [];
  }
  if (lines.length > 0) await writer.write(`${lines.join('\n')}\n`);
  if (!summaryOnly) return;
  const funnels = withoutRepeats(config.targets.flatMap(target => trafficOf(config, target).funnels ?? []));
  const reports = funnelReports(funnels, passages, new Map()).map(({ sent: _, ...planned }) => planned);
  stdout.write(`${JSON.stringify({ ...reportedPlan(totals), funnels: reports }, null, 2)}\n`);
}

function described(visit: Visit, target: string, parametersOf: (at: number) => string) {
  const { visitor } = visit;
  return {
    index: visit.index,
    target,
    startMs: visit.startMs,
    visitor: {
      id: visit.visitorId,
      userAgent: visitor.userAgent,
      language: visitor.language,
      resolution: visitor.resolution,
      country: visitor.country ?? null,
      returning: visit.returning,
    },
    journey: visit.journey,
    hits: visit.hits.map((hit, at) => ({
      offsetMs: hit.sendMs,
      type: hit.type,
      // Read back from what would be sent, so that it cannot say anything else.
      params: Object.fromEntries(new URLSearchParams(parametersOf(at))),
    })),
  };
}
