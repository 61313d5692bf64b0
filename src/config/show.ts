import type { LoadedConfig, LoadedTarget } from './load.ts';
import { nested } from './nested.ts';
import { groups } from './option.ts';
import { originText } from './origin.ts';
import { isSaid, type Setting, settingText } from './setting.ts';
import { tokenKeys } from './token-variable.ts';

/** Keys, values and origins under a heading; secrets masked. */
export interface ShownGroup {
  readonly name: string;
  readonly rows: readonly (readonly [key: string, value: string, origin: string])[];
}

/** Under the headings of the options, and one for each target after that which says where. */
export function configAsRows({ settings, targets }: LoadedConfig): readonly ShownGroup[] {
  const ofRun = new Map(settings.map(setting => [setting.leaf.path, setting]));
  return groups.flatMap(name => {
    const rows = settings
      .filter(({ leaf }) => leaf.meta.group === name)
      .map(setting => rowOf(setting, setting.leaf.path));
    const group = { name, rows };
    return name === 'where' ? [group, ...targets.map(target => groupOf(target, ofRun))] : [group];
  });
}

/** A target's keys. What one of several takes from the run is shown with its origin there. */
function groupOf(target: LoadedTarget, ofRun: ReadonlyMap<string, Setting>): ShownGroup {
  const { label, name, settings } = target;
  const isOnly = label === 'target';
  const rows = settings.flatMap(setting => {
    const { path } = setting.leaf;
    const inherited = isSaid(setting) ? undefined : ofRun.get(path);
    if (inherited !== undefined && path !== 'timezone') {
      return isOnly || path === 'rate' ? [] : [rowOf(inherited, `${label}.${path}`)];
    }
    // The tokens stand above; features are those of the run.
    if ((namesVariable(path) || path.startsWith('features.')) && !isSaid(setting)) return [];
    return [rowOf(setting, `${label}.${path}`)];
  });
  return { name: isOnly ? 'target' : `target ${name}`, rows };
}

function namesVariable(path: string): boolean {
  return tokenKeys.some(({ variableKey }) => variableKey === path);
}

function rowOf(setting: Setting, path: string): readonly [string, string, string] {
  const { otherwise } = setting.leaf.meta;
  const nothing = otherwise === undefined ? '–' : `(${otherwise})`;
  const value = setting.value === undefined ? nothing : settingText(setting);
  return [path, value, originText(setting.origin)];
}

/** The same for programs; what is not set is null. One target that no list names is `target`. */
export function configAsJson({
  settings,
  targets,
  notices,
  warnings,
}: LoadedConfig): Record<string, unknown> {
  const ofTargets = targets.map(target => ({
    ...nested(target.settings.map(setting => [setting.leaf.path, plainValue(setting)])),
    name: target.name,
  }));
  const isList = targets[0]?.label !== 'target';
  const origins = [
    ...settings.map(({ leaf, origin }) => [leaf.path, originText(origin)] as const),
    ...targets.flatMap(({ label, settings: own }) =>
      own.map(({ leaf, origin }) => [`${label}.${leaf.path}`, originText(origin)] as const),
    ),
  ];
  return {
    values: {
      ...nested(settings.map(setting => [setting.leaf.path, plainValue(setting)])),
      ...(isList ? { targets: ofTargets } : { target: ofTargets[0] }),
    },
    origins: Object.fromEntries(origins),
    notices,
    warnings,
  };
}

function plainValue(setting: Setting): unknown {
  return setting.leaf.meta.secret ? settingText(setting) || null : (setting.value ?? null);
}
