import type { Document, Node, Pair, YAMLMap } from 'yaml';
import { isAlias, isMap, isNode, isScalar, isSeq } from 'yaml';
import { checkFunnel } from './funnel-check.ts';
import { placeIn, plainOf } from './funnel-file.ts';
import { suggestion } from './nearest.ts';
import type { Leaf, Section } from './option-tree.ts';
import { settingsTree, targetTree } from './option-tree.ts';
import type { Entry, GivenTarget, Layer, Origin, Problem } from './origin.ts';
import { originText } from './origin.ts';
import type { Lookup } from './references.ts';
import { isReferenceAlone, resolveReferences } from './references.ts';
import { funnelNames } from './shipped-funnels.ts';
import { numberedKey } from './target-variables.ts';
import { valueOfText } from './text-value.ts';
import { tokenKeys, tokenOf, unsetTokenRule } from './token-variable.ts';
import { rangeEnds } from './value-types.ts';
import { readYaml } from './yaml-document.ts';

/** How a YAML text is to be read. */
export interface YamlSource {
  readonly text: string;
  /** As the person named it. */
  readonly file: string;
  readonly origin: (place: string) => Origin;
  readonly lookup: Lookup;
  /** Makes a path of this file one that holds for the run. */
  readonly resolvePath: (path: string) => string;
}

/** Reads a configuration file or a preset. Every mistake of form is told with `file:line:column`. */
export function yamlLayer(source: YamlSource): Layer {
  const { document, place, problems: unreadable } = readYaml(source.text, source.file);
  if (unreadable.length > 0) return { entries: [], problems: unreadable, broken: true };
  const walk = new Walk(source, document, place);
  walk.whole(document.contents);
  const { entries, targets, problems } = walk;
  return { entries, targets, problems, broken: problems.length > 0 };
}

/** Where the walk is: keys of a list's target begin at it, and are told with its place in the list. */
interface Scope {
  /** `targets[1].` or nothing. */
  readonly prefix: string;
  readonly entries: Entry[];
}

/** One pass over a document, along the tree of options. */
class Walk {
  readonly entries: Entry[] = [];
  readonly targets: GivenTarget[] = [];
  readonly problems: Problem[] = [];
  readonly #source: YamlSource;
  readonly #document: Document;
  readonly #place: (offset: number) => string;

  constructor(source: YamlSource, document: Document, place: (offset: number) => string) {
    this.#source = source;
    this.#document = document;
    this.#place = place;
  }

  whole(contents: unknown): void {
    this.#section(settingsTree, contents, { prefix: '', entries: this.entries });
    this.#tokenVariables(this.entries, 'target.', 'target.');
    const short = this.entries.find(entry => numberedKey(entry.path) !== undefined);
    if (this.targets.length === 0 || short === undefined) return;
    const rule = 'is of the one target that `target` is: with `targets`, write it into the list';
    this.problems.push({ path: short.path, rule, from: originText(short.origin) });
  }

  #section(section: Section, given: unknown, scope: Scope): void {
    const path = pathIn(scope, section.path);
    const node = this.#resolved(path, given);
    if (isNothing(node)) return;
    if (!isMap(node)) {
      if (section.meta !== undefined) this.#shortRange(section, node, scope);
      else this.#refuse(path, node, 'must be a mapping of keys to values');
      return;
    }
    for (const pair of node.items) this.#pair(section, pair, scope);
  }

  #pair(section: Section, pair: Pair, scope: Scope): void {
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    const child = section.keys.get(key);
    if (child === undefined) {
      const within = pathIn(scope, section.path);
      const path = within === '' ? key : `${within}.${key}`;
      const of = within === '' ? '' : ` of ${within}`;
      this.#refuse(path, pair.key, `is no key${of}${suggestion(key, section.keys.keys())}`);
    } else if (child.kind === 'section') {
      this.#section(child, pair.value, scope);
    } else if (child.type === 'targets') {
      this.#list(child, pair.value);
    } else if (child.type === 'funnels') {
      this.#funnels(child, pair.value, scope);
    } else if (child.type === 'texts') {
      this.#texts(child, pair.value, scope);
    } else {
      this.#leaf(child, pair.value, scope);
    }
  }

  #list(leaf: Leaf, given: unknown): void {
    const list = this.#resolved(leaf.path, given);
    if (isNothing(list)) return;
    if (!isSeq(list) || list.items.length === 0) {
      this.#refuse(leaf.path, list, 'must be a list of targets');
      return;
    }
    for (const [index, item] of list.items.entries()) {
      const at = `${leaf.path}[${index}]`;
      const node = this.#resolved(at, item);
      const entries: Entry[] = [];
      if (isMap(node)) this.#section(targetTree, node, { prefix: `${at}.`, entries });
      else if (node !== null || !isAlias(item)) {
        this.#refuse(at, node ?? list, 'must be a mapping of keys to values');
      }
      this.#tokenVariables(entries, '', `${at}.`);
      this.targets.push({ origin: this.#origin(node), entries });
    }
  }

  /** Names and paths of funnels, and funnels written out, whose mistakes are told with line and column. */
  #funnels(leaf: Leaf, given: unknown, scope: Scope): void {
    const path = pathIn(scope, leaf.path);
    const list = this.#resolved(path, given);
    if (isNothing(list)) return;
    const items = isSeq(list) ? list.items : [list];
    const before = this.problems.length;
    const value = items.map((item, at) => {
      const label = isSeq(list) ? `${path}[${at}]` : path;
      const node = this.#resolved(label, item);
      if (isMap(node)) return this.#inlineFunnel(node, label);
      const plain = plainValue(node, this.#document);
      if (typeof plain === 'string' && plain !== '') return this.#funnelFile(plain, node, label);
      this.#refuse(
        label,
        node ?? list,
        'must be the name of a shipped funnel, a file, a folder, or a funnel',
      );
      return undefined;
    });
    if (this.problems.length > before) return;
    scope.entries.push({ path: leaf.path, value: value.flat(), origin: this.#origin(list) });
  }

  #inlineFunnel(node: YAMLMap, label: string): unknown {
    const plain = plainOf(this.#document, node);
    const places = placeIn(this.#document, node, label, this.#place);
    this.problems.push(...checkFunnel(plain, places).problems);
    return plain;
  }

  #funnelFile(given: string, node: Node | null, label: string): readonly string[] | string {
    const { text, rule } = resolveReferences(given, this.#source.lookup) ?? { text: given };
    if (rule !== undefined) {
      this.#refuse(label, node, rule);
      return given;
    }
    return funnelNames(text) ?? this.#source.resolvePath(text);
  }

  #leaf(leaf: Leaf, given: unknown, scope: Scope): void {
    const path = pathIn(scope, leaf.path);
    const node = this.#resolved(path, given);
    if (isNothing(node)) return;
    const plain = plainValue(node, this.#document);
    const resolved = typeof plain === 'string' ? resolveReferences(plain, this.#source.lookup) : undefined;
    if (resolved?.rule !== undefined) {
      this.#refuse(path, node, resolved.rule);
      return;
    }
    const value = resolved === undefined ? plain : valueOfText(leaf, resolved.text);
    scope.entries.push({
      path: leaf.path,
      value: leaf.meta.file && typeof value === 'string' ? this.#source.resolvePath(value) : value,
      origin: this.#origin(node),
      ...((leaf.type === 'list' || leaf.type === 'lines') && {
        placeOf: keys => this.#origin(partOf(node, keys)),
      }),
      ...(resolved?.variable !== undefined && { variable: resolved.variable }),
    });
  }

  /** A mapping of names to texts, each of which may be a reference. */
  #texts(leaf: Leaf, given: unknown, scope: Scope): void {
    const path = pathIn(scope, leaf.path);
    const map = this.#resolved(path, given);
    if (isNothing(map)) return;
    if (!isMap(map)) {
      this.#refuse(path, map, 'must be a mapping of names to values');
      return;
    }
    const value: Record<string, unknown> = {};
    const template: Record<string, string | null> = {};
    for (const pair of map.items) {
      const name = isScalar(pair.key) ? String(pair.key.value) : '';
      const node = this.#resolved(path, pair.value);
      if (isNothing(node)) continue;
      const plain = plainValue(node, this.#document);
      const text = typeof plain === 'number' || typeof plain === 'boolean' ? String(plain) : plain;
      const resolved = typeof text === 'string' ? resolveReferences(text, this.#source.lookup) : undefined;
      if (resolved?.rule !== undefined) this.#refuse(`${path}.${name}`, node, resolved.rule);
      value[name] = resolved?.text ?? text;
      template[name] = typeof text === 'string' && isReferenceAlone(text) ? text : null;
    }
    scope.entries.push({ path: leaf.path, value, origin: this.#origin(map), template });
  }

  #shortRange(range: Section, node: Node | null, scope: Scope): void {
    const plain = plainValue(node, this.#document);
    const resolved = typeof plain === 'string' ? resolveReferences(plain, this.#source.lookup) : undefined;
    const ends = rangeEnds(resolved?.text ?? plain);
    if (resolved?.rule !== undefined || ends === undefined) {
      const rule = resolved?.rule ?? 'must be {min, max}, MIN-MAX or a number';
      this.#refuse(pathIn(scope, range.path), node, rule);
      return;
    }
    const origin = this.#origin(node);
    scope.entries.push({ path: `${range.path}.min`, value: ends.min, origin });
    scope.entries.push({ path: `${range.path}.max`, value: ends.max, origin });
  }

  /** `tokenEnv: VAR` is another way to say `token: ${VAR}`; one key is left, so that later layers override it. */
  #tokenVariables(entries: Entry[], prefix: 'target.' | '', shown: string): void {
    for (const { key, variableKey } of tokenKeys) {
      const at = entries.findIndex(entry => entry.path === `${prefix}${variableKey}`);
      const named = entries[at];
      if (named === undefined) continue;
      const refuse = (rule: string) =>
        this.problems.push({ path: `${shown}${variableKey}`, rule, from: originText(named.origin) });
      const token = tokenOf(named, `${prefix}${key}`, this.#source.lookup);
      if (entries.some(entry => entry.path === `${prefix}${key}`)) {
        refuse(`and ${shown}${key} are two tokens for one target`);
      } else if (token === undefined) {
        refuse(unsetTokenRule);
      } else {
        entries[at] = token;
      }
    }
  }

  #resolved(path: string, given: unknown): Node | null {
    if (!isAlias(given)) return isNode(given) ? given : null;
    const node = given.resolve(this.#document);
    if (node === undefined) this.#refuse(path, given, 'repeats an anchor (&) that is not there');
    return node ?? null;
  }

  #origin(node: Node | null): Origin {
    return this.#source.origin(this.#place(node?.range?.[0] ?? 0));
  }

  #refuse(path: string, node: unknown, rule: string): void {
    this.problems.push({ path, rule, from: originText(this.#origin(isNode(node) ? node : null)) });
  }
}

/** The node that keys and places in lists lead to, or the last one on the way. */
function partOf(whole: Node | null, keys: readonly string[]): Node | null {
  let at = whole;
  for (const key of keys) {
    const next = isSeq(at) ? at.get(Number(key), true) : isMap(at) ? at.get(key, true) : undefined;
    if (!isNode(next)) return at;
    at = next;
  }
  return at;
}

/** `targets[1]` for the section of a list's target itself. */
function pathIn({ prefix }: Scope, path: string): string {
  return path === '' ? prefix.slice(0, -1) : `${prefix}${path}`;
}

function isNothing(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

function plainValue(node: Node | null, document: Document): unknown {
  return isScalar(node) ? node.value : node?.toJS(document);
}
