import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

/** How often Node looks whether its event loop is on time. Native code does it: no JavaScript runs for it. */
const RESOLUTION_MS = 10;

/** By how much a thread is late for itself, since this was made. */
export class LoopDelay {
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor() {
    this.#delay.enable();
  }

  /** null where nothing is known yet. What Node records is the time between two looks, not how late one was. */
  get p99Ms(): number | null {
    if (this.#delay.count === 0) return null;
    const ms = Math.max(0, this.#delay.percentile(99) / 1e6 - RESOLUTION_MS);
    return Math.round(ms * 1000) / 1000;
  }

  /** Nothing is measured any more. */
  end(): void {
    this.#delay.disable();
  }
}
