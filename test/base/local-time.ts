const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * Date and time of day in a zone, as the runtime writes them (`2026-03-29 23:59:59`): another way to the day
 * than the one under test, which adds offsets.
 */
export function localTime(zone: string, epochSeconds: number): string {
  let format = formats.get(zone);
  if (format === undefined) {
    // Swedish writes dates as ISO 8601 does.
    format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    formats.set(zone, format);
  }
  return format.format(epochSeconds * 1000);
}

export function localDate(zone: string, epochSeconds: number): string {
  return localTime(zone, epochSeconds).slice(0, 10);
}

export function epochSecondsOf(instant: string): number {
  return Date.parse(instant) / 1000;
}
