import { resolve } from 'node:path';
import { Failure } from '../base/failure.ts';
import { fileText, readTextFile } from '../config/read-file.ts';
import { parseReport, type SavedReport } from '../run/saved-report.ts';

/**
 * Reads a report that a run wrote.
 *
 * @param path as the person gave it
 * @throws Failure FILE_UNREADABLE, FILE_INVALID
 */
export function readReport(path: string, cwd: string): SavedReport {
  const found = fileText(resolve(cwd, path), readTextFile);
  if (found.text === undefined) throw new Failure('FILE_UNREADABLE', `${path} ${found.rule}`);
  return parseReport(found.text, path);
}
