import type { Document, Node } from 'yaml';
import { isAlias, isMap, isNode, isSeq } from 'yaml';
import { type CheckedFunnel, checkFunnel, type FunnelPlace } from './funnel-check.ts';
import type { FunnelDefinition } from './funnel-schema.ts';
import { suggestion } from './nearest.ts';
import type { Problem } from './origin.ts';
import { offsetOf, readYaml } from './yaml-document.ts';

/** A funnel, and where it stands. */
export interface LoadedFunnel {
  readonly definition: FunnelDefinition;
  /** `file:line:column`, or who said it. */
  readonly from: string;
}

/** What funnel files say, and all that is wrong with it. */
export interface FunnelReading {
  readonly funnels: readonly LoadedFunnel[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/**
 * Reads a funnel file, YAML or JSON: a list of funnels, as the Python Trafficinator has it, or one under `funnels`. An
 * empty file has none.
 *
 * @param file as the person named it
 */
export function readFunnelFile(text: string, file: string): FunnelReading {
  const { document, place, problems } = readYaml(text.replace(/^\uFEFF/, ''), file);
  if (problems.length > 0) return { funnels: [], problems, warnings: [] };
  const { list, path, wrong } = listOf(document, place);
  if (list === undefined) return { funnels: [], problems: wrong, warnings: [] };
  const reading = together(
    list.map((item, at) => {
      const node = isNode(item) ? item : null;
      const label = `${path}[${at}]`;
      const places = placeIn(document, node, label, place);
      return { checked: checkFunnel(plainOf(document, node), places), from: places.of([], 'value') };
    }),
  );
  return { ...reading, problems: [...wrong, ...reading.problems].sort(inOrder) };
}

/** From the top of the file down. */
function inOrder(one: Problem, other: Problem): number {
  const [line = 0, column = 0] = positionOf(one);
  const [otherLine = 0, otherColumn = 0] = positionOf(other);
  return line - otherLine || column - otherColumn;
}

function positionOf({ from }: Problem): number[] {
  return from.split(':').slice(-2).map(Number);
}

/** Several checked funnels as one reading. */
export function together(
  all: readonly { readonly checked: CheckedFunnel; readonly from: string }[],
): FunnelReading {
  return {
    funnels: all.flatMap(({ checked: { definition }, from }) =>
      definition === undefined ? [] : [{ definition, from }],
    ),
    problems: all.flatMap(({ checked }) => checked.problems),
    warnings: all.flatMap(({ checked }) => checked.warnings),
  };
}

/** Where the parts of a funnel stand that is a node of a document. */
export function placeIn(
  document: Document,
  node: Node | null,
  label: string,
  place: (offset: number) => string,
): FunnelPlace {
  return { label, of: (path, at) => place(offsetOf(document, node, path, at)) };
}

/** Aliases resolved; undefined where they multiply without end. */
export function plainOf(document: Document, node: Node | null): unknown {
  try {
    return node?.toJS(document);
  } catch {
    return undefined;
  }
}

interface FoundList {
  readonly list: readonly unknown[] | undefined;
  /** What messages call it. */
  readonly path: string;
  readonly wrong: readonly Problem[];
}

function listOf(document: Document, place: (offset: number) => string): FoundList {
  const whole = resolved(document, document.contents);
  if (whole === null) return { list: [], path: '', wrong: [] };
  if (isSeq(whole)) return { list: whole.items, path: 'funnels', wrong: [] };
  const refused = (path: string, key: readonly PropertyKey[], rule: string): Problem => ({
    path,
    rule,
    from: place(offsetOf(document, whole, key, 'key')),
  });
  if (!isMap(whole) || !whole.has('funnels')) {
    const rule = 'must be a list of funnels, or have one under `funnels`';
    return { list: undefined, path: '', wrong: [refused('', [], rule)] };
  }
  const keys = whole.items.map(({ key }) => String(key));
  const wrong = keys
    .filter(key => key !== 'funnels')
    .map(key => refused(key, [key], `is no key of a funnel file${suggestion(key, ['funnels'])}`));
  const given = whole.get('funnels', true);
  const list = resolved(document, isNode(given) ? given : null);
  if (list === null || list.toJSON() === null) return { list: [], path: 'funnels', wrong };
  if (isSeq(list)) return { list: list.items, path: 'funnels', wrong };
  return {
    list: undefined,
    path: 'funnels',
    wrong: [...wrong, refused('funnels', ['funnels'], 'must be a list of funnels')],
  };
}

function resolved(document: Document, node: Node | null): Node | null {
  return isAlias(node) ? (node.resolve(document) ?? null) : node;
}
