import { Failure } from '../base/failure.ts';
import { shortText } from '../base/short-text.ts';
import { localDay, zoneOf } from '../base/zone.ts';
import { openReporting } from '../delivery/reporting-access.ts';
import type { TargetAnswers } from '../delivery/target-answers.ts';
import type { TargetConfig } from '../delivery/target-config.ts';
import type { Site } from '../matomo/reporting/site.ts';
import type { NoticeLevel } from '../output/notice-line.ts';
import { datesOf } from '../run/planning.ts';
import type { SiteTotals } from '../run/report.ts';
import type { RunConfig } from '../run/run-config.ts';
import { countOfPlannedVisits } from '../run/visit-count.ts';
import { type Finding, hasError } from '../validation/finding.ts';
import { foreignVisits } from '../validation/todays-visits.ts';
import { type TargetValidation, validateTargets } from '../validation/validate-target.ts';
import { readSiteTotals } from '../verification/site-totals.ts';
import { MOST_LISTED_VISITS } from '../verification/verification-method.ts';
import type { Context } from './context.ts';
import type { RunMemory } from './run-memory.ts';

/** What is known before the first hit. */
export interface Preflight {
  readonly known: ReadonlyMap<string, TargetAnswers>;
  readonly totalsBefore: ReadonlyMap<string, SiteTotals>;
  /** What could be looked at of the targets' sites. */
  readonly sites: ReadonlyMap<string, Site>;
  /** A question to a person was interrupted: nothing was begun. */
  readonly isUnanswered: boolean;
}

export interface PreflightOptions {
  readonly context: Pick<Context, 'ask'>;
  readonly memory: RunMemory;
  /** `--yes` */
  readonly isSure: boolean;
  /** The run is to be verified: who cannot be asked then is refused now. */
  readonly verifies?: boolean;
  readonly tell: (level: NoticeLevel, message: string) => void;
  /** Takes secrets out of what a server said. */
  readonly mask: (text: string) => string;
  /** Gives up asking. */
  readonly signal: AbortSignal;
}

/** Large sites take long to count: a run begins without what they do not tell by then. */
const LONGEST_TOTALS_MS = 10_000;

/** What takes longer says what it is about. */
const SILENT_MS = 1000;

/**
 * Makes sure that what a run sends will be recorded, and that somebody wants it. Records nothing.
 *
 * @returns what the run needs not ask again
 * @throws Failure TARGET_REFUSED with all that is wrong, PRODUCTION_SITE
 */
export async function preflight(config: RunConfig, options: PreflightOptions): Promise<Preflight> {
  const { memory, isSure, verifies, tell, mask, signal } = options;
  const isAsked = (target: TargetConfig) => !isSure && !memory.isConfirmed(target);
  const names = config.targets.map(({ name }) => name).join(', ');
  const asking = setTimeout(() => tell('info', `asking ${names} …`), SILENT_MS);
  const validations = await validateTargets(config, {
    signal,
    runsSentTo: target => (isAsked(target) ? memory.runsSentTo(target) : undefined),
  });
  clearTimeout(asking);
  const known = new Map(validations.map(({ name, answers }) => [name, answers] as const));
  // Nothing is asked again that may just have been refused.
  if (signal.aborted) return { known, totalsBefore: new Map(), sites: new Map(), isUnanswered: false };
  refuseErrors(validations, mask);
  if (verifies) refuseUnverifiable(validations, mask);
  for (const { name, findings } of validations) {
    for (const { level, code, message } of findings) {
      if (level === 'warning' && code !== 'PRODUCTION_SITE') tell('warn', mask(`${name}: ${message}`));
    }
  }
  let isUnanswered = false;
  for (const [at, validation] of validations.entries()) {
    const target = config.targets[at];
    if (target !== undefined && !(await guard(target, validation, options))) isUnanswered = true;
  }
  const slow = setTimeout(() => tell('info', 'reading what the sites have recorded so far'), SILENT_MS);
  const totals = await Promise.all(
    validations.map((validation, at) =>
      totalsOf(config.targets[at], validation, daysReached(config, at), options),
    ),
  );
  clearTimeout(slow);
  return {
    known,
    isUnanswered,
    totalsBefore: new Map(totals.flat()),
    sites: new Map(
      validations.flatMap(({ name, site }) => (site === undefined ? [] : [[name, site] as const])),
    ),
  };
}

function refuseErrors(validations: readonly TargetValidation[], mask: (text: string) => string): void {
  const wrong = validations.filter(({ findings }) => hasError(findings));
  if (wrong.length === 0) return;
  const told = wrong.flatMap(({ name, findings }) =>
    findings.flatMap(found => (found.level === 'error' ? findingLines(name, found, mask) : [])),
  );
  const count = validations.length === 1 ? 'the target' : `${wrong.length} of ${validations.length} targets`;
  throw new Failure(
    'TARGET_REFUSED',
    mask(`${count} would not record what is planned:\n${told.join('\n')}`),
    {
      hint: 'Nothing was sent. --skip-validation sends all the same; trafficinator validate tells more.',
    },
  );
}

function findingLines(name: string, { message, hint }: Finding, mask: (text: string) => string): string[] {
  return [`  ${name}: ${shortText(mask(message))}`, ...(hint === undefined ? [] : [`    ${hint}`])];
}

function refuseUnverifiable(validations: readonly TargetValidation[], mask: (text: string) => string): void {
  const unseen = validations.filter(({ mayView }) => !mayView);
  if (unseen.length === 0) return;
  const told = unseen.flatMap(({ name, findings }) => {
    const reasons = findings.filter(({ code }) => code === 'API_UNREACHABLE' || code === 'SITE_HIDDEN');
    return reasons.length === 0 ? [`  ${name}`] : reasons.flatMap(reason => findingLines(name, reason, mask));
  });
  throw new Failure(
    'TARGET_REFUSED',
    mask(`--verify: what is recorded cannot be asked for:\n${told.join('\n')}`),
    { hint: 'Nothing was sent. trafficinator validate tells more.' },
  );
}

/**
 * Fake visits cannot easily be taken out of somebody's statistics again.
 *
 * @returns false: nobody answered before it was interrupted
 * @throws Failure PRODUCTION_SITE
 */
async function guard(
  target: TargetConfig,
  { todaysVisits }: TargetValidation,
  { context, memory, signal }: PreflightOptions,
): Promise<boolean> {
  if (todaysVisits === undefined || todaysVisits.foreign === 0 || signal.aborted) return true;
  const place = `site ${target.siteId} on ${target.url.host}`;
  const what = `${place} ${foreignVisits(todaysVisits)} that no run from here made, and fake visits cannot easily be taken out of its statistics again`;
  if (context.ask === undefined) {
    throw new Failure('PRODUCTION_SITE', what, {
      hint: 'Nothing was sent. --yes, or testSite: true on the target (TARGET_TEST_SITE=true), says that this is meant.',
    });
  }
  const isMeant = await context.ask(`${what}.\nSend to it? The answer is remembered.`, signal);
  if (signal.aborted) return false;
  if (!isMeant) throw new Failure('PRODUCTION_SITE', `nothing was sent to ${place}`);
  await memory.confirm(target);
  return true;
}

/**
 * How many days, today included, a run can date visits to. Few visits are not compared by totals: those of many days
 * take their time.
 */
function daysReached(config: RunConfig, at: number): number {
  const { reachSeconds = 0 } = datesOf(config, [])[at] ?? {};
  const visits = countOfPlannedVisits(config) ?? Number.POSITIVE_INFINITY;
  return visits > MOST_LISTED_VISITS ? Math.max(2, Math.ceil(reachSeconds / 86_400) + 1) : 2;
}

function dayText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** The totals of the days a run can reach from its start; none where they are not told in time. */
async function totalsOf(
  target: TargetConfig | undefined,
  { site, mayView }: TargetValidation,
  days: number,
  { tell, signal: interrupted }: PreflightOptions,
): Promise<(readonly [string, SiteTotals])[]> {
  const token = target?.apiToken ?? target?.token;
  if (target === undefined || token === undefined || site === undefined || !mayView) return [];
  const signal = AbortSignal.any([interrupted, AbortSignal.timeout(LONGEST_TOTALS_MS)]);
  const { client, close } = openReporting(target, { token, tries: 1, signal });
  try {
    const today = localDay(zoneOf(site.timezone), Date.now() / 1000);
    const names = Array.from({ length: days }, (_, at) => dayText(today - days + 1 + at));
    return [[target.name, await readSiteTotals(client, target.siteId, names)]];
  } catch {
    if (!interrupted.aborted) {
      tell(
        'info',
        `${target.name} did not tell its totals in time: only its visits can be compared with the plan`,
      );
    }
    return [];
  } finally {
    await close();
  }
}
