import { ExitCode, worstExitCode } from '../base/exit-codes.ts';
import { Failure } from '../base/failure.ts';
import type { TargetAnswers } from '../delivery/ask.ts';
import { verdict } from '../matomo/outcome.ts';
import { shardSize } from '../traffic/shard.ts';
import { Agenda } from './agenda.ts';
import type { ArrivalStream } from './arrival-stream.ts';
import { Broadcast } from './broadcast.ts';
import { buildReport } from './build-report.ts';
import { type Clock, systemClock } from './clock.ts';
import { deferred } from './deferred.ts';
import type { ExceptionSink } from './exception-sink.ts';
import { arrivalRate, endByTime, hasEnd, isPerTarget } from './expectation.ts';
import type { Judge } from './judge.ts';
import { Monitor } from './monitor.ts';
import type { Output } from './output.ts';
import { type TargetDates, trafficOf } from './planning.ts';
import { type AskedTarget, type Preparation, prepare } from './preparation.ts';
import { type PreparedTarget, prepareTarget } from './prepared-target.ts';
import { runInfo, runState } from './progress.ts';
import type { HitException, Report, SiteTotals, StopReason, Verification } from './report.ts';
import { returnNotices } from './return-notice.ts';
import { Routing } from './routing.ts';
import type { RunConfig } from './run-config.ts';
import { standingOf } from './standing.ts';
import { type TargetEvents, TargetRun } from './target-run.ts';
import { verifiedReport } from './verified-report.ts';

export interface RunOptions {
  readonly outputs?: readonly Output[];
  readonly clock?: Clock;
  /** Stops the run as `stop` does, with 30 s to drain. */
  readonly signal?: AbortSignal;
  /** Of the program, for the report. */
  readonly version: string;
  /** Takes secrets out of what a server said. */
  readonly mask: (text: string) => string;
  /** By target: what is known of it by validation, so that it is not asked again. */
  readonly known?: ReadonlyMap<string, TargetAnswers>;
  /** By target: what its site had recorded before the run; for the report. */
  readonly totalsBefore?: ReadonlyMap<string, SiteTotals>;
  /** Gets the exceptions that the report has no room for; without it they are counted. */
  readonly exceptions?: ExceptionSink;
  /** Asked at the end what was recorded; null: that cannot be told. */
  readonly verify?: (report: Report) => Promise<Verification | null> | Verification | null;
  /** What the run is held to. */
  readonly judge?: Judge;
  /** How long a run that ends early by itself may finish the visits in flight; default 30 s. */
  readonly drainMs?: number;
}

export interface RunHandle {
  /**
   * Settles when all is accounted for and every output has finished. Rejects before anything is sent where visits cannot
   * be dated, else only for a bug, or as an output does.
   */
  readonly done: Promise<Report>;
  /** No new visits; those in flight may go on for `drainMs`. Called again: nothing is sent any more. */
  stop(exitCode: typeof ExitCode.Interrupted | typeof ExitCode.Terminated, drainMs: number): void;
}

const interrupted = verdict('skipped', 'INTERRUPTED', 'the run was stopped');
const DEFAULT_DRAIN_MS = 30_000;
const TICK_MS = 200;
const SLICE_MS = 1000;

/** Runs a plan. All state is in the returned handle: several runs may live in one process. */
export function startRun(config: RunConfig, options: RunOptions): RunHandle {
  const run = new Run(config, options);
  const { signal } = options;
  const interrupt = () => run.stop(ExitCode.Interrupted, DEFAULT_DRAIN_MS);
  if (signal?.aborted) interrupt();
  else signal?.addEventListener('abort', interrupt, { once: true });
  const done = run.go().finally(() => signal?.removeEventListener('abort', interrupt));
  return { done, stop: (exitCode, drainMs) => run.stop(exitCode, drainMs) };
}

class Run {
  readonly #config: RunConfig;
  readonly #options: RunOptions;
  readonly #clock: Clock;
  readonly #outputs: Broadcast;
  readonly #agenda = new Agenda();
  readonly #prepared: readonly PreparedTarget[];
  #targets: readonly TargetRun[] = [];
  #routing: Routing | undefined;
  #streams: readonly ArrivalStream[] = [];
  #startMs = Number.NaN;
  #hasBegun = false;
  readonly #exitReasons = new Set<ExitCode>();
  #stopReason: StopReason | undefined;
  /** Visits whose time had not come at a stop. */
  #notArrived: number | null = 0;
  #drainEndsMs: number | undefined;
  #drainTimer: NodeJS.Timeout | undefined;
  #isCut = false;
  #toldOfMachine = false;
  readonly #stopped = deferred();
  readonly #finished = deferred();
  /** Aborted when all is accounted for: nobody waits for answers any more. */
  readonly #ended = new AbortController();

  constructor(config: RunConfig, options: RunOptions) {
    this.#config = config;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#outputs = new Broadcast(options.outputs ?? []);
    this.#prepared = config.targets.map(target => prepareTarget(config, target));
  }

  async go(): Promise<Report> {
    try {
      const preparation = await prepare({
        config: this.#config,
        targets: this.#prepared,
        known: this.#options.known ?? new Map(),
        clock: this.#clock,
        stopped: this.#stopped.promise,
        ended: this.#ended.signal,
      });
      const monitor = this.#begin(preparation);
      await this.#untilFinished(monitor);
      const exceptionsFile = (await this.#options.exceptions?.close()) ?? null;
      const report = await this.#verified(this.#report(preparation, monitor, exceptionsFile));
      await this.#outputs.finish(report);
      if (report.exitCode === ExitCode.InternalError) throw unbalanced(report);
      return report;
    } finally {
      await this.#close();
    }
  }

  stop(exitCode: ExitCode, drainMs: number): void {
    if (this.#ended.signal.aborted) return;
    if (this.#stopReason === 'signal') {
      this.#cut();
      return;
    }
    this.#exitReasons.add(exitCode);
    this.#stopReason = 'signal';
    this.#stopped.settle();
    this.#drain(drainMs);
  }

  /** From here on times count. */
  #begin({ asked, startEpochMs, identity, dates }: Preparation): Monitor {
    const targets = asked.map(
      ({ target }, at) =>
        new TargetRun({
          config: target.config,
          plan: target.plan(identity, startEpochMs, dates[at] as TargetDates),
          transport: target.transport,
          agenda: this.#agenda,
          events: this.#eventsOf(target),
          overflow: this.#config.overflow,
          hitsNeedToken: target.hitsNeedToken,
          mask: this.#options.mask,
          beyond: this.#beyond(target.config.name),
        }),
    );
    this.#targets = targets;
    this.#startMs = performance.now() + (startEpochMs - this.#clock.epochMs());
    this.#outputs.start(runInfo(this.#config, identity.tag, startEpochMs));
    for (const [at, target] of targets.entries()) {
      target.begin(this.#startMs);
      const entry = asked[at];
      if (entry !== undefined) this.#heedWhenAnswered(entry, target);
      this.#noteClock(target, dates[at] as TargetDates);
    }
    for (const message of returnNotices(this.#config)) this.#notice('info', message);
    const routing = new Routing(this.#config, targets);
    this.#routing = routing;
    this.#streams = routing.streams(startEpochMs, dates, this.#agenda, () => this.#checkFinished());
    for (const stream of this.#streams) stream.begin(this.#startMs);
    if (this.#stopReason === undefined) this.#drawUnscheduled(routing);
    else this.#endStreams();
    this.#hasBegun = true;
    this.#checkFinished();
    return new Monitor(targets, this.#startMs);
  }

  #beyond(target: string): ((exception: HitException) => void) | undefined {
    const { exceptions } = this.#options;
    return exceptions && (exception => exceptions.add(target, exception));
  }

  /** Rate `max`: each target draws its own visits whenever it has a place. */
  #drawUnscheduled(routing: Routing): void {
    const { durationSeconds } = this.#config;
    const endMs = this.#startMs + (durationSeconds ?? Number.POSITIVE_INFINITY) * 1000;
    for (const target of this.#targets) {
      if (arrivalRate(this.#config, target.config) !== 'max') continue;
      target.drawFrom(routing.source(target, () => performance.now() >= endMs));
    }
  }

  async #untilFinished(monitor: Monitor): Promise<void> {
    const slices = setInterval(() => this.#cutSlice(monitor), SLICE_MS);
    const ticks = setInterval(() => this.#tick(monitor), TICK_MS);
    try {
      await this.#finished.promise;
    } finally {
      clearInterval(slices);
      clearInterval(ticks);
      monitor.end(performance.now());
    }
  }

  #tick(monitor: Monitor): void {
    const nowMs = performance.now();
    const state = runState(this.#config, {
      nowMs,
      startMs: this.#startMs,
      endedVisits: this.#targets.reduce((sum, target) => sum + target.ledger.endedVisits(), 0),
      nextArrivalMs: this.#streams.map(stream => stream.nextDueMs).find(dueMs => dueMs !== undefined),
      isPlanOver: this.#streams.length > 0 && this.#streams.every(stream => stream.isEnded),
      drainEndsMs: this.#drainEndsMs,
    });
    this.#outputs.tick(monitor.snapshot(nowMs, state));
    this.#endIfBroken((nowMs - this.#startMs) / 1000);
  }

  #cutSlice(monitor: Monitor): void {
    monitor.cut(performance.now());
    if (this.#toldOfMachine || !monitor.isMachineTheLimit) return;
    this.#toldOfMachine = true;
    this.#notice('warn', 'this machine does not keep up: its process is busy, and hits go out late');
  }

  /** A threshold with `abort` that does not hold ends the run, as Ctrl-C does. */
  #endIfBroken(elapsedSeconds: number): void {
    const watch = this.#options.judge?.watch;
    if (watch === undefined || this.#stopReason !== undefined) return;
    const broken = watch(standingOf(this.#config, this.#targets, elapsedSeconds), elapsedSeconds);
    for (const sentence of broken) this.#notice('error', sentence);
    if (broken.length === 0) return;
    this.#stopReason = 'threshold';
    this.#drain(this.#options.drainMs ?? DEFAULT_DRAIN_MS);
  }

  /** No new visits; those in flight may go on for a while. */
  #drain(drainMs: number): void {
    this.#endStreams();
    for (const target of this.#targets) target.stopBeginning(interrupted);
    clearTimeout(this.#drainTimer);
    this.#drainEndsMs = performance.now() + drainMs;
    this.#drainTimer = setTimeout(() => this.#cut(), drainMs);
    this.#checkFinished();
  }

  /** Nothing more is sent; what is on its way becomes unknown or skipped. */
  #cut(): void {
    if (this.#isCut) return;
    this.#isCut = true;
    for (const target of this.#targets) target.stop(interrupted);
    for (const { transport } of this.#prepared) transport.end(interrupted.cause);
    // Closing the connections ends the requests that were written or still waited for a connection.
    for (const { endpoint } of this.#prepared) void endpoint.close();
    const nowMs = performance.now();
    for (const appointment of this.#agenda.clear()) appointment.onDue(nowMs);
    this.#checkFinished();
  }

  async #close(): Promise<void> {
    this.#ended.abort();
    clearTimeout(this.#drainTimer);
    this.#agenda.clear();
    await Promise.all(this.#prepared.map(({ endpoint }) => endpoint.close()));
  }

  #eventsOf(prepared: PreparedTarget): TargetEvents {
    return {
      idle: () => this.#checkFinished(),
      outageBegan: (target, nowMs) => this.#loseTarget(target, nowMs),
      outageEnded: target => this.#notice('info', `${target.config.name}: answers again`),
      tokenDoubted: target => {
        this.#notice('warn', `${target.config.name}: hits with the token are rejected; asking once more`);
        void prepared.ask(this.#clock, this.#ended.signal).then(answers => {
          // A server that has locked the sender out does not say no: only a yes lets hits go on.
          if (answers.token?.result === 'good') this.#heedToken(answers, target);
          else if (!this.#ended.signal.aborted) this.#refuse(target, answers.token?.detail ?? 'no answer');
        });
      },
    };
  }

  #heedWhenAnswered(asked: AskedTarget, target: TargetRun): void {
    const heed = (answers: TargetAnswers) => {
      if (this.#ended.signal.aborted) return;
      // What was known before was told by whoever asked.
      if (!this.#options.known?.has(target.config.name)) this.#noteCurrency(answers, target);
      this.#heedToken(answers, target);
    };
    if (asked.answers !== undefined) heed(asked.answers);
    else void asked.answered.then(heed);
  }

  /** Lets visits go to a target once it is known that its token is not refused. */
  #heedToken({ token }: TargetAnswers, target: TargetRun): void {
    if (this.#ended.signal.aborted) return;
    if (token?.result === 'refused') {
      this.#refuse(target, token.detail);
      return;
    }
    if (token?.result === 'unclear') {
      this.#notice('warn', `${target.config.name}: could not ask about the token (${token.detail})`);
    }
    target.release();
  }

  /** Where targets were validated, that has told it. */
  #noteClock({ config: { name } }: TargetRun, { serverLagSeconds }: TargetDates): void {
    if (serverLagSeconds === 0 || this.#options.known?.has(name)) return;
    this.#notice(
      'info',
      `${name}: visits are dated ${serverLagSeconds} s earlier, because a server's clock is behind`,
    );
  }

  #noteCurrency({ site }: TargetAnswers, target: TargetRun): void {
    const { currency, probability } = trafficOf(this.#config, target.config).ecommerce;
    if (site === undefined || site.currency === currency || probability === 0) return;
    this.#notice(
      'warn',
      `${target.config.name}: orders are meant in ${currency}, but the site's currency is ${site.currency}, and Matomo takes the numbers for that`,
    );
  }

  #refuse(target: TargetRun, detail: string): void {
    this.#notice('error', `${target.config.name}: stopped, because its token was refused: ${detail}`);
    target.refuse(waiting => this.#routing?.moveWaiting(waiting, performance.now()));
    this.#abortIfWanted();
    if (this.#stopReason === undefined && this.#targets.every(one => one.isRefused)) {
      this.#stopReason = 'lost-targets';
      this.#endStreams();
    }
    this.#checkFinished();
  }

  #loseTarget(target: TargetRun, nowMs: number): void {
    this.#notice('error', `${target.config.name}: lost: 20 hits in a row, or half of the last 100, failed`);
    this.#routing?.moveWaiting(target, nowMs);
    this.#abortIfWanted();
  }

  /** `--when-down abort`: the loss of one target ends the run. */
  #abortIfWanted(): void {
    if (this.#config.whenDown !== 'abort' || this.#stopReason !== undefined) return;
    this.#notice('error', 'the run ends: a target is lost, and --when-down is abort');
    this.#stopReason = 'lost-targets';
    this.#drain(this.#options.drainMs ?? DEFAULT_DRAIN_MS);
  }

  #notice(level: 'info' | 'warn' | 'error', message: string): void {
    this.#outputs.notice(level, this.#options.mask(message));
  }

  #endStreams(): void {
    const isBounded = hasEnd(this.#config);
    for (const stream of this.#streams) this.#notArrived = added(this.#notArrived, stream.stop(isBounded));
  }

  #checkFinished(): void {
    if (!this.#hasBegun) return;
    const isOver =
      this.#streams.every(stream => stream.isEnded) && this.#targets.every(target => target.isIdle);
    if (isOver) this.#finished.settle();
  }

  #report(
    { startEpochMs, identity, dates }: Preparation,
    monitor: Monitor,
    exceptionsFile: string | null,
  ): Report {
    const reasons = new Set(this.#exitReasons);
    if (this.#targets.some(target => target.wasLost)) reasons.add(ExitCode.TargetLost);
    // What is missing in the account is a bug of ours, and is told rather than hidden.
    if (this.#targets.some(target => !target.ledger.isWhole())) reasons.add(ExitCode.InternalError);
    return buildReport(this.#config, this.#targets, {
      tag: identity.tag,
      version: this.#options.version,
      startEpochMs,
      dates,
      totalsBefore: this.#options.totalsBefore,
      exceptionsFile,
      endEpochMs: this.#clock.epochMs(),
      durationSeconds: Math.max(0, performance.now() - this.#startMs) / 1000,
      stoppedBy: this.#stopReason ?? this.#plannedEnd(),
      remaining: this.#targets.reduce((sum, target) => added(sum, target.undrawnVisits), this.#notArrived),
      monitor,
      exitCode: worstExitCode(reasons),
    });
  }

  /** A signal that comes meanwhile is a reason to end with, too. */
  async #verified(report: Report): Promise<Report> {
    const verification = (await this.#options.verify?.(report)) ?? null;
    const { judge } = this.#options;
    return verifiedReport(report, verification, {
      reasons: this.#exitReasons,
      ...(judge && { judge: judge.judge }),
    });
  }

  /** What ended a plan that was not stopped. */
  #plannedEnd(): StopReason {
    const { visits, shard } = this.#config;
    // Without a schedule a target that stays down is given up with what it had left.
    if (this.#targets.some(target => target.undrawnVisits !== 0)) return 'lost-targets';
    const byTime = endByTime(this.#config);
    if (visits === undefined) return byTime ?? 'plan-end';
    if (byTime === undefined) return 'visits';
    if (this.#streams.length > 0) {
      return this.#streams.every(stream => stream.drawnVisits < visits) ? byTime : 'visits';
    }
    const planned = this.#targets.map(target => target.ledger.visits.planned);
    const began = isPerTarget(this.#config)
      ? Math.max(...planned)
      : planned.reduce((sum, one) => sum + one, 0);
    return began < shardSize(shard, visits) ? byTime : 'visits';
  }
}

/** null: no such number. */
function added(sum: number | null, more: number | null): number | null {
  return sum === null || more === null ? null : sum + more;
}

function unbalanced({ hits, visits }: Report): Failure {
  return new Failure(
    'LEDGER_UNBALANCED',
    `the account is not whole: ${hits.unaccounted} of ${hits.planned} hits, or some of ${visits.planned} visits, have no outcome. This is a bug in trafficinator`,
  );
}
