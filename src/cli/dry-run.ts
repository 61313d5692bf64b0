import { Failure } from '../base/failure.ts';
import { hitParameters, siteParameters } from '../matomo/parameters.ts';
import { reportedPlan } from '../run/build-report.ts';
import { arrivalsOf, hitsNeedToken, preparePlan } from '../run/planning.ts';
import type { RunConfig } from '../run/run-config.ts';
import { type Arrivals, bounded } from '../traffic/arrivals.ts';
import { runIdentity } from '../traffic/identity.ts';
import { addVisit, emptyPlanTotals } from '../traffic/plan-totals.ts';
import { shardTakes } from '../traffic/shard.ts';
import type { Visit } from '../traffic/visit.ts';
import type { TextStream } from './context.ts';

/** Lines that go out at once. */
const LINES_TOGETHER = 200;

/** Prints the plan, one JSON line a visit, or its totals alone, and sends nothing. */
export async function dryRun(
  config: RunConfig,
  { summaryOnly, stdout }: { summaryOnly: boolean; stdout: TextStream },
): Promise<void> {
  if (config.visits === undefined && config.durationSeconds === undefined) {
    throw new Failure('USAGE', '--dry-run needs an end: the plan goes on for ever', {
      hint: 'Give --visits or --duration.',
    });
  }
  const startEpochMs = config.startEpochMs ?? Date.now();
  const identity = runIdentity(config.runId, startEpochMs);
  const plans = config.targets.map(target => ({
    target,
    site: siteParameters(target.siteId, hitsNeedToken(config, target)),
    plan: preparePlan(config, target)(identity, startEpochMs, undefined),
  }));
  const totals = emptyPlanTotals();
  let lines: string[] = [];
  const arrivals = arrivalsOf(config, startEpochMs);
  const moments = arrivals ?? withoutSchedule(config);
  for (let index = 0, startMs = moments.next(); startMs !== undefined; index++, startMs = moments.next()) {
    if (!shardTakes(config.shard, index)) continue;
    for (const { target, site, plan } of plans) {
      const visit = plan(index, arrivals === undefined ? null : startMs);
      if (summaryOnly) {
        addVisit(totals, visit);
        continue;
      }
      lines.push(JSON.stringify(described(visit, target.name, at => hitParameters(site, visit, at))));
      if (lines.length < LINES_TOGETHER) continue;
      await written(stdout, `${lines.join('\n')}\n`);
      lines = [];
    }
  }
  if (lines.length > 0) await written(stdout, `${lines.join('\n')}\n`);
  if (summaryOnly) stdout.write(`${JSON.stringify(reportedPlan(totals), null, 2)}\n`);
}

/** Rate `max`: visits are planned one after another, at no time. */
function withoutSchedule(config: RunConfig): Arrivals {
  if (config.visits === undefined) {
    throw new Failure(
      'USAGE',
      '--dry-run with --rate max needs --visits: nothing says how many the time holds',
    );
  }
  return bounded({ next: () => 0 }, { visits: config.visits, durationMs: undefined });
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

/** Waits where the reader is slower than the plan, so that a plan of millions is not held in memory. */
async function written(stdout: TextStream, text: string): Promise<void> {
  if (stdout.write(text) !== false || stdout.once === undefined) return;
  await new Promise<void>(resolve => stdout.once?.('drain', resolve));
}
