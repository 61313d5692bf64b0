import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localDay, nextMidnight, zoneOf } from '../../src/base/zone.ts';
import { epochSecondsOf, localDate, localTime } from './local-time.ts';
import { midnights } from './midnights.ts';

const DAY = 86_400;
/** Every zone's rules as they are now: see the note on quarters in zone.ts. */
const anySecond = fc.integer({
  min: epochSecondsOf('2023-01-01T00:00:00Z'),
  max: epochSecondsOf('2037-12-31T00:00:00Z'),
});
const anyZone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'), 'CET', 'EST5EDT', 'UTC');
/** Days since 1970-01-01 of a date such as 2026-03-29. */
const dayNumber = (date: string) => Date.parse(`${date}T00:00:00Z`) / (DAY * 1000);

describe('the local day of a moment', () => {
  it('is always the date that the zone’s clocks show', () => {
    fc.assert(
      fc.property(anyZone, anySecond, (zone, second) => {
        expect(localDay(zoneOf(zone), second)).toBe(dayNumber(localDate(zone, second)));
      }),
      { numRuns: 500 },
    );
  });

  it.each(midnights)('changes at midnight and not before: $zone, $why', ({ zone, epochSeconds }) => {
    expect(localDate(zone, epochSeconds - 1)).not.toBe(localDate(zone, epochSeconds));
    expect(localDay(zoneOf(zone), epochSeconds - 1)).toBe(dayNumber(localDate(zone, epochSeconds - 1)));
    expect(localDay(zoneOf(zone), epochSeconds)).toBe(dayNumber(localDate(zone, epochSeconds)));
  });
});

describe('the next midnight', () => {
  it('is always the first second of another day', () => {
    fc.assert(
      fc.property(anyZone, anySecond, (zone, second) => {
        const midnight = nextMidnight(zoneOf(zone), second);
        expect(midnight).toBeGreaterThan(second);
        expect(midnight - second).toBeLessThanOrEqual(26 * 3600);
        expect(localDate(zone, midnight - 1)).toBe(localDate(zone, second));
        expect(localDate(zone, midnight)).not.toBe(localDate(zone, second));
      }),
    );
  });

  it.each(midnights)(
    'is found from every moment of the day before: $zone, $why',
    ({ zone, epochSeconds }) => {
      for (const before of [1, 2, 59, 900, 3599, 3600, 5400, 80_000]) {
        expect(nextMidnight(zoneOf(zone), epochSeconds - before)).toBe(epochSeconds);
      }
    },
  );

  it('comes later than 00:00 where the clocks are put forward then', () => {
    const midnight = nextMidnight(zoneOf('America/Santiago'), epochSecondsOf('2026-09-05T15:00:00Z'));
    expect(localTime('America/Santiago', midnight)).toBe('2026-09-06 01:00:00');
  });
});

describe('a zone', () => {
  it('is refused where nobody knows it', () => {
    for (const name of ['', 'Mars/Olympus', 'UTC+', 'UTC+15', 'UTC-13', 'UTC+5:30']) {
      expect(() => zoneOf(name)).toThrow(RangeError);
    }
  });

  it.each([
    ['UTC+5.5', 5.5],
    ['UTC+5.75', 5.75],
    ['UTC-3.5', -3.5],
    ['UTC-12', -12],
    ['UTC+14', 14],
  ])('can be a distance from UTC, as sites in Matomo have it: %s', (name, hours) => {
    fc.assert(
      fc.property(anySecond, second => {
        expect(zoneOf(name).offsetSeconds(second)).toBe(hours * 3600);
      }),
    );
  });
});
