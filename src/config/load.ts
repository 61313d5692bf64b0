import { Failure } from '../base/failure.ts';
import { keyPath } from '../base/key-path.ts';
import { checkArrivals } from './arrivals.ts';
import { checkBackfill } from './backfill-checks.ts';
import { caFile, noCaFile } from './ca-file.ts';
import type { SettingByPath } from './checks.ts';
import { checkRanges, checkRun, checkSwitches } from './checks.ts';
import { type EventSource, eventSource, withEvents } from './event-source.ts';
import type { Flags } from './flag-layer.ts';
import { type FunnelReader, type FunnelSource, funnelSource } from './funnel-source.ts';
import { merge } from './merge.ts';
import { nested } from './nested.ts';
import { configTree, leafAt, leavesOf, targetTree } from './option-tree.ts';
import type { Entry, Layer, Problem } from './origin.ts';
import { originText } from './origin.ts';
import type { PageSource } from './page-source.ts';
import { pageSource } from './page-source.ts';
import { problemsText } from './problem-text.ts';
import type { ReadFile, ReadFolder } from './read-file.ts';
import { readFolderNames, readTextFile } from './read-file.ts';
import { ruleOf } from './rule.ts';
import type { Settings } from './schema.ts';
import { configSchema } from './schema.ts';
import type { Setting } from './setting.ts';
import { settingOf, settingText } from './setting.ts';
import { readLayers } from './sources.ts';
import { checkTargets } from './target-checks.ts';
import { type ListedTarget, targetList } from './target-list.ts';
import type { Target } from './target-schema.ts';
import { type Traffic, trafficOf } from './target-traffic.ts';
import { numberedKey } from './target-variables.ts';
import { checkThresholds } from './threshold-checks.ts';
import type { Variables } from './variable-layer.ts';
import { endless, missingTokens, noticesOf, warningsOf } from './warnings.ts';

export interface LoadRequest {
  /** By key: `{ rate: '10/s', 'target.url': '…' }`. */
  readonly flags: Flags;
  readonly env: Variables;
  readonly cwd: string;
  readonly readFile?: ReadFile;
  readonly readFolder?: ReadFolder;
  /** False for a command that sends nothing: then a missing target is no problem. Default: true. */
  readonly needsTarget?: boolean;
  /** What the configuration is for. A backfill is sent in bulk where nobody says otherwise. Default: `run`. */
  readonly command?: 'run' | 'backfill';
  /** False for a command that asks its targets, and tells there what is not sent without a token. Default: true. */
  readonly tellsOfTokens?: boolean;
  /** False for a command that begins no run: then nothing needs an end. Default: true. */
  readonly begins?: boolean;
}

export interface LoadedConfig {
  /** Parsed: durations in seconds, the rate in visits a second. */
  readonly values: Settings;
  /** Every key but those of targets, in the schema's order, as given and with its origin. */
  readonly settings: readonly Setting[];
  /** One at least, in the order of `values.targets`. */
  readonly targets: readonly LoadedTarget[];
  readonly pages: PageSource;
  readonly events: EventSource;
  readonly funnels: FunnelSource;
  /** What a person may want to know. */
  readonly notices: readonly string[];
  /** What a person should look at. */
  readonly warnings: readonly string[];
}

export interface LoadedTarget {
  /** Where it is said: `target`, or `targets[1]`. */
  readonly label: string;
  /** Unique. */
  readonly name: string;
  readonly values: Target;
  /** Every key of a target, as given and with its origin. */
  readonly settings: readonly Setting[];
  /** What its visits are made of, where that is not the run's. */
  readonly traffic: Traffic | undefined;
  /** Its own, where it says some. */
  readonly funnels: FunnelSource | undefined;
  /** The certificates to trust, as PEM text. */
  readonly ca: string | undefined;
}

/** All keys but those of targets. */
const leaves = leavesOf(configTree).filter(
  leaf => leaf.type !== 'targets' && numberedKey(leaf.path) === undefined,
);

const eventsLeaf = leaves.find(({ path }) => path === 'events') ?? missingLeaf('events');

function missingLeaf(path: string): never {
  throw new Error(`no key ${path}`);
}

/**
 * Puts the layers together: defaults, preset, configuration file, env file, environment, flags.
 *
 * @throws Failure `CONFIG_INVALID` with every problem at once
 */
export function loadConfig(request: LoadRequest): LoadedConfig {
  const {
    flags,
    env,
    cwd,
    readFile = readTextFile,
    readFolder = readFolderNames,
    needsTarget = true,
    tellsOfTokens = true,
    begins = true,
    command = 'run',
  } = request;
  const { layers, referred } = readLayers({ flags, env, cwd, readFile });
  const { entries: merged, notices } = merge(layers, entryText);
  const events = eventSource(settingOf(eventsLeaf, merged.get(eventsLeaf.path)), cwd, readFile);
  const entries = withEvents(command === 'backfill' ? sentInBulk(merged) : merged, events);
  const list = targetList({ layers, entries, referred });
  const { targets } = list;
  const settings = leaves.map(leaf => settingOf(leaf, entries.get(leaf.path)));
  const byPath = new Map(settings.map(setting => [setting.leaf.path, setting]));
  const setting: SettingByPath = path => {
    const found = byPath.get(path);
    if (found === undefined) throw new Error(`no key ${path}`);
    return found;
  };
  const pages = pageSource(setting('pages'), cwd, readFile);
  const reader = { cwd, readFile, readFolder };
  const funnels = funnelSource(setting('funnels'), reader);
  const ownFunnels = targets.map(target => funnelsOfTarget(target, reader));
  const sendsNowhere = ['collector', 'dryRun'].some(path => setting(path).value === true);
  const files = targets.map(target => (sendsNowhere ? noCaFile : caFile(target, cwd, readFile)));

  const parsed = configSchema.safeParse(
    {
      ...nested(sound(entries).filter(([path]) => byPath.has(path))),
      targets: targets.map(target => nested(sound(target.entries))),
    },
    // A configuration is read once: to compile what would read it faster takes longer than to read it.
    { error: ruleOf, jitless: true },
  );
  const checkCommand = command === 'backfill' ? checkBackfill : checkRun;
  const isBroken = layers.some(layer => layer.broken);
  const problems = [
    ...layers.flatMap(layer => layer.problems),
    ...list.problems,
    ...violations(entries, ''),
    ...targets.flatMap(target => violations(target.entries, `${target.label}.`)),
    ...(parsed.error?.issues ?? []).map(({ path, message }) => problemOf(path, message, entries, targets)),
    ...checkRanges(setting),
    ...(command === 'backfill' ? [] : checkArrivals(targets, setting)),
    ...checkTargets(targets, setting, { url: needsTarget && !sendsNowhere && !isBroken }),
    ...checkThresholds(entries.get('thresholds'), targets, setting, command),
    ...files.flatMap(file => file.problems),
    ...pages.problems,
    ...events.problems,
    ...[funnels, ...ownFunnels].flatMap(source => source?.problems ?? []),
    ...(isBroken ? [] : [...checkSwitches(setting), ...checkCommand(setting)]),
  ];
  if (!parsed.success || problems.length > 0) {
    throw new Failure('CONFIG_INVALID', problemsText(problems, secretsOf(layers)), {
      hint: 'Nothing was sent.',
    });
  }
  const [first, ...others] = parsed.data.targets ?? [];
  if (first === undefined) throw new Error('no target');
  const values: Settings = { ...parsed.data, target: first, targets: [first, ...others] };
  const loadedTargets = targets.map(
    ({ label, name, entries: own }, at): LoadedTarget => ({
      label,
      name,
      values: values.targets[at] ?? first,
      settings: leavesOf(targetTree).map(leaf => settingOf(leaf, own.get(leaf.path))),
      traffic: trafficOf(entries, own),
      funnels: ownFunnels[at],
      ca: files[at]?.text,
    }),
  );
  return {
    values,
    settings,
    targets: loadedTargets,
    pages,
    events,
    funnels,
    notices: [
      ...noticesOf(values, loadedTargets),
      ...pages.notices,
      ...events.notices,
      ...funnels.notices,
      ...list.notices,
      ...notices,
    ],
    warnings: [
      ...warningsOf(values, settings, loadedTargets, command),
      ...(begins && command === 'run' ? endless(values) : []),
      ...(tellsOfTokens ? missingTokens(values, loadedTargets) : []),
      ...pages.warnings,
      ...[funnels, ...ownFunnels].flatMap(source => source?.warnings ?? []),
    ],
  };
}

/** Nobody waits for single answers of a backfill: a body as large as Matomo's own importer sends saves the server work. */
const BACKFILL_BATCH = 200;

/** What `backfill` does where nobody says how hits travel. */
function sentInBulk(entries: ReadonlyMap<string, Entry>): ReadonlyMap<string, Entry> {
  const origin = { kind: 'default' } as const;
  return new Map([
    ['transport', { path: 'transport', value: 'bulk', origin }],
    ['batchSize', { path: 'batchSize', value: BACKFILL_BATCH, origin }],
    ...entries,
  ]);
}

function funnelsOfTarget({ label, entries }: ListedTarget, reader: FunnelReader): FunnelSource | undefined {
  const leaf = leafAt(targetTree, 'features.funnels');
  const said = entries.get('features.funnels');
  if (leaf === undefined || said === undefined) return undefined;
  const setting = settingOf(leaf, said);
  return funnelSource({ ...setting, leaf: { ...leaf, path: `${label}.${leaf.path}` } }, reader);
}

/** What keys and places in lists lead to; undefined where there is nothing. */
function partAt(value: unknown, keys: readonly string[]): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  return partAt(Object.entries(value).find(([name]) => name === key)?.[1], rest);
}

function sound(entries: ReadonlyMap<string, Entry>): (readonly [string, unknown])[] {
  return [...entries.values()].flatMap(({ path, value, violation }) =>
    violation === undefined ? [[path, value] as const] : [],
  );
}

const secretPaths = new Set(
  [...leavesOf(targetTree), ...leavesOf(configTree)].filter(leaf => leaf.meta.secret).map(leaf => leaf.path),
);

function isSecret({ path }: Entry): boolean {
  return secretPaths.has(numberedKey(path)?.key ?? path);
}

/** Everything secret that any layer says, whether it is in effect or not. */
function secretsOf(layers: readonly Layer[]): ReadonlySet<string> {
  const all = layers.flatMap(({ entries, targets = [] }) => [
    ...entries,
    ...targets.flatMap(target => target.entries),
  ]);
  return new Set(
    all
      .filter(isSecret)
      .flatMap(({ value }) => (typeof value === 'object' && value !== null ? Object.values(value) : [value]))
      .map(String),
  );
}

function entryText(entry: Entry): string {
  const key = numberedKey(entry.path)?.key;
  const leaf = key === undefined ? leaves.find(({ path }) => path === entry.path) : leafAt(targetTree, key);
  return leaf === undefined ? '' : settingText(settingOf(leaf, entry));
}

/** What legacy variables say against values that are in effect. Numbered targets have theirs in `targetList`. */
function violations(entries: ReadonlyMap<string, Entry>, prefix: string): Problem[] {
  return [...entries.values()].flatMap(({ path, value, origin, violation }) =>
    violation === undefined || numberedKey(path) !== undefined
      ? []
      : [{ path: `${prefix}${path}`, value, rule: violation, from: originText(origin) }],
  );
}

/** An issue of the schema, with what was said by whom. It may be about a part of an entry: one rate of a list. */
function problemOf(
  keys: readonly PropertyKey[],
  rule: string,
  entries: ReadonlyMap<string, Entry>,
  targets: readonly ListedTarget[],
): Problem {
  const [list, index, ...own] = keys;
  const target = list === 'targets' ? targets[Number(index)] : undefined;
  const at = (target === undefined ? keys : own).map(String);
  const path = keyPath(target === undefined ? keys : [target.label, ...own]);
  for (let length = at.length; length > 0; length -= 1) {
    const entry = (target?.entries ?? entries).get(at.slice(0, length).join('.'));
    if (entry === undefined) continue;
    const rest = at.slice(length);
    const from = originText(entry.placeOf?.(rest) ?? entry.origin);
    if (isSecret(entry)) return { path, rule, from };
    return { path, value: entry.placeOf === undefined ? entry.value : partAt(entry.value, rest), rule, from };
  }
  return { path, rule, from: 'default' };
}
