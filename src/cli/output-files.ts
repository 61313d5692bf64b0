import { resolve } from 'node:path';
import { Failure } from '../base/failure.ts';
import { checkFiles, type NamedFile } from '../output/check-files.ts';
import { exceptionsPath } from '../output/exceptions-file.ts';
import { jsonFile, type ReportFile } from '../output/report-files.ts';
import { seriesFile } from '../output/series-file.ts';

/**
 * What is made of a report, by the option that names the file. The report itself comes first: it is needed most. Pages
 * are made of many files, which only those load who ask for one.
 */
const makers = {
  report: jsonFile,
  html: async (path: string) => (await import('../output/html/html-report.ts')).htmlFile(path),
  junit: async (path: string) => (await import('../output/junit-file.ts')).junitFile(path),
  series: seriesFile,
} as const;

type Made = keyof typeof makers;

/** Names as they were given. */
export type OutputNames = { readonly [Key in Made | 'hits']?: string | undefined };

export interface OutputFiles {
  /** Absolute, as all others. */
  readonly report: string | undefined;
  readonly hits: string | undefined;
  readonly made: readonly ReportFile[];
}

/**
 * The files that a command line asks for, once it is sure that they can be written.
 *
 * @param others files that none of them may be
 * @param untouched what was not done where they cannot, as a sentence
 * @throws Failure USAGE, FILE_UNWRITABLE
 */
export async function outputFilesOf(
  names: OutputNames,
  cwd: string,
  others: readonly NamedFile[] = [],
  untouched = 'Nothing was sent.',
): Promise<OutputFiles> {
  const pathOf = (key: Made | 'hits') => {
    const name = names[key];
    if (name === '-') throw notOnStdout(key, untouched);
    return name === undefined ? undefined : resolve(cwd, name);
  };
  const made: ReportFile[] = [];
  const named: NamedFile[] = [...others];
  for (const key of Object.keys(makers).filter(isMade)) {
    const path = pathOf(key);
    if (path === undefined) continue;
    made.push(await makers[key](path));
    named.push({ name: `--${key}`, path });
  }
  const [report, hits] = [pathOf('report'), pathOf('hits')];
  if (report !== undefined) {
    named.push({ name: 'the exceptions beside --report', path: exceptionsPath(report), use: 'kept' });
  }
  if (hits !== undefined) named.push({ name: '--hits', path: hits, use: 'in-place' });
  await checkFiles(named, untouched);
  return { report, hits, made };
}

function isMade(key: string): key is Made {
  return key in makers;
}

function notOnStdout(key: string, untouched: string): Failure {
  return new Failure('USAGE', `--${key} takes the name of a file`, {
    hint: key === 'report' ? 'The report goes to stdout with --json.' : untouched,
  });
}
