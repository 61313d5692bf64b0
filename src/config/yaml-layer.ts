import type { Document, Node, Pair } from 'yaml';
import { isAlias, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { suggestion } from './nearest.ts';
import type { Leaf, Section } from './option-tree.ts';
import { settingsTree } from './option-tree.ts';
import type { Entry, Layer, Origin, Problem } from './origin.ts';
import { originText } from './origin.ts';
import type { Lookup } from './references.ts';
import { resolveReferences } from './references.ts';
import { valueOfText } from './text-value.ts';
import { rangeEnds } from './value-types.ts';

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
  const lines = new LineCounter();
  // Pretty errors quote the source, and the source may hold a token.
  const document = parseDocument(source.text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${source.file}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    const problems = document.errors.map(error => ({
      path: '',
      rule:
        error.code === 'MULTIPLE_DOCS' ? 'must be one document' : `is no YAML: ${unquoted(error.message)}`,
      from: place(error.pos[0]),
    }));
    return { entries: [], problems, broken: true };
  }
  const walk = new Walk(source, document, place);
  walk.section(settingsTree, document.contents);
  return { entries: walk.entries, problems: walk.problems, broken: walk.problems.length > 0 };
}

/** The parser's messages name what is wrong, then quote it. */
function unquoted(message: string): string {
  return (message.split(': ')[0] ?? message).toLowerCase();
}

/** One pass over a document, along the tree of options. */
class Walk {
  readonly entries: Entry[] = [];
  readonly problems: Problem[] = [];
  readonly #source: YamlSource;
  readonly #document: Document;
  readonly #place: (offset: number) => string;

  constructor(source: YamlSource, document: Document, place: (offset: number) => string) {
    this.#source = source;
    this.#document = document;
    this.#place = place;
  }

  section(section: Section, given: unknown): void {
    const node = this.#resolved(section.path, given);
    if (isNothing(node)) return;
    if (!isMap(node)) {
      if (section.meta !== undefined) this.#shortRange(section, node);
      else this.#refuse(section.path, node, 'must be a mapping of keys to values');
      return;
    }
    for (const pair of node.items) this.#pair(section, pair);
    if (section.path === 'target') this.#tokenEnv();
  }

  #pair(section: Section, pair: Pair): void {
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    const child = section.keys.get(key);
    const path = section.path === '' ? key : `${section.path}.${key}`;
    if (child === undefined) {
      const within = section.path === '' ? '' : ` of ${section.path}`;
      this.#refuse(path, pair.key, `is no key${within}${suggestion(key, section.keys.keys())}`);
    } else if (child.kind === 'section') {
      this.section(child, pair.value);
    } else {
      this.#leaf(child, pair.value);
    }
  }

  #leaf(leaf: Leaf, given: unknown): void {
    const node = this.#resolved(leaf.path, given);
    if (isNothing(node)) return;
    const plain = plainValue(node, this.#document);
    const resolved = typeof plain === 'string' ? resolveReferences(plain, this.#source.lookup) : undefined;
    if (resolved?.rule !== undefined) {
      this.#refuse(leaf.path, node, resolved.rule);
      return;
    }
    const value = resolved === undefined ? plain : valueOfText(leaf, resolved.text);
    this.entries.push({
      path: leaf.path,
      value: leaf.meta.file && typeof value === 'string' ? this.#source.resolvePath(value) : value,
      origin: this.#origin(node),
      ...(resolved?.variable !== undefined && { variable: resolved.variable }),
    });
  }

  #shortRange(range: Section, node: Node | null): void {
    const plain = plainValue(node, this.#document);
    const resolved = typeof plain === 'string' ? resolveReferences(plain, this.#source.lookup) : undefined;
    const ends = rangeEnds(resolved?.text ?? plain);
    if (resolved?.rule !== undefined || ends === undefined) {
      this.#refuse(range.path, node, resolved?.rule ?? 'must be {min, max}, MIN-MAX or a number');
      return;
    }
    const origin = this.#origin(node);
    this.entries.push({ path: `${range.path}.min`, value: ends.min, origin });
    this.entries.push({ path: `${range.path}.max`, value: ends.max, origin });
  }

  /** `tokenEnv: VAR` is another way to say `token: ${VAR}`; one key is left, so that later layers override it. */
  #tokenEnv(): void {
    const at = this.entries.findIndex(entry => entry.path === 'target.tokenEnv');
    const named = this.entries[at];
    if (named === undefined) return;
    const refuse = (rule: string) =>
      this.problems.push({ path: 'target.tokenEnv', rule, from: originText(named.origin) });
    if (this.entries.some(entry => entry.path === 'target.token')) {
      refuse('and target.token are two tokens for one target');
      return;
    }
    if (typeof named.value !== 'string') return;
    const token = this.#source.lookup(named.value);
    if (token === undefined) {
      refuse('must be the name of a variable that is set');
      return;
    }
    this.entries[at] = { path: 'target.token', value: token, origin: named.origin, variable: named.value };
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

function isNothing(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

function plainValue(node: Node | null, document: Document): unknown {
  return isScalar(node) ? node.value : node?.toJS(document);
}
