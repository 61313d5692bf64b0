import { ExitCode } from '../base/exit-codes.ts';
import { type Clock, systemClock } from './clock.ts';
import { deferred } from './deferred.ts';
import type { Report, StopReason } from './report.ts';

export interface RunHandle {
  /**
   * Settles when all is accounted for and every output has finished. Rejects before anything is sent where visits cannot
   * be dated, else only for a bug, or as an output does.
   */
  readonly done: Promise<Report>;
  /** No new visits; those in flight may go on for `drainMs`. Called again: nothing is sent any more. */
  stop(exitCode: typeof ExitCode.Interrupted | typeof ExitCode.Terminated, drainMs: number): void;
}

/** What sends: it knows visits and targets, and nothing of signals, outputs and reports. */
export interface Engine {
  /** No new visits; those that have begun go on. */
  stopBeginning(): void;
  /** Nothing more is sent, either; what is on its way becomes unknown. */
  cut(): void;
}

export const DEFAULT_DRAIN_MS = 30_000;

/** How a run comes to its end: by itself, by a stop that lets visits end, or at once. */
export class Life {
  readonly clock: Clock;
  /** Of whoever stopped it. */
  readonly exitReasons = new Set<ExitCode>();
  #engine: Engine | undefined;
  #stopReason: StopReason | undefined;
  #drainEndsMs: number | undefined;
  #drainTimer: NodeJS.Timeout | undefined;
  #isCut = false;
  #breakage: { readonly error: unknown } | undefined;
  #failure: { readonly error: unknown } | undefined;
  readonly #stopped = deferred();
  readonly #finished = deferred();
  readonly #ended = new AbortController();

  constructor(clock: Clock = systemClock) {
    this.clock = clock;
  }

  /** What made it stop, if anything did. */
  get stopReason(): StopReason | undefined {
    return this.#stopReason;
  }

  /** On the clock of `performance.now()`; undefined before a stop. */
  get drainEndsMs(): number | undefined {
    return this.#drainEndsMs;
  }

  /** Settles at a stop by a signal: what has not begun waits for nothing any more. */
  get stopped(): Promise<void> {
    return this.#stopped.promise;
  }

  /** Aborted when all is accounted for: nobody waits for answers any more. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** Whose end it decides. */
  drives(engine: Engine): void {
    this.#engine = engine;
  }

  /** @param signal stops as `stop` does */
  handle(live: () => Promise<Report>, signal?: AbortSignal): RunHandle {
    const interrupt = () => this.stop(ExitCode.Interrupted, DEFAULT_DRAIN_MS);
    if (signal?.aborted) interrupt();
    else signal?.addEventListener('abort', interrupt, { once: true });
    const done = live().finally(() => {
      signal?.removeEventListener('abort', interrupt);
      // Also where it came to nothing: a stop before that has set a timer.
      this.end();
    });
    return { done, stop: (exitCode, drainMs) => this.stop(exitCode, drainMs) };
  }

  stop(exitCode: ExitCode, drainMs: number): void {
    if (this.#ended.signal.aborted) return;
    if (this.#stopReason === 'signal') {
      this.#cut();
      return;
    }
    this.exitReasons.add(exitCode);
    this.#stopReason = 'signal';
    this.#stopped.settle();
    this.drain(drainMs);
  }

  /** Its targets were lost: that is why it ends, unless it was stopped before. */
  loseTargets(): void {
    this.#stopReason ??= 'lost-targets';
  }

  /** A part of it broke, which is a bug: what goes on without it may come to its end. */
  breakBy(error: unknown): void {
    this.#breakage ??= { error };
    this.exitReasons.add(ExitCode.InternalError);
    this.drain(DEFAULT_DRAIN_MS);
  }

  /** Why its account may not be whole, where that is known. */
  get breakage(): { readonly error: unknown } | undefined {
    return this.#breakage;
  }

  /** A threshold that was to end it is broken. */
  breakThreshold(drainMs: number): void {
    this.#stopReason = 'threshold';
    this.drain(drainMs);
  }

  /** No new visits; those that have begun may go on for a while. */
  drain(drainMs: number): void {
    clearTimeout(this.#drainTimer);
    this.#drainEndsMs = performance.now() + drainMs;
    this.#drainTimer = setTimeout(() => this.#cut(), drainMs);
    this.#engine?.stopBeginning();
  }

  /** Nothing is left to send or to wait for. */
  finish(): void {
    this.#finished.settle();
  }

  /** It cannot go on: `untilFinished` rejects. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#finished.settle();
  }

  async untilFinished(): Promise<void> {
    await this.#finished.promise;
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Nothing more comes of it. */
  end(): void {
    this.#ended.abort();
    clearTimeout(this.#drainTimer);
  }

  #cut(): void {
    if (this.#isCut) return;
    this.#isCut = true;
    this.#engine?.cut();
  }
}
