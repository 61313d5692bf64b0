import type { Entry, Problem } from './origin.ts';
import { originText } from './origin.ts';
import { valueOfBoolean } from './text-value.ts';

/**
 * What legacy variables ask for that this version does not do. Such requests are refused: to ignore them would be a
 * run other than the one that was asked for.
 */
export function checkReserved(entries: ReadonlyMap<string, Entry>): readonly Problem[] {
  const entry = entries.get('BACKFILL_ENABLED');
  if (entry === undefined) return [];
  const { path, value, origin } = entry;
  const isEnabled = valueOfBoolean(String(value));
  if (isEnabled === false) return [];
  const rule = isEnabled
    ? 'asks for the past to be filled, which this version does not do'
    : 'must be true or false';
  return [{ path, value, rule, from: originText(origin) }];
}
