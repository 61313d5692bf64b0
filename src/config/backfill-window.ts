import { Failure } from '../base/failure.ts';
import { localDay, zoneOf } from '../base/zone.ts';
import type { BackfillWindow } from '../run/backfill/backfill-window.ts';
import { windowForm } from './backfill-checks.ts';
import type { LoadedConfig } from './load.ts';

const DAY_MS = 86_400_000;

/**
 * Matomo records what is older than 20 × 365 days as of now [core/Tracker/Request.php: isTimestampValid]. A day less
 * for what is sent after the next midnight.
 */
const OLDEST_DAYS = 20 * 365 - 2;

/** What `BACKFILL_ENABLED` stops at where nothing else is said. */
const LEGACY_MOST_VISITS = 200_000;

/**
 * The days a backfill fills.
 *
 * @param timezone the site's: its today is what nothing may go beyond
 * @param days of a journal: what is said of days counts from another today
 * @throws Failure CONFIG_INVALID for days that are to come, or older than Matomo takes
 */
export function backfillWindow(
  loaded: LoadedConfig,
  timezone: string,
  nowMs: number,
  days?: Pick<BackfillWindow, 'firstDay' | 'lastDay'>,
): BackfillWindow {
  const { backfill } = loaded.values;
  const today = localDay(zoneOf(timezone), nowMs / 1000);
  const { firstDay, lastDay } = days ?? daysOf(loaded, today);
  if (lastDay > dayText(today)) {
    throw new Failure(
      'CONFIG_INVALID',
      `${lastDay}, the last day to fill, is to come: today is ${dayText(today)} in ${timezone}`,
      {
        hint: 'Nothing was sent. End the window yesterday, or today at the latest.',
      },
    );
  }
  const oldest = dayText(today - OLDEST_DAYS);
  if (firstDay < oldest) {
    throw new Failure(
      'CONFIG_INVALID',
      `${firstDay}, the first day to fill, is more than 20 years ago: Matomo would record its visits as of now`,
      { hint: `Nothing was sent. Begin on ${oldest} at the earliest.` },
    );
  }
  return {
    firstDay,
    lastDay,
    visitsPerDay: backfill.visitsPerDay,
    maxVisits: mostVisits(loaded),
    growthPerWeek: backfill.growth,
    allowLong: backfill.allowLong,
  };
}

/** How many days a window has. */
export function daysIn({ firstDay, lastDay }: Pick<BackfillWindow, 'firstDay' | 'lastDay'>): number {
  return (Date.parse(lastDay) - Date.parse(firstDay)) / DAY_MS + 1;
}

/** `2026-01-31` of days since 1970-01-01. */
export function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

function daysOf({ values, settings }: LoadedConfig, today: number): { firstDay: string; lastDay: string } {
  const byPath = new Map(settings.map(setting => [setting.leaf.path, setting] as const));
  const form = windowForm(path => {
    const found = byPath.get(path);
    if (found === undefined) throw new Error(`no key ${path}`);
    return found;
  });
  const { from, to, daysBack, days } = values.backfill;
  if (form === 'dates' && from !== undefined && to !== undefined) return { firstDay: from, lastDay: to };
  if (daysBack === undefined || days === undefined) throw new Error('no window');
  const first = today - daysBack;
  return { firstDay: dayText(first), lastDay: dayText(first + days - 1) };
}

function mostVisits({ values: { backfill } }: LoadedConfig): number | undefined {
  const most = backfill.maxVisits ?? (backfill.enabled ? LEGACY_MOST_VISITS : 0);
  return most === 0 ? undefined : most;
}
