import { dirname, join } from 'node:path';
import * as z from 'zod';
import { Failure } from '../base/failure.ts';
import { fileText, readTextFile } from '../config/read-file.ts';
import type { HitException, Report } from '../run/report.ts';
import { hitException } from '../run/report-schema.ts';

const line = z.object({ target: z.string() }).and(hitException);

/**
 * The exceptions of a run that are not in its report, by target, from the files beside it. A target whose file is
 * gone is left out: what became of its hits is not known.
 *
 * @param path of the report
 * @throws Failure FILE_INVALID
 */
export function savedExceptions(
  path: string,
  { targets }: Report,
): ReadonlyMap<string, readonly HitException[]> {
  const found = new Map<string, HitException[]>();
  for (const { name, exceptionsFile, exceptionsLeftOut } of targets) {
    if (exceptionsFile === null || exceptionsLeftOut === 0) continue;
    const file = join(dirname(path), exceptionsFile);
    const { text } = fileText(file, readTextFile);
    if (text === undefined) continue;
    const own = exceptionsIn(text, file).filter(({ target }) => target === name);
    if (own.length !== exceptionsLeftOut) {
      throw new Failure(
        'FILE_INVALID',
        `${file} has ${own.length} exceptions of ${name}, and the report speaks of ${exceptionsLeftOut}`,
        { hint: 'It is cut off, or of another run. Take the one that was written with the report.' },
      );
    }
    found.set(
      name,
      own.map(({ target: _, ...exception }) => exception),
    );
  }
  return found;
}

function exceptionsIn(text: string, file: string): z.output<typeof line>[] {
  return text.split('\n').flatMap((row, at) => {
    if (row === '') return [];
    const parsed = line.safeParse(jsonOf(row));
    if (parsed.success) return [parsed.data];
    throw new Failure('FILE_INVALID', `${file}:${at + 1} is no exception of a run`, {
      hint: 'Take the file that was written with the report.',
    });
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
