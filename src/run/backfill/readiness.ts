import { Failure } from '../../base/failure.ts';
import { firstSecond, zoneOf } from '../../base/zone.ts';
import type { TargetAnswers } from '../../delivery/target-answers.ts';
import { dayNumber } from '../../traffic/backfill-days.ts';
import { MARGIN_SECONDS } from '../../traffic/dating.ts';
import { type RunIdentity, runIdentity } from '../../traffic/identity.ts';
import type { Visit } from '../../traffic/visit.ts';
import { longestVisitSeconds } from '../../traffic/visit-length.ts';
import { within } from '../deferred.ts';
import type { Life } from '../life.ts';
import { datesOf, type TargetDates, trafficOf } from '../planning.ts';
import { prepare } from '../preparation.ts';
import type { PreparedTarget } from '../prepared-target.ts';
import type { BackfillConfig, BackfillVisit } from './backfill-plan.ts';
import { Journal } from './journal.ts';
import { headerOf } from './journal-header.ts';
import type { JournalState, TargetProgress } from './journal-state.ts';

/** What must be known before the first visit can be planned, asked or read from the journal. */
export interface Readiness {
  readonly config: BackfillConfig;
  readonly prepared: readonly PreparedTarget[];
  readonly identity: RunIdentity;
  readonly startEpochMs: number;
  readonly dates: readonly TargetDates[];
  readonly journal: Journal;
  readonly before: ReadonlyMap<string, TargetProgress>;
  /** When the journal was last written to. */
  readonly lastEpochMs: number;
}

export interface ReadinessOptions {
  readonly config: BackfillConfig;
  readonly prepared: readonly PreparedTarget[];
  readonly life: Life;
  readonly journalPath: string;
  readonly version: string;
  readonly known?: ReadonlyMap<string, TargetAnswers>;
}

/** A server that does not say what must be known is asked so often, at growing distances. */
export const ASKING_TRIES = 5;
export const FIRST_RETRY_MS = 500;

/**
 * Everything that the plan depends on is asked and put down.
 *
 * @throws Failure TARGET_REFUSED, SERVER_UNREADABLE, CONFIG_INVALID, FILE_UNWRITABLE
 */
export async function readyAnew(options: ReadinessOptions): Promise<Readiness> {
  const { config, prepared, life, journalPath, version } = options;
  const { clock, stopped, ended } = life;
  const known = await answersOf(options);
  await learnZones(options, known);
  const { startEpochMs, identity, dates } = await prepare({
    config: { ...config, startEpochMs: undefined },
    targets: prepared,
    known,
    clock,
    stopped,
    ended,
  });
  const datedTo = dates.map((of): TargetDates => {
    const latest = Math.floor(startEpochMs / 1000) - MARGIN_SECONDS - of.serverLagSeconds;
    return { ...of, latestEpochSeconds: latest };
  });
  refuseTooYoung(config, datedTo);
  const header = headerOf(config, version, { startEpochMs, tag: identity.tag, dates: datedTo });
  return {
    config,
    prepared,
    identity,
    startEpochMs,
    dates: datedTo,
    journal: await Journal.create(journalPath, header),
    before: new Map(),
    lastEpochMs: startEpochMs,
  };
}

/**
 * As the journal has it: the plan must be the same, whatever the target would say of itself today.
 *
 * @throws Failure TARGET_REFUSED, FILE_UNWRITABLE
 */
export async function readyAgain(options: ReadinessOptions, state: JournalState): Promise<Readiness> {
  const { config, prepared, journalPath } = options;
  const { header, targets, wholeBytes, lastEpochMs, isFinished } = state;
  if (!isFinished) await answersOf(options);
  const told = header.targets.map(({ timezone, clockShiftSeconds }) => ({
    timezone,
    serverLagSeconds: clockShiftSeconds,
  }));
  const dates = datesOf(config, told).map(
    (of, at): TargetDates => ({
      ...of,
      latestEpochSeconds: header.targets[at]?.latestEpochSeconds ?? 0,
    }),
  );
  return {
    config,
    prepared,
    identity: { ...runIdentity(header.runId, header.startEpochMs), tag: header.tag },
    startEpochMs: header.startEpochMs,
    dates,
    journal: await Journal.goOn(journalPath, wholeBytes),
    before: targets,
    lastEpochMs,
  };
}

/** Plans a target's visits. @param at its position */
export function planOf(
  { prepared, identity, startEpochMs, dates }: Readiness,
  at: number,
): (visit: BackfillVisit) => Visit {
  const plan = (prepared[at] as PreparedTarget).plan(identity, startEpochMs, dates[at] as TargetDates);
  return ({ index, momentSeconds, recurrence }) =>
    plan(index, momentSeconds * 1000 - startEpochMs, recurrence);
}

/**
 * Days are those of the sites' zones, so that they must be known: a server that does not say is asked again.
 *
 * @throws Failure SERVER_UNREADABLE
 */
async function learnZones(
  { prepared, life }: ReadinessOptions,
  known: Map<string, TargetAnswers>,
): Promise<void> {
  for (const target of prepared) {
    const { name, timezone } = target.config;
    const isMissing = () => timezone === undefined && known.get(name)?.site === undefined;
    for (let tries = 1; tries < ASKING_TRIES && isMissing() && life.stopReason === undefined; tries++) {
      await within(FIRST_RETRY_MS * 2 ** tries, new Promise<never>(() => {}), life.stopped);
      const answers = await target.ask(life.clock, life.ended);
      if (answers.token?.result === 'refused') throw refused(name, answers.token.detail);
      known.set(name, answers);
    }
    if (!isMissing()) continue;
    throw new Failure(
      'SERVER_UNREADABLE',
      `${name} does not say which zone its site is in, and whose days are to be filled follows from that`,
      {
        hint: 'Nothing was sent. Try again when its Reporting API answers, or give the target its timezone.',
      },
    );
  }
}

/** @throws Failure TARGET_REFUSED where a token is refused */
async function answersOf({ prepared, known, life }: ReadinessOptions): Promise<Map<string, TargetAnswers>> {
  const answers = await Promise.all(
    prepared.map(async target => {
      const { name } = target.config;
      const told = known?.get(name) ?? (await target.ask(life.clock, life.ended));
      if (told.token?.result === 'refused') throw refused(name, told.token.detail);
      return [name, told] as const;
    }),
  );
  return new Map(answers);
}

/**
 * Visits of today must fit between its midnight and now.
 *
 * @throws Failure CONFIG_INVALID
 */
function refuseTooYoung(config: BackfillConfig, dates: readonly TargetDates[]): void {
  for (const [at, { timezone, latestEpochSeconds = 0 }] of dates.entries()) {
    const target = config.targets[at] as PreparedTarget['config'];
    const lastDay = firstSecond(zoneOf(timezone), dayNumber(config.backfill.lastDay));
    const longest = Math.ceil(longestVisitSeconds(trafficOf(config, target)));
    if (lastDay + longest < latestEpochSeconds) continue;
    throw new Failure(
      'CONFIG_INVALID',
      `${target.name}: of ${config.backfill.lastDay} too little has passed in ${timezone} for visits of up to ${Math.ceil(longest / 60)} minutes`,
      { hint: 'End the window a day earlier. Nothing was sent.' },
    );
  }
}

function refused(name: string, detail: string): Failure {
  return new Failure('TARGET_REFUSED', `${name}: its token was refused: ${detail}`, {
    hint: 'Old dates need a token that may write to the site.',
  });
}
