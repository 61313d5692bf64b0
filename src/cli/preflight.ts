import { Failure } from '../base/failure.ts';
import { localDay, zoneOf } from '../base/zone.ts';
import type { TargetAnswers } from '../delivery/ask.ts';
import { openReporting } from '../delivery/reporting-access.ts';
import type { TargetConfig } from '../delivery/target-config.ts';
import type { Site } from '../matomo/reporting/site.ts';
import type { NoticeLevel } from '../output/notice-line.ts';
import type { SiteTotals } from '../run/report.ts';
import type { RunConfig } from '../run/run-config.ts';
import { hasError } from '../validation/finding.ts';
import { foreignVisits } from '../validation/todays-visits.ts';
import { type TargetValidation, validateTargets } from '../validation/validate-target.ts';
import { readSiteTotals } from '../verification/site-totals.ts';
import type { Context } from './context.ts';
import type { RunMemory } from './run-memory.ts';

/** What is known before the first hit. */
export interface Preflight {
  readonly known: ReadonlyMap<string, TargetAnswers>;
  readonly totalsBefore: ReadonlyMap<string, SiteTotals>;
  /** What could be looked at of the targets' sites. */
  readonly sites: ReadonlyMap<string, Site>;
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

const nothing: Preflight = { known: new Map(), totalsBefore: new Map(), sites: new Map() };

/**
 * Makes sure that what a run sends will be recorded, and that somebody wants it. Records nothing.
 *
 * @returns what the run needs not ask again; nothing where it was interrupted
 * @throws Failure TARGET_REFUSED with all that is wrong, PRODUCTION_SITE
 */
export async function preflight(config: RunConfig, options: PreflightOptions): Promise<Preflight> {
  const { memory, isSure, verifies, tell, mask, signal } = options;
  const isAsked = (target: TargetConfig) => !isSure && !memory.isConfirmed(target);
  const names = config.targets.map(({ name }) => name).join(', ');
  const asking = setTimeout(() => tell('info', `asking ${names} …`), SILENT_MS);
  const validations = await validateTargets(config, {
    signal,
    tagsSentTo: target => (isAsked(target) ? memory.tagsSentTo(target) : undefined),
  });
  clearTimeout(asking);
  if (signal.aborted) return nothing;
  refuseErrors(validations, mask);
  if (verifies) refuseUnverifiable(validations);
  for (const { name, findings } of validations) {
    for (const { level, code, message } of findings) {
      if (level === 'warning' && code !== 'PRODUCTION_SITE') tell('warn', mask(`${name}: ${message}`));
    }
  }
  for (const [at, validation] of validations.entries()) {
    const target = config.targets[at];
    if (target !== undefined) await guard(target, validation, options);
  }
  const slow = setTimeout(() => tell('info', 'reading what the sites have recorded so far'), SILENT_MS);
  const totals = await Promise.all(
    validations.map((validation, at) => totalsOf(config.targets[at], validation, signal)),
  );
  clearTimeout(slow);
  return {
    known: new Map(validations.map(({ name, answers }) => [name, answers] as const)),
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
    findings.flatMap(({ level, message, hint }) =>
      level === 'error' ? [`  ${name}: ${message}`, ...(hint === undefined ? [] : [`    ${hint}`])] : [],
    ),
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

function refuseUnverifiable(validations: readonly TargetValidation[]): void {
  const names = validations.filter(({ mayView }) => !mayView).map(({ name }) => name);
  if (names.length === 0) return;
  throw new Failure(
    'TARGET_REFUSED',
    `--verify: what is recorded cannot be asked for with the token that is there: ${names.join(', ')}`,
    {
      hint: 'Nothing was sent. Give its user view access to the site, or set MATOMO_API_TOKEN to the token of one who has it; trafficinator validate tells more.',
    },
  );
}

/** Fake visits cannot easily be taken out of somebody's statistics again. */
async function guard(
  target: TargetConfig,
  { todaysVisits }: TargetValidation,
  { context, memory, signal }: PreflightOptions,
): Promise<void> {
  if (todaysVisits === undefined || todaysVisits.foreign === 0 || signal.aborted) return;
  const place = `site ${target.siteId} on ${target.url.host}`;
  const what = `${place} ${foreignVisits(todaysVisits)} today that no run from here made, and fake visits cannot easily be taken out of its statistics again`;
  if (context.ask === undefined) {
    throw new Failure('PRODUCTION_SITE', what, {
      hint: 'Nothing was sent. --yes, or testSite: true on the target (TARGET_TEST_SITE=true), says that this is meant.',
    });
  }
  const isMeant = await context.ask(`${what}.\nSend to it? The answer is remembered.`, signal);
  if (signal.aborted) return;
  if (!isMeant) throw new Failure('PRODUCTION_SITE', `nothing was sent to ${place}`);
  await memory.confirm(target);
}

/** The totals of the days a run can reach from its start; none where they are not told in time. */
async function totalsOf(
  target: TargetConfig | undefined,
  { site, mayView }: TargetValidation,
  interrupted: AbortSignal,
): Promise<(readonly [string, SiteTotals])[]> {
  const token = target?.apiToken ?? target?.token;
  if (target === undefined || token === undefined || site === undefined || !mayView) return [];
  const signal = AbortSignal.any([interrupted, AbortSignal.timeout(LONGEST_TOTALS_MS)]);
  const { client, close } = openReporting(target, { token, tries: 1, signal });
  try {
    const today = localDay(zoneOf(site.timezone), Date.now() / 1000);
    const days = [today - 1, today].map(day => new Date(day * 86_400_000).toISOString().slice(0, 10));
    return [[target.name, await readSiteTotals(client, target.siteId, days)]];
  } catch {
    return [];
  } finally {
    await close();
  }
}
