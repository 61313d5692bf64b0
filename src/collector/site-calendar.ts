/** The longest stretch in which no zone changes its offset in the middle: all change on a quarter of an hour. */
const stretchSeconds = 900;

/**
 * Days of a time zone. Asking the platform for a local day is slow, and hits come in by the thousand,
 * so the offset of a quarter of an hour is asked once.
 */
export class SiteCalendar {
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();

  /** @throws RangeError for a zone the platform does not know */
  constructor(timezone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** The number of the local day (days since 1970-01-01 on the local calendar) an epoch second falls on. */
  dayOf(epochSecond: number): number {
    return Math.floor((epochSecond + this.offsetAt(epochSecond)) / 86_400);
  }

  /** The epoch second of a local day's midnight. */
  startOf(day: number): number {
    const inUtc = day * 86_400;
    const near = inUtc - this.offsetAt(inUtc);
    return inUtc - this.offsetAt(near);
  }

  /** Seconds the local clock is ahead of UTC. */
  offsetAt(epochSecond: number): number {
    const stretch = Math.floor(epochSecond / stretchSeconds);
    const known = this.#offsets.get(stretch);
    if (known !== undefined) return known;
    const at = stretch * stretchSeconds;
    const part: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(at * 1000)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    const offset = Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - at;
    this.#offsets.set(stretch, offset);
    return offset;
  }
}
