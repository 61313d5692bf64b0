import { ExitCode } from '../base/exit-codes.ts';
import { Failure } from '../base/failure.ts';
import { Broadcast } from './broadcast.ts';
import type { Judge } from './judge.ts';
import { DEFAULT_DRAIN_MS, type Life } from './life.ts';
import type { Monitor } from './monitor.ts';
import type { Output } from './output.ts';
import type { Report, Verification } from './report.ts';
import type { RunningTarget } from './running-target.ts';
import type { RunInfo, Snapshot } from './snapshot.ts';
import type { RunStanding } from './standing.ts';
import { verifiedReport } from './verified-report.ts';

export interface TellingOptions {
  readonly outputs?: readonly Output[];
  /** Takes secrets out of what a server said. */
  readonly mask: (text: string) => string;
  /** Asked at the end what was recorded; null: that cannot be told. */
  readonly verify?: (report: Report) => Promise<Verification | null> | Verification | null;
  /** What the run is held to. */
  readonly judge?: Judge;
  /** How long visits in flight may go on where the judge ends the run; default 30 s. */
  readonly drainMs?: number;
}

/** A run that goes on, as it is shown and as it is judged. */
export interface Views {
  readonly snapshot: (nowMs: number) => Snapshot;
  readonly standing: (elapsedSeconds: number) => RunStanding;
}

const TICK_MS = 200;
const SLICE_MS = 1000;

/** What a run tells its outputs, from its start to its report. */
export class Telling {
  readonly #options: TellingOptions;
  readonly #outputs: Broadcast;
  #toldOfMachine = false;

  constructor(options: TellingOptions) {
    this.#options = options;
    this.#outputs = new Broadcast(options.outputs ?? []);
  }

  start(info: RunInfo): void {
    this.#outputs.start(info);
  }

  /** Once, when they are there. */
  watch(targets: readonly RunningTarget[]): void {
    this.#outputs.watch(targets);
  }

  notice(level: 'info' | 'warn' | 'error', message: string): void {
    this.#outputs.notice(level, this.#options.mask(message));
  }

  /** Cuts the run into slices and shows it until it is over. Rejects where it failed. */
  async show(life: Life, monitor: Monitor, views: Views): Promise<void> {
    const slices = setInterval(() => this.#cut(monitor), SLICE_MS);
    const ticks = setInterval(() => {
      const snapshot = views.snapshot(performance.now());
      this.tick(snapshot);
      this.#endIfBroken(life, views, snapshot.elapsedMs / 1000);
    }, TICK_MS);
    try {
      await life.untilFinished();
    } finally {
      clearInterval(slices);
      clearInterval(ticks);
      monitor.end(performance.now());
    }
  }

  tick(snapshot: Snapshot): void {
    this.#outputs.tick(snapshot);
  }

  #cut(monitor: Monitor): void {
    monitor.cut(performance.now());
    if (this.#toldOfMachine || !monitor.isMachineTheLimit) return;
    this.#toldOfMachine = true;
    this.notice('warn', 'this machine does not keep up: its process is busy, and hits go out late');
  }

  /** A threshold with `abort` that does not hold ends the run, as Ctrl-C does. */
  #endIfBroken(life: Life, { standing }: Views, elapsedSeconds: number): void {
    const { judge, drainMs = DEFAULT_DRAIN_MS } = this.#options;
    if (judge?.watch === undefined || life.stopReason !== undefined) return;
    const broken = judge.watch(standing(elapsedSeconds), elapsedSeconds);
    for (const sentence of broken) this.notice('error', sentence);
    if (broken.length > 0) life.breakThreshold(drainMs);
  }

  /**
   * Verifies and judges where that is asked for, and hands out the report. A signal that comes meanwhile is a reason to end with, too.
   *
   * @throws Failure LEDGER_UNBALANCED, or what broke a part of it
   */
  async finish(unverified: Report, life: Life): Promise<Report> {
    const verification = (await this.#options.verify?.(unverified)) ?? null;
    const { judge } = this.#options;
    const report = verifiedReport(unverified, verification, {
      reasons: life.exitReasons,
      ...(judge && { judge: judge.judge }),
    });
    await this.#outputs.finish(report);
    if (report.exitCode === ExitCode.InternalError) throw life.breakage?.error ?? unbalanced(report);
    return report;
  }
}

function unbalanced({ hits, visits }: Report): Failure {
  return new Failure(
    'LEDGER_UNBALANCED',
    `the account is not whole: ${hits.unaccounted} of ${hits.planned} hits, or some of ${visits.planned} visits, have no outcome. This is a bug in trafficinator`,
  );
}
