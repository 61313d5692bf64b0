import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repeatDelayMs } from '../../src/delivery/repeat.ts';

const now = Date.UTC(2026, 5, 1, 12);

describe('how long to wait before a hit is sent again', () => {
  it.each([
    ['0', 0],
    ['7', 7000],
    [' 7 ', 7000],
    ['3600', 60_000],
    ['99999999999999999999999', 60_000],
    [new Date(now + 5000).toUTCString(), 5000],
    [new Date(now - 5000).toUTCString(), 0],
    [new Date(now + 86_400_000).toUTCString(), 60_000],
  ])('is what Retry-After says, a minute at most: %s', (retryAfter, ms) => {
    expect(repeatDelayMs(retryAfter, 0, now)).toBe(ms);
  });

  it.each([undefined, '', 'soon', 'Mon, 99 Foo 2026'])(
    'doubles from a second without a usable one: %s',
    text => {
      expect([0, 1, 2].map(repeats => repeatDelayMs(text, repeats, now))).toEqual([1000, 2000, 4000]);
    },
  );

  it('is never negative, endless or no number', () => {
    fc.assert(
      fc.property(
        fc.option(fc.oneof(fc.string(), fc.integer().map(String), fc.double().map(String)), {
          nil: undefined,
        }),
        fc.nat(2000),
        (retryAfter, repeats) => {
          const ms = repeatDelayMs(retryAfter, repeats, now);
          expect(ms).toBeGreaterThanOrEqual(0);
          expect(ms).toBeLessThanOrEqual(60_000);
        },
      ),
    );
  });
});
