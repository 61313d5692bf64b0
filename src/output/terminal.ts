import type { TextStream } from './text-stream.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Whether a view may be drawn over itself: on a terminal that can move its cursor, with a person before it. CI
 * services set `CI`; some of them give their logs a terminal's face.
 */
export function canRedraw(stream: TextStream, env: Environment): boolean {
  return stream.isTTY === true && env.TERM !== 'dumb' && !isSet(env.CI);
}

/**
 * chalk's level for a stream: 0 none, 1 the 16 colours, 2 of 256, 3 all. `--no-color` rules, then FORCE_COLOR
 * (as Node reads it: 0 and false are off), then NO_COLOR (https://no-color.org), then what the terminal can.
 */
export function colourLevel(stream: TextStream, env: Environment, noColour = false): 0 | 1 | 2 | 3 {
  if (noColour) return 0;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) {
    if (forced === '0' || forced === 'false') return 0;
    if (forced === '2') return 2;
    return forced === '3' ? 3 : 1;
  }
  if (isSet(env.NO_COLOR) || env.TERM === 'dumb' || stream.isTTY !== true) return 0;
  if (env.COLORTERM === 'truecolor' || env.COLORTERM === '24bit') return 3;
  return env.TERM?.includes('256') === true ? 2 : 1;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false';
}
