import { askAboutToken } from '../delivery/ask.ts';
import { serverLagSeconds } from '../delivery/clock-difference.ts';
import { openReporting } from '../delivery/reporting-access.ts';
import type { TargetAnswers } from '../delivery/target-answers.ts';
import type { TargetConfig } from '../delivery/target-config.ts';
import type { ReportingClient } from '../matomo/reporting/reporting-client.ts';
import { ReportingError } from '../matomo/reporting/reporting-error.ts';
import type { Site } from '../matomo/reporting/site.ts';
import type { ProbeResult } from '../matomo/token-probe.ts';
import type { RunConfig } from '../run/run-config.ts';
import { clockFindings } from './clock-findings.ts';
import { exclusionFindings } from './exclusion-findings.ts';
import { type Finding, finding, hasError } from './finding.ts';
import { type PlanNeeds, planNeeds } from './plan-needs.ts';
import { serverFindings } from './server-findings.ts';
import { askSiteFacts, isTokenRefused, type SiteFacts } from './site-facts.ts';
import { siteFindings } from './site-findings.ts';
import { askTodaysVisits, type KnownRun, productionFinding, type TodaysVisits } from './todays-visits.ts';
import { tokenFindings, withoutToken } from './token-findings.ts';
import { askTracker, type TrackerFacts } from './tracker.ts';

/** What is known of a target before anything is sent to it. */
export interface TargetValidation {
  readonly name: string;
  readonly url: string;
  readonly siteId: number;
  /** In the order things were asked; at least one. */
  readonly findings: readonly Finding[];
  /** What a run would ask again. */
  readonly answers: TargetAnswers;
  /** Of a request on a connection that stands: the median. */
  readonly roundTripMs: number | null;
  /** How far the server's clock is behind ours; negative: ahead. */
  readonly clockDifferenceSeconds: number | null;
  readonly version: string | undefined;
  readonly site: Site | undefined;
  readonly isCollector: boolean;
  /** Whether its reports can be read. */
  readonly mayView: boolean;
  /** undefined: not asked, or not told. */
  readonly todaysVisits: TodaysVisits | undefined;
}

export interface ValidationOptions {
  /** Gives up asking; what was not answered by then is found missing. */
  readonly signal?: AbortSignal;
  /** For all questions to one target together; default: the target's own time limit for one answer. */
  readonly timeoutSeconds?: number;
  readonly epochMs?: () => number;
  /** The runs that are known to have sent to a target. Undefined: who else visits its site is not asked. */
  readonly runsSentTo?: (target: TargetConfig) => readonly KnownRun[] | undefined;
}

/** Asks all targets side by side. None waits for another. Records nothing on any of them. */
export function validateTargets(
  config: RunConfig,
  options: ValidationOptions = {},
): Promise<readonly TargetValidation[]> {
  return Promise.all(config.targets.map(target => validateTarget(config, target, options)));
}

/** How the questions to one target are asked. */
interface Asking {
  readonly signal: AbortSignal;
  readonly timeoutSeconds: number;
  readonly epochMs: () => number;
}

async function validateTarget(
  config: RunConfig,
  target: TargetConfig,
  options: ValidationOptions,
): Promise<TargetValidation> {
  const timeoutSeconds = options.timeoutSeconds ?? target.timeoutSeconds;
  const inTime = AbortSignal.timeout(timeoutSeconds * 1000);
  const asking: Asking = {
    signal: options.signal === undefined ? inTime : AbortSignal.any([inTime, options.signal]),
    timeoutSeconds,
    epochMs: options.epochMs ?? Date.now,
  };
  const tracker = await askTracker(target, asking);
  const lag = tracker.clockDifferenceSeconds;
  const known = {
    name: target.name,
    url: target.url.href,
    siteId: target.siteId,
    roundTripMs: tracker.roundTripMs,
    clockDifferenceSeconds: lag,
    isCollector: tracker.isCollector,
  };
  const findings = [...tracker.findings, ...clockFindings(lag)];
  const looked = hasError(findings)
    ? unseen([])
    : await look(target, planNeeds(config, target), tracker, asking, options);
  const { facts, probe } = looked;
  return {
    ...known,
    findings: [...findings, ...looked.findings],
    answers: {
      token: probe,
      site: facts?.site,
      serverLagSeconds: lag === null ? undefined : serverLagSeconds(lag),
    },
    version: facts?.version,
    site: facts?.site,
    mayView: facts?.mayView === true,
    todaysVisits: looked.todaysVisits,
  };
}

/** What tokens allow to see. */
interface Look {
  readonly findings: readonly Finding[];
  readonly facts: SiteFacts | undefined;
  readonly probe: ProbeResult | undefined;
  readonly todaysVisits: TodaysVisits | undefined;
}

function unseen(findings: readonly Finding[]): Look {
  return { findings, facts: undefined, probe: undefined, todaysVisits: undefined };
}

/** At most one question is refused: after it nothing more is asked, with whatever token. */
async function look(
  target: TargetConfig,
  needs: PlanNeeds,
  tracker: TrackerFacts,
  asking: Asking,
  options: ValidationOptions,
): Promise<Look> {
  const { token, apiToken } = target;
  const looksWith = apiToken ?? token;
  if (looksWith === undefined) return unseen([withoutToken(false)]);
  const { client, close } = openReporting(target, { token: looksWith, tries: 1, ...asking });
  try {
    const facts = await orError(askSiteFacts(client, target.siteId));
    if (facts instanceof ReportingError && isTokenRefused(facts)) {
      const which = apiToken === undefined ? 'token' : 'apiToken';
      return unseen([finding('TOKEN_REFUSED', `the server refuses the ${which}: ${facts.message}`)]);
    }
    const seen = facts instanceof ReportingError ? undefined : facts;
    // Of another token the API says nothing that holds for the one hits carry.
    const ofToken = apiToken === undefined ? seen : undefined;
    const asksTracker = needs.hitsCarryToken && ofToken?.mayWrite !== false && tracker.takesBulk;
    const probe =
      token !== undefined && asksTracker
        ? (await askAboutToken(target, token, asking.signal)).value
        : undefined;
    const today = await lookAtToday(client, target, seen, probe, tracker, asking, options);
    return {
      findings: [
        ...(needs.hitsCarryToken ? tokenFindings({ facts: ofToken, probe, siteId: target.siteId }) : []),
        ...(token === undefined ? [withoutToken(true)] : []),
        ...(facts instanceof ReportingError
          ? [finding('API_UNREACHABLE', apiProblem(target, facts))]
          : seenFindings(facts, needs, tracker)),
        ...today.findings,
      ],
      facts: seen,
      probe,
      todaysVisits: today.visits,
    };
  } finally {
    await close();
  }
}

function apiProblem({ apiUrl }: TargetConfig, { kind, message }: ReportingError): string {
  const what = kind === 'unreachable' ? 'does not answer' : 'is no Reporting API';
  return `${apiUrl.href} ${what}: ${message}`;
}

function seenFindings(facts: SiteFacts, needs: PlanNeeds, tracker: TrackerFacts): Finding[] {
  const isQueued = tracker.findings.some(({ code }) => code === 'QUEUED');
  return [
    ...serverFindings(facts).filter(({ code }) => code !== 'QUEUED' || !isQueued),
    ...(facts.site === undefined
      ? [finding('SITE_HIDDEN', `the site cannot be looked at: ${facts.siteHidden ?? 'no answer'}`)]
      : []),
    ...(facts.isSuperuser === true
      ? [finding('TOKEN_SUPERUSER', "the token is a superuser's: it may do more than this needs")]
      : []),
    ...siteFindings(facts, needs),
    ...exclusionFindings(facts, needs, tracker.ownAddress),
  ];
}

interface Today {
  readonly findings: readonly Finding[];
  readonly visits: TodaysVisits | undefined;
}

/** Whether somebody else's visits are on the site. Nobody's are on a collector, or where a site is said to be for tests. */
async function lookAtToday(
  client: ReportingClient,
  target: TargetConfig,
  facts: SiteFacts | undefined,
  probe: ProbeResult | undefined,
  tracker: TrackerFacts,
  asking: Asking,
  { runsSentTo }: ValidationOptions,
): Promise<Today> {
  const runs = runsSentTo?.(target);
  const isTest = tracker.isCollector || target.testSite === true;
  if (runs === undefined || isTest || probe?.result === 'refused') {
    return { findings: [], visits: undefined };
  }
  const site = facts?.site;
  const visits =
    site === undefined
      ? undefined
      : await orError(
          askTodaysVisits(client, { id: target.siteId, timezone: site.timezone }, runs, asking.epochMs()),
        );
  if (visits === undefined || visits instanceof ReportingError) {
    const why = visits === undefined ? 'the site cannot be looked at' : visits.message;
    const unknown = finding('PRODUCTION_UNKNOWN', `whether the site has real visits cannot be told: ${why}`);
    return { findings: [unknown], visits: undefined };
  }
  return { findings: [productionFinding(visits)], visits };
}

/** What the API could not be asked is told, and not thrown. */
async function orError<T>(asked: Promise<T>): Promise<T | ReportingError> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ReportingError) return error;
    throw error;
  }
}
