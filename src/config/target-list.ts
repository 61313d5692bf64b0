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
 * key. A list with a new name replaces the list before it. `target` and variables, which name one by its number, make
 * the list only where there is no other; `--url` always means one target, the only one.
 */
export function targetList({ layers, entries, referred }: TargetSources): TargetList {
  const numbered = numberedTargets(entries);
  const first: Said = numbered.get(1) ?? new Map();
  const fromFlags = filtered(first, ({ kind }) => kind === 'flag');
  const hasUrlFlag = fromFlags.has('url');
  const lists = listsOf(layers, entries.get('target.url'));
  const flagList = layers.at(-1)?.targets ?? [];
  const problems: Problem[] = [];
  const notices: string[] = [];

  const [aFlag] = fromFlags.values();
  if (flagList.length > 0 && aFlag !== undefined) {
    const rule = 'is of the one target without --target: say it as a part of --target';
    problems.push({ path: `target.${aFlag.path}`, rule, from: originText(aFlag.origin) });
  }
  if (lists.length === 0 || (hasUrlFlag && flagList.length === 0 && !isOne(lists))) {
    const all = hasUrlFlag ? new Map([[1, first]]) : numbered;
    if (hasUrlFlag) notices.push(...leftOut(numbered, lists, first));
    problems.push(...gapsIn(all), ...ambiguousFlags(all.size, fromFlags));
    return { targets: inOrder(all), problems, notices };
  }

  let current: readonly Named[] = [];
  for (const [at, list] of lists.entries()) {
    const isOfFlags = list === flagList;
    // The environment is above files and below flags.
    if (isOfFlags) current = withNamedVariables(current, numbered);
    const next = combined(current, list, problems);
    const lost = current.filter(({ name }) => !next.some(other => other.name === name));
    if (lost.length > 0) notices.push(replacedText(list, lost));
    notices.push(...overriddenPreset(current, next));
    current = next;
    if (!isOfFlags && at === lists.length - 1) current = withNamedVariables(current, numbered);
  }
  const names = new Set(current.map(({ name }) => name));
  notices.push(...unusedText(numbered, names, referred));
  const [only] = current;
  if (flagList.length === 0 && fromFlags.size > 0) {
    if (current.length === 1 && only !== undefined) current = [overlaid(only, fromFlags)];
    else problems.push(...ambiguousFlags(current.length, fromFlags));
  }
  return {
    targets: current.map((target, at) => ({ ...target, label: `targets[${at}]`, urlVariable: undefined })),
    problems,
    notices,
  };
}

/** Lists in the order of their layers, without those that a `target` with a URL in a later file replaces. */
function listsOf(layers: readonly Layer[], url: Entry | undefined): (readonly GivenTarget[])[] {
  const isOfFile = url?.origin.kind === 'file' || url?.origin.kind === 'preset';
  const above = isOfFile ? layers.findIndex(layer => layer.entries.includes(url)) : -1;
  return layers.slice(above + 1).flatMap(({ targets = [] }) => (targets.length === 0 ? [] : [targets]));
}

function isOne(lists: readonly (readonly GivenTarget[])[]): boolean {
  return lists.at(-1)?.length === 1;
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

function replacedText(list: readonly GivenTarget[], lost: readonly Named[]): string {
  const by = placeOf(list[0]?.origin);
  const names = lost.map(({ name }) => name).join(', ');
  return `${by} names other targets: ${names} of ${placeOf(lost[0]?.origin)} ${lost.length === 1 ? 'is' : 'are'} not used`;
}

/** What `--url`, which means one target, leaves out. */
function leftOut(
  numbered: ReadonlyMap<number, Said>,
  lists: readonly (readonly GivenTarget[])[],
  first: Said,
): string[] {
  const by = `${originText(first.get('url')?.origin ?? { kind: 'default' })} names the only target`;
  const others = [...numbered].flatMap(([number, said]) => (number === 1 ? [] : [...said.values()]));
  const ofLists = lists.at(-1) ?? [];
  const texts: string[] = [];
  if (ofLists.length > 0) {
    texts.push(`${by}: the ${ofLists.length} of ${placeOf(ofLists[0]?.origin)} are not used`);
  }
  if (others.length > 0) {
    texts.push(`${by}: ${others.map(({ origin }) => originText(origin)).join(', ')} not used`);
  }
  return texts;
}

/** Variables and `target` of which nothing is used, because a list says which targets there are. */
function unusedText(
  numbered: ReadonlyMap<number, Said>,
  names: ReadonlySet<string>,
  referred: ReadonlySet<string>,
): string[] {
  const unused = [...numbered.values()].flatMap(said => {
    const name = said.get('name');
    const isUsed = name !== undefined && isVariable(name.origin) && names.has(String(name.value));
    return isUsed
      ? []
      : [...said.values()].filter(({ origin }) => origin.kind !== 'flag' && !isReferred(origin));
  });
  function isReferred(origin: Origin): boolean {
    return 'variable' in origin && referred.has(origin.variable);
  }
  if (unused.length === 0) return [];
  const from = unused.map(({ origin }) => originText(origin)).join(', ');
  const verb = unused.length === 1 ? 'is' : 'are';
  return [
    `${from} ${verb} not used: a list says which targets there are, and variables need TARGET_NAME to change one`,
  ];
}

/** The file or the flag without the line. */
function placeOf(origin: Origin | undefined): string {
  const text = originText(origin ?? { kind: 'default' });
  return origin?.kind === 'flag' ? text.replace(/ #\d+$/, '') : text.replace(/(?::\d+)+$/, '');
}
