import { type Random, weighted } from '../base/random.ts';
import type { DimensionSettings } from './settings.ts';

/** Values of a site's custom dimensions, by the dimension's id. */
export type Dimensions = Readonly<Record<number, string>>;

/**
 * Prepares drawing the values of the custom dimensions of one scope: each with its probability, undefined for none.
 * Without a dimension it takes no random number.
 */
export function dimensionDraw(
  dimensions: readonly DimensionSettings[],
  scope: DimensionSettings['scope'],
): (random: Random) => Dimensions | undefined {
  const drawn = dimensions
    .filter(dimension => dimension.scope === scope)
    .map(({ id, probability, values }) => ({
      id,
      probability,
      value: weighted(values, ({ weight }) => weight),
    }));
  return random => {
    let found: Record<number, string> | undefined;
    for (const { id, probability, value } of drawn) {
      if (!random.chance(probability)) continue;
      found ??= {};
      found[id] = value(random).value;
    }
    return found;
  };
}

/** The dimensions of two, where both have one the second's. */
export function both(one: Dimensions | undefined, other: Dimensions | undefined): Dimensions | undefined {
  return other === undefined ? one : { ...one, ...other };
}
