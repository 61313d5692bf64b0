import type { RecordedAction } from '../visit.ts';
import type { ApiPlugin } from './api-call.ts';
import { distinct, groupedBy, quotient, reportMethod } from './report-data.ts';

type Event = NonNullable<RecordedAction['event']>;

/** `Events`: by category, by action, by name. */
export const eventPlugin: ApiPlugin = {
  getCategory: eventTable(event => event.category),
  getAction: eventTable(event => event.action),
  getName: eventTable(event => event.name ?? 'Event Name not defined'),
};

function eventTable(labelOf: (event: Event) => string) {
  return reportMethod(({ actions }) =>
    [...groupedBy(actions, ({ row }) => row.event && labelOf(row.event))]
      .map(([label, rows]) => {
        const values = rows.map(({ row }) => row.event?.value).filter(value => typeof value === 'number');
        const sum = values.reduce((before, value) => before + value, 0);
        // Each combination of category, action and name counts its visits anew.
        const combined = (who: string | number, event: Event | undefined) =>
          JSON.stringify([who, event?.category, event?.action, event?.name]);
        return {
          label,
          nb_uniq_visitors: distinct(rows, ({ visit, row }) => combined(visit.visitorId, row.event)),
          nb_visits: distinct(rows, ({ visit, row }) => combined(visit.id, row.event)),
          nb_events: rows.length,
          nb_events_with_value: values.length,
          sum_event_value: sum,
          min_event_value:
            values.length === 0 ? null : values.reduce((least, value) => Math.min(least, value)),
          max_event_value: values.length === 0 ? null : values.reduce((most, value) => Math.max(most, value)),
          avg_event_value: quotient(sum, values.length, 2),
        };
      })
      .sort((one, other) => other.nb_events - one.nb_events),
  );
}
