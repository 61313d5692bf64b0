import pLimit from 'p-limit';
import type { TargetAnswers } from '../delivery/target-answers.ts';
import { type RunIdentity, runIdentity, visitorId } from '../traffic/identity.ts';
import type { Clock } from './clock.ts';
import { within } from './deferred.ts';
import { datesOf, refuseUndatable, type TargetDates } from './planning.ts';
import type { PreparedTarget } from './prepared-target.ts';
import type { RunConfig } from './run-config.ts';

/** What must be known before the first visit can be planned. */
export interface Preparation {
  readonly asked: readonly AskedTarget[];
  readonly startEpochMs: number;
  readonly identity: RunIdentity;
  /** By target: what dates its visits. */
  readonly dates: readonly TargetDates[];
}

/** A target and what it said of itself, once it has. */
export interface AskedTarget {
  readonly target: PreparedTarget;
  answers: TargetAnswers | undefined;
  /** Never rejects. */
  readonly answered: Promise<TargetAnswers>;
}

/** How long the start waits for what targets say; one that takes longer begins late, and only that one. */
const LONGEST_ASKING_MS = 2000;
const ASKED_AT_ONCE = 8;
/** How long it may take to learn whether the run's visitors are new, without making the start late. */
const IDENTIFICATION_MS = 300;
/** How long the start waits for connections; those that take longer are made meanwhile. */
const LONGEST_OPENING_MS = 1000;
/** A server closes a connection soon that nothing comes on. */
const OPEN_AHEAD_MS = 1000;
/** Tags drawn before the last one is taken as it is. */
const MOST_TAGS = 5;
const LONGEST_SLEEP_MS = 60_000;

export interface PreparationOptions {
  readonly config: RunConfig;
  readonly targets: readonly PreparedTarget[];
  /** By name: what targets have said already; these are not asked again. */
  readonly known: ReadonlyMap<string, TargetAnswers>;
  readonly clock: Clock;
  /** Opens connections before the start, and never rejects. Left out: they are opened when they are wanted. */
  readonly open?: () => Promise<void>;
  /** Settles when the run is stopped: then nothing is waited for. */
  readonly stopped: Promise<void>;
  /** Aborted when nobody waits for answers any more. */
  readonly ended: AbortSignal;
}

/**
 * Asks the targets, draws the run's identity, opens connections, and waits for the start.
 *
 * @throws Failure CONFIG_INVALID for visits that cannot be dated
 */
export async function prepare(options: PreparationOptions): Promise<Preparation> {
  const { config, clock, stopped } = options;
  const begins = config.startEpochMs === undefined;
  const [asked] = await Promise.all([ask(options), begins && opened(options)]);
  const telling = asked.filter(({ answers }) => answers?.site !== undefined).map(({ target }) => target);
  // As configured; else now, or as soon as it is known that the run's visitors are new.
  const startEpochMs = config.startEpochMs ?? clock.epochMs() + (telling.length > 0 ? IDENTIFICATION_MS : 0);
  const identity = await identify(options, telling, startEpochMs);
  const dates = datesOf(
    config,
    asked.map(({ answers }) => ({
      timezone: answers?.site?.timezone,
      serverLagSeconds: answers?.serverLagSeconds,
    })),
  );
  refuseUndatable(config, dates, startEpochMs);
  if (!begins) {
    await waitUntil(startEpochMs - OPEN_AHEAD_MS, clock, stopped);
    // Nothing makes a start late that has a time.
    void opened(options);
  }
  await waitUntil(startEpochMs, clock, stopped);
  return { asked, startEpochMs, identity, dates };
}

async function opened({ open, stopped }: PreparationOptions): Promise<void> {
  if (open !== undefined) await within(LONGEST_OPENING_MS, open(), stopped);
}

async function ask({ targets, known, clock, stopped, ended }: PreparationOptions): Promise<AskedTarget[]> {
  // All at once: one that hangs must not keep another from being asked.
  const asked = targets.map((target): AskedTarget => {
    const answers = known.get(target.config.name);
    return { target, answers, answered: answers ? Promise.resolve(answers) : target.ask(clock, ended) };
  });
  for (const entry of asked) {
    void entry.answered.then(answers => {
      entry.answers = answers;
    });
  }
  await within(LONGEST_ASKING_MS, Promise.all(asked.map(entry => entry.answered)), stopped);
  return asked;
}

/**
 * The run's tag, drawn again where a site has a visitor of it already. All runs of a tag number their visitors alike,
 * so the first one tells. Shards do not ask: they must have the same tag, and another may have begun.
 */
async function identify(
  { config, stopped, ended }: PreparationOptions,
  telling: readonly PreparedTarget[],
  startEpochMs: number,
): Promise<RunIdentity> {
  const { runId, shard } = config;
  // A run that begins now has a tag of its own moment, which is hardly another's: no target waits long for one that is
  // slow to say so.
  const longestMs = config.startEpochMs === undefined ? IDENTIFICATION_MS : LONGEST_ASKING_MS;
  for (let draw = 0; ; draw++) {
    const identity = runIdentity(runId, startEpochMs, draw);
    if (shard !== undefined || telling.length === 0 || draw === MOST_TAGS) return identity;
    const first = visitorId(identity.tag, 0);
    const limit = pLimit(ASKED_AT_ONCE);
    // Each on its own: one that is slow to answer hides nothing that another says.
    const known = telling.map(target =>
      within(
        longestMs,
        limit(() => target.hasVisitor(first, startEpochMs, ended)),
        stopped,
      ),
    );
    if (!(await Promise.all(known)).includes(true)) return identity;
  }
}

async function waitUntil(startEpochMs: number, clock: Clock, stopped: Promise<void>): Promise<void> {
  let isStopped = false;
  void stopped.then(() => {
    isStopped = true;
  });
  const never = new Promise<never>(() => {});
  for (;;) {
    const leftMs = startEpochMs - clock.epochMs();
    if (leftMs <= 0 || isStopped) return;
    await within(Math.min(leftMs, LONGEST_SLEEP_MS), never, stopped);
  }
}
