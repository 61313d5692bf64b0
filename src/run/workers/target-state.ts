import type { PlanTotals } from '../../traffic/plan-totals.ts';
import type { VisitorShares } from '../../traffic/visitor-shares.ts';
import type { ExceptionSink } from '../exception-sink.ts';
import type { Ledger } from '../ledger.ts';
import type { CountedError, HealthState, HitCounts, HitException, VisitCounts } from '../report.ts';
import type { TargetRun } from '../target-run.ts';

/** What a thread tells of a target: counts as they are now, times and names of hits since it told last. */
export interface TargetState {
  readonly inFlight: number;
  readonly waiting: number;
  readonly health: HealthState;
  readonly outages: number;
  readonly plan: PlanTotals;
  readonly visitors: VisitorShares;
  readonly visits: VisitCounts;
  readonly hits: HitCounts;
  readonly funnels: Ledger['funnels'];
  readonly errors: readonly CountedError[];
  readonly takenLeftOut: number;
  readonly begunVisits: number;
  /** From the start of the run; NaN before. */
  readonly firstBegunMs: number;
  readonly lastBegunMs: number;
  readonly news: TargetNews;
}

/** What came since the last state. */
export interface TargetNews {
  readonly exceptions: readonly HitException[];
  readonly taken: readonly number[];
  readonly due: number;
  readonly begun: number;
  readonly visits: number;
  readonly hits: number;
  readonly failed: number;
  /** Serialised. */
  readonly latency: string;
  readonly lateness: string;
}

/** Tells of one target of a thread, again and again. */
export class TargetTeller {
  readonly #target: TargetRun;
  readonly #startMs: number;
  readonly #beyond: HitException[];
  #toldExceptions = 0;
  #toldTaken = 0;

  /** @param beyond gets the exceptions that the ledger does not keep, and is emptied here */
  constructor(target: TargetRun, startMs: number, beyond: HitException[]) {
    this.#target = target;
    this.#startMs = startMs;
    this.#beyond = beyond;
  }

  state(): TargetState {
    const { ledger, times, inFlight, waiting, health, outages } = this.#target;
    const { latency, lateness, ...slice } = times.takeSlice();
    const exceptions = [...ledger.exceptions.slice(this.#toldExceptions), ...this.#beyond.splice(0)];
    const taken = ledger.taken.slice(this.#toldTaken);
    this.#toldExceptions = ledger.exceptions.length;
    this.#toldTaken = ledger.taken.length;
    return {
      inFlight,
      waiting,
      health,
      outages,
      plan: ledger.plan,
      visitors: ledger.visitors,
      visits: ledger.visits,
      hits: ledger.hits,
      funnels: ledger.funnels,
      errors: ledger.errors(),
      takenLeftOut: ledger.takenLeftOut,
      begunVisits: times.begunVisits,
      firstBegunMs: times.firstBegunMs - this.#startMs,
      lastBegunMs: times.lastBegunMs - this.#startMs,
      news: {
        exceptions,
        taken,
        ...slice,
        latency: latency.serialise(),
        lateness: lateness.serialise(),
      },
    };
  }
}

/** Exceptions that ledgers do not keep, by target, until they are told. */
export class ExceptionsBeyond implements ExceptionSink {
  readonly #byTarget = new Map<string, HitException[]>();

  of(target: string): HitException[] {
    const known = this.#byTarget.get(target);
    if (known !== undefined) return known;
    const none: HitException[] = [];
    this.#byTarget.set(target, none);
    return none;
  }

  add(target: string, exception: HitException): void {
    this.of(target).push(exception);
  }

  async close(): Promise<null> {
    return null;
  }
}
