import { hrtime } from 'node:process';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { ExitCode } from '../../base/exit-codes.ts';
import { secretMask } from '../../base/mask-secrets.ts';
import type { TargetAnswers } from '../../delivery/target-answers.ts';
import { Life } from '../life.ts';
import { LoopDelay } from '../loop-delay.ts';
import type { AskedTarget } from '../preparation.ts';
import { type PreparedTarget, prepareTarget } from '../prepared-target.ts';
import { RunEngine } from '../run-engine.ts';
import { Telling } from '../telling.ts';
import { HitBatches } from './hit-batches.ts';
import type { Order, ThreadData, ThreadState, Word } from './messages.ts';
import { configOfThread, shareOf } from './portable-config.ts';
import { ExceptionsBeyond, TargetTeller } from './target-state.ts';

/** A state is some kilobytes, and is shown five times a second. */
const STATE_MS = 100;

type Begin = Extract<Order, { what: 'begin' }>;

/**
 * One of the threads of a run: it drives an engine of its own over its part of the plan, as a run on one thread does, and
 * tells what comes of it. What only one may do is left to the run: it asks targets, talks to people, and stops.
 */
class SendingThread {
  readonly #port: MessagePort;
  readonly #life: Life;
  readonly #engine: RunEngine;
  readonly #prepared: readonly PreparedTarget[];
  readonly #beyond = new ExceptionsBeyond();
  readonly #hits: HitBatches | undefined;
  readonly #loopDelay = new LoopDelay();
  /** Who waits for what a target says, by position. */
  readonly #atStart = new Map<number, (answers: TargetAnswers) => void>();
  readonly #again = new Map<number, (answers: TargetAnswers) => void>();
  #tellers: readonly TargetTeller[] = [];
  #startEpochMs = 0;
  #startMs = 0;

  constructor(port: MessagePort, data: ThreadData) {
    this.#port = port;
    const { number, count } = data;
    const config = configOfThread(data.config, number, count);
    const mask = secretMask(data.secrets);
    const telling = new Telling({
      outputs: [{ notice: (level, message) => this.#say({ what: 'notice', level, message }) }],
      mask,
    });
    // The run's own, so that all threads begin at the same moment.
    this.#life = new Life({ epochMs: () => this.#startEpochMs + performance.now() - this.#startMs });
    this.#hits = data.logsHits
      ? new HitBatches(records => this.#say({ what: 'hits', records }), data.logged)
      : undefined;
    this.#prepared = config.targets.map((target, at) => ({
      ...prepareTarget(config, target, {
        concurrency: shareOf(target.concurrency, number, count),
        connections: shareOf(target.connections, number, count),
      }),
      // Once for all threads.
      ask: () => this.#askAgain(at),
    }));
    this.#engine = new RunEngine({
      config,
      prepared: this.#prepared,
      life: this.#life,
      telling,
      mask,
      known: data.known,
      exceptions: this.#beyond,
      hits: this.#hits,
    });
    this.#life.drives(this.#engine);
  }

  listen(): void {
    this.#port.on('message', (order: Order) => this.#obey(order));
    this.#say({ what: 'ready' });
  }

  #obey(order: Order): void {
    switch (order.what) {
      case 'open':
        void this.#engine.open().then(() => this.#say({ what: 'opened' }));
        break;
      case 'begin':
        void this.#send(order);
        break;
      case 'answered':
        this.#atStart.get(order.at)?.(order.answers);
        break;
      case 'answered-again':
        this.#again.get(order.at)?.(order.answers);
        break;
      case 'doubt':
        this.#engine.targets[order.at]?.doubtToken();
        break;
      case 'stop':
        this.#life.stop(ExitCode.Interrupted, order.drainMs);
        break;
      case 'cut':
        this.#engine.cut();
        break;
    }
  }

  async #send({ startEpochMs, startTickMs, identity, dates, answers }: Begin): Promise<void> {
    this.#startEpochMs = startEpochMs;
    this.#startMs = performance.now() + (startTickMs - tickMs());
    const asked = this.#prepared.map((target, at) => this.#askedAtStart(target, at, answers[at]));
    this.#engine.begin({ asked, startEpochMs, identity, dates });
    this.#tellers = this.#engine.targets.map(
      target => new TargetTeller(target, this.#engine.startMs, this.#beyond.of(target.config.name)),
    );
    const states = setInterval(() => this.#tellState(), STATE_MS);
    await this.#life.untilFinished();
    clearInterval(states);
    this.#tellState();
    const { stoppedBy, remaining } = this.#engine;
    this.#life.end();
    this.#loopDelay.end();
    await this.#engine.close();
    this.#say({ what: 'ended', stoppedBy, remaining });
    this.#port.close();
  }

  #askedAtStart(target: PreparedTarget, at: number, answers: TargetAnswers | undefined): AskedTarget {
    const answered =
      answers === undefined
        ? new Promise<TargetAnswers>(tell => this.#atStart.set(at, tell))
        : Promise.resolve(answers);
    return { target, answers, answered };
  }

  #askAgain(at: number): Promise<TargetAnswers> {
    return new Promise(tell => {
      this.#again.set(at, tell);
      this.#say({ what: 'ask-again', at });
    });
  }

  #tellState(): void {
    this.#hits?.flush();
    const { nextArrivalMs, isPlanOver } = this.#engine.position(performance.now());
    const state: ThreadState = {
      targets: this.#tellers.map(teller => teller.state()),
      nextArrivalMs: nextArrivalMs === undefined ? undefined : nextArrivalMs - this.#engine.startMs,
      isPlanOver,
      isLost: this.#life.stopReason === 'lost-targets',
      eventLoopDelayMs: this.#loopDelay.p99Ms,
    };
    this.#say({ what: 'state', state });
  }

  #say(word: Word): void {
    this.#port.postMessage(word);
  }
}

/** All threads of a process share this clock. */
function tickMs(): number {
  return Number(hrtime.bigint()) / 1e6;
}

if (parentPort !== null) new SendingThread(parentPort, workerData as ThreadData).listen();
