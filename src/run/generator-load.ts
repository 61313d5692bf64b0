import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { cpuUsage } from 'node:process';
import { BUSY_CPU, type GeneratorFigures } from './generator-warnings.ts';

/** How often Node looks whether its event loop is on time. Native code does it: no JavaScript runs for it. */
const RESOLUTION_MS = 10;
/** A share over less than this says more about the moment than about the load. */
const SHORTEST_SLICE_MS = 500;
/** So many slices in a row that are late and busy are no accident. */
const SUSTAINED_SLICES = 3;

/** What sending costs this machine: whether it was the limit of a run can be told from it. */
export class GeneratorLoad {
  readonly #start: Reading;
  #last: Reading;
  #share = 0;
  #shareMax: number | null = null;
  #lateSlices = 0;
  #lateBusySlices = 0;
  #busyInARow = 0;
  readonly #loopDelay: IntervalHistogram;

  constructor(startMs: number) {
    this.#start = { ms: startMs, usedUs: usedCpuUs() };
    this.#last = this.#start;
    this.#loopDelay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    this.#loopDelay.enable();
  }

  /** Share of one core that the process used in the last slice, 0–1 and above with several threads. */
  get cpuShare(): number {
    return this.#share;
  }

  /** So far; null where nothing is known yet. What Node records is the time between two looks, not how late one was. */
  get eventLoopDelayP99Ms(): number | null {
    if (this.#loopDelay.count === 0) return null;
    return round(Math.max(0, this.#loopDelay.percentile(99) / 1e6 - RESOLUTION_MS));
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
    if (isLate && this.#share > BUSY_CPU) {
      this.#lateBusySlices++;
      this.#busyInARow++;
    } else this.#busyInARow = 0;
  }

  /** Nothing is measured any more. */
  end(): void {
    this.#loopDelay.disable();
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
