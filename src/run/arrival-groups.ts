import { type Layout, onlyVisit, type Recurrence, Recurrences } from '../traffic/recurrences.ts';
import { WeightedSequence } from '../traffic/weighted-sequence.ts';
import { returnLayout } from './return-layout.ts';
import type { RunConfig } from './run-config.ts';

/** Arrivals that some targets get their visits from, and which of them get the visit of an index, as planned. */
export interface ArrivalGroup {
  /** Positions in the configuration's list of targets. */
  readonly targets: readonly number[];
  /** Asked in the order of indices. */
  route(index: number): readonly number[];
  /**
   * Whose visit an index is. Asked once for every index, in order, whoever takes the visit.
   *
   * @param startMs when it begins; null where there is no schedule
   */
  recurrence(index: number, startMs: number | null): Recurrence;
}

/** How the visits of targets that have their visitors in common are laid out, by their positions. */
export type LayoutOf = (lane: readonly number[]) => Layout | undefined;

/**
 * How a run's visits are dealt out while all targets are up: a function of the index alone. Visitors come again where they
 * have been, so that targets which share out visits have visitors of their own.
 */
export function arrivalGroups(
  config: RunConfig,
  layoutOf: LayoutOf = lane => returnLayout(config, lane),
): readonly ArrivalGroup[] {
  const { distribution, targets } = config;
  const all = targets.map((_, at) => at);
  switch (distribution) {
    case 'independent':
      return all.map(at => ({
        targets: [at],
        route: () => [at],
        recurrence: recurrencesOf(config, [at], layoutOf),
      }));
    case 'mirror':
      return [{ targets: all, route: () => all, recurrence: recurrencesOf(config, all, layoutOf) }];
    case 'failover':
      return [
        { targets: all, route: () => all.slice(0, 1), recurrence: recurrencesOf(config, all, layoutOf) },
      ];
    case 'split': {
      const sequence = new WeightedSequence(targets.map(target => target.weight));
      const lanes = all.map(at => recurrencesOf(config, [at], layoutOf));
      return [
        {
          targets: all,
          route: index => [sequence.at(index)],
          recurrence: (index, startMs) => lanes[sequence.at(index)]?.(index, startMs) ?? onlyVisit(index),
        },
      ];
    }
  }
}

/** @param lane positions of targets that have their visitors in common */
function recurrencesOf(
  config: RunConfig,
  lane: readonly number[],
  layoutOf: LayoutOf,
): ArrivalGroup['recurrence'] {
  const layout = layoutOf(lane);
  if (layout === undefined) return onlyVisit;
  const [first = 0] = lane;
  const lanes = config.targets.length;
  const recurrences = new Recurrences(config.seed, layout, position => first + position * lanes);
  return (index, startMs) => recurrences.next(index, startMs);
}
