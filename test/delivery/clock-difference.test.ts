import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockDifferenceSeconds, serverLagSeconds } from '../../src/delivery/clock-difference.ts';

const noon = Date.parse('2026-05-04T12:00:00Z');
const headerAt = (epochMs: number) => new Date(epochMs).toUTCString();

describe('the difference of two clocks', () => {
  it('is told from the middle of the question to the middle of the second', () => {
    expect(clockDifferenceSeconds(headerAt(noon), noon + 400, noon + 600)).toBe(0);
    expect(clockDifferenceSeconds(headerAt(noon), noon + 90_000, noon + 92_000)).toBe(90.5);
    expect(clockDifferenceSeconds(headerAt(noon), noon - 60_000, noon - 60_000)).toBe(-60.5);
  });

  it.each([undefined, '', 'yesterday'])('is not known from no date: %s', header => {
    expect(clockDifferenceSeconds(header, noon, noon)).toBeUndefined();
  });

  it('is right within half a second and half the time of the answer', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -5000, max: 5000, noNaN: true }),
        fc.nat(3000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(100_000),
        (behindSeconds, roundTripMs, part, atMs) => {
          const sentMs = noon + atMs;
          // The date is written at some moment between.
          const header = headerAt(sentMs + part * roundTripMs - behindSeconds * 1000);
          const told = clockDifferenceSeconds(header, sentMs, sentMs + roundTripMs) ?? Number.NaN;
          expect(Math.abs(told - behindSeconds)).toBeLessThanOrEqual(0.5 + roundTripMs / 2000 + 0.002);
        },
      ),
    );
  });
});

describe('a server’s lag', () => {
  it.each([
    [undefined, 0],
    [-90, 0],
    [0.4, 0],
    [1.9, 0],
    [2, 2],
    [89.6, 90],
    [90.5, 91],
  ])('of a difference of %s s is %s s', (difference, lag) => {
    expect(serverLagSeconds(difference)).toBe(lag);
  });
});
