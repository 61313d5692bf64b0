import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse as parseEnv } from 'dotenv';
import { packageRoot } from '../base/package-root.ts';
import { lineOfVariable } from './env-file.ts';
import { suggestion } from './nearest.ts';
import type { Layer, Problem } from './origin.ts';
import type { ReadFile } from './read-file.ts';
import { fileText } from './read-file.ts';
import type { Lookup } from './references.ts';
import { variableLayer } from './variable-layer.ts';
import { yamlLayer } from './yaml-layer.ts';

const folder = fileURLToPath(new URL('presets/', packageRoot));

/** Names of the presets in the package, the least load first. */
export function shippedPresets(): readonly string[] {
  const order = ['smoke', 'light', 'medium', 'heavy', 'extreme', 'stress'];
  const names = readdirSync(folder)
    .filter(file => file.endsWith('.yaml'))
    .map(file => basename(file, '.yaml'));
  return names.sort((one, other) => order.indexOf(one) - order.indexOf(other));
}

/** The text of a shipped preset, or undefined where there is none of that name. */
export function shippedPreset(name: string): string | undefined {
  return shippedPresets().includes(name) ? readFileSync(`${folder}${name}.yaml`, 'utf8') : undefined;
}

/** Where a preset was named: its path is relative to there. */
export interface PresetRequest {
  readonly name: string;
  readonly from: string;
  readonly directory: string;
  readonly lookup: Lookup;
  readonly readFile: ReadFile;
}

/** Reads the preset a name or a path stands for. */
export function presetLayer({ name, from, directory, lookup, readFile }: PresetRequest): Layer {
  const shipped = shippedPreset(name);
  if (shipped !== undefined) return presetOfYaml(shipped, name, true, folder, lookup);
  const refuse = (rule: string): Layer => ({
    entries: [],
    problems: [{ path: 'preset', value: name, rule, from }],
    broken: true,
  });
  if (!isPath(name)) {
    const names = shippedPresets();
    return refuse(`is no preset${suggestion(name, names)}: there are ${names.join(', ')}, and files`);
  }
  const path = resolve(directory, name);
  const file = fileText(path, readFile);
  if (file.text === undefined) return refuse(file.rule);
  if (isYaml(name)) return presetOfYaml(file.text, name, false, dirname(path), lookup);
  const { text } = file;
  return variableLayer(parseEnv(text), variable => ({
    kind: 'preset',
    name,
    shipped: false,
    place: `${variable} in ${name}:${lineOfVariable(text, variable)}`,
  }));
}

function presetOfYaml(
  text: string,
  name: string,
  shipped: boolean,
  directory: string,
  lookup: Lookup,
): Layer {
  const layer = yamlLayer({
    text,
    file: name,
    origin: place => ({ kind: 'preset', name, shipped, place }),
    lookup,
    resolvePath: path => resolve(directory, path),
  });
  const chained = layer.entries.filter(entry => entry.path === 'preset');
  const problems: Problem[] = chained.map(entry => ({
    path: 'preset',
    value: entry.value,
    rule: 'must not be in a preset: one cannot start from another',
    from: entry.origin.kind === 'preset' ? (entry.origin.place ?? name) : name,
  }));
  return { ...layer, problems: [...layer.problems, ...problems] };
}

function isYaml(name: string): boolean {
  return /\.ya?ml$/i.test(name);
}

/** A shipped name has neither a folder nor an extension. */
function isPath(name: string): boolean {
  return /[/\\.]/.test(name);
}
