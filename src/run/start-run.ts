import type { TargetAnswers } from '../delivery/target-answers.ts';
import type { Clock } from './clock.ts';
import { endedReport, type ReportOptions } from './ended-report.ts';
import type { ExceptionSink } from './exception-sink.ts';
import type { SendingThreads } from './generator-load.ts';
import { thisThread } from './generator-load.ts';
import type { HitSink } from './hit-log.ts';
import { Life, type RunHandle } from './life.ts';
import { Monitor } from './monitor.ts';
import { prepare } from './preparation.ts';
import { closeConnections, prepareTargets } from './prepared-target.ts';
import { runInfo, runState } from './progress.ts';
import type { Report } from './report.ts';
import type { RunConfig } from './run-config.ts';
import { RunEngine, type RunEngineOptions } from './run-engine.ts';
import type { SendingEngine } from './sending-engine.ts';
import { standingOf } from './standing.ts';
import { Telling, type TellingOptions } from './telling.ts';
import type { WorkersEngine } from './workers/workers-engine.ts';

export type { RunHandle } from './life.ts';

export interface RunOptions extends TellingOptions, ReportOptions {
  readonly clock?: Clock;
  /** Stops the run as `stop` does, with 30 s to drain. */
  readonly signal?: AbortSignal;
  /** By target: what is known of it by validation, so that it is not asked again. */
  readonly known?: ReadonlyMap<string, TargetAnswers>;
  /** Gets the exceptions that the report has no room for; without it they are counted. */
  readonly exceptions?: ExceptionSink;
  /** Gets every hit as it ends. */
  readonly hits?: HitSink;
  /** Sends from several threads; default: from this one. */
  readonly workers?: WorkersRequest;
}

export interface WorkersRequest {
  /** At most every target's `concurrency` and `connections`, which they share. */
  readonly count: number;
  /** What `mask` takes out of texts: a function cannot go to a thread. */
  readonly secrets: readonly string[];
}

/** The engine, and how many threads it sends with. */
interface Started {
  readonly engine: SendingEngine;
  readonly threads: SendingThreads;
}

/** Runs a plan. All state is in the returned handle: several runs may live in one process. */
export function startRun(config: RunConfig, options: RunOptions): RunHandle {
  const life = new Life(options.clock);
  return life.handle(() => live(config, options, life), options.signal);
}

async function live(config: RunConfig, options: RunOptions, life: Life): Promise<Report> {
  const { known = new Map(), exceptions, hits } = options;
  const { clock, stopped, ended } = life;
  const telling = new Telling(options);
  hits?.whenBroken?.(message => telling.notice('error', message));
  const prepared = prepareTargets(config);
  const { engine, threads } = await engineFor({ config, prepared, life, telling, known }, options);
  life.drives(engine);
  try {
    const preparation = await prepare({
      config,
      targets: prepared,
      known,
      clock,
      open: () => engine.open(),
      stopped,
      ended,
    });
    telling.start(runInfo(config, preparation.identity.tag, preparation.startEpochMs));
    engine.begin(preparation);
    telling.watch(engine.targets);
    const monitor = new Monitor(engine.targets, engine.startMs, threads);
    await telling.show(life, monitor, {
      snapshot: nowMs => monitor.snapshot(nowMs, runState(config, engine.position(nowMs))),
      standing: seconds => standingOf(config, engine.targets, seconds),
    });
    const report = endedReport(config, engine.targets, options, {
      plannedBy: preparation,
      workers: threads.count,
      life,
      monitor,
      startMs: engine.startMs,
      exitReasons: life.exitReasons,
      stoppedBy: engine.stoppedBy,
      remaining: engine.remaining,
      exceptionsFile: (await exceptions?.close()) ?? null,
    });
    return await telling.finish(report, life);
  } finally {
    life.end();
    await engine.close();
  }
}

async function engineFor(
  run: Pick<RunEngineOptions, 'config' | 'prepared' | 'life' | 'telling' | 'known'>,
  { workers, mask, exceptions, hits }: RunOptions,
): Promise<Started> {
  if (workers === undefined || workers.count === 1) {
    return { engine: new RunEngine({ ...run, mask, exceptions, hits }), threads: thisThread };
  }
  const { count, secrets } = workers;
  let engine: WorkersEngine | undefined;
  try {
    const { WorkersEngine } = await import('./workers/workers-engine.ts');
    engine = new WorkersEngine({ ...run, workers: count, secrets, exceptions, hits });
    await engine.ready;
    return { engine, threads: engine.threads };
  } catch (error) {
    await (engine?.close() ?? closeConnections(run.prepared));
    throw error;
  }
}
