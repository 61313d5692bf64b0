import { WeightedSequence } from '../traffic/weighted-sequence.ts';
import type { RunConfig } from './run-config.ts';

/** Arrivals that some targets get their visits from, and which of them get the visit of an index, as planned. */
export interface ArrivalGroup {
  /** Positions in the configuration's list of targets. */
  readonly targets: readonly number[];
  /** Asked in the order of indices. */
  route(index: number): readonly number[];
}

/** How a run's visits are dealt out while all targets are up: a function of the index alone. */
export function arrivalGroups({ distribution, targets }: RunConfig): readonly ArrivalGroup[] {
  const all = targets.map((_, at) => at);
  switch (distribution) {
    case 'independent':
      return all.map(at => ({ targets: [at], route: () => [at] }));
    case 'mirror':
      return [{ targets: all, route: () => all }];
    case 'failover':
      return [{ targets: all, route: () => all.slice(0, 1) }];
    case 'split': {
      const sequence = new WeightedSequence(targets.map(target => target.weight));
      return [{ targets: all, route: index => [sequence.at(index)] }];
    }
  }
}
