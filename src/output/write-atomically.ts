import { randomBytes } from 'node:crypto';
import { open, realpath, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../base/failure.ts';

/**
 * Writes a file so that at any moment it is the old one or the new one whole: to a temporary file beside it, then
 * renamed. A link is followed, and what is no file (`/dev/stdout`, a pipe) is written to and not replaced.
 *
 * @throws what the system says
 */
export async function writeAtomically(path: string, text: string): Promise<void> {
  const { target, mode, special } = await whatIs(path);
  if (special) return writeFile(target, text);
  const temporary = temporaryBeside(target);
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

/**
 * Finds out before a run whether a file can be written after it, by making one beside it: what permissions say is
 * not all (root, read-only and full file systems). Changes nothing that is there.
 *
 * @throws Failure FILE_UNWRITABLE
 */
export async function checkWritable(path: string): Promise<void> {
  try {
    const { target, special } = await whatIs(path);
    if (special) return;
    const temporary = temporaryBeside(target);
    await (await open(temporary, 'wx')).close();
    await unlink(temporary);
  } catch (error) {
    throw unwritable(error, path);
  }
}

/** What is told before a run about a file that could not be written after it. */
export function unwritable(error: unknown, path: string): Failure {
  return new Failure('FILE_UNWRITABLE', `cannot write ${path}: ${whyUnwritable(error, path)}`, {
    hint: 'Nothing was sent. Name a file in a folder that exists and that you may write to.',
    cause: error,
  });
}

/** A system error in a person's words. */
export function whyUnwritable(error: unknown, path: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return `there is no folder ${dirname(path)}`;
    case 'ENOTDIR':
      return `${dirname(path)} is no folder`;
    case 'EISDIR':
      return 'it is a folder';
    case 'EACCES':
    case 'EPERM':
      return 'no permission';
    case 'EROFS':
      return 'the file system is read-only';
    case 'ENOSPC':
      return 'the disk is full';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

/** Whether there is something by that name which is no file, such as `/dev/stdout` or a pipe. */
export async function isSpecial(path: string): Promise<boolean> {
  return (await whatIs(path)).special;
}

async function whatIs(path: string): Promise<{ target: string; mode: number; special: boolean }> {
  const target = await realpath(path).catch(() => path);
  const found = await stat(target).catch(() => undefined);
  if (found?.isDirectory() || path === '')
    throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' });
  return {
    target,
    mode: found === undefined ? 0o666 : found.mode & 0o777,
    special: found?.isFile() === false,
  };
}

/** A hidden name for what is not whole yet. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.tmp`);
}
