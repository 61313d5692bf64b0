import { dirname, isAbsolute, join, resolve } from 'node:path';
import { parse as parseEnv } from 'dotenv';
import { Failure } from '../base/failure.ts';
import { lineOfVariable } from './env-file.ts';
import type { Flags } from './flag-layer.ts';
import { flagLayer } from './flag-layer.ts';
import type { Layer } from './origin.ts';
import { originText } from './origin.ts';
import { presetLayer } from './preset.ts';
import type { ReadFile } from './read-file.ts';
import { fileText } from './read-file.ts';
import type { Lookup } from './references.ts';
import type { Variables } from './variable-layer.ts';
import { variableLayer } from './variable-layer.ts';
import { yamlLayer } from './yaml-layer.ts';

/** Where a configuration is read from. */
export interface Sources {
  readonly flags: Flags;
  readonly env: Variables;
  readonly cwd: string;
  readonly readFile: ReadFile;
}

const nothing: Layer = { entries: [], problems: [], broken: false };

/** What the sources say. */
export interface SourceLayers {
  /** The one that is overridden by all others first. Defaults are the schema's own. */
  readonly layers: readonly Layer[];
  /** Variables that files refer to. */
  readonly referred: ReadonlySet<string>;
}

export function readLayers(sources: Sources): SourceLayers {
  const { env } = sources;
  const { layer: envFile, variables } = readEnvFile(sources);
  const referred = new Set<string>();
  const lookup: Lookup = name => {
    referred.add(name);
    return env[name] || variables[name] || undefined;
  };
  const file = readConfigFile(sources, lookup);
  const environment = variableLayer(notOf(variables, env), variable => ({ kind: 'environment', variable }));
  const above = [file, envFile, environment, flagLayer(sources.flags, lookup)];
  return { layers: [readPreset(above, sources, lookup), ...above], referred };
}

/**
 * The variables of the environment and of an env file, for a command that takes nothing else from them.
 *
 * @throws Failure CONFIG_INVALID where `flags.envFile` names no file that can be read
 */
export function variableLookup(sources: Sources): Lookup {
  const { layer, variables } = readEnvFile(sources);
  const [unread] = layer.broken ? layer.problems.filter(({ path }) => path === 'envFile') : [];
  if (unread !== undefined) {
    throw new Failure('CONFIG_INVALID', `${unread.from} ${String(unread.value)} ${unread.rule}`);
  }
  return name => sources.env[name] || variables[name] || undefined;
}

/**
 * The environment without what it has in common with the env file: Node 20 reads `--env-file` of any program's
 * command line into the environment, and people are to see where a value really stands.
 */
function notOf(file: Variables, env: Variables): Variables {
  return Object.fromEntries(Object.entries(env).filter(([name, value]) => file[name] !== value));
}

function readEnvFile(sources: Sources): { layer: Layer; variables: Variables } {
  const { name, text, layer } = readNamed(sources, 'envFile', '--env-file', '.env');
  if (text === undefined) return { layer, variables: {} };
  const variables = parseEnv(text);
  const origin = (variable: string) =>
    ({ kind: 'env-file', variable, place: `${name}:${lineOfVariable(text, variable)}` }) as const;
  return { layer: variableLayer(variables, origin), variables };
}

function readConfigFile(sources: Sources, lookup: Lookup): Layer {
  const { name, text, layer } = readNamed(sources, 'config', '--config', 'trafficinator.yaml');
  if (text === undefined) return layer;
  return yamlLayer({
    text,
    file: name,
    origin: place => ({ kind: 'file', place }),
    lookup,
    resolvePath: path => (isAbsolute(path) ? path : join(dirname(name), path)),
  });
}

/** A file that a flag names and that then must be there, or the default one, which need not. */
function readNamed(
  { flags, cwd, readFile }: Sources,
  key: string,
  flag: string,
  byDefault: string,
): { name: string; text: string | undefined; layer: Layer } {
  const named = flags[key];
  const name = typeof named === 'string' ? named : byDefault;
  const file = fileText(resolve(cwd, name), readFile);
  if (file.text !== undefined) return { name, text: file.text, layer: nothing };
  if (file.missing && named === undefined) return { name, text: undefined, layer: nothing };
  const from = named === undefined ? name : flag;
  const problems = [{ path: key, value: name, rule: file.rule, from }];
  return { name, text: undefined, layer: { entries: [], problems, broken: true } };
}

/** The preset is named in one of the other layers, which all override what it sets. */
function readPreset(above: readonly Layer[], { flags, cwd, readFile }: Sources, lookup: Lookup): Layer {
  const named = above.flatMap(layer => layer.entries).findLast(entry => entry.path === 'preset');
  if (typeof named?.value !== 'string') return nothing;
  const config = typeof flags.config === 'string' ? flags.config : '.';
  return presetLayer({
    name: named.value,
    from: originText(named.origin),
    directory: named.origin.kind === 'file' ? resolve(cwd, dirname(config)) : cwd,
    lookup,
    readFile,
  });
}
