import { describe, expect, test } from 'vitest';
import { canRedraw, colourLevel } from '../../src/output/terminal.ts';

const terminal = { write: () => undefined, isTTY: true };
const pipe = { write: () => undefined };

describe('what a stream can do', () => {
  test('a view is drawn on a terminal, and not in CI or on a dumb one', () => {
    expect(canRedraw(terminal, { TERM: 'xterm' })).toBe(true);
    expect(canRedraw(pipe, { TERM: 'xterm' })).toBe(false);
    expect(canRedraw(terminal, { TERM: 'dumb' })).toBe(false);
    expect(canRedraw(terminal, { CI: 'true' })).toBe(false);
    expect(canRedraw(terminal, { CI: 'false' })).toBe(true);
  });

  test.each([
    [pipe, {}, false, 0],
    [terminal, {}, false, 1],
    [terminal, { TERM: 'xterm-256color' }, false, 2],
    [terminal, { COLORTERM: 'truecolor' }, false, 3],
    [terminal, { NO_COLOR: '1' }, false, 0],
    [terminal, { NO_COLOR: '' }, false, 1],
    [terminal, { TERM: 'dumb' }, false, 0],
    [pipe, { FORCE_COLOR: '' }, false, 1],
    [pipe, { FORCE_COLOR: '3' }, false, 3],
    [terminal, { FORCE_COLOR: '0' }, false, 0],
    [pipe, { FORCE_COLOR: '1', NO_COLOR: '1' }, false, 1],
    [terminal, { FORCE_COLOR: '1' }, true, 0],
  ])('colours: case %#', (stream, env, noColour, level) => {
    expect(colourLevel(stream, env, noColour)).toBe(level);
  });
});
