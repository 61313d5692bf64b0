import { hrtime } from 'node:process';
import { Worker } from 'node:worker_threads';
import type { TargetAnswers } from '../../delivery/target-answers.ts';
import { type Deferred, deferred } from '../deferred.ts';
import type { ExceptionSink } from '../exception-sink.ts';
import { endByTime } from '../expectation.ts';
import type { SendingThreads } from '../generator-load.ts';
import type { HitSink } from '../hit-log.ts';
import { DEFAULT_DRAIN_MS, type Life } from '../life.ts';
import type { Preparation } from '../preparation.ts';
import { closeConnections, type PreparedTarget } from '../prepared-target.ts';
import type { RunPosition } from '../progress.ts';
import type { HitException, StopReason } from '../report.ts';
import type { RunConfig } from '../run-config.ts';
import type { SendingEngine } from '../sending-engine.ts';
import type { Telling } from '../telling.ts';
import { noteLogged } from './hit-batches.ts';
import { MergedTarget } from './merged-target.ts';
import type { Order, ThreadData, ThreadState, Word } from './messages.ts';
import { portableConfig } from './portable-config.ts';
import { SaidOnce } from './said-once.ts';

export interface WorkersEngineOptions {
  readonly config: RunConfig;
  readonly workers: number;
  readonly prepared: readonly PreparedTarget[];
  readonly life: Life;
  readonly telling: Telling;
  readonly secrets: readonly string[];
  readonly known: ReadonlyMap<string, TargetAnswers>;
  readonly exceptions: ExceptionSink | undefined;
  readonly hits: HitSink | undefined;
}

/** What is known of a thread. */
interface Thread {
  readonly worker: Worker;
  readonly logged: SharedArrayBuffer;
  readonly opened: Deferred;
  state: ThreadState | undefined;
  /** How it came to its end; 'broken' where it did not. */
  end: { readonly stoppedBy: StopReason; readonly remaining: number | null } | 'broken' | undefined;
}

/**
 * Sends a plan from several threads, each of which has the part that `threadOf` gives it and drives an engine of its own.
 * They share nothing; this adds up what they tell, and does for all of them what may be done once only.
 */
export class WorkersEngine implements SendingEngine {
  targets: readonly MergedTarget[] = [];
  startMs = Number.NaN;
  /** Settles when all threads can begin at once; rejects where one cannot. */
  readonly ready: Promise<void>;
  readonly threads: SendingThreads;
  readonly #options: WorkersEngineOptions;
  readonly #threads: readonly Thread[];
  readonly #said = new SaidOnce();
  /** By position: what came of the one more question about a token. */
  readonly #askedAgain = new Map<number, Promise<TargetAnswers>>();
  #hasBegun = false;
  #notReady: number;
  #failedEarly: (error: unknown) => void = () => {};

  constructor(options: WorkersEngineOptions) {
    this.#options = options;
    const { workers } = options;
    this.#notReady = workers;
    let isReady: () => void = () => {};
    this.ready = new Promise((done, fail) => {
      isReady = done;
      this.#failedEarly = fail;
    });
    this.#threads = Array.from({ length: workers }, (_, number) => this.#started(number, isReady));
    this.threads = { count: workers, loopDelayP99Ms: () => this.#loopDelayP99Ms() };
  }

  async open(): Promise<void> {
    this.#order({ what: 'open' });
    await Promise.all(this.#threads.map(({ opened }) => opened.promise));
  }

  begin({ asked, startEpochMs, identity, dates }: Preparation): void {
    const { config, life, exceptions, workers } = this.#options;
    this.startMs = performance.now() + (startEpochMs - life.clock.epochMs());
    this.targets = config.targets.map(target => {
      const beyond = exceptions && ((one: HitException) => exceptions.add(target.name, one));
      return new MergedTarget(target, workers, this.startMs, beyond);
    });
    this.#hasBegun = true;
    if (life.stopReason !== undefined) this.stopBeginning();
    this.#order({
      what: 'begin',
      startEpochMs,
      startTickMs: Number(hrtime.bigint()) / 1e6 + (this.startMs - performance.now()),
      identity,
      dates,
      answers: asked.map(({ answers }) => answers),
    });
    for (const [at, { answers, answered }] of asked.entries()) {
      if (answers !== undefined) continue;
      void answered.then(told => this.#order({ what: 'answered', at, answers: told }));
    }
    this.#checkFinished();
  }

  stopBeginning(): void {
    if (!this.#hasBegun) return;
    const { drainEndsMs = performance.now() } = this.#options.life;
    this.#order({ what: 'stop', drainMs: Math.max(0, drainEndsMs - performance.now()) });
  }

  cut(): void {
    this.#order({ what: 'cut' });
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
    await closeConnections(this.#options.prepared);
  }

  position(nowMs: number): RunPosition {
    const states = this.#states;
    const due = states.map(({ nextArrivalMs }) => nextArrivalMs).filter(ms => ms !== undefined);
    return {
      nowMs,
      startMs: this.startMs,
      endedVisits: this.targets.reduce((sum, { ledger }) => sum + ledger.endedVisits(), 0),
      nextArrivalMs: due.length === 0 ? undefined : this.startMs + Math.min(...due),
      isPlanOver: states.length === this.#threads.length && states.every(({ isPlanOver }) => isPlanOver),
      drainEndsMs: this.#options.life.drainEndsMs,
    };
  }

  get remaining(): number | null {
    let sum = 0;
    for (const { end } of this.#threads) {
      if (end === undefined || end === 'broken' || end.remaining === null) return null;
      sum += end.remaining;
    }
    return sum;
  }

  get stoppedBy(): StopReason {
    const { config, life } = this.#options;
    if (life.stopReason !== undefined) return life.stopReason;
    const reasons = this.#threads.flatMap(({ end }) => (typeof end === 'object' ? [end.stoppedBy] : []));
    if (reasons.includes('lost-targets')) return 'lost-targets';
    // Where some had come to the end of their visits, time kept the others from theirs.
    return reasons.find(reason => reason === endByTime(config)) ?? reasons[0] ?? 'plan-end';
  }

  #started(number: number, isReady: () => void): Thread {
    const { config, workers, secrets, known, hits } = this.#options;
    const logged = new SharedArrayBuffer(4);
    const workerData: ThreadData = {
      config: portableConfig(config),
      number,
      count: workers,
      secrets,
      known,
      logsHits: hits !== undefined,
      logged,
    };
    // Threads run what was built.
    const worker = new Worker(new URL('./sending-thread.js', import.meta.url), { workerData });
    const thread: Thread = { worker, logged, opened: deferred(), state: undefined, end: undefined };
    worker.on('message', (word: Word) => {
      if (word.what !== 'ready') this.#hear(word, thread, number);
      else if (--this.#notReady === 0) isReady();
    });
    worker.on('error', error => this.#broke(thread, error));
    worker.on('exit', () => this.#broke(thread, new Error(`thread ${number + 1} ended before its visits`)));
    return thread;
  }

  #hear(word: Exclude<Word, { what: 'ready' }>, thread: Thread, number: number): void {
    switch (word.what) {
      case 'opened':
        thread.opened.settle();
        break;
      case 'state':
        thread.state = word.state;
        for (const [at, target] of this.targets.entries()) {
          const told = word.state.targets[at];
          if (told !== undefined) target.heard(number, told);
        }
        if (word.state.isLost) this.#lose();
        break;
      case 'notice':
        if (this.#said.isNew(number, word.message)) this.#options.telling.notice(word.level, word.message);
        break;
      case 'ask-again':
        this.#askAgain(word.at, thread);
        break;
      case 'hits':
        for (const record of word.records) this.#options.hits?.add(record);
        noteLogged(thread.logged, word.records.length);
        break;
      case 'ended':
        thread.end = word;
        this.#checkFinished();
        break;
    }
  }

  /** Targets are lost to one thread: where that is to end the run, it ends for all. */
  #lose(): void {
    const { config, life } = this.#options;
    if (life.stopReason !== undefined) return;
    if (config.whenDown === 'abort') {
      life.loseTargets();
      life.drain(DEFAULT_DRAIN_MS);
    } else if (this.#states.every(({ isLost }) => isLost)) life.loseTargets();
  }

  /** Once a target and run, whoever doubts its token: the other threads hold still meanwhile. */
  #askAgain(at: number, { worker }: Thread): void {
    const { prepared, life } = this.#options;
    const target = prepared[at];
    if (target === undefined) return;
    let answered = this.#askedAgain.get(at);
    if (answered === undefined) {
      answered = target.ask(life.clock, life.ended);
      this.#askedAgain.set(at, answered);
      this.#order({ what: 'doubt', at });
    }
    const tell = (order: Order) => worker.postMessage(order);
    void answered.then(answers => tell({ what: 'answered-again', at, answers }));
  }

  /** A bug in a thread: the others finish what they have begun, and the report says what is known. */
  #broke(thread: Thread, error: Error): void {
    if (thread.end !== undefined) return;
    thread.end = 'broken';
    thread.opened.settle();
    if (!this.#hasBegun) this.#failedEarly(error);
    else this.#options.life.breakBy(error);
    this.#checkFinished();
  }

  #checkFinished(): void {
    if (this.#hasBegun && this.#threads.every(({ end }) => end !== undefined)) this.#options.life.finish();
  }

  #order(order: Order): void {
    for (const { worker } of this.#threads) worker.postMessage(order);
  }

  get #states(): ThreadState[] {
    return this.#threads.map(({ state }) => state).filter(state => state !== undefined);
  }

  #loopDelayP99Ms(): number | null {
    const all = this.#states.map(({ eventLoopDelayMs }) => eventLoopDelayMs).filter(ms => ms !== null);
    return all.length === 0 ? null : Math.max(...all);
  }
}
