import type { LoadedConfig } from './load.ts';
import { nested } from './nested.ts';
import { groups } from './option.ts';
import { originText } from './origin.ts';
import { type Setting, settingText } from './setting.ts';

/** Keys, values and origins under the headings of the options; secrets masked. */
export interface ShownGroup {
  readonly name: string;
  readonly rows: readonly (readonly [key: string, value: string, origin: string])[];
}

export function configAsRows({ settings }: LoadedConfig): readonly ShownGroup[] {
  return groups.map(name => ({
    name,
    rows: settings
      .filter(({ leaf }) => leaf.meta.group === name)
      .map(setting => [setting.leaf.path, shownValue(setting), originText(setting.origin)] as const),
  }));
}

function shownValue(setting: Setting): string {
  const { otherwise } = setting.leaf.meta;
  if (setting.value === undefined) return otherwise === undefined ? '–' : `(${otherwise})`;
  return settingText(setting);
}

/** The same for programs; what is not set is null. */
export function configAsJson({ settings, notices, warnings }: LoadedConfig): Record<string, unknown> {
  const value = (setting: Setting) =>
    setting.leaf.meta.secret ? settingText(setting) || null : (setting.value ?? null);
  return {
    values: nested(settings.map(setting => [setting.leaf.path, value(setting)])),
    origins: Object.fromEntries(settings.map(({ leaf, origin }) => [leaf.path, originText(origin)])),
    notices,
    warnings,
  };
}
