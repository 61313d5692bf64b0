import pLimit from 'p-limit';
import { ExitCode, worstExitCode } from '../base/exit-codes.ts';
import { Failure } from '../base/failure.ts';
import type { TargetAnswers } from '../delivery/ask.ts';
import { verdict } from '../matomo/outcome.ts';
import { type RunIdentity, runIdentity, visitorId } from '../traffic/identity.ts';
import { Agenda } from './agenda.ts';
import type { ArrivalStream } from './arrival-stream.ts';
import { buildReport } from './build-report.ts';
import { type Clock, systemClock } from './clock.ts';
import { arrivalRate, isPerTarget, offeredVisitsPerSecond, plannedVisits } from './expectation.ts';
import { Monitor, type RunState } from './monitor.ts';
import type { Output } from './output.ts';
import { trafficOf, zonesOf } from './planning.ts';
import { type PreparedTarget, prepareTarget } from './prepared-target.ts';
import type { Report, StopReason, Verification } from './report.ts';
import { Routing } from './routing.ts';
import type { RunConfig } from './run-config.ts';
import type { RunInfo } from './snapshot.ts';
import { TargetRun } from './target-run.ts';

export interface RunOptions {
  readonly outputs?: readonly Output[];
  readonly clock?: Clock;
  /** Stops the run as `stop` does, with 30 s to drain. */
  readonly signal?: AbortSignal;
  /** Of the program, for the report. */
  readonly version: string;
  /** Takes secrets out of what a server said. */
  readonly mask: (text: string) => string;
  /** Asked at the end what was recorded; null: that cannot be told. */
  readonly verify?: (report: Report) => Promise<Verification | null> | Verification | null;
}

export interface RunHandle {
  /** Settles when all is accounted for and every output has finished; rejects only for a bug, or as an output does. */
  readonly done: Promise<Report>;
  /** No new visits; those in flight may go on for `drainMs`. Called again: nothing is sent any more. */
  stop(exitCode: typeof ExitCode.Interrupted | typeof ExitCode.Terminated, drainMs: number): void;
}

const interrupted = verdict('skipped', 'INTERRUPTED', 'the run was stopped');
const DEFAULT_DRAIN_MS = 30_000;
const TICK_MS = 200;
const SLICE_MS = 1000;
/** How long the start waits for what targets say; one that takes longer begins late, and only that one. */
const PREPARATION_MS = 2000;
const ASKED_AT_ONCE = 8;
/** How long it may take to learn whether the run's visitors are new, without making the start late. */
const IDENTIFICATION_MS = 300;
/** Tags drawn before the last one is taken as it is. */
const MOST_TAGS = 5;
/** A pause longer than this is shown as one. */
const PAUSE_SHOWN_MS = 60_000;

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
  readonly #outputs: readonly Output[];
  readonly #agenda = new Agenda();
  readonly #prepared: readonly PreparedTarget[];
  #targets: TargetRun[] = [];
  #routing: Routing | undefined;
  #streams: ArrivalStream[] = [];
  #monitor: Monitor | undefined;
  #startMs = Number.NaN;
  readonly #exitReasons = new Set<ExitCode>();
  #stopReason: StopReason | undefined;
  #remaining: number | null = 0;
  #drainEndsMs: number | undefined;
  #drainTimer: NodeJS.Timeout | undefined;
  #hasBegun = false;
  #isCut = false;
  /** Aborted when all is accounted for: nobody waits for answers any more. */
  readonly #ended = new AbortController();
  readonly #finished = settledLater();
  readonly #stopped = settledLater();

  constructor(config: RunConfig, options: RunOptions) {
    this.#config = config;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#outputs = options.outputs ?? [];
    this.#prepared = config.targets.map(target => prepareTarget(config, target));
  }

  async go(): Promise<Report> {
    const answers = await this.#askTargets();
    const startEpochMs = this.#chooseStart(answers);
    const identity = await this.#identify(startEpochMs, answers);
    await this.#waitUntil(startEpochMs);
    const zones = zonesOf(
      this.#config,
      answers.map(asked => asked.answers?.site?.timezone),
    );
    this.#targets = this.#prepared.map(
      (prepared, at) =>
        new TargetRun({
          config: prepared.config,
          plan: prepared.plan(identity, startEpochMs, zones[at] ?? []),
          transport: prepared.transport,
          agenda: this.#agenda,
          events: this.#events(prepared),
          overflow: this.#config.overflow,
          hitsNeedToken: prepared.hitsNeedToken,
          mask: this.#options.mask,
        }),
    );
    // Timers and the plan count from here; the wall clock has moved on since it was read, by less than a timer is late.
    this.#startMs = performance.now() + (startEpochMs - this.#clock.epochMs());
    const monitor = new Monitor(this.#targets, this.#startMs);
    this.#monitor = monitor;
    for (const output of this.#outputs) output.start?.(this.#info(identity.tag, startEpochMs));
    const slices = setInterval(() => this.#monitor?.cut(performance.now()), SLICE_MS);
    const ticks = setInterval(() => this.#tick(), TICK_MS);

    for (const target of this.#targets) target.begin(this.#startMs);
    for (const [at, asked] of answers.entries()) this.#heed(asked, this.#targets[at] as TargetRun);
    this.#begin(startEpochMs);
    this.#hasBegun = true;
    this.#checkFinished();
    await this.#finished.promise;
    this.#ended.abort();

    clearInterval(slices);
    clearInterval(ticks);
    clearTimeout(this.#drainTimer);
    this.#agenda.clear();
    const endMs = performance.now();
    monitor.cut(endMs);
    await Promise.all(this.#prepared.map(({ endpoint }) => endpoint.close()));
    const report = await this.#verified(this.#report(identity.tag, startEpochMs, endMs, monitor));
    for (const output of this.#outputs) await output.finish?.(report);
    this.#mustBalance(report);
    return report;
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

  /** Each target is asked on its own; those that take long are heeded when they answer. */
  async #askTargets(): Promise<AskedTarget[]> {
    const limit = pLimit(ASKED_AT_ONCE);
    const asked = this.#prepared.map(prepared => {
      const entry: AskedTarget = { answers: undefined, pending: Promise.resolve() };
      entry.pending = limit(async () => {
        entry.answers = await prepared.ask(this.#ended.signal);
      });
      return entry;
    });
    await Promise.race([
      Promise.all(asked.map(entry => entry.pending)),
      waited(PREPARATION_MS),
      this.#stopped.promise,
    ]);
    return asked;
  }

  /** As configured; else now, or as soon as it is known that the run's visitors are new. */
  #chooseStart(answers: readonly AskedTarget[]): number {
    const { startEpochMs } = this.#config;
    if (startEpochMs !== undefined) return startEpochMs;
    return this.#clock.epochMs() + (answers.some(tellsVisitors) ? IDENTIFICATION_MS : 0);
  }

  /**
   * The run's tag, drawn again where a server has a visitor of it already. All runs of a tag number their visitors
   * alike, so the first one tells. Shards are not asked about: they must have the same tag, and may have begun.
   */
  async #identify(startEpochMs: number, answers: readonly AskedTarget[]): Promise<RunIdentity> {
    const { runId, shard } = this.#config;
    const telling = this.#prepared.filter((_, at) => tellsVisitors(answers[at]));
    for (let draw = 0; ; draw++) {
      const identity = runIdentity(runId, startEpochMs, draw);
      if (shard !== undefined || draw === MOST_TAGS) return identity;
      const first = visitorId(identity.tag, 0);
      const limit = pLimit(ASKED_AT_ONCE);
      const known = await Promise.race([
        Promise.all(
          telling.map(prepared => limit(() => prepared.hasVisitor(first, startEpochMs, this.#ended.signal))),
        ),
        this.#stopped.promise,
        waited(PREPARATION_MS),
      ]);
      if (known === undefined || !known.includes(true)) return identity;
    }
  }

  async #waitUntil(startEpochMs: number): Promise<void> {
    for (;;) {
      const leftMs = startEpochMs - this.#clock.epochMs();
      if (leftMs <= 0 || this.#stopReason !== undefined) return;
      await Promise.race([waited(Math.min(leftMs, PAUSE_SHOWN_MS)), this.#stopped.promise]);
    }
  }

  /** Lets visits go to a target once it is known that its token is not refused. */
  #heed(asked: AskedTarget, target: TargetRun): void {
    const act = () => {
      if (this.#ended.signal.aborted) return;
      const { token, site } = asked.answers ?? {};
      if (token?.result === 'refused') {
        this.#refuse(target, token.detail);
        return;
      }
      if (token?.result === 'unclear') {
        this.#notice('warn', `${target.config.name}: could not ask about the token (${token.detail})`);
      }
      const { currency, probability } = trafficOf(this.#config, target.config).ecommerce;
      if (site !== undefined && site.currency !== currency && probability > 0) {
        this.#notice(
          'warn',
          `${target.config.name}: orders are meant in ${currency}, the site's currency is ${site.currency}: Matomo takes the numbers as ${site.currency}`,
        );
      }
      target.release();
    };
    if (asked.answers !== undefined) act();
    else void asked.pending.then(act);
  }

  #begin(startEpochMs: number): void {
    const routing = new Routing(this.#config, this.#targets);
    this.#routing = routing;
    this.#streams = routing.streams(startEpochMs, this.#agenda, () => this.#checkFinished());
    for (const stream of this.#streams) stream.begin(this.#startMs);
    if (this.#stopReason !== undefined) {
      this.#endStreams();
      return;
    }
    const { durationSeconds } = this.#config;
    const endMs = this.#startMs + (durationSeconds ?? Number.POSITIVE_INFINITY) * 1000;
    for (const target of this.#targets) {
      // Rate `max`: each target draws its own visits whenever it has a place.
      if (arrivalRate(this.#config, target.config) !== 'max') continue;
      target.drawFrom(routing.source(target, () => performance.now() >= endMs));
    }
  }

  #events(prepared: PreparedTarget) {
    return {
      idle: () => this.#checkFinished(),
      outageBegan: (target: TargetRun, nowMs: number) => this.#loseTarget(target, nowMs),
      outageEnded: (target: TargetRun) => this.#notice('info', `${target.config.name}: answers again`),
      tokenDoubted: (target: TargetRun) => {
        this.#notice('warn', `${target.config.name}: hits with the token are rejected; asking once more`);
        void prepared.ask(this.#ended.signal).then(({ token }) => {
          if (this.#ended.signal.aborted) return;
          if (token?.result === 'refused') this.#refuse(target, token.detail);
          else target.release();
        });
      },
    };
  }

  #loseTarget(target: TargetRun, nowMs: number): void {
    const { whenDown } = this.#config;
    this.#notice(
      'error',
      `${target.config.name}: lost, too many hits in a row or of the last were not answered`,
    );
    if (whenDown === 'abort' && this.#stopReason === undefined) {
      this.#notice('error', 'the run ends: a target is lost, and --when-down is abort');
      this.#stopReason = 'lost-targets';
      this.#drain(DEFAULT_DRAIN_MS);
    } else this.#routing?.moveWaiting(target, nowMs);
  }

  #refuse(target: TargetRun, detail: string): void {
    this.#notice('error', `${target.config.name}: stopped, because its token was refused: ${detail}`);
    this.#routing?.moveWaiting(target, performance.now());
    target.refuse();
    if (this.#stopReason === undefined && this.#targets.every(one => one.isRefused)) {
      this.#stopReason = 'lost-targets';
      this.#endStreams();
    }
    this.#checkFinished();
  }

  #endStreams(): void {
    const isBounded = this.#config.visits !== undefined || this.#config.durationSeconds !== undefined;
    for (const stream of this.#streams) {
      const left = stream.stop(isBounded);
      this.#remaining = left === null || this.#remaining === null ? null : this.#remaining + left;
    }
  }

  /** Visits whose time had not come, or that rate `max` had not drawn; null where the plan has no such number. */
  #remainingVisits(): number | null {
    return this.#targets.reduce<number | null>(
      (sum, target) => (sum === null || target.undrawnVisits === null ? null : sum + target.undrawnVisits),
      this.#remaining,
    );
  }

  #checkFinished(): void {
    if (!this.#hasBegun) return;
    if (this.#streams.every(stream => stream.isEnded) && this.#targets.every(target => target.isIdle))
      this.#finished.settle();
  }

  #tick(): void {
    const snapshot = this.#monitor?.snapshot(performance.now(), this.#state());
    if (snapshot !== undefined) for (const output of this.#outputs) output.tick?.(snapshot);
  }

  #notice(level: 'info' | 'warn' | 'error', message: string): void {
    const masked = this.#options.mask(message);
    for (const output of this.#outputs) output.notice?.(level, masked);
  }

  #info(tag: string, startEpochMs: number): RunInfo {
    const config = this.#config;
    return {
      runId: config.runId,
      tag,
      seed: config.seed,
      startEpochMs,
      clock: config.clock,
      distribution: config.distribution,
      preset: config.preset ?? null,
      targets: config.targets.map(({ name, url, siteId, weight }) => ({
        name,
        url: url.href,
        siteId,
        ...(config.distribution === 'split' && config.targets.length > 1 && { weight }),
      })),
      visitsPerSecond: offeredVisitsPerSecond(config),
      visits: plannedVisits(config),
      durationSeconds: config.durationSeconds ?? null,
    };
  }

  #state(): RunState {
    const nowMs = performance.now();
    const elapsedMs = Math.max(0, nowMs - this.#startMs);
    const planned = plannedVisits(this.#config);
    const ended = this.#targets.reduce(
      (sum, { ledger: { visits: v } }) => sum + v.completed + v.partial + v.failed + v.dropped + v.skipped,
      0,
    );
    const { durationSeconds } = this.#config;
    const byVisits = planned === null || planned === 0 ? 0 : ended / planned;
    const byTime = durationSeconds === undefined ? 0 : elapsedMs / (durationSeconds * 1000);
    const hasEnd = planned !== null || durationSeconds !== undefined;
    const fraction = hasEnd ? Math.min(1, planned === null ? byTime : byVisits) : null;
    const leftMs = fraction === null || fraction < 0.01 ? null : (elapsedMs * (1 - fraction)) / fraction;
    const arrivalsOver = this.#streams.length > 0 && this.#streams.every(stream => stream.isEnded);
    const pausedUntilMs = Math.min(
      ...this.#streams.map(stream => stream.nextDueMs ?? Number.POSITIVE_INFINITY),
    );
    const isPaused = this.#config.maxVisitsPerDay !== undefined && pausedUntilMs - nowMs > PAUSE_SHOWN_MS;
    return {
      phase:
        this.#drainEndsMs !== undefined
          ? 'draining'
          : arrivalsOver
            ? 'finishing'
            : isPaused && Number.isFinite(pausedUntilMs)
              ? 'paused'
              : nowMs < this.#startMs
                ? 'preparing'
                : 'running',
      drainLeftMs: this.#drainEndsMs === undefined ? null : Math.max(0, this.#drainEndsMs - nowMs),
      plannedVisits: planned,
      fraction,
      leftMs,
      offeredVisitsPerSecond: offeredVisitsPerSecond(this.#config),
    };
  }

  #report(tag: string, startEpochMs: number, endMs: number, monitor: Monitor): Report {
    const reasons = new Set(this.#exitReasons);
    if (this.#targets.some(target => target.wasLost)) reasons.add(ExitCode.TargetLost);
    const durationSeconds = Math.max(0, endMs - this.#startMs) / 1000;
    return buildReport(this.#config, this.#targets, {
      tag,
      version: this.#options.version,
      startEpochMs,
      endEpochMs: this.#clock.epochMs(),
      durationSeconds,
      stoppedBy: this.#stopReason ?? this.#plannedEnd(),
      remaining: this.#remainingVisits(),
      monitor,
      exitCode: worstExitCode(reasons),
    });
  }

  async #verified(report: Report): Promise<Report> {
    const verification = (await this.#options.verify?.(report)) ?? null;
    const exitCode =
      verification?.passed === false
        ? worstExitCode(new Set([report.exitCode, ExitCode.VerificationFailed]))
        : report.exitCode;
    return { ...report, verification, exitCode };
  }

  /** What ended a plan that was not stopped. */
  #plannedEnd(): StopReason {
    const { visits, durationSeconds, shard } = this.#config;
    if (visits === undefined) return durationSeconds === undefined ? 'plan-end' : 'duration';
    const planned = this.#targets.map(target => target.ledger.visits.planned);
    const began = isPerTarget(this.#config)
      ? Math.max(...planned)
      : planned.reduce((sum, one) => sum + one, 0);
    return durationSeconds !== undefined && shard === undefined && began < visits ? 'duration' : 'visits';
  }

  /** The account must be whole: what is missing in it is a bug of ours, and is told rather than hidden. */
  #mustBalance(report: Report): void {
    const visits = this.#targets.reduce((sum, target) => sum + target.ledger.unaccountedVisits(), 0);
    if (report.hits.unaccounted === 0 && visits === 0) return;
    throw new Failure(
      'LEDGER_UNBALANCED',
      `the account is not whole: ${report.hits.unaccounted} hits and ${visits} visits have no outcome. This is a bug in trafficinator`,
    );
  }
}

interface AskedTarget {
  answers: TargetAnswers | undefined;
  pending: Promise<void>;
}

/** Whether a target took a token and told of its site: then it can be asked about visitors. */
function tellsVisitors(asked: AskedTarget | undefined): boolean {
  return asked?.answers?.site !== undefined;
}

/** Keeps no process alive for it: what is waited for beside it does. */
function waited(ms: number): Promise<undefined> {
  return new Promise(resolve => setTimeout(() => resolve(undefined), ms).unref());
}

/** A promise and what settles it. */
function settledLater(): { readonly promise: Promise<void>; readonly settle: () => void } {
  let settle: () => void = () => {};
  const promise = new Promise<void>(resolve => {
    settle = resolve;
  });
  return { promise, settle };
}
