import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localDay } from '../../src/base/zone.ts';
import {
  type DatingRules,
  firstHitEpochSeconds,
  longestClearSeconds,
  MARGIN_SECONDS,
} from '../../src/traffic/dating.ts';
import { visitPlan } from '../../src/traffic/plan.ts';
import { epochSecondsOf, localDate, localTime } from '../base/local-time.ts';
import { type Midnight, midnights } from '../base/midnights.ts';
import { anyClock, anyIndex, anyTraffic, dating, usualRun } from './any-traffic.ts';

const HOUR = 3600;
/** The longest visit that the legacy variables allow: 120 minutes. */
const anyLength = fc.oneof(fc.integer({ min: 0, max: 2 * HOUR }), fc.nat(60));
const anyLag = fc.constantFrom(0, 0, 1, 7);
/** Sent within hours of a midnight, with fractions of a second. */
const anySending = fc
  .tuple(fc.constantFrom(...midnights), fc.integer({ min: -4 * HOUR * 1000, max: 4 * HOUR * 1000 }))
  .map(([midnight, distanceMs]) => ({ midnight, sentMs: midnight.epochSeconds * 1000 + distanceMs }));

/** When the first hit would be, were there no midnights. */
function undisturbed(rules: DatingRules, sentMs: number, length: number): number {
  const latest = Math.floor(sentMs / 1000) - MARGIN_SECONDS - rules.serverLagSeconds;
  return rules.clock === 'compressed' ? latest - length : latest;
}

const isInOneDay = (zone: string, first: number, length: number) =>
  localDate(zone, first) === localDate(zone, first + length);

describe('the date of a visit', () => {
  it('ends 5 s before it begins to be sent, and the server’s lag earlier: compressed', () => {
    const sentMs = epochSecondsOf('2026-05-04T12:00:00Z') * 1000;
    expect(firstHitEpochSeconds(dating('compressed', ['UTC']), sentMs, 300)).toBe(sentMs / 1000 - 305);
    expect(firstHitEpochSeconds(dating('compressed', ['UTC'], 7), sentMs, 300)).toBe(sentMs / 1000 - 312);
  });

  it('begins 5 s before it begins to be sent, and the server’s lag earlier: real', () => {
    const sentMs = epochSecondsOf('2026-05-04T12:00:00Z') * 1000;
    expect(firstHitEpochSeconds(dating('real', ['UTC']), sentMs, 300)).toBe(sentMs / 1000 - 5);
    expect(firstHitEpochSeconds(dating('real', ['UTC'], 7), sentMs, 300)).toBe(sentMs / 1000 - 12);
  });

  it('never is later than without midnights, and is that where the visit contains none', () => {
    fc.assert(
      fc.property(anySending, anyLength, anyClock, anyLag, ({ midnight, sentMs }, length, clock, lag) => {
        const rules = dating(clock, [midnight.zone], lag);
        const first = firstHitEpochSeconds(rules, sentMs, length);
        const free = undisturbed(rules, sentMs, length);
        expect(first).toBeLessThanOrEqual(free);
        if (isInOneDay(midnight.zone, free, length)) expect(first).toBe(free);
      }),
      { numRuns: 500 },
    );
  });

  it('never has a midnight of the zone inside the visit', () => {
    fc.assert(
      fc.property(anySending, anyLength, anyClock, ({ midnight, sentMs }, length, clock) => {
        const first = firstHitEpochSeconds(dating(clock, [midnight.zone]), sentMs, length);
        expect(localDate(midnight.zone, first)).toBe(localDate(midnight.zone, first + length));
      }),
      { numRuns: 500 },
    );
  });

  it('ends at 23:59:59 of the day the visit began in, where it would have contained a midnight', () => {
    fc.assert(
      fc.property(anySending, anyLength, anyClock, ({ midnight, sentMs }, length, clock) => {
        const rules = dating(clock, [midnight.zone]);
        const free = undisturbed(rules, sentMs, length);
        fc.pre(!isInOneDay(midnight.zone, free, length));
        const first = firstHitEpochSeconds(rules, sentMs, length);
        expect(localTime(midnight.zone, first + length)).toBe(`${localDate(midnight.zone, free)} 23:59:59`);
      }),
    );
  });

  it.each(midnights)('keeps a visit that would begin a second before clear: $zone, $why', midnight => {
    const { zone, epochSeconds } = midnight;
    const length = 600;
    const sentMs = (epochSeconds - 1 + length + MARGIN_SECONDS) * 1000;
    const first = firstHitEpochSeconds(dating('compressed', [zone]), sentMs, length);
    expect(first + length).toBe(epochSeconds - 1);
  });

  it.each(midnights)('lets a visit begin at midnight: $zone, $why', ({ zone, epochSeconds }: Midnight) => {
    const sentMs = (epochSeconds + 600 + MARGIN_SECONDS) * 1000;
    expect(firstHitEpochSeconds(dating('compressed', [zone]), sentMs, 600)).toBe(epochSeconds);
  });
});

describe('the date of a visit to several zones at once', () => {
  const zones = [...new Set(midnights.map(({ zone }) => zone))];
  const anyZones = fc.subarray(zones, { minLength: 1 });

  it('never has a midnight of any of them inside the visit, in whatever order they stand', () => {
    fc.assert(
      fc.property(anySending, anyLength, anyClock, anyZones, ({ sentMs }, length, clock, some) => {
        const first = firstHitEpochSeconds(dating(clock, some), sentMs, length);
        for (const zone of some) expect(localDate(zone, first)).toBe(localDate(zone, first + length));
        expect(firstHitEpochSeconds(dating(clock, some.toReversed()), sentMs, length)).toBe(first);
      }),
    );
  });

  it('is the latest that is clear of all', () => {
    fc.assert(
      fc.property(anySending, anyLength, anyZones, ({ sentMs }, length, some) => {
        const rules = dating('compressed', some);
        const first = firstHitEpochSeconds(rules, sentMs, length);
        const free = undisturbed(rules, sentMs, length);
        for (let later = first + 1; later <= free; later += Math.max(1, Math.floor((free - first) / 20))) {
          expect(some.every(zone => isInOneDay(zone, later, length))).toBe(false);
        }
      }),
    );
  });

  it('is that without midnights, not sought for ever, where a visit has a place between no two of them', () => {
    const sentMs = epochSecondsOf('2026-05-04T12:00:00Z') * 1000;
    const first = sentMs / 1000 - MARGIN_SECONDS;
    expect(firstHitEpochSeconds(dating('real', ['UTC']), sentMs, 24 * HOUR)).toBe(first);
    expect(firstHitEpochSeconds(dating('real', ['UTC', 'Pacific/Apia']), sentMs, 14 * HOUR)).toBe(first);
  });

  it('is clear of midnights for every visit that has a place, and for no longer one', () => {
    const anyOffsets = fc
      .uniqueArray(fc.integer({ min: -12, max: 14 }), { minLength: 1, maxLength: 8 })
      .map(hours => hours.map(hour => `UTC${hour < 0 ? '' : '+'}${hour}`));
    fc.assert(
      fc.property(anySending, anyClock, anyOffsets, fc.nat(HOUR), ({ sentMs }, clock, some, less) => {
        const rules = dating(clock, some);
        const longest = longestClearSeconds(rules.zones, Math.floor(sentMs / 1000));
        const isClear = (length: number) => {
          const first = firstHitEpochSeconds(rules, sentMs, length);
          return rules.zones.every(zone => localDay(zone, first) === localDay(zone, first + length));
        };
        expect([isClear(longest), isClear(Math.max(0, longest - less)), isClear(longest + 1)]).toEqual([
          true,
          true,
          false,
        ]);
      }),
    );
  });

  it('is found for a visit that just fits', () => {
    const sentMs = epochSecondsOf('2026-05-04T12:00:00Z') * 1000;
    const length = 24 * HOUR - 1;
    const first = firstHitEpochSeconds(dating('real', ['UTC']), sentMs, length);
    expect(first).toBe(epochSecondsOf('2026-05-04T00:00:00Z'));
  });
});

describe('without a token', () => {
  it('nothing is ever dated more than 23 h before it is sent', () => {
    fc.assert(
      fc.property(
        anySending,
        anyTraffic,
        anyIndex,
        anyClock,
        ({ midnight, sentMs }, traffic, index, clock) => {
          const run = { ...usualRun, startEpochMs: sentMs, pauseSeconds: { min: 0.1, max: 60 } };
          const target = { traffic, dating: dating(clock, [midnight.zone, 'UTC']) };
          const visit = visitPlan(run, target)(index, 0);
          for (const hit of visit.hits) {
            const age = (sentMs + hit.sendMs) / 1000 - (visit.firstEpochSeconds + hit.atSeconds);
            expect(age).toBeLessThan(23 * HOUR);
          }
        },
      ),
    );
  });
});

describe('a visit that is moved clear of midnight', () => {
  it('keeps its shape and its sending times', () => {
    fc.assert(
      fc.property(
        anySending,
        anyTraffic,
        anyIndex,
        anyClock,
        ({ midnight, sentMs }, traffic, index, clock) => {
          const run = { ...usualRun, startEpochMs: sentMs };
          const free = visitPlan(run, { traffic, dating: dating(clock) })(index, 0);
          const moved = visitPlan(run, { traffic, dating: dating(clock, [midnight.zone]) })(index, 0);
          expect({ ...moved, firstEpochSeconds: 0 }).toEqual({ ...free, firstEpochSeconds: 0 });
        },
      ),
    );
  });
});
