import type { Document, Node } from 'yaml';
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Problem } from './origin.ts';

/** A YAML or JSON text that was parsed, and where its parts stand. */
export interface YamlDocument {
  readonly document: Document;
  /** `file:line:column` of an offset in the text. */
  readonly place: (offset: number) => string;
  /** Why it is no YAML; then nothing else of it can be used. */
  readonly problems: readonly Problem[];
}

/** @param file as the person named it */
export function readYaml(text: string, file: string): YamlDocument {
  const lines = new LineCounter();
  // Pretty errors quote the source, and the source may hold a token.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const problems = document.errors.map(error => ({
    path: '',
    rule: error.code === 'MULTIPLE_DOCS' ? 'must be one document' : `is no YAML: ${unquoted(error.message)}`,
    from: place(error.pos[0]),
  }));
  return { document, place, problems };
}

/** The parser's messages name what is wrong, then quote it. */
function unquoted(message: string): string {
  return (message.split(': ')[0] ?? message).toLowerCase();
}

/**
 * The offset of what a path of keys leads to, beginning at `node`; of the nearest part around it where that is not
 * there.
 *
 * @param at the key itself, or what it stands for
 */
export function offsetOf(
  document: Document,
  node: Node | null,
  path: readonly PropertyKey[],
  at: 'key' | 'value',
): number {
  let current: unknown = node;
  let offset = node?.range?.[0] ?? 0;
  for (const [depth, key] of path.entries()) {
    if (isAlias(current)) current = current.resolve(document);
    const isLast = depth === path.length - 1;
    if (isMap(current)) {
      const pair = current.items.find(item => isScalar(item.key) && String(item.key.value) === String(key));
      if (pair === undefined) return offset;
      const keyOffset = offsetAt(pair.key) ?? offset;
      offset = isLast && at === 'key' ? keyOffset : (offsetAt(pair.value) ?? keyOffset);
      current = pair.value;
    } else if (isSeq(current)) {
      const item = current.items[Number(key)];
      if (item === undefined) return offset;
      offset = offsetAt(item) ?? offset;
      current = item;
    } else return offset;
  }
  return offset;
}

function offsetAt(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
