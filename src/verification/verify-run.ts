import { Failure } from '../base/failure.ts';
import { shortText } from '../base/short-text.ts';
import { openReporting } from '../delivery/reporting-access.ts';
import type { TargetConfig } from '../delivery/target-config.ts';
import { ReportingError } from '../matomo/reporting/reporting-error.ts';
import { type ReplayedDay, replayBackfill } from '../run/backfill/backfill-replay.ts';
import { replayPlan } from '../run/plan-walk.ts';
import type { HitException, Report, TargetReport, Verification, VerifiedTarget } from '../run/report.ts';
import type { RunConfig } from '../run/run-config.ts';
import type { Visit } from '../traffic/visit.ts';
import { FigureSheet } from './figure-sheet.ts';
import { type HitFates, hitFates } from './hit-fates.ts';
import { refuseOtherPlan } from './same-plan.ts';
import { unverifiedTarget } from './unverified-target.ts';
import { targetNotAsked, tokenMissing } from './verification-failure.ts';
import { hasTotals, methodOf } from './verification-method.ts';
import type { ProgressListener } from './verification-progress.ts';
import { readSite } from './verified-site.ts';
import { verifyDays } from './verify-days.ts';
import { verifyTotals } from './verify-totals.ts';
import { verifyVisits } from './verify-visits.ts';

export interface VerifyRequest {
  /** Of the run. */
  readonly config: RunConfig;
  readonly report: Report;
  /** By target: those beyond the report's. */
  readonly exceptions?: ReadonlyMap<string, Iterable<HitException>>;
  /** By target: of somebody who may view its site. */
  readonly tokens: ReadonlyMap<string, string>;
  readonly method: 'auto' | 'visits' | 'totals';
  /** Whether names that follow from a server's own lists count. */
  readonly strict: boolean;
  /** How long to wait for what is not there yet. */
  readonly waitMs: number;
  /** Takes secrets out of what a server said. */
  readonly mask: (text: string) => string;
  readonly progress?: ProgressListener;
  /** Told of each target that could not be asked, where another could. */
  readonly notAsked?: (failure: Failure) => void;
  readonly signal?: AbortSignal;
}

/** The visits that were planned for each target, in the order of the configuration. */
export interface PlannedTraffic {
  readonly targets: readonly {
    readonly visits: () => Iterable<Visit>;
    /** Of a backfill. */
    readonly days?: () => Iterable<ReplayedDay>;
  }[];
}

/** A page of a long log takes its time. */
const SHORTEST_TIMEOUT_SECONDS = 60;
const LOG_METHOD = 'Live.getLastVisitsDetails';

/**
 * Asks each target what it recorded of a run, and compares. One that cannot be asked is not comparable, and hides
 * nothing that others say.
 *
 * @throws Failure with exit code 2 where a token or the totals from before the run are missing, or another plan is made
 * from the report than it counts; 3 where no target can be asked
 */
export async function verifyRun(request: VerifyRequest): Promise<Verification> {
  const { config, report } = request;
  const traffic =
    report.backfill === undefined
      ? replayPlan(config, report)
      : { targets: replayBackfill(config, report, report.backfill) };
  refuseOtherPlan(request.report, traffic);
  return verifyTraffic(request, traffic);
}

/** The same for visits that are given: those that were really sent, where they are not what the report's plan makes. */
export async function verifyTraffic(request: VerifyRequest, traffic: PlannedTraffic): Promise<Verification> {
  const sources = sourcesOf(request, traffic);
  const method = methodOf(request);
  let used = method;
  let targets = await Promise.all(sources.map(source => verifyOne(request, source, method)));
  if (
    method === 'visits' &&
    request.method === 'auto' &&
    hasTotals(request.report) &&
    targets.some(({ isWithoutLog }) => isWithoutLog)
  ) {
    used = 'totals';
    targets = await Promise.all(
      // One that refused its token is not asked again.
      targets.map((result, at) =>
        result.failure ? result : verifyOne(request, sources[at] as Source, 'totals'),
      ),
    );
  }
  tellNotAsked(targets, request);
  return {
    method: used,
    at: new Date().toISOString(),
    strict: request.strict,
    passed: verdictOf(targets),
    targets: targets.map(({ verified }) => verified),
  };
}

/** A target with all that is known of what was sent to it. */
interface Source {
  readonly target: TargetConfig;
  readonly report: TargetReport;
  readonly token: string;
  readonly fates: HitFates;
  readonly visits: () => Iterable<Visit>;
  readonly days?: (() => Iterable<ReplayedDay>) | undefined;
}

/** @throws Failure for targets without a token, before any is asked */
function sourcesOf({ config, report, tokens, exceptions }: VerifyRequest, traffic: PlannedTraffic): Source[] {
  return config.targets.flatMap((target, position) => {
    const told = report.targets[position];
    const planned = traffic.targets[position];
    if (told === undefined || planned === undefined) return [];
    const token = tokens.get(target.name);
    if (token === undefined) throw tokenMissing(target);
    const fates = hitFates(allOf(told.exceptions, exceptions?.get(target.name)));
    return { target, report: told, token, fates, ...planned };
  });
}

function* allOf(known: Iterable<HitException>, more: Iterable<HitException> = []): Generator<HitException> {
  yield* known;
  yield* more;
}

interface Result {
  readonly verified: VerifiedTarget;
  /** The server shows no log of visits. */
  readonly isWithoutLog?: boolean;
  /** It could not be asked. */
  readonly failure?: Failure;
}

/** @throws Failure with all of them where no target could be asked */
function tellNotAsked(results: readonly Result[], { notAsked }: VerifyRequest): void {
  const failures = results.flatMap(({ failure }) => failure ?? []);
  const [first] = failures;
  if (first !== undefined && failures.length === results.length) {
    if (failures.length === 1) throw first;
    throw new Failure('TARGET_REFUSED', failures.map(({ message }) => message).join('\n'), {
      hint: [...new Set(failures.map(({ hint }) => hint))].join('\n'),
    });
  }
  for (const failure of failures) notAsked?.(failure);
}

async function verifyOne(
  request: VerifyRequest,
  source: Source,
  method: Verification['method'],
): Promise<Result> {
  const { target, report, token, fates } = source;
  const reason = reasonNotToAsk(source, request.report);
  if (reason !== undefined) return { verified: unasked(report.name, reason) };
  const { signal } = request;
  const timeoutSeconds = Math.max(target.timeoutSeconds, SHORTEST_TIMEOUT_SECONDS);
  const { client, close } = openReporting(target, { token, timeoutSeconds, ...(signal && { signal }) });
  try {
    const site = await readSite(client, report.siteId);
    const common = {
      report,
      fates,
      client,
      site,
      visits: source.visits,
      waitMs: request.waitMs,
      progress: request.progress,
      signal,
    };
    if (method === 'totals' && report.totalsBefore !== null) {
      const isShard = request.report.run.shard !== null;
      const totals = { ...common, before: report.totalsBefore, isShard };
      return { verified: await verifyTotals(totals) };
    }
    const endedEpochMs = Date.parse(request.report.run.endedAt);
    const visits = { ...common, target, endedEpochMs, strict: request.strict };
    const { days } = source;
    return { verified: await (days === undefined ? verifyVisits(visits) : verifyDays({ ...visits, days })) };
  } catch (error) {
    if (!(error instanceof ReportingError)) throw error;
    const said = shortText(request.mask(error.message));
    if (error.kind === 'told' && error.method === LOG_METHOD) {
      const reason = `its server does not list visits: ${said}`;
      return { verified: unverifiedTarget(report.name, reason), isWithoutLog: true };
    }
    const failure = targetNotAsked(target, said, error);
    return { verified: unverifiedTarget(report.name, failure.message), failure };
  } finally {
    await close();
  }
}

/** Undefined where it is to be asked; '' where there is nothing to ask about. */
function reasonNotToAsk({ report, fates }: Source, { targets }: Report): string | undefined {
  const { accepted, unknown } = report.hits;
  if (accepted === 0 && unknown === 0) return '';
  const missing = report.exceptions.length + report.exceptionsLeftOut - fates.exceptions;
  if (missing > 0) {
    const file = report.exceptionsFile === null ? '' : `; the file ${report.exceptionsFile} has them`;
    return `the report leaves out which ${missing} hits were not accepted${file}`;
  }
  // Whose they were is not known, either.
  const leftOut = targets.reduce((sum, { takenLeftOut }) => sum + takenLeftOut, 0);
  if (leftOut > 0) {
    return `the report leaves out ${leftOut} of the visits that were moved from targets that were down to others`;
  }
  return undefined;
}

/** @param reason '': nothing was accepted, and nothing is compared */
function unasked(name: string, reason: string): VerifiedTarget {
  const target = unverifiedTarget(name, reason);
  return reason === ''
    ? { ...target, result: 'equal', reason: null, figures: new FigureSheet().figures() }
    : target;
}

function verdictOf(results: readonly Result[]): boolean | null {
  if (results.some(({ verified }) => verified.result === 'different')) return false;
  return results.some(({ verified }) => verified.result === 'not-comparable') ? null : true;
}
