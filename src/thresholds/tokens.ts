/** A piece of a threshold's text. `end`: nothing is left. */
export interface Token {
  readonly kind: 'name' | 'number' | 'operator' | 'divide' | 'percent' | 'other' | 'end';
  readonly text: string;
  /** Where it begins, from 0. */
  readonly at: number;
}

/** Names are whole, with their dots and what is quoted in them: `targets."a.example:8080".latency.p99.9`. */
const patterns = [
  ['name', /[A-Za-z_](?:[\w-]|\.(?=[\w"-])|"(?:[^"\\]|\\.)*")*/y],
  ['number', /\d+(?:\.\d+)?/y],
  ['operator', /<=|>=|==|!=|<|>/y],
  ['divide', /\//y],
  ['percent', /%/y],
  ['other', /\S/y],
] as const;

export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const start = at;
    for (const [kind, pattern] of patterns) {
      pattern.lastIndex = start;
      const [found] = pattern.exec(text) ?? [];
      if (found === undefined) continue;
      tokens.push({ kind, text: found, at: start });
      at = start + found.length;
      break;
    }
    if (at === start) at++;
  }
  tokens.push({ kind: 'end', text: '', at: text.trimEnd().length });
  return tokens;
}

/** A part of a name, and where it begins in the whole text. */
export interface NamePart {
  readonly text: string;
  readonly at: number;
}

/** The parts of a name between its dots. A percentile keeps its own: `p99.9`. */
export function partsOf({ text, at }: Token): NamePart[] {
  const parts: NamePart[] = [];
  for (const found of text.matchAll(/"((?:[^"\\]|\\.)*)"|p\d+\.\d+(?![\w-])|[^."]+/g)) {
    const [whole, quoted] = found;
    parts.push({ text: quoted === undefined ? whole : quoted.replace(/\\(.)/g, '$1'), at: at + found.index });
  }
  return parts;
}
