import { cpuUsage } from 'node:process';
import { BUSY_CPU, type GeneratorFigures } from './generator-warnings.ts';
import { LoopDelay } from './loop-delay.ts';

/** A share over less than this says more about the moment than about the load. */
const SHORTEST_SLICE_MS = 500;
/** So many slices in a row that are late and busy are no accident. */
const SUSTAINED_SLICES = 3;

/** What a run sends with. */
export interface SendingThreads {
  readonly count: number;
  /** Of those besides this one; null: there are none, or nothing is known yet. */
  loopDelayP99Ms(): number | null;
}

export const thisThread: SendingThreads = { count: 1, loopDelayP99Ms: () => null };

/** What sending costs this machine: whether it was the limit of a run can be told from it. */
export class GeneratorLoad {
  readonly #start: Reading;
  #last: Reading;
  #share = 0;
  #shareMax: number | null = null;
  #lateSlices = 0;
  #lateBusySlices = 0;
  #busyInARow = 0;
  readonly #loopDelay = new LoopDelay();
  readonly #threads: SendingThreads;

  constructor(startMs: number, threads: SendingThreads = thisThread) {
    this.#start = { ms: startMs, usedUs: usedCpuUs() };
    this.#last = this.#start;
    this.#threads = threads;
  }

  /** Share of one core that the process used in the last slice, 0–1 and above with several threads. */
  get cpuShare(): number {
    return this.#share;
  }

  /** So far, of the thread that has most; null where nothing is known yet. */
  get eventLoopDelayP99Ms(): number | null {
    const all = [this.#loopDelay.p99Ms, this.#threads.loopDelayP99Ms()].filter(ms => ms !== null);
    return all.length === 0 ? null : Math.max(...all);
  }

  /** Whether hits go out late for some seconds now, and this process is busy all the time. */
  get isLimit(): boolean {
    return this.#busyInARow >= SUSTAINED_SLICES;
  }

  /** Ends a slice. @param isLate whether hits went out late in it */
  cut(nowMs: number, isLate: boolean): void {
    const now = { ms: nowMs, usedUs: usedCpuUs() };
    this.#share = shareBetween(this.#last, now) ?? this.#share;
    if (nowMs - this.#last.ms >= SHORTEST_SLICE_MS) {
      this.#shareMax = Math.max(this.#shareMax ?? 0, this.#share);
    }
    this.#last = now;
    if (isLate) this.#lateSlices++;
    if (isLate && this.#share > BUSY_CPU * this.#threads.count) {
      this.#lateBusySlices++;
      this.#busyInARow++;
    } else this.#busyInARow = 0;
  }

  /** Nothing is measured any more. */
  end(): void {
    this.#loopDelay.end();
  }

  /** Until the last cut; null where the run was too short to tell. */
  figures(): GeneratorFigures {
    const mean = shareBetween(this.#start, this.#last);
    return {
      cpuShareMean: mean === null ? null : round(mean),
      cpuShareMax: this.#shareMax === null ? null : round(this.#shareMax),
      eventLoopDelayP99Ms: this.eventLoopDelayP99Ms,
      lateSlices: this.#lateSlices,
      lateBusySlices: this.#lateBusySlices,
    };
  }
}

interface Reading {
  readonly ms: number;
  /** CPU time of the process, of all its threads. */
  readonly usedUs: number;
}

function shareBetween(from: Reading, to: Reading): number | null {
  return to.ms > from.ms ? (to.usedUs - from.usedUs) / 1000 / (to.ms - from.ms) : null;
}

function usedCpuUs(): number {
  const { user, system } = cpuUsage();
  return user + system;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
