import { Failure } from '../../base/failure.ts';
import type { TargetAnswers } from '../../delivery/target-answers.ts';
import type { Clock } from '../clock.ts';
import { endedReport, type ReportOptions } from '../ended-report.ts';
import type { ExceptionSink } from '../exception-sink.ts';
import { Life, type RunHandle } from '../life.ts';
import { Monitor } from '../monitor.ts';
import { prepareTargets } from '../prepared-target.ts';
import { runInfo } from '../progress.ts';
import type { Report } from '../report.ts';
import { standingOf } from '../standing.ts';
import { Telling, type TellingOptions } from '../telling.ts';
import { BackfillEngine } from './backfill-engine.ts';
import { type BackfillConfig, daysOf } from './backfill-plan.ts';
import type { BackfillTarget } from './backfill-target.ts';
import { DayCounts } from './day-counts.ts';
import { foundJournal } from './found-journal.ts';
import type { Journal } from './journal.ts';
import { configOfJournal, reportedWindow } from './journal-header.ts';
import { lockJournal } from './journal-lock.ts';
import { type Readiness, readyAgain, readyAnew } from './readiness.ts';
import { settleBreak } from './settle-break.ts';

export type { BackfillConfig } from './backfill-plan.ts';

export interface BackfillOptions extends TellingOptions, ReportOptions {
  readonly journalPath: string;
  /** Goes on with the journal; without it there must be none, or `force`. */
  readonly resume: boolean;
  /** Begins anew although there is a journal, which is kept beside the new one. */
  readonly force: boolean;
  /** What was sent without an answer is asked about so long after the journal's last entry. */
  readonly settleAfterSeconds: number;
  readonly clock?: Clock;
  /** By target: what is known of it by validation, so that it is not asked again. */
  readonly known?: ReadonlyMap<string, TargetAnswers>;
  /** Gets the exceptions that the report has no room for; without it they are counted. */
  readonly exceptions?: ExceptionSink;
}

/**
 * Fills past days: each visit once, over any number of breaks. `done` rejects with a `Failure` before anything is sent where the
 * journal, a token or the days do not allow it. The report is of all sessions, but for times, rates and series.
 *
 * @param config of a journal that is gone on with, run id and seed are taken from there
 */
export function startBackfill(config: BackfillConfig, options: BackfillOptions): RunHandle {
  const life = new Life(options.clock);
  return life.handle(() => live({ ...config, clock: 'backfill' }, options, life));
}

async function live(given: BackfillConfig, options: BackfillOptions, life: Life): Promise<Report> {
  refuseUnfit(given);
  const { journalPath: path, version, settleAfterSeconds, mask, exceptions } = options;
  const telling = new Telling(options);
  const unlock = lockJournal(path);
  let engine: BackfillEngine | undefined;
  let journal: Journal | undefined;
  try {
    const found = foundJournal(path, options);
    const config = found === undefined ? given : configOfJournal(given, found.header, { path, version });
    const prepared = prepareTargets(config);
    engine = new BackfillEngine({ prepared, life, telling, settleAfterSeconds, mask, exceptions });
    life.drives(engine);
    const facts = { ...options, config, prepared, life };
    const ready = await (found === undefined ? readyAnew(facts) : readyAgain(facts, found));
    journal = ready.journal;
    const days = new DayCounts(config, daysOf(config));
    telling.start(runInfo({ ...config, visits: days.planned }, ready.identity.tag, ready.startEpochMs));
    if (found !== undefined && found.cutBytes > 0) {
      const what = `${path} was cut off in its last line: ${found.cutBytes} bytes are taken off`;
      telling.notice('warn', `${what}, and the backfill goes on from the whole lines`);
    }
    await settleBreak(ready, { life, telling, settleAfterSeconds });
    if (found?.isFinished) telling.notice('info', `${path} is finished: nothing is left to send`);
    const monitor = await send(ready, { engine, days, life, telling });
    if (engine.isDone && !found?.isFinished) await journal.write({ finished: life.clock.epochMs() });
    const exceptionsFile = (await options.exceptions?.close()) ?? null;
    return await telling.finish(
      reportOf(ready, { engine, days, life, monitor, options, exceptionsFile }),
      life,
    );
  } finally {
    life.end();
    await engine?.close();
    await journal?.close().catch(() => {});
    unlock();
  }
}

interface Sending {
  readonly engine: BackfillEngine;
  readonly days: DayCounts;
  readonly life: Life;
}

async function send(
  ready: Readiness,
  { engine, days, life, telling }: Sending & { readonly telling: Telling },
): Promise<Monitor> {
  await engine.prepare(ready, days);
  engine.begin();
  telling.watch(engine.targets);
  const monitor = new Monitor(engine.targets, engine.startMs);
  const snapshot = (nowMs: number) => engine.snapshot(nowMs, monitor, days, ready.config);
  await telling.show(life, monitor, {
    snapshot,
    standing: seconds => standingOf(ready.config, engine.targets, seconds),
  });
  telling.tick(snapshot(performance.now()));
  for (const target of engine.targets) target.closeAccount();
  return monitor;
}

function reportOf(
  ready: Readiness,
  {
    engine,
    days,
    life,
    monitor,
    options,
    exceptionsFile,
  }: Sending & {
    readonly monitor: Monitor;
    readonly options: BackfillOptions;
    readonly exceptionsFile: string | null;
  },
): Report {
  const { isDone } = engine;
  const report = endedReport({ ...ready.config, visits: days.planned }, engine.targets, options, {
    plannedBy: ready,
    life,
    monitor,
    startMs: engine.startMs,
    exitReasons: isDone ? [] : life.exitReasons,
    stoppedBy: isDone ? 'plan-end' : (life.stopReason ?? 'lost-targets'),
    remaining: days.planned - days.ended,
    exceptionsFile,
  });
  const sum = (of: (target: BackfillTarget) => number) =>
    engine.targets.reduce((all, target) => all + of(target), 0);
  return {
    ...report,
    targets: report.targets.map((target, at) => ({
      ...target,
      backfill: {
        latestEpochSeconds: ready.dates[at]?.latestEpochSeconds ?? 0,
        positions: engine.targets[at]?.account.positions.ranges ?? [],
      },
    })),
    days: days.reported(),
    backfill: {
      window: reportedWindow(ready.config),
      earlier: {
        visits: sum(({ account }) => account.earlierVisits),
        hits: sum(({ account }) => account.earlierHits),
      },
    },
  };
}

/** @throws Failure USAGE, CONFIG_INVALID */
function refuseUnfit({ targets, shard }: BackfillConfig): void {
  if (shard !== undefined) {
    throw new Failure('USAGE', 'a backfill has no shards', {
      hint: 'Give each machine days of its own, with a journal of its own.',
    });
  }
  const without = targets.find(({ token }) => token === undefined);
  if (without !== undefined) {
    throw new Failure('USAGE', `${without.name}: a backfill needs a token that may write to the site`, {
      hint: 'Matomo takes nothing older than a day without one.',
    });
  }
}
