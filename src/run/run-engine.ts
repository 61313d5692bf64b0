import type { TargetAnswers } from '../delivery/target-answers.ts';
import { verdict } from '../matomo/outcome.ts';
import { siteParameters } from '../matomo/parameters.ts';
import { Agenda } from './agenda.ts';
import type { ArrivalStream } from './arrival-stream.ts';
import type { ExceptionSink } from './exception-sink.ts';
import { arrivalRate, firstConnections, hasEnd } from './expectation.ts';
import { HeededAnswers } from './heeded-answers.ts';
import { HitLog, type HitSink } from './hit-log.ts';
import { DEFAULT_DRAIN_MS, type Life } from './life.ts';
import { plannedEnd } from './planned-end.ts';
import { type TargetDates, trafficOf } from './planning.ts';
import type { Preparation } from './preparation.ts';
import { closeConnections, endTransports, type PreparedTarget } from './prepared-target.ts';
import type { RunPosition } from './progress.ts';
import type { HitException, StopReason } from './report.ts';
import { returnNotices } from './return-notice.ts';
import { Routing } from './routing.ts';
import type { RunConfig } from './run-config.ts';
import type { SendingEngine } from './sending-engine.ts';
import { type TargetEvents, TargetRun } from './target-run.ts';
import type { Telling } from './telling.ts';

export interface RunEngineOptions {
  readonly config: RunConfig;
  readonly prepared: readonly PreparedTarget[];
  readonly life: Life;
  readonly telling: Telling;
  readonly mask: (text: string) => string;
  /** By target: what is known of it by validation, so that it is not asked again. */
  readonly known: ReadonlyMap<string, TargetAnswers>;
  readonly exceptions: ExceptionSink | undefined;
  readonly hits: HitSink | undefined;
}

const interrupted = verdict('skipped', 'INTERRUPTED', 'the run was stopped');

/** Sends a plan as its schedule says: arrivals put visits before targets, and targets send them. */
export class RunEngine implements SendingEngine {
  targets: readonly TargetRun[] = [];
  startMs = Number.NaN;
  readonly #options: RunEngineOptions;
  readonly #agenda = new Agenda();
  readonly #answers: HeededAnswers;
  #routing: Routing | undefined;
  #streams: readonly ArrivalStream[] = [];
  #hasBegun = false;
  /** Visits whose time had not come at a stop. */
  #notArrived: number | null = 0;

  constructor(options: RunEngineOptions) {
    this.#options = options;
    this.#answers = new HeededAnswers({
      ...options,
      refuse: (target, detail) => this.#refuse(target, detail),
    });
  }

  async open(): Promise<void> {
    const { config, prepared } = this.#options;
    await Promise.all(prepared.map(one => one.endpoint.open(firstConnections(config, one.config))));
  }

  begin({ asked, startEpochMs, identity, dates }: Preparation): void {
    const { config, life, telling } = this.#options;
    this.startMs = performance.now() + (startEpochMs - life.clock.epochMs());
    this.targets = asked.map(({ target }, at) => {
      const plan = target.plan(identity, startEpochMs, dates[at] as TargetDates);
      return this.#targetRun(target, plan);
    });
    for (const [at, target] of this.targets.entries()) {
      target.begin(this.startMs);
      const entry = asked[at];
      if (entry === undefined) continue;
      this.#answers.await(entry, target);
      this.#answers.noteDates(entry, target, dates[at] as TargetDates);
    }
    for (const message of returnNotices(config)) telling.notice('info', message);
    const routing = new Routing(config, this.targets);
    this.#routing = routing;
    this.#streams = routing.streams(startEpochMs, dates, this.#agenda, () => this.#checkFinished());
    for (const stream of this.#streams) stream.begin(this.startMs);
    if (life.stopReason === undefined) this.#drawUnscheduled(routing);
    else this.#endStreams();
    this.#hasBegun = true;
    this.#checkFinished();
  }

  stopBeginning(): void {
    this.#endStreams();
    for (const target of this.targets) target.stopBeginning(interrupted);
    this.#checkFinished();
  }

  cut(): void {
    for (const target of this.targets) target.stop(interrupted);
    endTransports(this.#options.prepared, interrupted.cause);
    // Closing the connections ends the requests that were written or still waited for a connection.
    void closeConnections(this.#options.prepared);
    const nowMs = performance.now();
    for (const appointment of this.#agenda.clear()) appointment.onDue(nowMs);
    this.#checkFinished();
  }

  async close(): Promise<void> {
    this.#agenda.clear();
    await closeConnections(this.#options.prepared);
  }

  position(nowMs: number): RunPosition {
    return {
      nowMs,
      startMs: this.startMs,
      endedVisits: this.targets.reduce((sum, target) => sum + target.ledger.endedVisits(), 0),
      nextArrivalMs: this.#streams.map(stream => stream.nextDueMs).find(dueMs => dueMs !== undefined),
      isPlanOver: this.#streams.length > 0 && this.#streams.every(stream => stream.isEnded),
      drainEndsMs: this.#options.life.drainEndsMs,
    };
  }

  get remaining(): number | null {
    return this.targets.reduce((sum, target) => added(sum, target.undrawnVisits), this.#notArrived);
  }

  get stoppedBy(): StopReason {
    const { config, life } = this.#options;
    return life.stopReason ?? plannedEnd(config, this.targets, this.#streams);
  }

  #targetRun(prepared: PreparedTarget, plan: ReturnType<PreparedTarget['plan']>): TargetRun {
    const { config, mask } = this.#options;
    return new TargetRun({
      config: prepared.config,
      plan,
      transport: prepared.transport,
      agenda: this.#agenda,
      events: this.#eventsOf(prepared),
      overflow: config.overflow,
      hitsNeedToken: prepared.hitsNeedToken,
      visitorsComeAgain: config.targets.some(one => (trafficOf(config, one).returning?.share ?? 0) > 0),
      mask,
      beyond: this.#beyond(prepared.config.name),
      log: this.#hitLog(prepared),
    });
  }

  #beyond(target: string): ((exception: HitException) => void) | undefined {
    const { exceptions } = this.#options;
    return exceptions && (exception => exceptions.add(target, exception));
  }

  #hitLog({ config, hitsNeedToken }: PreparedTarget): HitLog | undefined {
    const { hits } = this.#options;
    return hits && new HitLog(hits, config.name, siteParameters(config.siteId, hitsNeedToken), this.startMs);
  }

  #eventsOf(prepared: PreparedTarget): TargetEvents {
    const { telling } = this.#options;
    return {
      idle: () => this.#checkFinished(),
      outageBegan: (target, nowMs) => this.#lose(target, nowMs),
      outageEnded: target => telling.notice('info', `${target.config.name}: answers again`),
      tokenDoubted: target => this.#answers.askAgain(prepared, target),
    };
  }

  /** Rate `max`: each target draws its own visits whenever it has a place. */
  #drawUnscheduled(routing: Routing): void {
    const { config } = this.#options;
    const endMs = this.startMs + (config.durationSeconds ?? Number.POSITIVE_INFINITY) * 1000;
    for (const target of this.targets) {
      if (arrivalRate(config, target.config) !== 'max') continue;
      target.drawFrom(routing.source(target, () => performance.now() >= endMs));
    }
  }

  #refuse(target: TargetRun, detail: string): void {
    const { life, telling } = this.#options;
    telling.notice('error', `${target.config.name}: stopped, because its token was refused: ${detail}`);
    target.refuse(waiting => this.#routing?.moveWaiting(waiting, performance.now()));
    this.#abortIfWanted();
    if (life.stopReason === undefined && this.targets.every(one => one.isRefused)) {
      life.loseTargets();
      this.#endStreams();
    }
    this.#checkFinished();
  }

  #lose(target: TargetRun, nowMs: number): void {
    const what = 'lost: 20 hits in a row, or half of the last 100 requests, failed';
    this.#options.telling.notice('error', `${target.config.name}: ${what}`);
    this.#routing?.moveWaiting(target, nowMs);
    this.#abortIfWanted();
  }

  /** `--when-down abort`: the loss of one target ends the run. */
  #abortIfWanted(): void {
    const { config, life, telling } = this.#options;
    if (config.whenDown !== 'abort' || life.stopReason !== undefined) return;
    telling.notice('error', 'the run ends: a target is lost, and --when-down is abort');
    life.loseTargets();
    life.drain(DEFAULT_DRAIN_MS);
  }

  #endStreams(): void {
    const isBounded = hasEnd(this.#options.config);
    for (const stream of this.#streams) this.#notArrived = added(this.#notArrived, stream.stop(isBounded));
  }

  #checkFinished(): void {
    if (!this.#hasBegun) return;
    const isOver = this.#streams.every(stream => stream.isEnded) && this.targets.every(one => one.isIdle);
    if (isOver) this.#options.life.finish();
  }
}

/** null: no such number. */
function added(sum: number | null, more: number | null): number | null {
  return sum === null || more === null ? null : sum + more;
}
