import { existsSync, renameSync } from 'node:fs';
import { Failure } from '../../base/failure.ts';
import { type JournalState, readJournal } from './journal-state.ts';

/**
 * The journal that is gone on with; one that is not to be is put aside.
 *
 * @throws Failure USAGE, FILE_UNREADABLE, FILE_INVALID
 */
export function foundJournal(
  path: string,
  { resume, force }: { readonly resume: boolean; readonly force: boolean },
): JournalState | undefined {
  if (resume) return readJournal(path);
  if (!existsSync(path)) return undefined;
  if (!force) {
    throw new Failure(
      'USAGE',
      `there is a journal already: ${path}. Sent once more, its visits would be doubled`,
      {
        hint: 'Go on with it by --resume, or fill the days anew by --force; then it is kept beside the new one.',
      },
    );
  }
  let number = 1;
  while (existsSync(`${path}.${number}`)) number++;
  renameSync(path, `${path}.${number}`);
  return undefined;
}
