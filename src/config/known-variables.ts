import { nearest } from './nearest.ts';
import { variables } from './option-tree.ts';
import { mostNumbers, numberedStems, numberedVariable } from './target-variables.ts';

const known = new Set(variables.keys());

/** Other programs have variables like it (LOGLEVEL, LOG_LEVELS): what is near to it is rarely meant for us. */
const common = new Set(['LOG_LEVEL']);
const watched = [...known].filter(name => !common.has(name));

/** Two wrong letters of so few could be any word. */
const shortestName = 7;

/**
 * The variable a name was meant to be: one within two letters, numbers of targets left out of account. Other names
 * with a number, as `CONCURRENCY_2`, are no misspelling. Everything else in an environment is none of our business.
 */
export function misspelt(name: string): string | undefined {
  if (name.length < shortestName || known.has(name) || numberedVariable(name) !== undefined) return undefined;
  const [, stem, digits] = /^(.+?)_?(\d+)$/.exec(name.toUpperCase()) ?? [];
  if (stem === undefined) return nearest(name.toUpperCase(), watched, 2);
  const meant = stem.length < shortestName ? undefined : nearest(stem, numberedStems.keys(), 2);
  if (meant === undefined) return known.has(stem) ? undefined : nearest(name.toUpperCase(), watched, 2);
  const number = Number(digits);
  return number >= 1 && number <= mostNumbers
    ? `${meant}_${number}`
    : `one of ${meant}_1 to ${meant}_${mostNumbers}`;
}
