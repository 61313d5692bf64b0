import { readdirSync, readFileSync } from 'node:fs';

/** Reads a text file, or throws as `readFileSync` does. */
export type ReadFile = (path: string) => string;

export const readTextFile: ReadFile = path => readFileSync(path, 'utf8');

/** Names of what is in a folder, or throws as `readdirSync` does. */
export type ReadFolder = (path: string) => readonly string[];

export const readFolderNames: ReadFolder = path => readdirSync(path);

/** A file's text, or why there is none. `missing`: nothing is there, which default files may be. */
export type FileText =
  | { readonly text: string }
  | { readonly text: undefined; readonly missing: boolean; readonly rule: string };

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'cannot be read: permission denied',
  EISDIR: 'is a folder, not a file',
};

export function fileText(path: string, readFile: ReadFile): FileText {
  try {
    return { text: readFile(path) };
  } catch (error) {
    const code = codeOf(error);
    return {
      text: undefined,
      missing: code === 'ENOENT' || code === 'ENOTDIR',
      rule: reasons[code] ?? `cannot be read: ${code}`,
    };
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
