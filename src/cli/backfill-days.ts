import { localDay, zoneOf } from '../base/zone.ts';
import { backfillWindow } from '../config/backfill-window.ts';
import type { LoadedConfig } from '../config/load.ts';
import type { BackfillWindow } from '../run/backfill/backfill-window.ts';
import type { FoundJournal } from './backfill-journal.ts';

/** The days, by the zone that is furthest behind: what is to come there is to come somewhere. */
export function windowOf(
  loaded: LoadedConfig,
  timezones: readonly string[],
  journal: FoundJournal | undefined,
): BackfillWindow {
  const now = Date.now();
  const today = (timezone: string) => localDay(zoneOf(timezone), now / 1000);
  const [timezone = loaded.values.timezone] = timezones.toSorted((one, other) => today(one) - today(other));
  const { from, to } = loaded.values.backfill;
  const days =
    journal === undefined || from === undefined || to === undefined
      ? undefined
      : { firstDay: from, lastDay: to };
  return backfillWindow(loaded, timezone, now, days);
}
