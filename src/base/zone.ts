/** A time zone as far as planning needs it: which local day a moment belongs to. */
export interface Zone {
  /** IANA name, an old abbreviation that the runtime knows (CET), or a distance from UTC as Matomo writes it (UTC+5.5). */
  readonly name: string;
  /** Seconds to add to UTC for local time, at this moment. */
  offsetSeconds(epochSeconds: number): number;
}

const SECONDS_A_DAY = 86_400;
/** Clocks change at whole quarters of an hour (UTC) in every zone since 2023, so one look-up serves a quarter. */
export const QUARTER_SECONDS = 900;

const zones = new Map<string, Zone>();

/** @throws RangeError for a name the runtime does not know */
export function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (zone === undefined) {
    zone = fixedZone(name) ?? new IntlZone(name);
    zones.set(name, zone);
  }
  return zone;
}

/** Whether the runtime knows it: servers may have newer lists. */
export function isKnownZone(name: string): boolean {
  try {
    zoneOf(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * UTC itself, and a distance in hours that a site was given instead of a place
 * [plugins/SitesManager/API.php: getTimezonesListUTCOffsets]. Neither needs the runtime's list, which takes long to load.
 */
function fixedZone(name: string): Zone | undefined {
  const found = /^UTC([+-]\d\d?(?:\.\d+)?)?$/.exec(name);
  if (found === null) return undefined;
  const hours = Number(found[1] ?? 0);
  return hours >= -12 && hours <= 14 ? { name, offsetSeconds: () => hours * 3600 } : undefined;
}

class IntlZone implements Zone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();

  constructor(name: string) {
    this.name = name;
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  }

  offsetSeconds(epochSeconds: number): number {
    const quarter = Math.floor(epochSeconds / QUARTER_SECONDS);
    let offset = this.#offsets.get(quarter);
    if (offset === undefined) {
      offset = parseOffset(
        this.#format
          .formatToParts(quarter * QUARTER_SECONDS * 1000)
          .find(part => part.type === 'timeZoneName')?.value ?? '',
      );
      this.#offsets.set(quarter, offset);
    }
    return offset;
  }
}

/** 'GMT', 'GMT+01:00', 'GMT-03:30', 'GMT+00:53:28' → seconds */
function parseOffset(text: string): number {
  const match = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text);
  if (match === null) throw new RangeError(`not an offset from GMT: ${text}`);
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = match;
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === '-' ? -size : size;
}

/** Days since 1970-01-01 of the local calendar day this second belongs to. */
export function localDay(zone: Zone, epochSeconds: number): number {
  return Math.floor((epochSeconds + zone.offsetSeconds(epochSeconds)) / SECONDS_A_DAY);
}

/**
 * The first second of the next local calendar day: usually 00:00:00, later where the clocks are put
 * forward at midnight.
 */
export function nextMidnight(zone: Zone, epochSeconds: number): number {
  const today = localDay(zone, epochSeconds);
  let before = epochSeconds;
  // Days of up to 25 hours are ordinary; two days hold any.
  let after = epochSeconds + 2 * SECONDS_A_DAY;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (localDay(zone, middle) === today) before = middle;
    else after = middle;
  }
  return after;
}

/**
 * The first second of a day of the local calendar; of the next day that there is, where a zone has skipped one.
 *
 * @param day since 1970-01-01
 */
export function firstSecond(zone: Zone, day: number): number {
  const noon = (day - 0.5) * SECONDS_A_DAY;
  return nextMidnight(zone, noon - zone.offsetSeconds(noon));
}
