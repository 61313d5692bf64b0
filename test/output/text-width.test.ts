import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutToWidth, oneLine, textWidth, wrapWords } from '../../src/output/text-width.ts';
import { colourChalk } from './samples.ts';

describe('the width of a text', () => {
  test('counts columns and not code units, and no styling', () => {
    expect(textWidth('abc')).toBe(3);
    expect(textWidth('日本')).toBe(4);
    expect(textWidth('é👍')).toBe(3);
    expect(textWidth(colourChalk.red('abc'))).toBe(3);
  });

  test('a cut text says so, ends its colours and is never wider than asked', () => {
    expect(cutToWidth('abcdef', 4)).toBe('abc…');
    expect(cutToWidth(colourChalk.red('abcdef'), 4)).toBe(colourChalk.red('abc…'));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, columns) => {
        expect(textWidth(cutToWidth(text, columns))).toBeLessThanOrEqual(columns);
      }),
    );
  });

  test('one line has no control characters and steers no terminal', () => {
    expect(oneLine('a\nb\u001B[2Jc\r\u0007d\u2028e')).toBe('a bc d e');
  });

  test('lines are broken between words, and no word is lost', () => {
    expect(wrapWords('one two three four', 9, '  ')).toEqual(['one two', '  three', '  four']);
  });
});
