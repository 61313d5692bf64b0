import { localDay, zoneOf } from '../base/zone.ts';
import { type Finding, finding } from './finding.ts';

/** Days to fill, of the site's calendar: `2026-01-31`. */
export interface FilledDays {
  readonly firstDay: string;
  readonly lastDay: string;
}

const DAY_MS = 86_400_000;

/** What Matomo deletes logs after, where it does and nobody says another number [config/global.ini.php]. */
const USUAL_RETENTION_DAYS = 180;

/**
 * What the past of a site means for visits that are to be in it.
 *
 * @param site undefined: it could not be looked at
 */
export function windowFindings(
  { firstDay, lastDay }: FilledDays,
  site: { readonly ts_created: string } | undefined,
  timezone: string,
  nowMs: number,
): Finding[] {
  const zone = zoneOf(timezone);
  const today = localDay(zone, nowMs / 1000);
  // UTC, `2020-01-01 00:00:00`
  const createdMs = site && Date.parse(`${site.ts_created.replace(' ', 'T')}Z`);
  const created =
    createdMs === undefined || Number.isNaN(createdMs) ? undefined : localDay(zone, createdMs / 1000);
  const [first, last] = [firstDay, lastDay].map(text => Date.parse(text) / DAY_MS) as [number, number];
  const found: Finding[] = [];
  if (created !== undefined && first < created) {
    const day = new Date(created * DAY_MS).toISOString().slice(0, 10);
    found.push(
      finding(
        'CREATED_LATER',
        `the site was made on ${day}: Matomo sets its creation date back to ${firstDay} with the first visits`,
      ),
    );
  }
  if (today - first > USUAL_RETENTION_DAYS) {
    found.push(
      finding(
        'LOGS_MAY_BE_DELETED',
        `${firstDay} is ${today - first} days ago: a server that deletes old logs (after ${USUAL_RETENTION_DAYS} days where nobody says otherwise) may delete visits before their reports are made, and no API tells whether it does`,
      ),
    );
  }
  if (last >= today) {
    found.push(
      finding(
        'TODAY_INCLUDED',
        `${lastDay} is today in ${timezone}: its reports may be kept for a quarter of an hour, and no hit is dated later than now`,
      ),
    );
  }
  return found;
}
