import { shardTakes } from '../traffic/shard.ts';
import type { Agenda } from './agenda.ts';
import { type ArrivalGroup, arrivalGroups } from './arrival-groups.ts';
import { ArrivalStream, type Route } from './arrival-stream.ts';
import { arrivalsOf } from './planned-arrivals.ts';
import type { TargetDates } from './planning.ts';
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

  constructor(config: RunConfig, targets: readonly TargetRun[]) {
    this.#config = config;
    this.#targets = targets;
    this.#weights = targets.map(target => target.config.weight);
    this.#taken = targets.map(() => 0);
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
    const groups = arrivalGroups(this.#config).filter(group => group.targets.includes(position));
    const isIts = (at: number) =>
      shardTakes(shard, at) && groups.some(group => group.route(at).includes(position));
    let index = -1;
    const seek = () => {
      do index++;
      while (index < most && !isIts(index));
    };
    return {
      next() {
        if (isOver()) return undefined;
        seek();
        return index < most ? index : undefined;
      },
      left() {
        if (!Number.isFinite(most)) return null;
        let left = 0;
        for (seek(); index < most; seek()) if (++left > MOST_COUNTED) return null;
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
      admit: (index, startMs, nowMs) => {
        for (const position of group.route(index)) {
          const target = this.#targets[position] as TargetRun;
          const arrival = { index, startMs, isTaken: false };
          if (movesVisits && !target.canBegin(nowMs)) this.#admitElsewhere(target, arrival, nowMs);
          else target.admit(arrival, nowMs);
        }
      },
      recipients: index => group.route(index).length,
    };
  }

  #admitElsewhere(down: TargetRun, arrival: Arrival, nowMs: number): void {
    const target = this.#insteadOf(down, nowMs);
    target.admit(target === down ? arrival : { ...arrival, isTaken: true }, nowMs);
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
