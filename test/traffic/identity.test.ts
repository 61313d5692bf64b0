import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runIdentity, VISITOR_NUMBERS, visitorId } from '../../src/traffic/identity.ts';

const anyTag = fc.stringMatching(/^[0-9a-f]{6}$/);
const anyVisitorNumber = fc.integer({ min: 0, max: VISITOR_NUMBERS - 1 });

describe('a visitor id', () => {
  it('always has 16 hex digits and begins with the tag of the run', () => {
    fc.assert(
      fc.property(anyTag, anyVisitorNumber, (tag, number) => {
        expect(visitorId(tag, number)).toMatch(/^[0-9a-f]{16}$/);
        expect(visitorId(tag, number).startsWith(tag)).toBe(true);
      }),
    );
  });

  it('is never that of another number', () => {
    fc.assert(
      fc.property(anyTag, anyVisitorNumber, anyVisitorNumber, (tag, one, other) => {
        expect(visitorId(tag, one) === visitorId(tag, other)).toBe(one === other);
      }),
      { numRuns: 1000 },
    );
  });

  it('is never that of a number which differs in one bit', () => {
    fc.assert(
      fc.property(anyTag, anyVisitorNumber, fc.nat(39), (tag, number, bit) => {
        const other = Number(BigInt(number) ^ (1n << BigInt(bit)));
        expect(visitorId(tag, number)).not.toBe(visitorId(tag, other));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['from 0', 0],
    ['where the lower half runs over', 2 ** 20 - 50_000],
    ['beyond 32 bits', 2 ** 32 - 50_000],
    ['to the last', VISITOR_NUMBERS - 100_000],
  ])('is new for each of 100,000 numbers in a row, %s', (_, first) => {
    const ids = new Set<string>();
    for (let number = first; number < first + 100_000; number++) ids.add(visitorId('c0ffee', number));
    expect(ids.size).toBe(100_000);
  });

  it('does not show the order of visitors', () => {
    const ids = Array.from({ length: 1000 }, (_, number) => visitorId('c0ffee', number));
    const rising = ids.filter((id, at) => at > 0 && id > (ids[at - 1] ?? '')).length;
    expect(rising).toBeGreaterThan(400);
    expect(rising).toBeLessThan(600);
  });

  it('there are 2^40 of', () => {
    expect(VISITOR_NUMBERS).toBe(2 ** 40);
  });
});

describe('the identity of a run', () => {
  const anyRunId = fc.stringMatching(/^[A-Za-z0-9._-]{1,64}$/);
  const anyStart = fc.integer({ min: 1, max: 4_000_000_000_000 });

  it('is always the same for the same run id and start', () => {
    fc.assert(
      fc.property(anyRunId, anyStart, fc.nat(100), (runId, start, draw) => {
        expect(runIdentity(runId, start, draw)).toEqual(runIdentity(runId, start, draw));
      }),
    );
  });

  it('always has a tag of six hex digits', () => {
    fc.assert(
      fc.property(anyRunId, anyStart, (runId, start) => {
        expect(runIdentity(runId, start).tag).toMatch(/^[0-9a-f]{6}$/);
      }),
    );
  });

  it('has another tag for another run id, another start and another draw', () => {
    const tags = [
      runIdentity('a', 1),
      runIdentity('b', 1),
      runIdentity('a', 2),
      runIdentity('a', 1, 1),
      runIdentity('a', 1, 2),
    ].map(({ tag }) => tag);
    expect(new Set(tags).size).toBe(tags.length);
  });

  it('begins its order ids with the whole run id, and anew when the run id is used again', () => {
    fc.assert(
      fc.property(anyRunId, anyStart, anyStart, (runId, start, later) => {
        const { orderPrefix } = runIdentity(runId, start);
        expect(orderPrefix.startsWith(`${runId}-`)).toBe(true);
        expect(orderPrefix === runIdentity(runId, later).orderPrefix).toBe(start === later);
      }),
    );
  });
});
