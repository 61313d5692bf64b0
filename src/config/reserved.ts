import { resolve } from 'node:path';
import type { Entry, Problem } from './origin.ts';
import { originText } from './origin.ts';
import { fileText, type ReadFile } from './read-file.ts';
import { valueOfBoolean } from './text-value.ts';

/** What legacy variables ask for that this version does not do. */
export interface Reserved {
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/** Such requests are refused: to ignore them would be a run other than the one that was asked for. */
export function checkReserved(
  entries: ReadonlyMap<string, Entry>,
  cwd: string,
  readFile: ReadFile,
): Reserved {
  const funnels = checkFunnels(entries.get('FUNNEL_CONFIG_PATH'), cwd, readFile);
  return { ...funnels, problems: [...checkBackfill(entries.get('BACKFILL_ENABLED')), ...funnels.problems] };
}

function checkBackfill(entry: Entry | undefined): readonly Problem[] {
  if (entry === undefined) return [];
  const { path, value, origin } = entry;
  const isEnabled = valueOfBoolean(String(value));
  if (isEnabled === false) return [];
  const rule = isEnabled
    ? 'asks for the past to be filled, which this version does not do'
    : 'must be true or false';
  return [{ path, value, rule, from: originText(origin) }];
}

/** Where the containers of the Python Trafficinator had their funnels. */
const containerFunnels = '/app/data/funnels.json';

function checkFunnels(entry: Entry | undefined, cwd: string, readFile: ReadFile): Reserved {
  const path = String(entry?.value ?? containerFunnels);
  const from = entry === undefined ? path : originText(entry.origin);
  const file = fileText(resolve(cwd, path), readFile);
  if (file.text === undefined) {
    // As before, a file that is not there is no funnels; the default's absence is nothing to speak of.
    const isExpected = file.missing && path === containerFunnels;
    return {
      problems: [],
      warnings: isExpected ? [] : [`${from}: ${path} ${file.rule}, there are no funnels`],
    };
  }
  // An empty list asks for nothing.
  if (/^\s*(?:\[\s*\]\s*)?$/.test(file.text)) return { problems: [], warnings: [] };
  const rule = 'asks for funnels, which this version does not do: empty the variable or remove the file';
  return { problems: [{ path: 'FUNNEL_CONFIG_PATH', value: path, rule, from }], warnings: [] };
}
