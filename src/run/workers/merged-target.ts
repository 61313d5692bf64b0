import type { TargetConfig } from '../../delivery/target-config.ts';
import { Histogram } from '../histogram.ts';
import type { HealthState, HitException } from '../report.ts';
import type { RunningTarget } from '../running-target.ts';
import { TargetTimes } from '../target-times.ts';
import { MergedLedger } from './merged-ledger.ts';
import type { TargetState } from './target-state.ts';

/** One target that several threads send to, as far as they have told. */
export class MergedTarget implements RunningTarget {
  readonly config: TargetConfig;
  readonly ledger: MergedLedger;
  readonly times = new TargetTimes();
  /** By thread: what it told last. */
  readonly #states: (TargetState | undefined)[];
  readonly #startMs: number;

  /**
   * @param startMs of the run, on this thread's clock of `performance.now()`
   * @param beyond gets the exceptions that are not kept
   */
  constructor(
    config: TargetConfig,
    threads: number,
    startMs: number,
    beyond: ((exception: HitException) => void) | undefined,
  ) {
    this.config = config;
    this.ledger = new MergedLedger(beyond);
    this.#states = Array.from({ length: threads }, () => undefined);
    this.#startMs = startMs;
  }

  get inFlight(): number {
    return this.#told.reduce((sum, { inFlight }) => sum + inFlight, 0);
  }

  get waiting(): number {
    return this.#told.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  get plannedByThread(): readonly number[] {
    return this.#states.map(state => state?.visits.planned ?? 0);
  }

  /** Down where it is for all threads: each finds out for itself. */
  get health(): HealthState {
    const all = this.#told.map(({ health }) => health);
    if (all.includes('refused')) return 'refused';
    if (all.length > 0 && all.every(health => health === 'down')) return 'down';
    return all.every(health => health === 'up') ? 'up' : 'degraded';
  }

  /** What one thread meets others do, too: it is one outage. */
  get outages(): number {
    return Math.max(0, ...this.#told.map(({ outages }) => outages));
  }

  get wasLost(): boolean {
    const { accepted, rejected, failed, unknown } = this.ledger.hits;
    const tookNothing = accepted === 0 && rejected + failed + unknown > 0;
    return this.health === 'refused' || this.outages > 0 || tookNothing;
  }

  /** @param thread from 0 */
  heard(thread: number, state: TargetState): void {
    this.#states[thread] = state;
    const told = this.#told;
    this.ledger.sumUp(told);
    this.ledger.addNames(state.news);
    this.#addTimes(state);
    const begun = told.filter(({ begunVisits }) => begunVisits > 0);
    this.times.begunVisits = told.reduce((sum, { begunVisits }) => sum + begunVisits, 0);
    if (begun.length === 0) return;
    this.times.firstBegunMs = this.#startMs + Math.min(...begun.map(({ firstBegunMs }) => firstBegunMs));
    this.times.lastBegunMs = this.#startMs + Math.max(...begun.map(({ lastBegunMs }) => lastBegunMs));
  }

  get #told(): TargetState[] {
    return this.#states.filter(state => state !== undefined);
  }

  #addTimes({ news }: TargetState): void {
    const { times } = this;
    times.sliceDue += news.due;
    times.sliceBegun += news.begun;
    times.sliceVisits += news.visits;
    times.sliceHits += news.hits;
    times.sliceFailed += news.failed;
    for (const [kind, slice] of [
      ['latency', 'sliceLatency'],
      ['lateness', 'sliceLateness'],
    ] as const) {
      const more = Histogram.parse(news[kind]);
      times[kind].add(more);
      times[slice].add(more);
    }
  }
}
