import { trimmed } from './loose-values.ts';
import type { CollectorDimension } from './site.ts';
import type { TrackedHit } from './tracked-hit.ts';

/** Values of custom dimensions by the dimension's id. */
export type DimensionValues = Record<number, string>;

/** What is kept of a value, in characters. */
const longest = 250;

/**
 * The values a hit gives to the active dimensions of a scope, an empty text too; undefined where it gives none
 * [plugins/CustomDimensions/Tracker/CustomDimensionsRequestProcessor.php].
 */
export function dimensionsOf(
  { parameters, site }: TrackedHit,
  scope: CollectorDimension['scope'],
): DimensionValues | undefined {
  let values: DimensionValues | undefined;
  for (const dimension of site.dimensions ?? []) {
    const sent = parameters.all[`dimension${dimension.id}`];
    if (
      dimension.scope !== scope ||
      !dimension.active ||
      (typeof sent !== 'string' && typeof sent !== 'number')
    )
      continue;
    values ??= {};
    values[dimension.id] = [...trimmed(String(sent))].slice(0, longest).join('');
  }
  return values;
}

/** The ids of a site's active dimensions of a scope. */
export function activeDimensions(
  dimensions: readonly CollectorDimension[] | undefined,
  scope: CollectorDimension['scope'],
): readonly number[] {
  return (dimensions ?? []).flatMap(dimension =>
    dimension.active && dimension.scope === scope ? [dimension.id] : [],
  );
}
