import { resolve } from 'node:path';
import { rangesOf, settingsTree } from './option-tree.ts';
import type { Entry, Problem } from './origin.ts';
import { originText } from './origin.ts';
import type { ReadFile } from './read-file.ts';
import { fileText } from './read-file.ts';
import type { Setting } from './setting.ts';
import { valueOfBoolean } from './text-value.ts';

export type SettingByPath = (path: string) => Setting;

/** No range's min is above its max, whoever said which. */
export function checkRanges(setting: SettingByPath): readonly Problem[] {
  return rangesOf(settingsTree).flatMap(({ path }) => {
    const min = setting(`${path}.min`);
    const max = setting(`${path}.max`);
    if (typeof min.value !== 'number' || typeof max.value !== 'number' || min.value <= max.value) return [];
    const rule = `must not be above ${path}.max = ${max.value} (${originText(max.origin)})`;
    return [{ path: `${path}.min`, value: min.value, rule, from: originText(min.origin) }];
  });
}

/** What has to be there for a run to begin. */
export function checkRun(setting: SettingByPath, needsTarget: boolean): readonly Problem[] {
  const problems: Problem[] = [];
  const on = (path: string) => setting(path).value === true;
  if (needsTarget && setting('target.url').value === undefined && !on('collector') && !on('dryRun')) {
    const rule = 'is missing: give --url or MATOMO_URL, or --collector, which needs no server';
    problems.push({ path: 'target.url', rule, from: 'target' });
  }
  if (on('summary') && !on('dryRun')) {
    problems.push({ path: 'summary', rule: 'needs --dry-run', from: '--summary' });
  }
  const endless = ['visits', 'duration'].every(path => Number(setting(path).value) === 0);
  if (on('dryRun') && endless) {
    problems.push({
      path: 'dryRun',
      rule: 'needs --visits or --duration: a plan without end has no end',
      from: '--dry-run',
    });
  }
  return problems;
}

/** Where the containers of the Python Trafficinator had their funnels. */
const containerFunnels = '/app/data/funnels.json';

/** Legacy variables that ask for what this version does not do are refused: to ignore them would be worse. */
export function checkReserved(
  entries: ReadonlyMap<string, Entry>,
  cwd: string,
  readFile: ReadFile,
): readonly Problem[] {
  const problems: Problem[] = [];
  const backfill = entries.get('BACKFILL_ENABLED');
  if (backfill !== undefined && valueOfBoolean(String(backfill.value)) !== false) {
    const { path, value, origin } = backfill;
    const rule =
      valueOfBoolean(String(value)) === true
        ? 'asks for the past to be filled, which this version does not do'
        : 'must be true or false';
    problems.push({ path, value, rule, from: originText(origin) });
  }
  const funnels = entries.get('FUNNEL_CONFIG_PATH');
  const file = fileText(resolve(cwd, String(funnels?.value ?? containerFunnels)), readFile);
  // An empty list of funnels asks for nothing.
  if (file.text !== undefined && !/^\s*(?:\[\s*\]\s*)?$/.test(file.text)) {
    problems.push({
      path: 'FUNNEL_CONFIG_PATH',
      value: funnels?.value ?? containerFunnels,
      rule: 'asks for funnels, which this version does not do: empty the variable or remove the file',
      from: funnels === undefined ? containerFunnels : originText(funnels.origin),
    });
  }
  return problems;
}
