import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearest, suggestion } from '../../src/config/nearest.ts';

describe('the distance of two texts', () => {
  it.each([
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
    ['MATOMO_SITEID', 'MATOMO_SITE_ID', 1],
    ['same', 'same', 0],
  ])('of %s and %s is %d', (one, other, distance) => {
    expect(editDistance(one, other)).toBe(distance);
  });

  it('is the same both ways, 0 only for equal texts, and never more than the longer one', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (one, other) => {
        const distance = editDistance(one, other);
        expect(editDistance(other, one)).toBe(distance);
        expect(distance === 0).toBe(one === other);
        expect(distance).toBeLessThanOrEqual(Math.max(one.length, other.length));
      }),
    );
  });
});

describe('the nearest name', () => {
  it('is the one with the fewest wrong letters within the limit', () => {
    expect(nearest('hevy', ['light', 'heavy', 'extreme'], 2)).toBe('heavy');
    expect(nearest('hevy', ['light', 'extreme'], 2)).toBeUndefined();
  });

  it('is never one that is farther than another, nor none where one is near enough', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '_'), maxLength: 8 });
    fc.assert(
      fc.property(
        name,
        fc.array(name, { maxLength: 5 }),
        fc.integer({ min: 0, max: 4 }),
        (text, names, limit) => {
          const least = Math.min(...names.map(other => editDistance(text, other)));
          const found = nearest(text, names, limit);
          expect(found === undefined ? undefined : editDistance(text, found)).toBe(
            least <= limit ? least : undefined,
          );
        },
      ),
    );
  });

  it('is suggested, or nothing is', () => {
    expect(suggestion('Vists', ['visits'])).toBe(' (did you mean visits?)');
    expect(suggestion('zzz', ['visits'])).toBe('');
  });
});
