import { Failure } from '../base/failure.ts';
import { maskSecrets } from '../base/mask-secrets.ts';
import { openReporting } from '../delivery/reporting-access.ts';
import type { TargetConfig } from '../delivery/target-config.ts';
import { ReportingError } from '../matomo/reporting/reporting-error.ts';
import { replayPlan } from '../run/plan-walk.ts';
import type { HitException, Report, TargetReport, Verification, VerifiedTarget } from '../run/report.ts';
import type { RunConfig } from '../run/run-config.ts';
import type { Visit } from '../traffic/visit.ts';
import { FigureSheet } from './figure-sheet.ts';
import { type HitFates, hitFates } from './hit-fates.ts';
import { notAsked, tokenMissing } from './verification-failure.ts';
import type { ProgressListener } from './verification-progress.ts';
import { readSite } from './verified-site.ts';
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
  readonly progress?: ProgressListener;
  readonly signal?: AbortSignal;
}

/** The visits that were planned for each target, in the order of the configuration. */
export interface PlannedTraffic {
  readonly targets: readonly { readonly visits: () => Iterable<Visit> }[];
}

/** More visits than these are compared by totals, where there are some from before the run. */
const MOST_LISTED_VISITS = 10_000;
/** A page of a long log takes its time. */
const SHORTEST_TIMEOUT_SECONDS = 60;
const LOG_METHOD = 'Live.getLastVisitsDetails';

/**
 * Asks each target what it recorded of a run, and compares.
 *
 * @throws Failure with exit code 2 where a token or the totals from before the run are missing, 3 where a target does
 * not tell
 */
export function verifyRun(request: VerifyRequest): Promise<Verification> {
  return verifyTraffic(request, replayPlan(request.config, request.report));
}

/** The same for visits that are given: those that were really sent, where they are not what the report's plan makes. */
export async function verifyTraffic(request: VerifyRequest, traffic: PlannedTraffic): Promise<Verification> {
  const sources = sourcesOf(request, traffic);
  const method = methodOf(request);
  let used = method;
  let targets = await verifyAll(request, sources, method);
  if (
    method === 'visits' &&
    request.method === 'auto' &&
    hasTotals(request.report) &&
    targets.some(isWithoutLog)
  ) {
    used = 'totals';
    targets = await verifyAll(request, sources, used);
  }
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
    return { target, report: told, token, fates, visits: planned.visits };
  });
}

function* allOf(known: Iterable<HitException>, more: Iterable<HitException> = []): Generator<HitException> {
  yield* known;
  yield* more;
}

/** @throws Failure where totals are asked for and those from before the run are not there */
function methodOf({ method, report }: VerifyRequest): Verification['method'] {
  if (method === 'visits') return method;
  if (method === 'auto') {
    const isLarge = report.targets.some(target => recordedVisits(target) > MOST_LISTED_VISITS);
    return isLarge && hasTotals(report) ? 'totals' : 'visits';
  }
  const without = report.targets.filter(({ totalsBefore }) => totalsBefore === null).map(({ name }) => name);
  if (without.length === 0) return method;
  throw new Failure('USAGE', `the report has no totals from before the run of ${without.join(', ')}`, {
    hint: 'List the visits instead (--method visits). A run keeps the totals where a token lets it ask for them before the first hit.',
  });
}

function hasTotals({ targets }: Report): boolean {
  return targets.every(({ totalsBefore }) => totalsBefore !== null);
}

/** Visits of which something may be recorded. */
function recordedVisits({ visits: { planned, failed, dropped, skipped } }: TargetReport): number {
  return planned - failed - dropped - skipped;
}

interface Result {
  readonly verified: VerifiedTarget;
  /** The server shows no log of visits. */
  readonly isWithoutLog: boolean;
}

function isWithoutLog(result: Result): boolean {
  return result.isWithoutLog;
}

async function verifyAll(
  request: VerifyRequest,
  sources: readonly Source[],
  method: Verification['method'],
): Promise<readonly Result[]> {
  const outcomes = await Promise.allSettled(sources.map(source => verifyOne(request, source, method)));
  return outcomes.map(outcome => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

async function verifyOne(
  request: VerifyRequest,
  source: Source,
  method: Verification['method'],
): Promise<Result> {
  const { target, report, token, fates } = source;
  const reason = reasonNotToAsk(source);
  if (reason !== undefined) return { verified: unasked(report.name, reason), isWithoutLog: false };
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
      const { tag, shard } = request.report.run;
      const totals = { ...common, before: report.totalsBefore, tag, isShard: shard !== null };
      return { verified: await verifyTotals(totals), isWithoutLog: false };
    }
    const endedEpochMs = Date.parse(request.report.run.endedAt);
    const verified = await verifyVisits({ ...common, target, endedEpochMs, strict: request.strict });
    return { verified, isWithoutLog: false };
  } catch (error) {
    if (!(error instanceof ReportingError)) throw error;
    if (error.kind === 'told' && error.method === LOG_METHOD) {
      const said = maskSecrets(error.message, [token]);
      return {
        verified: unasked(report.name, `its server does not list visits: ${said}`),
        isWithoutLog: true,
      };
    }
    throw notAsked(target, token, error);
  } finally {
    await close();
  }
}

/** Undefined where it is to be asked; '' where there is nothing to ask about. */
function reasonNotToAsk({ report, fates }: Source): string | undefined {
  const { accepted, unknown } = report.hits;
  if (accepted === 0 && unknown === 0) return '';
  const missing = report.exceptions.length + report.exceptionsLeftOut - fates.exceptions;
  if (missing > 0) {
    const file = report.exceptionsFile === null ? '' : `; the file ${report.exceptionsFile} has them`;
    return `the report leaves out which ${missing} hits were not accepted${file}`;
  }
  if (report.takenLeftOut > 0) {
    return `the report leaves out ${report.takenLeftOut} of the visits that were moved to it from targets that were down`;
  }
  return undefined;
}

/** @param reason '': nothing was accepted, and nothing is compared */
function unasked(name: string, reason: string): VerifiedTarget {
  return {
    name,
    result: reason === '' ? 'equal' : 'not-comparable',
    reason: reason === '' ? null : reason,
    figures: reason === '' ? new FigureSheet().figures() : [],
    differences: [],
    names: [],
    causes: [],
    visits: [],
    visitsLeftOut: 0,
    settled: { recorded: 0, lost: 0, hits: [] },
  };
}

function verdictOf(results: readonly Result[]): boolean | null {
  if (results.some(({ verified }) => verified.result === 'different')) return false;
  return results.some(({ verified }) => verified.result === 'not-comparable') ? null : true;
}
