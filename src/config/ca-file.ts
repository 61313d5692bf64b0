import { resolve } from 'node:path';
import type { Problem } from './origin.ts';
import { originText } from './origin.ts';
import type { ReadFile } from './read-file.ts';
import { fileText } from './read-file.ts';
import type { ListedTarget } from './target-list.ts';

/** The certificates a target trusts, as PEM text, where it names a file of them. */
export interface CaFile {
  readonly text: string | undefined;
  readonly problems: readonly Problem[];
}

export const noCaFile: CaFile = { text: undefined, problems: [] };

export function caFile({ label, entries }: ListedTarget, cwd: string, readFile: ReadFile): CaFile {
  const entry = entries.get('tls.ca');
  if (typeof entry?.value !== 'string') return noCaFile;
  const file = fileText(resolve(cwd, entry.value), readFile);
  if (file.text?.includes('-----BEGIN CERTIFICATE-----')) return { text: file.text, problems: [] };
  const rule = file.text === undefined ? file.rule : 'holds no certificate in PEM form';
  const from = originText(entry.origin);
  return { text: undefined, problems: [{ path: `${label}.tls.ca`, value: entry.value, rule, from }] };
}
