import { suggestion } from './nearest.ts';
import { type Leaf, leavesOf, nodeAt, type Section, targetTree } from './option-tree.ts';
import type { Entry, GivenTarget, Origin, Problem } from './origin.ts';
import { originText } from './origin.ts';
import type { Lookup } from './references.ts';
import { valueOfText } from './text-value.ts';
import { tokenKeys, tokenOf, unsetTokenRule } from './token-variable.ts';
import { rangeEnds } from './value-types.ts';

/** `name=a`, `name="a, b"`; in quotes, `""` is a quote. */
const part = /\s*([^=,"]*)(?:=("(?:[^"]|"")*"|[^",]*))?\s*(,|$)/gy;

/** Where a spec stands among the `--target` flags, for messages. */
export interface SpecPlace {
  readonly flag: string;
  /** `targets[1]` */
  readonly label: string;
  readonly lookup: Lookup;
}

/** Reads `name=a,url=…,site=1,weight=3,token-env=VAR`. Values of what is wrong are not told: they may be secrets. */
export function parseTargetSpec(
  text: string,
  { flag, label, lookup }: SpecPlace,
): { target: GivenTarget; problems: readonly Problem[] } {
  const origin: Origin = { kind: 'flag', flag };
  const entries: Entry[] = [];
  const problems: Problem[] = [];
  const refuse = (path: string, rule: string) =>
    problems.push({ path: path === '' ? label : `${label}.${path}`, rule, from: originText(origin) });
  const said = new Set<string>();
  const pairs = pairsOf(text);
  if (pairs === undefined) {
    refuse(
      '',
      'must be KEY=VALUE,KEY=VALUE… with values in double quotes where they hold a comma or a quote',
    );
  }
  for (const [key, value] of pairs ?? []) {
    const path = pathOfKey(key);
    const node = nodeAt(targetTree, path);
    if (node === undefined) {
      refuse(key, `is no key of --target${suggestion(key, inlineKeys)}`);
    } else if (node.kind === 'leaf' && node.meta.notInline !== undefined) {
      refuse(path, node.meta.notInline);
    } else if (said.has(path)) {
      refuse(path, 'is said twice');
    } else if (value === undefined || value === '') {
      refuse(path, `has no value: ${key}=…`);
    } else {
      const given = entriesOf(node, path, value, origin);
      if (typeof given === 'string') refuse(path, given);
      else entries.push(...given);
    }
    said.add(path);
  }
  for (const { key, variableKey } of tokenKeys) {
    const at = entries.findIndex(({ path }) => path === variableKey);
    const named = entries[at];
    if (named === undefined) continue;
    const token = tokenOf(named, key, lookup);
    if (token === undefined) refuse(variableKey, unsetTokenRule);
    else entries[at] = token;
  }
  return { target: { origin, entries }, problems };
}

/** Undefined where the text is not made of pairs. */
function pairsOf(text: string): (readonly [key: string, value: string | undefined])[] | undefined {
  const pairs: (readonly [string, string | undefined])[] = [];
  part.lastIndex = 0;
  while (part.lastIndex < text.length) {
    const [whole, key = '', value, comma] = part.exec(text) ?? [];
    if (whole === undefined || key.trim() === '') return undefined;
    pairs.push([key.trim(), value === undefined ? undefined : unquoted(value.trim())]);
    if (comma === ',' && part.lastIndex === text.length) return undefined;
  }
  return pairs.length === 0 ? undefined : pairs;
}

function unquoted(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value;
}

/** `batch-size` and `batchSize` are `batchSize`, `site` is `siteId`, `tls.ca` and `features.pageviews` are themselves. */
function pathOfKey(key: string): string {
  return key === 'site' ? 'siteId' : key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Keys as they are documented for `--target`. */
export function inlineKey(path: string): string {
  return path === 'siteId' ? 'site' : path.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
}

const inlineKeys = leavesOf(targetTree)
  .filter(leaf => leaf.meta.notInline === undefined)
  .map(leaf => inlineKey(leaf.path));

/** What a text says for a key, or what is wrong with it. */
function entriesOf(
  node: Leaf | Section,
  path: string,
  text: string,
  origin: Origin,
): readonly Entry[] | string {
  if (node.kind === 'leaf') return [{ path, value: valueOfText(node, text), origin }];
  const names = [...node.keys.keys()].map(key => inlineKey(`${path}.${key}`));
  if (node.meta === undefined) return `has keys of its own: ${names.join(', ')}`;
  const ends = rangeEnds(text);
  if (ends === undefined) return 'must be MIN-MAX or a number';
  return [
    { path: `${path}.min`, value: ends.min, origin },
    { path: `${path}.max`, value: ends.max, origin },
  ];
}
