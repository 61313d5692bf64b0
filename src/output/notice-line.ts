import type { ChalkInstance } from 'chalk';
import { clockTime } from './number-format.ts';
import { oneLine, wrapWords } from './text-width.ts';

export type NoticeLevel = 'info' | 'warn' | 'error';

const marks = { info: '·', warn: '!', error: '✗' } as const;

/**
 * `0:12 ! baseline: 20 losses in a row`; without a time before the run has begun.
 *
 * @param columns of the terminal, where it is one: it would break words
 */
export function noticeLine(
  level: NoticeLevel,
  message: string,
  elapsedMs: number | undefined,
  chalk: ChalkInstance,
  columns: number | undefined,
): string {
  const time = elapsedMs === undefined ? '' : `${clockTime(elapsedMs)} `;
  const style = { info: (line: string) => line, warn: chalk.yellow, error: chalk.red }[level];
  const text = `${marks[level]} ${oneLine(message)}`;
  const [first = '', ...others] = wrapWords(`${time}${text}`, columns || Number.POSITIVE_INFINITY, '  ');
  return [
    (time === '' ? '' : chalk.dim(time)) + style(first.slice(time.length)),
    ...others.map(line => style(line)),
  ].join('\n');
}
