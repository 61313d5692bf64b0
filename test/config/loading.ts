import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../src/base/failure.ts';
import { type LoadedConfig, type LoadRequest, loadConfig } from '../../src/config/load.ts';
import { originText } from '../../src/config/origin.ts';
import type { Setting } from '../../src/config/setting.ts';

export interface Given extends Partial<Omit<LoadRequest, 'cwd'>> {
  /** Files of the current folder, by name. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Loads from a folder of its own. What is not about targets needs none. */
export function load({
  files = {},
  flags = {},
  env = {},
  needsTarget = false,
  ...rest
}: Given): LoadedConfig {
  const cwd = mkdtempSync(join(tmpdir(), 'trafficinator-config-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  return loadConfig({ cwd, flags, env, needsTarget, ...rest });
}

/** The message a configuration is refused with. */
export function refusal(given: Given): string {
  try {
    load(given);
  } catch (error) {
    if (error instanceof Failure && error.code === 'CONFIG_INVALID') return error.message;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

/** A key's setting: of the run, or of a target as `target.url` or `targets[1].url`. */
export function settingAt({ settings, targets }: LoadedConfig, path: string): Setting | undefined {
  const ofRun = settings.find(({ leaf }) => leaf.path === path);
  const target = targets.find(({ label }) => path.startsWith(`${label}.`));
  return ofRun ?? target?.settings.find(({ leaf }) => `${target.label}.${leaf.path}` === path);
}

/** Where a key's value is from, as people read it. */
export function originOf(loaded: LoadedConfig, path: string): string | undefined {
  const setting = settingAt(loaded, path);
  return setting && originText(setting.origin);
}
