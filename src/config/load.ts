import { Failure } from '../base/failure.ts';
import type { SettingByPath } from './checks.ts';
import { checkRanges, checkRun } from './checks.ts';
import type { Flags } from './flag-layer.ts';
import { merge } from './merge.ts';
import { nested } from './nested.ts';
import { configTree, leavesOf } from './option-tree.ts';
import type { Entry, Problem } from './origin.ts';
import { originText } from './origin.ts';
import type { PageSource } from './page-source.ts';
import { pageSource } from './page-source.ts';
import { problemsText } from './problem-text.ts';
import type { ReadFile } from './read-file.ts';
import { readTextFile } from './read-file.ts';
import { checkReserved } from './reserved.ts';
import { ruleOf } from './rule.ts';
import type { Settings } from './schema.ts';
import { configSchema } from './schema.ts';
import type { Setting } from './setting.ts';
import { settingOf, settingText } from './setting.ts';
import { readLayers } from './sources.ts';
import type { Variables } from './variable-layer.ts';
import { noticesOf, warningsOf } from './warnings.ts';

export interface LoadRequest {
  /** By key: `{ rate: '10/s', 'target.url': '…' }`. */
  readonly flags: Flags;
  readonly env: Variables;
  readonly cwd: string;
  readonly readFile?: ReadFile;
  /** False for a command that sends nothing: then a missing target is no problem. Default: true. */
  readonly needsTarget?: boolean;
}

export interface LoadedConfig {
  /** Parsed: durations in seconds, the rate in visits a second. */
  readonly values: Settings;
  /** Every key, in the schema's order, as given and with its origin. */
  readonly settings: readonly Setting[];
  readonly pages: PageSource;
  /** What a person may want to know. */
  readonly notices: readonly string[];
  /** What a person should look at. */
  readonly warnings: readonly string[];
}

const leaves = leavesOf(configTree);

/**
 * Puts the layers together: defaults, preset, configuration file, env file, environment, flags.
 *
 * @throws Failure `CONFIG_INVALID` with every problem at once
 */
export function loadConfig(request: LoadRequest): LoadedConfig {
  const { flags, env, cwd, readFile = readTextFile, needsTarget = true } = request;
  const layers = readLayers({ flags, env, cwd, readFile });
  const { entries, notices } = merge(layers, entryText);
  const settings = leaves.map(leaf => settingOf(leaf, entries.get(leaf.path)));
  const byPath = new Map(settings.map(setting => [setting.leaf.path, setting]));
  const setting: SettingByPath = path => {
    const found = byPath.get(path);
    if (found === undefined) throw new Error(`no key ${path}`);
    return found;
  };
  const pages = pageSource(setting('pages'), cwd, readFile);
  const reserved = checkReserved(entries, cwd, readFile);

  const sound = [...entries.values()].filter(
    entry => byPath.has(entry.path) && entry.violation === undefined,
  );
  const parsed = configSchema.safeParse(nested(sound.map(({ path, value }) => [path, value])), {
    error: ruleOf,
  });
  const problems = [
    ...layers.flatMap(layer => layer.problems),
    ...violations(entries),
    ...(parsed.error?.issues ?? []).map(({ path, message }) => problemOf(path.map(String), message, entries)),
    ...checkRanges(setting),
    ...pages.problems,
    ...reserved.problems,
    ...(layers.some(layer => layer.broken) ? [] : checkRun(setting, needsTarget)),
  ];
  if (!parsed.success || problems.length > 0) {
    const secrets = layers.flatMap(layer => layer.entries.filter(isSecret).map(({ value }) => String(value)));
    throw new Failure('CONFIG_INVALID', problemsText(problems, new Set(secrets)), {
      hint: 'Nothing was sent.',
    });
  }
  return {
    values: parsed.data,
    settings,
    pages,
    notices: [...noticesOf(parsed.data), ...pages.notices, ...notices],
    warnings: [...warningsOf(parsed.data, settings), ...pages.warnings, ...reserved.warnings],
  };
}

const secretPaths = new Set(leaves.filter(leaf => leaf.meta.secret).map(leaf => leaf.path));

function isSecret({ path }: Entry): boolean {
  return secretPaths.has(path);
}

function entryText(entry: Entry): string {
  const leaf = leaves.find(({ path }) => path === entry.path);
  return leaf === undefined ? String(entry.value) : settingText(settingOf(leaf, entry));
}

/** What legacy variables say against values that are in effect. */
function violations(entries: ReadonlyMap<string, Entry>): Problem[] {
  return [...entries.values()].flatMap(({ path, value, origin, violation }) =>
    violation === undefined ? [] : [{ path, value, rule: violation, from: originText(origin) }],
  );
}

/** An issue of the schema, with what was said by whom. It may be about a part of an entry: one rate of a list. */
function problemOf(keys: readonly string[], rule: string, entries: ReadonlyMap<string, Entry>): Problem {
  const path = keys.join('.');
  for (let length = keys.length; length > 0; length -= 1) {
    const entry = entries.get(keys.slice(0, length).join('.'));
    if (entry === undefined) continue;
    const from = originText(entry.origin);
    return isSecret(entry) ? { path, rule, from } : { path, value: entry.value, rule, from };
  }
  return { path, rule, from: 'default' };
}
