import type { Entry, GivenTarget, Layer, Origin, Problem } from './origin.ts';
import { originText } from './origin.ts';
import { targetNames } from './target-names.ts';
import { mostNumbers, numberedKey, variableOf } from './target-variables.ts';

type Said = ReadonlyMap<string, Entry>;

/** A target with all that is said of it. */
export interface ListedTarget {
  /** As messages name it: `target` for the only one that no list names, else `targets[1]`. */
  readonly label: string;
  readonly name: string;
  /** By the target's own keys. */
  readonly entries: Said;
  /** Where it is named first; undefined: nowhere. */
  readonly origin: Origin | undefined;
  /** What to set where its URL is missing. */
  readonly urlVariable: string | undefined;
}

export interface TargetList {
  /** One at least. */
  readonly targets: readonly ListedTarget[];
  readonly problems: readonly Problem[];
  readonly notices: readonly string[];
}

/** What layers say of targets. */
export interface TargetSources {
  readonly layers: readonly Layer[];
  /** Everything but lists, merged: `target.…` and `target2.…` are the numbered targets. */
  readonly entries: Said;
  /** Variables that files refer to: they are used, whatever becomes of their targets. */
  readonly referred: ReadonlySet<string>;
}

interface Named {
  readonly name: string;
  readonly entries: Said;
  readonly origin: Origin | undefined;
}

/**
 * Which targets there are. A target is known by its name: what a later layer says of the same one overrides, key by
 * key. A list with a new name replaces the list before it. `target` and variables, which name targets by numbers, are
 * a list where no file has one; `--url` always means one target, the only one.
 */
export function targetList({ layers, entries, referred }: TargetSources): TargetList {
  const numbered = numberedTargets(entries);
  const first: Said = numbered.get(1) ?? new Map();
  const fromFlags = filtered(first, ({ kind }) => kind === 'flag');
  const isUrlFlag = fromFlags.has('url');
  const fileLists = listsOf(layers, entries.get('target.url'));
  const flagList = layers.at(-1)?.targets ?? [];
  const problems: Problem[] = [];
  const notices: string[] = [];

  const isNumbered = fileLists.length === 0 || (isUrlFlag && fileLists.at(-1)?.length !== 1);
  if (flagList.length === 0 && isNumbered) {
    const used = isUrlFlag ? new Map([[1, first]]) : numbered;
    notices.push(...leftOutText(layers, numbered, used, first));
    problems.push(...gapsIn(used), ...ambiguousFlags(used.size, fromFlags));
    return { targets: inOrder(used), problems, notices };
  }

  let current: readonly Named[] = [];
  for (const list of fileLists) {
    const next = combined(current, list, problems);
    notices.push(...replacedText(list, current, next), ...overriddenPreset(current, next));
    current = next;
  }
  // The environment is above files and below flags.
  const own = new Map(
    [...numbered].map(([number, said]) => [number, filtered(said, ({ kind }) => kind !== 'flag')]),
  );
  if (fileLists.length === 0) {
    const said = new Map([...own].filter(([, entries]) => entries.size > 0));
    current = said.size === 0 ? [] : inOrder(said);
    problems.push(...gapsIn(own));
  } else {
    current = withNamedVariables(current, numbered);
  }
  if (flagList.length > 0) {
    const next = combined(current, flagList, problems);
    if (fileLists.length > 0) notices.push(...replacedText(flagList, current, next));
    notices.push(...overriddenPreset(current, next));
    current = next;
    problems.push(...flagsBesideTarget(fromFlags));
  } else if (current.length === 1) {
    current = current.map(target => overlaid(target, fromFlags));
  } else {
    problems.push(...ambiguousFlags(current.length, fromFlags));
  }
  notices.push(...unusedText(own, current, fileLists.length === 0, referred));
  return {
    targets: current.map((target, at) => ({ ...target, label: `targets[${at}]`, urlVariable: undefined })),
    problems,
    notices,
  };
}

/** `--url` and its like together with `--target`. */
function flagsBesideTarget(fromFlags: Said): Problem[] {
  return [...fromFlags.values()].slice(0, 1).map(({ path, origin }) => ({
    path: `target.${path}`,
    rule: 'is of the one target without --target: say it as a part of --target',
    from: originText(origin),
  }));
}

/** Lists of files in the order of their layers, without those that a `target` with a URL in a later file replaces. */
function listsOf(layers: readonly Layer[], url: Entry | undefined): (readonly GivenTarget[])[] {
  const isOfFile = url?.origin.kind === 'file' || url?.origin.kind === 'preset';
  const above = isOfFile ? layers.findIndex(layer => layer.entries.includes(url)) : -1;
  return layers.slice(above + 1, -1).flatMap(({ targets = [] }) => (targets.length === 0 ? [] : [targets]));
}

function numberedTargets(entries: Said): Map<number, Map<string, Entry>> {
  const numbered = new Map<number, Map<string, Entry>>();
  for (const entry of entries.values()) {
    const at = numberedKey(entry.path);
    if (at === undefined) continue;
    const target = numbered.get(at.number) ?? new Map<string, Entry>();
    numbered.set(at.number, target.set(at.key, { ...entry, path: at.key }));
  }
  return numbered;
}

/** Targets by their numbers; `target` alone is there even when nothing is said of it. */
function inOrder(numbered: ReadonlyMap<number, Said>): ListedTarget[] {
  const numbers = [...numbered.keys()].sort((one, other) => one - other);
  const all = numbers.length === 0 ? [1] : numbers;
  const said = all.map(number => numbered.get(number) ?? new Map<string, Entry>());
  const names = targetNames(said);
  return said.map((entries, at) => {
    const number = all[at] ?? 1;
    return {
      label: all.length === 1 && number === 1 ? 'target' : `targets[${number - 1}]`,
      name: names[at] ?? '',
      entries,
      origin: [...entries.values()][0]?.origin,
      urlVariable: variableOf(number, 'url'),
    };
  });
}

/** Numbers below the greatest of which nothing is said. */
function gapsIn(numbered: ReadonlyMap<number, Said>): Problem[] {
  const greatest = Math.max(1, ...numbered.keys());
  const [last] = numbered.get(greatest)?.values() ?? [];
  if (last === undefined) return [];
  return Array.from({ length: greatest - 1 }, (_, at) => at + 1).flatMap(number => {
    if (numbered.has(number)) return [];
    const variable = variableOf(number, 'url');
    const rule = `is missing: targets are numbered from 1 to ${mostNumbers} without gaps, and there is a target ${greatest}`;
    return [{ path: variable, rule, from: originText(last.origin) }];
  });
}

/** `--site-id` or `--api-url` with several targets. */
function ambiguousFlags(count: number, fromFlags: Said): Problem[] {
  if (count <= 1) return [];
  return [...fromFlags.values()].map(({ path, value, origin }) => ({
    path: `target.${path}`,
    value,
    rule: `is of one target, and there are ${count}: say --target name=NAME,… instead`,
    from: originText(origin),
  }));
}

/** A list upon those before it; names it repeats keep what was said of them. */
function combined(current: readonly Named[], list: readonly GivenTarget[], problems: Problem[]): Named[] {
  const given = list.map(({ entries, origin }) => ({
    origin,
    entries: new Map(entries.map(entry => [entry.path, entry])),
  }));
  const names = targetNames(given.map(({ entries }) => entries));
  for (const [at, name] of names.entries()) {
    if (names.indexOf(name) === at) continue;
    const entry = given[at]?.entries.get('name');
    problems.push({
      path: `targets[${at}].name`,
      value: name,
      rule: `is also the name of targets[${names.indexOf(name)}]`,
      from: originText(entry?.origin ?? { kind: 'default' }),
    });
  }
  const known = new Map(current.map(target => [target.name, target]));
  const own = given.map(({ entries, origin }, at): Named => {
    const name = names[at] ?? '';
    return overlaid(known.get(name) ?? { name, entries: new Map(), origin }, entries);
  });
  if (!names.every(name => known.has(name))) return own;
  const byName = new Map(own.map(target => [target.name, target]));
  return current.map(target => byName.get(target.name) ?? target);
}

function overlaid(target: Named, entries: Said): Named {
  return { ...target, entries: new Map([...target.entries, ...entries]) };
}

/** `TARGET_NAME_2=b` says of which target the other variables with a 2 are. */
function withNamedVariables(
  current: readonly Named[],
  numbered: ReadonlyMap<number, Said>,
): readonly Named[] {
  const named = new Map(
    [...numbered.values()].flatMap(said => {
      const ofVariables = filtered(said, isVariable);
      const name = ofVariables.get('name')?.value;
      return typeof name === 'string' ? [[name, ofVariables]] : [];
    }),
  );
  return current.map(target => overlaid(target, named.get(target.name) ?? new Map()));
}

function isVariable({ kind }: Origin): boolean {
  return kind === 'environment' || kind === 'env-file';
}

function filtered(entries: Said, isWanted: (origin: Origin) => boolean): Said {
  return new Map([...entries].filter(([, { origin }]) => isWanted(origin)));
}

/** Who overrides a preset is told, as with other keys. Values are not: they may be secrets. */
function overriddenPreset(before: readonly Named[], after: readonly Named[]): string[] {
  return after.flatMap(({ name, entries }) => {
    const earlier = before.find(target => target.name === name)?.entries ?? new Map<string, Entry>();
    return [...earlier].flatMap(([key, { origin }]) => {
      const now = entries.get(key);
      if (origin.kind !== 'preset' || key === 'name' || now === undefined || now.origin === origin) return [];
      return [`${originText(now.origin)} overrides preset ${origin.name}: ${key} of target ${name}`];
    });
  });
}

function replacedText(
  list: readonly GivenTarget[],
  before: readonly Named[],
  after: readonly Named[],
): string[] {
  const lost = before.filter(({ name }) => !after.some(other => other.name === name));
  const [aLost] = lost;
  if (aLost === undefined) return [];
  const names = lost.map(({ name }) => name).join(', ');
  const verb = lost.length === 1 ? 'is' : 'are';
  return [
    `${placeOf(list[0]?.origin)} names other targets: ${names} of ${placeOf(aLost.origin)} ${verb} not used`,
  ];
}

/** What a single URL, of a flag or a later file, leaves out. */
function leftOutText(
  layers: readonly Layer[],
  numbered: ReadonlyMap<number, Said>,
  used: ReadonlyMap<number, Said>,
  first: Said,
): string[] {
  const by = `${originText(first.get('url')?.origin ?? { kind: 'default' })} names the only target`;
  const ofLists = layers.findLast(({ targets = [] }) => targets.length > 0)?.targets ?? [];
  const others = [...numbered].flatMap(([number, said]) => (used.has(number) ? [] : [...said.values()]));
  return [
    ...(ofLists.length === 0 ? [] : [`${by}: the targets of ${placeOf(ofLists[0]?.origin)} are not used`]),
    ...(others.length === 0 ? [] : [`${by}: ${originsText(others)} not used`]),
  ];
}

/** Variables and `target` of which nothing is used, because a list says which targets there are. */
function unusedText(
  numbered: ReadonlyMap<number, Said>,
  current: readonly Named[],
  isList: boolean,
  referred: ReadonlySet<string>,
): string[] {
  const used = new Set(current.flatMap(({ entries }) => [...entries.values()].map(({ origin }) => origin)));
  const unused = [...numbered.values()].flatMap(said => {
    const all = [...said.values()];
    if (all.some(({ origin }) => used.has(origin))) return [];
    return all.filter(({ origin }) => !('variable' in origin && referred.has(origin.variable)));
  });
  if (unused.length === 0) return [];
  const why = isList
    ? '--target names other targets'
    : 'a list says which targets there are, and variables change one of it by its TARGET_NAME';
  return [`${originsText(unused)} not used: ${why}`];
}

/** `MATOMO_URL in .env:1, MATOMO_SITE_ID in .env:2 are` */
function originsText(entries: readonly Entry[]): string {
  const texts = entries.map(({ origin }) => originText(origin));
  return `${texts.join(', ')} ${texts.length === 1 ? 'is' : 'are'}`;
}

/** The file or the flag without the line. */
function placeOf(origin: Origin | undefined): string {
  const text = originText(origin ?? { kind: 'default' });
  return origin?.kind === 'flag' ? text.replace(/ #\d+$/, '') : text.replace(/(?::\d+)+$/, '');
}
