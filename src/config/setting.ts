import type { Leaf } from './option-tree.ts';
import type { Entry, Origin } from './origin.ts';
import { valueText } from './problem-text.ts';
import { mask, withoutSecrets } from './secrets.ts';

/** One key in effect. */
export interface Setting {
  readonly leaf: Leaf;
  /** As it was given, or the default; undefined: none. */
  readonly value: unknown;
  readonly origin: Origin;
  /** The variable a secret came from. */
  readonly variable: string | undefined;
}

export function settingOf(leaf: Leaf, entry: Entry | undefined): Setting {
  if (entry === undefined)
    return { leaf, value: leaf.byDefault, origin: { kind: 'default' }, variable: undefined };
  return { leaf, value: entry.value, origin: entry.origin, variable: entry.variable };
}

/** The value as it may be shown, the name of its variable beside a secret. */
export function settingText({ leaf, value, variable }: Setting): string {
  if (value === undefined) return '';
  if (!leaf.meta.secret) return withoutSecrets(valueText(value), []);
  return variable === undefined ? mask(String(value)) : `${mask(String(value))} (${variable})`;
}
