import { mask } from '../base/mask-secrets.ts';
import type { Leaf } from './option-tree.ts';
import { type Entry, type Origin, originText } from './origin.ts';
import { valueText } from './problem-text.ts';
import { withoutSecrets, withoutTokens } from './secrets.ts';

/** One key in effect. */
export interface Setting {
  readonly leaf: Leaf;
  /** As it was given, or the default; undefined: none. */
  readonly value: unknown;
  readonly origin: Origin;
  /** The variable a secret came from. */
  readonly variable: string | undefined;
  /** What a file may say in place of a secret map. */
  readonly template: Entry['template'] | undefined;
}

export function settingOf(leaf: Leaf, entry: Entry | undefined): Setting {
  if (entry === undefined) {
    const origin = { kind: 'default' } as const;
    return { leaf, value: leaf.byDefault, origin, variable: undefined, template: undefined };
  }
  const { value, origin, variable, template } = entry;
  return { leaf, value, origin, variable, template };
}

/** Whether anybody said it. */
export function isSaid({ origin, value }: Setting): boolean {
  return origin.kind !== 'default' && value !== undefined;
}

/** That a setting does nothing, where somebody said it for this run: a preset says it for many. */
export function unusedSetting(settings: readonly Setting[], path: string, why: string): string[] {
  return settings.flatMap(setting =>
    setting.leaf.path === path && isSaid(setting) && setting.origin.kind !== 'preset'
      ? [`${path} = ${settingText(setting)} (${originText(setting.origin)}) is not used: ${why}`]
      : [],
  );
}

/** The value as it may be shown, the name of its variable beside a secret or in its place. */
export function settingText({ leaf, value, variable, template }: Setting): string {
  if (value === undefined) return '';
  if (!leaf.meta.secret) return withoutSecrets(valueText(value), []);
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, text]) => `${withoutTokens(name)}: ${template?.[name] ?? mask(String(text))}`)
      .join(', ');
  }
  return variable === undefined ? mask(String(value)) : `${mask(String(value))} (${variable})`;
}
