import type { Leaf } from './option-tree.ts';
import { funnelNames } from './shipped-funnels.ts';

const numberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const truths = new Set(['1', 'true', 'yes', 'on', 'y']);
const untruths = new Set(['0', 'false', 'no', 'off', 'n']);

/**
 * The value a flag's, a variable's or a reference's text stands for. A text that stands for none of the
 * leaf's type stays a text, for the schema to refuse.
 */
export function valueOfText(leaf: Leaf, given: string): unknown {
  const text = given.trim();
  switch (leaf.type) {
    case 'number':
      return numberOfText(text) ?? text;
    case 'boolean':
      return valueOfBoolean(text) ?? text;
    case 'numbers':
      return text.split(',').map(part => numberOfText(part.trim()) ?? part.trim());
    case 'lines':
      return text.split(/[,\n]/).flatMap(line => line.trim() || []);
    case 'funnels':
      return funnelNames(text) ?? [text];
    case 'text':
    case 'texts':
    case 'list':
    case 'targets':
      return leaf.meta.synonyms?.[text.toUpperCase()] ?? text;
  }
}

export function valueOfBoolean(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  return truths.has(word) ? true : untruths.has(word) ? false : undefined;
}

/** A number written in full: not `10x`, not nothing. */
export function numberOfText(text: string): number | undefined {
  return numberPattern.test(text) ? Number(text) : undefined;
}
