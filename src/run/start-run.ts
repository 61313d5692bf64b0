import type { TargetAnswers } from '../delivery/ask.ts';
import type { Clock } from './clock.ts';
import { endedReport, type ReportOptions } from './ended-report.ts';
import type { ExceptionSink } from './exception-sink.ts';
import type { HitSink } from './hit-log.ts';
import { Life, type RunHandle } from './life.ts';
import { Monitor } from './monitor.ts';
import { prepare } from './preparation.ts';
import { prepareTarget } from './prepared-target.ts';
import { runInfo, runState } from './progress.ts';
import type { Report } from './report.ts';
import type { RunConfig } from './run-config.ts';
import { RunEngine } from './run-engine.ts';
import { standingOf } from './standing.ts';
import { Telling, type TellingOptions } from './telling.ts';

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
}

/** Runs a plan. All state is in the returned handle: several runs may live in one process. */
export function startRun(config: RunConfig, options: RunOptions): RunHandle {
  const life = new Life(options.clock);
  return life.handle(() => live(config, options, life), options.signal);
}

async function live(config: RunConfig, options: RunOptions, life: Life): Promise<Report> {
  const { known = new Map(), exceptions, hits, mask } = options;
  const { clock, stopped, ended } = life;
  const telling = new Telling(options);
  const prepared = config.targets.map(target => prepareTarget(config, target));
  const engine = new RunEngine({ config, prepared, life, telling, mask, known, exceptions, hits });
  life.drives(engine);
  try {
    const preparation = await prepare({ config, targets: prepared, known, clock, stopped, ended });
    telling.start(runInfo(config, preparation.identity.tag, preparation.startEpochMs));
    engine.begin(preparation);
    telling.watch(engine.targets);
    const monitor = new Monitor(engine.targets, engine.startMs);
    await telling.show(life, monitor, {
      snapshot: nowMs => monitor.snapshot(nowMs, runState(config, engine.position(nowMs))),
      standing: seconds => standingOf(config, engine.targets, seconds),
    });
    const report = endedReport(config, engine.targets, options, {
      plannedBy: preparation,
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
