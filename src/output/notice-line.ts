import type { ChalkInstance } from 'chalk';
import { clockTime } from './number-format.ts';
import { oneLine } from './text-width.ts';

export type NoticeLevel = 'info' | 'warn' | 'error';

const marks = { info: '·', warn: '!', error: '✗' } as const;

/** `0:12 ! baseline: 20 losses in a row`; without a time before the run has begun. */
export function noticeLine(
  level: NoticeLevel,
  message: string,
  elapsedMs: number | undefined,
  chalk: ChalkInstance,
): string {
  const time = elapsedMs === undefined ? '' : chalk.dim(`${clockTime(elapsedMs)} `);
  const text = `${marks[level]} ${oneLine(message)}`;
  return time + (level === 'error' ? chalk.red(text) : level === 'warn' ? chalk.yellow(text) : text);
}
