import { addFunnelCounts } from '../../traffic/funnel-counts.ts';
import { addTotals, emptyPlanTotals } from '../../traffic/plan-totals.ts';
import { addVisitorShares } from '../../traffic/visitor-shares.ts';
import { mergedErrors } from '../error-order.ts';
import { KEPT_TAKEN, Ledger } from '../ledger.ts';
import { addedUp } from '../monitor.ts';
import type { CountedError, HitException } from '../report.ts';
import type { TargetNews, TargetState } from './target-state.ts';

/** The account of one target over all threads that send to it. The same object all the time: outputs read it when they like. */
export class MergedLedger extends Ledger {
  #errors: readonly CountedError[] = [];
  #takenBeyond = 0;

  /** @param beyond gets the exceptions that are not kept */
  constructor(beyond: ((exception: HitException) => void) | undefined) {
    super(text => text, beyond);
  }

  override errors(): CountedError[] {
    return this.#errors.map(error => ({ ...error }));
  }

  /** The sum of what threads told last. */
  sumUp(states: readonly TargetState[]): void {
    if (states.length === 0) return;
    Object.assign(this.plan, emptyPlanTotals());
    for (const shares of Object.values(this.visitors)) shares.clear();
    this.funnels.planned.clear();
    this.funnels.sent.clear();
    for (const { plan, visitors, funnels } of states) {
      addTotals(this.plan, plan);
      addVisitorShares(this.visitors, visitors);
      addFunnelCounts(this.funnels.planned, funnels.planned);
      addFunnelCounts(this.funnels.sent, funnels.sent);
    }
    Object.assign(this.visits, addedUp(states.map(({ visits }) => visits)));
    Object.assign(this.hits, addedUp(states.map(({ hits }) => hits)));
    this.#errors = mergedErrors(states.map(({ errors }) => errors));
    this.takenLeftOut = this.#takenBeyond + states.reduce((sum, { takenLeftOut }) => sum + takenLeftOut, 0);
  }

  /** What one thread told since it told last. */
  addNames({ exceptions, taken }: TargetNews): void {
    for (const exception of exceptions) this.name(exception);
    for (const index of taken) {
      if (this.taken.length < KEPT_TAKEN) this.taken.push(index);
      else this.#takenBeyond++;
    }
  }
}
