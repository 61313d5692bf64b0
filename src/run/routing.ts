import type { Recurrence } from '../traffic/recurrences.ts';
import { shardTakes } from '../traffic/shard.ts';
import type { Agenda } from './agenda.ts';
import { type ArrivalGroup, arrivalGroups } from './arrival-groups.ts';
import { ArrivalStream, type Route } from './arrival-stream.ts';
import { arrivalsOf } from './planned-arrivals.ts';
import { type TargetDates, trafficOf } from './planning.ts';
import type { RunConfig } from './run-config.ts';
import type { Arrival, TargetRun, VisitSource } from './target-run.ts';

/** Beyond this, how many visits would still have come is not counted: it takes time at a stop. */
const MOST_COUNTED = 1_000_000;

/**
 * Which targets get which visits. What the plan says depends on the index alone; who is down only matters for
 * `failover` and where visits are rerouted, and then only for visits of which nothing was sent.
 */
export class Routing {
  readonly #config: RunConfig;
  readonly #targets: readonly TargetRun[];
  readonly #weights: readonly number[];
  /** Visits each target got in the place of another. */
  readonly #taken: number[];
  /** By the first index of visitors who went to another target and may come again: the target they are at. */
  readonly #homes = new Map<number, number>();
  /** Under the real clock nothing tells how often a visitor comes. */
  readonly #anyComesAgain: boolean;

  constructor(config: RunConfig, targets: readonly TargetRun[]) {
    this.#config = config;
    this.#targets = targets;
    this.#weights = targets.map(target => target.config.weight);
    this.#taken = targets.map(() => 0);
    this.#anyComesAgain =
      config.clock === 'real' &&
      targets.some(target => (trafficOf(config, target.config).returning?.share ?? 0) > 0);
  }

  /** The arrivals of a run; none under rate `max`. @param ended called when one has no more visits */
  streams(
    startEpochMs: number,
    dates: readonly TargetDates[],
    agenda: Agenda,
    ended: () => void,
  ): ArrivalStream[] {
    return arrivalGroups(this.#config).flatMap(group => {
      const arrivals = arrivalsOf(this.#config, group, startEpochMs, dates);
      if (arrivals === undefined) return [];
      return [new ArrivalStream(arrivals, this.#routeOf(group), this.#config.shard, agenda, ended)];
    });
  }

  /** Rate `max`: what a target draws from whenever it has a place. @param isOver whether the time is up */
  source(target: TargetRun, isOver: () => boolean): VisitSource {
    const { visits, shard } = this.#config;
    const most = visits ?? Number.POSITIVE_INFINITY;
    const position = this.#targets.indexOf(target);
    const group = arrivalGroups(this.#config).find(({ targets }) => targets.includes(position));
    let index = -1;
    const seek = (): Recurrence | undefined => {
      while (group !== undefined && ++index < most) {
        const recurrence = group.recurrence(index, null);
        if (shardTakes(shard, recurrence.firstIndex) && group.route(index).includes(position))
          return recurrence;
      }
      return undefined;
    };
    return {
      next() {
        if (isOver()) return undefined;
        const recurrence = seek();
        return recurrence && { index, recurrence };
      },
      left() {
        if (!Number.isFinite(most)) return null;
        let left = 0;
        while (seek() !== undefined) if (++left > MOST_COUNTED) return null;
        return left;
      },
    };
  }

  /** The visits that wait at a target that is down go to others, where that is asked for. */
  moveWaiting(from: TargetRun, nowMs: number): void {
    if (this.#config.whenDown !== 'reroute' && this.#config.distribution !== 'failover') return;
    // Shares are kept within an outage: who took more in an earlier one owes nothing now.
    this.#taken.fill(0);
    for (const arrival of from.takeWaiting()) this.#admitElsewhere(from, arrival, nowMs);
  }

  #routeOf(group: ArrivalGroup): Route {
    const { whenDown, distribution } = this.#config;
    const movesVisits = distribution === 'failover' || (distribution === 'split' && whenDown === 'reroute');
    return {
      recurrence: group.recurrence,
      admit: (visit, nowMs) => {
        for (const position of group.route(visit.index)) {
          const target = this.#targets[position] as TargetRun;
          target.times.visitDue();
          const { index, startMs, recurrence } = visit;
          const arrival = { index, startMs, recurrence, isTaken: false };
          if (movesVisits && this.#isElsewhere(target, arrival, nowMs))
            this.#admitElsewhere(target, arrival, nowMs);
          else target.admit(arrival, nowMs);
        }
      },
      recipients: index => group.route(index).length,
    };
  }

  /** Only the first visit of a visitor looks for another target; those that follow are where that was. */
  #isElsewhere(target: TargetRun, { recurrence }: Arrival, nowMs: number): boolean {
    return recurrence.visitNumber === 1 ? !target.canBegin(nowMs) : this.#homes.has(recurrence.firstIndex);
  }

  #admitElsewhere(from: TargetRun, arrival: Arrival, nowMs: number): void {
    const target =
      arrival.recurrence.visitNumber === 1
        ? this.#movedTo(this.#insteadOf(from, nowMs), arrival)
        : this.#homeOf(from, arrival);
    target.admit(target === from ? arrival : { ...arrival, isTaken: true }, nowMs);
  }

  /** A visitor is at home where the first visit goes. */
  #movedTo(target: TargetRun, { recurrence: { firstIndex, visitsToCome } }: Arrival): TargetRun {
    if (visitsToCome > 0 || this.#anyComesAgain) this.#homes.set(firstIndex, this.#targets.indexOf(target));
    return target;
  }

  #homeOf(from: TargetRun, { recurrence: { firstIndex, visitsToCome } }: Arrival): TargetRun {
    const home = this.#homes.get(firstIndex);
    if (visitsToCome === 0 && !this.#anyComesAgain) this.#homes.delete(firstIndex);
    return home === undefined ? from : (this.#targets[home] as TargetRun);
  }

  /** A healthy target for a visit of one that is down: the first under `failover`, else by weight; itself if there is none. */
  #insteadOf(down: TargetRun, nowMs: number): TargetRun {
    let best: number | undefined;
    for (const [at, target] of this.#targets.entries()) {
      if (target === down || !target.canBegin(nowMs)) continue;
      if (this.#config.distribution === 'failover') return target;
      if (best === undefined || this.#claim(at) > this.#claim(best)) best = at;
    }
    if (best === undefined) return down;
    this.#taken[best] = (this.#taken[best] as number) + 1;
    return this.#targets[best] as TargetRun;
  }

  #claim(at: number): number {
    return (this.#weights[at] as number) / ((this.#taken[at] as number) + 1);
  }
}
