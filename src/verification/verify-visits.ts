import { setTimeout as sleep } from 'node:timers/promises';
import { zoneOf } from '../base/zone.ts';
import type { TargetConfig } from '../delivery/target-config.ts';
import type { ReportingClient } from '../matomo/reporting/reporting-client.ts';
import type {
  DifferenceCause,
  SettledHit,
  TargetReport,
  VerifiedTarget,
  VisitDifference,
} from '../run/report.ts';
import type { Visit } from '../traffic/visit.ts';
import { type Assessment, type AssessmentRules, assess } from './assessment.ts';
import { looksLikeBot } from './bot-agent.ts';
import { type Circumstances, causeOf } from './cause.ts';
import { differs, FigureSheet } from './figure-sheet.ts';
import type { HitFates } from './hit-fates.ts';
import { type PlanOutline, planOutline } from './plan-outline.ts';
import { RecordedLog, readLog } from './recorded-log.ts';
import { isSpamReferrer } from './spam-referrer.ts';
import { type Survey, surveyOf } from './survey.ts';
import type { ProgressListener } from './verification-progress.ts';
import type { VerifiedSite } from './verified-site.ts';
import type { VisitsSoFar } from './visits-so-far.ts';

/** Differing visits that are told one by one. */
export const TOLD_VISITS = 100;
/** Visits of one visitor end half an hour after the last of its hits; a visit that others' hits were merged into may go on so long. */
const SLACK_SECONDS = 1800;
/** What seems to be missing is looked for once more after this. */
const SECOND_LOOK_MS = 1500;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;

export interface VisitsRequest {
  readonly target: TargetConfig;
  readonly report: TargetReport;
  /** Visits whose time had come at this target, in the order of the plan; planned anew with each walk. */
  readonly visits: () => Iterable<Visit>;
  readonly fates: HitFates;
  readonly client: ReportingClient;
  readonly site: VerifiedSite;
  /** When the run's last hit was settled. */
  readonly endedEpochMs: number;
  /** Of a backfill: where the log is read to. What comes after is of the next day, though of the same visitors. */
  readonly logUntilEpochSeconds?: number;
  /** Of a backfill: what the server has of earlier days. What it has of these is added at the end. */
  readonly before?: VisitsSoFar;
  readonly strict: boolean;
  readonly waitMs: number;
  readonly progress?: ProgressListener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Lists a target's own visits and compares them with the plan, one by one.
 *
 * @throws ReportingError
 */
export async function verifyVisits(request: VisitsRequest): Promise<VerifiedTarget> {
  const { report, visits, site } = request;
  const outline = planOutline(visits());
  const log = new RecordedLog(outline, zoneOf(site.timezone), site.logScope);
  const rules: AssessmentRules = {
    fates: request.fates,
    carriesCountry: report.hitsCarryToken,
    strict: request.strict,
    before: request.before,
  };
  await readInto(log, outline, outline.earliestEpochSeconds, request);
  const survey = await untilThere(log, outline, rules, request);
  return conclusion(assess(visits(), log, rules), log, survey, request);
}

async function readInto(
  log: RecordedLog,
  { visits, latestEpochSeconds }: PlanOutline,
  fromEpochSeconds: number,
  { client, report, site, endedEpochMs, logUntilEpochSeconds, progress, signal }: VisitsRequest,
): Promise<void> {
  if (visits === 0) return;
  // Hits that a server dates anew, because it takes their time for its future, have that of their arrival.
  const latest = Math.max(latestEpochSeconds, Math.ceil(endedEpochMs / 1000));
  const window = {
    siteId: report.siteId,
    zone: zoneOf(site.timezone),
    fromEpochSeconds,
    toEpochSeconds: logUntilEpochSeconds ?? latest + SLACK_SECONDS,
  };
  for await (const page of readLog(client, window, { withActions: true, signal })) {
    for (const visit of page) log.take(visit);
    progress?.({ target: report.name, stage: 'reading', found: log.found, expected: visits, leftMs: null });
  }
}

/**
 * Looks again for what is missing: hits may be in a queue, a server may still be at work on a request that nobody
 * waits for any more, and a server with several databases tells late what it has.
 */
async function untilThere(
  log: RecordedLog,
  outline: PlanOutline,
  rules: AssessmentRules,
  request: VisitsRequest,
): Promise<Survey> {
  const { visits, target, report, site, endedEpochMs, waitMs, progress, signal } = request;
  const startedMs = Date.now();
  const giveUpMs = startedMs + waitMs;
  // A server has given up a request by the time its sender would have.
  const openUntilMs = Math.min(giveUpMs, endedEpochMs + target.timeoutSeconds * 1000);
  let pauseMs = FIRST_PAUSE_MS;
  for (let looks = 1; ; looks++) {
    const survey = surveyOf(assess(visits(), log, rules));
    const { lacking, openLost, fromEpochSeconds } = survey;
    if ((lacking === 0 && openLost === 0) || signal?.aborted) return survey;
    const nowMs = Date.now();
    const isQueued = isQueuing(site, report);
    const untilMs = Math.max(
      lacking > 0 && isQueued ? giveUpMs : 0,
      lacking > 0 && looks === 1 ? nowMs + Math.min(SECOND_LOOK_MS, Math.max(waitMs, 0)) : 0,
      openLost > 0 ? openUntilMs : 0,
    );
    if (nowMs >= untilMs) return survey;
    progress?.({
      target: report.name,
      stage: 'waiting',
      found: outline.visits - lacking,
      expected: outline.visits,
      leftMs: untilMs - nowMs,
    });
    await sleep(Math.min(untilMs - nowMs, looks === 1 && !isQueued ? SECOND_LOOK_MS : pauseMs), undefined, {
      signal,
    }).catch(() => undefined);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    await readInto(log, outline, fromEpochSeconds, request);
  }
}

function isQueuing(site: VerifiedSite, report: TargetReport): boolean {
  return site.isQueued || report.hits.unconfirmed > 0;
}

function conclusion(
  assessments: Iterable<Assessment>,
  log: RecordedLog,
  { shunnedHosts }: Survey,
  { report, site, strict, before }: VisitsRequest,
): VerifiedTarget {
  const sheet = new FigureSheet();
  const causes = new Map<DifferenceCause, number>();
  const told: VisitDifference[] = [];
  const hits: SettledHit[] = [];
  const ofVisitors: [Pick<Visit, 'visitorIndex'>, number][] = [];
  let visitsLeftOut = 0;
  const circumstances: Omit<Circumstances, 'host'> = {
    zone: zoneOf(site.timezone),
    looksLikeBot,
    isSpamReferrer,
    shunnedHosts,
    exclusionOf: visit => site.exclusionOf(visit, report.hitsCarryToken),
    isQueued: isQueuing(site, report),
  };
  for (const assessment of assessments) {
    const { visit, expected, recorded, settled, difference, details } = assessment;
    const carriesCountry = report.hitsCarryToken && visit.visitor.country !== undefined;
    if (before !== undefined) ofVisitors.push([{ visitorIndex: visit.visitorIndex }, recorded.length]);
    if (expected !== undefined) sheet.add('planned', expected, carriesCountry);
    for (const { facts } of recorded) sheet.add('recorded', facts, carriesCountry);
    for (const { figure, isSame } of details) sheet.compare(figure, isSame);
    for (const hit of settled) hits.push({ index: visit.index, ...hit });
    if (difference === undefined) continue;
    const { cause, explanation } = causeOf(assessment, { ...circumstances, host: log.hostOf(visit.index) });
    causes.set(cause, (causes.get(cause) ?? 0) + 1);
    if (told.length === TOLD_VISITS) visitsLeftOut++;
    else told.push({ index: visit.index, visitorId: visit.visitorId, cause, explanation, ...difference });
  }
  for (const [visit, count] of ofVisitors) before?.add(visit, count);
  const figures = sheet.figures();
  const names = sheet.names();
  const differences = figures.filter(differs);
  const isEqual = differences.length === 0 && told.length === 0 && !(strict && names.some(differs));
  return {
    name: report.name,
    result: isEqual ? 'equal' : 'different',
    reason: null,
    figures,
    differences,
    names,
    causes: [...causes]
      .map(([cause, visits]) => ({ cause, visits }))
      .sort((one, other) => other.visits - one.visits),
    visits: told,
    visitsLeftOut,
    settled: {
      recorded: hits.filter(({ recorded }) => recorded).length,
      lost: hits.filter(({ recorded }) => !recorded).length,
      hits,
    },
  };
}
