import { z } from 'zod';
import type { LegacyVariable, OptionMeta } from './option.ts';
import { optionMeta } from './option.ts';
import { configSchema, settingsSchema } from './schema.ts';
import { targetSchema } from './target-schema.ts';
import { trafficSchema } from './traffic-schema.ts';

/** A key that holds a value. */
export interface Leaf {
  readonly kind: 'leaf';
  readonly path: string;
  /** How a text from a flag, a variable or a reference becomes a value; the schema judges what comes of it. */
  readonly type:
    | 'number'
    | 'boolean'
    | 'numbers'
    | 'text'
    | 'texts'
    | 'lines'
    | 'list'
    | 'targets'
    | 'funnels';
  /** As a file would say it; undefined: none. */
  readonly byDefault: unknown;
  readonly meta: OptionMeta;
  readonly variables: readonly Variable[];
}

/** A key that holds keys. A range is one that can also be said in short: `5-10`. */
export interface Section {
  readonly kind: 'section';
  readonly path: string;
  readonly keys: ReadonlyMap<string, Leaf | Section>;
  /** What ranges have and other sections have not. */
  readonly meta: OptionMeta | undefined;
}

/** An environment variable that sets a key. */
export interface Variable {
  readonly name: string;
  readonly leaf: Leaf;
  /** Set where the variable has limits or a unit of its own. */
  readonly legacy: LegacyVariable | undefined;
}

/** What YAML files and variables can say. */
export const settingsTree = section('', settingsSchema, undefined);

/** With what flags alone can say. */
export const configTree = section('', configSchema, undefined);

/** What can be said of a target, by keys that begin at it. */
export const targetTree = section('', targetSchema, undefined);

/** What can be said of the traffic, by keys that begin at it. */
export const trafficTree = section('', trafficSchema, undefined);

/** The node at a path, or undefined where there is none. */
export function nodeAt(tree: Section, path: string): Leaf | Section | undefined {
  let at: Leaf | Section | undefined = tree;
  for (const key of path.split('.')) at = at?.kind === 'section' ? at.keys.get(key) : undefined;
  return at;
}

export function leafAt(tree: Section, path: string): Leaf | undefined {
  const node = nodeAt(tree, path);
  return node?.kind === 'leaf' ? node : undefined;
}

/** All leaves under a section, in the schema's order. */
export function leavesOf(tree: Section): Leaf[] {
  return [...tree.keys.values()].flatMap(node => (node.kind === 'leaf' ? [node] : leavesOf(node)));
}

/** All ranges under a section. */
export function rangesOf(tree: Section): Section[] {
  return [...tree.keys.values()].flatMap(node => {
    if (node.kind === 'leaf') return [];
    return node.meta === undefined ? rangesOf(node) : [node];
  });
}

/** All leaves and ranges with a flag. */
export function flaggedOf(tree: Section): (Leaf | Section)[] {
  return [...tree.keys.values()].flatMap(node => {
    if (node.meta?.flag !== undefined) return [node];
    return node.kind === 'section' ? flaggedOf(node) : [];
  });
}

/** Every variable that sets a key, by its name. Of two for one key the legacy one comes first: the later wins. */
export const variables: ReadonlyMap<string, Variable> = new Map(
  leavesOf(settingsTree).flatMap(leaf => leaf.variables.map(variable => [variable.name, variable])),
);

/** `--rate` of `--rate <visits>`. */
export function flagName(flag: string): string {
  return flag.split(' ')[0] ?? flag;
}

function section(path: string, schema: z.ZodObject, meta: OptionMeta | undefined): Section {
  const keys = new Map<string, Leaf | Section>();
  for (const [key, child] of Object.entries(schema.shape)) {
    keys.set(key, node(path === '' ? key : `${path}.${key}`, child));
  }
  return { kind: 'section', path, keys, meta };
}

function node(path: string, wrapped: z.core.$ZodType): Leaf | Section {
  let schema = wrapped;
  let meta = optionMeta.get(schema);
  let byDefault: unknown;
  while (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional
  ) {
    if (!(schema instanceof z.ZodOptional)) byDefault = schema.def.defaultValue;
    schema = schema.unwrap();
    meta ??= optionMeta.get(schema);
  }
  if (schema instanceof z.ZodObject) return section(path, schema, meta);
  if (meta === undefined) throw new Error(`${path} is not described`);
  const variables: Variable[] = [];
  const leaf: Leaf = { kind: 'leaf', path, type: typeOf(schema), byDefault, meta, variables };
  if (meta.numberedOnly) return leaf;
  if (meta.legacy !== undefined) variables.push({ name: meta.legacy.name, leaf, legacy: meta.legacy });
  if (meta.env !== 'none') variables.push({ name: meta.env ?? ownName(path), leaf, legacy: undefined });
  return leaf;
}

function typeOf(schema: z.core.$ZodType): Leaf['type'] {
  if (schema instanceof z.ZodNumber) return 'number';
  if (schema instanceof z.ZodBoolean) return 'boolean';
  if (schema instanceof z.ZodRecord) return 'texts';
  if (!(schema instanceof z.ZodArray)) return 'text';
  if (schema.element === targetSchema) return 'targets';
  if (schema.element instanceof z.ZodUnion) return 'funnels';
  if (schema.element instanceof z.ZodPipe) return 'lines';
  return schema.element instanceof z.ZodObject ? 'list' : 'numbers';
}

/** `traffic.pageviews.min` → `TRAFFICINATOR_PAGEVIEWS_MIN`. */
function ownName(path: string): string {
  const words = path.replace(/^traffic\./, '').replace(/[A-Z]/g, '_$&');
  return `TRAFFICINATOR_${words.replaceAll('.', '_').toUpperCase()}`;
}
