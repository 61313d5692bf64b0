import { type LoadedConfig, loadConfig } from './load.ts';
import { valueAt } from './nested.ts';
import { isWithin, legacyNumber } from './option.ts';
import type { Leaf } from './option-tree.ts';
import { valueText } from './problem-text.ts';
import type { ReadFile } from './read-file.ts';

/** A shipped preset by itself: no file, no variable and no flag takes part. */
export function loadShippedPreset(name: string): LoadedConfig {
  return loadConfig({ flags: { preset: name }, env: {}, cwd: '/', readFile: noFile, needsTarget: false });
}

const noFile: ReadFile = () => {
  throw Object.assign(new Error('no files are read'), { code: 'ENOENT' });
};

/** A shipped preset as an env file, in legacy variables where they can say it. */
export function presetAsEnv(name: string): string {
  const { values, settings } = loadShippedPreset(name);
  const lines = [`# ${name}: ${values.description}`];
  for (const { leaf, value, origin } of settings) {
    if (origin.kind !== 'preset' || leaf.meta.env === 'none') continue;
    lines.push(assignment(leaf, value, valueAt(values, leaf.path)));
  }
  return `${lines.join('\n')}\n`;
}

function assignment(leaf: Leaf, given: unknown, parsed: unknown): string {
  for (const { name, legacy } of leaf.variables) {
    const number = legacy === undefined ? undefined : legacyNumber(legacy, parsed);
    if (legacy === undefined) return `${name}=${Array.isArray(given) ? given.join(',') : valueText(given)}`;
    if (number !== undefined && isWithin(legacy, number)) return `${name}=${number}`;
  }
  return '';
}

/** A shipped preset as a file of one's own: without the line that leads editors to the schema in the package. */
export function presetAsYaml(text: string): string {
  return text.replace(/^# yaml-language-server:.*\n/, '');
}
