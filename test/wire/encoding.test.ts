import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encoded } from '../../src/matomo/encoding.ts';

/** Any text without half a surrogate pair, which no file in UTF-8 can hold. */
const anyText = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary-ascii' }));

describe('encoded text', () => {
  it('is always what it was after decoding, the second time as the first', () => {
    fc.assert(
      fc.property(anyText, text => {
        expect(decodeURIComponent(encoded(text))).toBe(text);
        expect(new URLSearchParams(`a=${encoded(text)}&b=1`).get('a')).toBe(text);
        expect(encoded(text)).toBe(encoded(text));
      }),
    );
  });

  it('never holds what would end a parameter, a query or a text in JSON', () => {
    fc.assert(
      fc.property(anyText, text => {
        expect(encoded(text)).not.toMatch(/[&=?#+"\\\s]/);
        expect(encoded(text)).toMatch(/^[\w%.!~*'()-]*$/);
      }),
    );
  });
});
