import { open, realpath, stat, unlink } from 'node:fs/promises';
import { devNull } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../base/failure.ts';
import { checkWritable, unwritable } from './write-atomically.ts';

/** A file that is going to be written, or that must stay as it is. */
export interface NamedFile {
  /** What a person knows it by: `--junit`. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** `in-place`: it grows while the run goes on; `kept`: it is not written. Otherwise it is replaced whole, at the end. */
  readonly use?: 'in-place' | 'kept';
}

/**
 * Finds out before a run whether all its files can be written after it, and that each has a place of its own. Changes
 * nothing that is there.
 *
 * @param untouched what was not done, as a sentence
 * @throws Failure FILE_UNWRITABLE, with all that is wrong
 */
export async function checkFiles(
  files: readonly NamedFile[],
  untouched = 'Nothing was sent.',
): Promise<void> {
  const seen = new Map<string, string>();
  const problems: string[] = [];
  for (const file of files) {
    const place = await placeOf(file.path);
    const other = seen.get(place);
    if (other === undefined || place === devNull) {
      seen.set(place, file.name);
      problems.push(...(await unwritableBecause(file)));
    } else problems.push(`${other} and ${file.name} are the same file: ${file.path}`);
  }
  if (problems.length === 0) return;
  const message =
    problems.length === 1
      ? problems.join()
      : ['there are files that cannot be written', ...problems].join('\n  ');
  throw new Failure('FILE_UNWRITABLE', message, {
    hint: `${untouched} Give each a file of its own, in a folder that exists and that you may write to.`,
  });
}

async function unwritableBecause({ name, path, use }: NamedFile): Promise<string[]> {
  try {
    if (use === undefined) await checkWritable(path);
    if (use === 'in-place') await checkGrowing(path);
    return [];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [`${name}: ${error.message}`];
  }
}

/** One file may have many names: links are followed, also to a folder. */
async function placeOf(path: string): Promise<string> {
  const folder = await realpath(dirname(path)).catch(() => dirname(path));
  return realpath(path).catch(() => join(folder, basename(path)));
}

/** By opening the file itself: beside it, as a replacement, nothing is going to be written. */
async function checkGrowing(path: string): Promise<void> {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  try {
    await (await open(path, 'a')).close();
    if (!isThere) await unlink(path);
  } catch (error) {
    throw unwritable(error, path);
  }
}
