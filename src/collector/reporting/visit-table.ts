import type { RecordedConversion, Visit } from '../visit.ts';
import { goalColumns } from './goal-plugin.ts';
import { groupedBy, money, type OfVisit, reportMethod } from './report-data.ts';
import { visitFigures } from './visit-figures.ts';

/**
 * A report with a row for each value of something visits have.
 *
 * @param labelOf the row a visit belongs to; none leaves the visit out
 * @param more columns a row has besides the usual ones
 */
export function visitTable(
  labelOf: (visit: Visit) => string | null,
  more: (label: string, visits: readonly Visit[]) => object = () => ({}),
) {
  return reportMethod(({ visits, conversions }) => {
    const converted = groupedBy(conversions, ({ visit }) => labelOf(visit));
    return [...groupedBy(visits, labelOf)]
      .map(([label, group]) => ({
        label,
        ...visitFigures(group),
        ...conversionFigures(converted.get(label) ?? []),
        ...more(label, group),
      }))
      .sort((one, other) => other.nb_visits - one.nb_visits);
  });
}

/** What the visits of a row converted; nothing where they did not. Carts are told, and are no conversions. */
export function conversionFigures(rows: readonly OfVisit<RecordedConversion>[]): object {
  if (rows.length === 0) return {};
  const counted = rows.filter(({ row }) => row.type !== 'cart');
  return {
    goals: goalColumns(rows),
    nb_conversions: counted.length,
    revenue: money(counted, ({ row }) => row.revenue),
  };
}
