import { rangesOf, settingsTree } from './option-tree.ts';
import type { Problem } from './origin.ts';
import { originText } from './origin.ts';
import type { Setting } from './setting.ts';
import { numberedKey } from './target-variables.ts';

export type SettingByPath = (path: string) => Setting;

/** No range's min is above its max, whoever said which. Those of targets are in `target-traffic.ts`. */
export function checkRanges(setting: SettingByPath): readonly Problem[] {
  const ofRun = rangesOf(settingsTree).filter(({ path }) => numberedKey(path) === undefined);
  return ofRun.flatMap(({ path }) => {
    const min = setting(`${path}.min`);
    const max = setting(`${path}.max`);
    if (typeof min.value !== 'number' || typeof max.value !== 'number' || min.value <= max.value) return [];
    const rule = `must not be above ${path}.max = ${max.value} (${originText(max.origin)})`;
    return [{ path: `${path}.min`, value: min.value, rule, from: originText(min.origin) }];
  });
}

/** What a switch needs to mean something. Said in a file some are for another run that is planned there. */
export function checkSwitches(setting: SettingByPath): readonly Problem[] {
  const on = (path: string) => setting(path).value === true;
  const isFlag = (path: string) => setting(path).origin.kind === 'flag';
  if (on('summary') && !on('dryRun'))
    return [{ path: 'summary', rule: 'needs --dry-run', from: '--summary' }];
  if (on('verify') && on('dryRun') && isFlag('verify')) {
    const rule = 'has nothing to ask about with --dry-run, which sends nothing';
    return [{ path: 'verify', rule, from: '--verify' }];
  }
  // What the embedded collector records is always verified.
  if (on('verify') || on('collector')) return [];
  return ['wait', 'strict'].filter(isFlag).map(path => ({ path, rule: 'needs --verify', from: `--${path}` }));
}

/** What has to be there for a run to begin. */
export function checkRun(setting: SettingByPath): readonly Problem[] {
  const problems: Problem[] = [];
  const on = (path: string) => setting(path).value === true;
  const endless =
    ['visits', 'duration'].every(path => Number(setting(path).value) === 0) &&
    setting('stages').value === undefined;
  if (on('dryRun') && endless) {
    problems.push({
      path: 'dryRun',
      rule: 'needs --visits, --duration or --stages: a plan without end has no end',
      from: '--dry-run',
    });
  }
  return problems;
}
