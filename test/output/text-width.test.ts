import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noticeLine } from '../../src/output/notice-line.ts';
import {
  cutToWidth,
  nameCell,
  oneLine,
  textWidth,
  wrapLines,
  wrapWords,
} from '../../src/output/text-width.ts';
import { colourChalk, plainChalk } from './samples.ts';

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

  test('a long name loses its middle, and takes no more than three tenths', () => {
    expect(nameCell('baseline', 80)).toBe('baseline');
    expect(nameCell('node-1.matomo.eu-west-1.example.com', 80)).toBe('node-1.matom…example.com');
    expect(nameCell('analytics.example.com-1', 60)).not.toBe(nameCell('analytics.example.com-2', 60));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 40, max: 200 }), (name, columns) => {
        expect(textWidth(nameCell(name, columns))).toBeLessThanOrEqual(Math.floor(columns * 0.3));
      }),
    );
  });

  test('one line has no control characters and steers no terminal', () => {
    expect(oneLine('a\nb\u001B[2Jc\r\u0007d\u2028e')).toBe('a bc d e');
  });

  test('lines of a message are broken for a terminal alone, each under its own beginning', () => {
    const message = 'error: it is wrong:\n  one: two three\n    four five\n';
    expect(wrapLines(message, undefined)).toBe(message);
    expect(wrapLines(message, 0)).toBe(message);
    expect(wrapLines(message, 12)).toBe('error: it is\nwrong:\n  one: two\n  three\n    four\n    five\n');
  });

  test('a notice is broken for a terminal alone, and each of its lines has its colour', () => {
    const said = 'one two three';
    expect(noticeLine('warn', said, undefined, plainChalk, undefined)).toBe('! one two three');
    expect(noticeLine('info', said, 12_000, plainChalk, 14)).toBe('0:12 · one two\n  three');
    expect(noticeLine('error', said, undefined, colourChalk, 9)).toBe(
      `${colourChalk.red('✗ one two')}\n${colourChalk.red('  three')}`,
    );
  });

  test('lines are broken between words, and no word is lost', () => {
    expect(wrapWords('one two three four', 9, '  ')).toEqual(['one two', '  three', '  four']);
  });
});
