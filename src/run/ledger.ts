import type { Verdict } from '../matomo/outcome.ts';
import { addPassage, addStepsOfHit, type FunnelCounts } from '../traffic/funnel-counts.ts';
import { addVisit, emptyPlanTotals, type PlanTotals } from '../traffic/plan-totals.ts';
import type { Visit } from '../traffic/visit.ts';
import { addVisitor, emptyVisitorShares, type VisitorShares } from '../traffic/visitor-shares.ts';
import { causesFirst } from './error-order.ts';
import type { HitLog } from './hit-log.ts';
import type { CountedError, HitCounts, HitException, VisitCounts } from './report.ts';

/** Exceptions kept by name; the rest is counted. */
export const KEPT_EXCEPTIONS = 10_000;

/** Visits taken over that are kept by index; the rest is counted. */
export const KEPT_TAKEN = 100_000;

const EXAMPLE_LENGTH = 160;

export type VisitEnd = 'completed' | 'partial' | 'failed' | 'dropped' | 'skipped';

/**
 * The exact account of one target: what was planned, and what became of each hit and visit. It only counts;
 * `unaccounted` compares at the end what was planned with what was settled.
 */
export class Ledger {
  readonly plan: PlanTotals = emptyPlanTotals();
  readonly visitors: VisitorShares = emptyVisitorShares();
  readonly visits: VisitCounts = { planned: 0, completed: 0, partial: 0, failed: 0, dropped: 0, skipped: 0 };
  readonly hits: HitCounts = {
    planned: 0,
    accepted: 0,
    rejected: 0,
    failed: 0,
    unknown: 0,
    skipped: 0,
    unconfirmed: 0,
    unaccounted: 0,
  };
  /** Of visits through funnels: how far they were planned to come, and how far what was accepted came. */
  readonly funnels: { readonly planned: FunnelCounts; readonly sent: FunnelCounts } = {
    planned: new Map(),
    sent: new Map(),
  };
  readonly exceptions: HitException[] = [];
  exceptionsLeftOut = 0;
  /** Indices of the visits that came in the place of another target. */
  readonly taken: number[] = [];
  takenLeftOut = 0;
  readonly #errors = new Map<string, { code: string; count: number; example: string }>();
  readonly #mask: (text: string) => string;
  readonly #beyond: ((exception: HitException) => void) | undefined;
  readonly #log: HitLog | undefined;

  /**
   * @param mask takes secrets out of what a server said
   * @param beyond gets the exceptions that are not kept
   * @param log is told of hits that are never tried
   */
  constructor(mask: (text: string) => string, beyond?: (exception: HitException) => void, log?: HitLog) {
    this.#mask = mask;
    this.#beyond = beyond;
    this.#log = log;
  }

  /** Its time has come: from now on it is owed an end. */
  planned(visit: Visit): void {
    addVisit(this.plan, visit);
    addVisitor(this.visitors, visit);
    addPassage(this.funnels.planned, visit);
    this.visits.planned++;
    this.hits.planned += visit.hits.length;
  }

  /** A planned visit had been another target's. */
  took(index: number): void {
    if (this.taken.length >= KEPT_TAKEN) this.takenLeftOut++;
    else this.taken.push(index);
  }

  settle(index: number, hit: number, verdict: Verdict): void {
    this.hits[verdict.outcome]++;
    if (verdict.unconfirmed) this.hits.unconfirmed++;
    if (verdict.outcome === 'accepted' && !verdict.inDoubt) return;
    if (verdict.cause !== '') this.#count(verdict, 1);
    this.#except(index, hit, verdict);
  }

  /** A hit was surely accepted, and with it the steps of a funnel that it is. */
  reached(visit: Visit, hit: number): void {
    addStepsOfHit(this.funnels.sent, visit, hit);
  }

  /** The hits of a visit from `from` on are never tried. */
  skip(visit: Visit, from: number, verdict: Verdict): void {
    const count = visit.hits.length - from;
    if (count <= 0) return;
    this.hits.skipped += count;
    this.#count(verdict, count);
    for (let hit = from; hit < visit.hits.length; hit++) this.#except(visit.index, hit, verdict);
    this.#log?.skipped(visit, from, verdict);
  }

  visitEnded(end: VisitEnd): void {
    this.visits[end]++;
  }

  /** Causes before their consequences, most frequent first. */
  errors(): CountedError[] {
    return [...this.#errors.values()].map(error => ({ ...error })).sort(causesFirst);
  }

  /** Owed and not settled: anything but 0 is a bug of ours. */
  unaccountedHits(): number {
    const { planned, accepted, rejected, failed, unknown, skipped } = this.hits;
    return planned - accepted - rejected - failed - unknown - skipped;
  }

  endedVisits(): number {
    const { completed, partial, failed, dropped, skipped } = this.visits;
    return completed + partial + failed + dropped + skipped;
  }

  /** Whether every hit and every visit that was owed an end has one. */
  isWhole(): boolean {
    return this.unaccountedHits() === 0 && this.endedVisits() === this.visits.planned;
  }

  #count(verdict: Verdict, count: number): void {
    const known = this.#errors.get(verdict.cause);
    if (known === undefined) {
      this.#errors.set(verdict.cause, {
        code: verdict.cause,
        count,
        // Masked before it is cut: half of a secret would not be recognised.
        example: this.#mask(verdict.example).slice(0, EXAMPLE_LENGTH),
      });
    } else known.count += count;
  }

  #except(index: number, hit: number, { outcome, inDoubt }: Verdict): void {
    this.name(inDoubt ? { index, hit, outcome, inDoubt } : { index, hit, outcome });
  }

  /** Keeps a hit that was not accepted by its name, as long as there is room. */
  protected name(exception: HitException): void {
    if (this.exceptions.length < KEPT_EXCEPTIONS) this.exceptions.push(exception);
    else {
      this.exceptionsLeftOut++;
      this.#beyond?.(exception);
    }
  }
}
