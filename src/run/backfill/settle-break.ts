import { Failure } from '../../base/failure.ts';
import { zoneOf } from '../../base/zone.ts';
import { openReporting } from '../../delivery/reporting-access.ts';
import { ReportingError } from '../../matomo/reporting/reporting-error.ts';
import type { Visit } from '../../traffic/visit.ts';
import { within } from '../deferred.ts';
import type { Life } from '../life.ts';
import type { PreparedTarget } from '../prepared-target.ts';
import type { Telling } from '../telling.ts';
import { backfillVisits } from './backfill-plan.ts';
import type { TargetProgress } from './journal-state.ts';
import { PositionSet } from './position-set.ts';
import { ASKING_TRIES, FIRST_RETRY_MS, planOf, type Readiness } from './readiness.ts';
import { type Settled, settleVisits } from './settle.ts';

export interface SettleBreakOptions {
  readonly life: Life;
  readonly telling: Telling;
  readonly settleAfterSeconds: number;
}

/**
 * Of what was sent before a break, what has no answer is asked for, not before its request can have ended.
 *
 * @throws Failure SERVER_UNREADABLE
 */
export async function settleBreak(ready: Readiness, options: SettleBreakOptions): Promise<void> {
  const { life, telling, settleAfterSeconds } = options;
  const open = [...ready.before.values()].flatMap(({ unknown }) => unknown);
  if (open.length === 0) return;
  const count = open.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  const waitMs = ready.lastEpochMs + settleAfterSeconds * 1000 - life.clock.epochMs();
  const when =
    waitMs > 0 ? ` in ${Math.ceil(waitMs / 1000)} s, when none of their requests can be under way` : '';
  telling.notice(
    'info',
    `${count} visits were under way at the break: the server is asked about them${when}`,
  );
  if (waitMs > 0) await within(waitMs, new Promise<never>(() => {}), life.stopped);
  for (const [at, { config }] of ready.prepared.entries()) {
    const progress = ready.before.get(config.name);
    if (life.stopReason !== undefined) return;
    if (progress !== undefined && progress.unknown.length > 0)
      await settleTarget(ready, at, progress, options);
  }
}

/** What a target's server has of visits. @throws ReportingError */
export async function askWhatIsThere(
  { prepared, dates, config: { timezone } }: Readiness,
  at: number,
  visits: readonly Visit[],
  ended: AbortSignal,
): Promise<readonly Settled[]> {
  const { config } = prepared[at] as PreparedTarget;
  const token = config.apiToken ?? config.token ?? '';
  const { client, close } = openReporting(config, { token, signal: ended });
  try {
    const zone = zoneOf(dates[at]?.timezone ?? timezone);
    return await settleVisits(client, { siteId: config.siteId, zone }, visits);
  } finally {
    await close();
  }
}

async function settleTarget(
  ready: Readiness,
  at: number,
  { unknown, done, notRecorded }: TargetProgress,
  { life, telling }: SettleBreakOptions,
): Promise<void> {
  const { name } = (ready.prepared[at] as PreparedTarget).config;
  const visits = visitsAt(ready, at, unknown);
  const told = await askWithPatience(ready, at, [...visits.values()], life);
  if (told === undefined) return;
  const settled = new Map([...visits.keys()].map((position, of) => [position, told[of]] as const));
  for (const [from, to] of unknown) {
    const positions = range(from, to);
    const again = positions.filter(position => settled.get(position) === 'absent');
    const partial = positions.filter(position => settled.get(position) === 'partial');
    for (const position of positions) if (settled.get(position) !== 'absent') done.add(position);
    for (const position of partial) notRecorded.set(position, []);
    const now = life.clock.epochMs();
    const others = { ...(again.length > 0 && { again }), ...(partial.length > 0 && { partial }) };
    await ready.journal.write({ done: [from, to], to: name, at: now, ...others, asked: true });
  }
  const absent = told.filter(of => of === 'absent').length;
  telling.notice(
    'info',
    `${name}: ${told.length - absent} of them are recorded, and ${absent} are sent again`,
  );
}

/** A target's visits in ranges of its plan, planned again. */
function visitsAt(
  ready: Readiness,
  at: number,
  ranges: readonly (readonly [number, number])[],
): Map<number, Visit> {
  const wanted = new PositionSet();
  for (const [from, to] of ranges) wanted.add(from, to);
  const plan = planOf(ready, at);
  const visits = new Map<number, Visit>();
  for (const planned of backfillVisits(ready.config, ready.dates, at)) {
    if (visits.size === wanted.size) break;
    if (wanted.has(planned.position)) visits.set(planned.position, plan(planned));
  }
  return visits;
}

/** @returns undefined where it was stopped meanwhile */
async function askWithPatience(
  ready: Readiness,
  at: number,
  visits: readonly Visit[],
  life: Life,
): Promise<readonly Settled[] | undefined> {
  for (let tries = 1; life.stopReason === undefined; tries++) {
    try {
      return await askWhatIsThere(ready, at, visits, life.ended);
    } catch (error) {
      if (!(error instanceof ReportingError)) throw error;
      const { name } = (ready.prepared[at] as PreparedTarget).config;
      if (tries === ASKING_TRIES || error.kind !== 'unreachable') throw notTold(name, error);
      await within(FIRST_RETRY_MS * 2 ** tries, new Promise<never>(() => {}), life.stopped);
    }
  }
  return undefined;
}

/** Both ends belong. */
function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}

function notTold(name: string, { message }: ReportingError): Failure {
  return new Failure(
    'SERVER_UNREADABLE',
    `${name}: cannot ask what it has recorded of the visits under way at the break: ${message}`,
    {
      hint: 'Nothing more was sent. Go on with --resume when its Reporting API answers.',
    },
  );
}
