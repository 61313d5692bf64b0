import type { Entry } from './origin.ts';
import type { Lookup } from './references.ts';

/** Keys that hold a token, and those that name its variable in their place. */
export const tokenKeys = [
  { key: 'token', variableKey: 'tokenEnv' },
  { key: 'apiToken', variableKey: 'apiTokenEnv' },
] as const;

export const unsetTokenRule = 'must be the name of a variable that is set';

/** The token that an entry names by its variable, as an entry for `path`; undefined where its variable is not set. */
export function tokenOf(named: Entry, path: string, lookup: Lookup): Entry | undefined {
  // What is no text is told by the schema.
  if (typeof named.value !== 'string') return named;
  const value = lookup(named.value);
  return value === undefined ? undefined : { path, value, origin: named.origin, variable: named.value };
}
