import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/base/failure.ts';
import { savedExceptions } from '../../src/cli/saved-exceptions.ts';
import { exceptionsFileBeside } from '../../src/output/exceptions-file.ts';
import type { HitException, Report } from '../../src/run/report.ts';
import { report, targetReport } from '../output/samples.ts';
import { folder } from '../support/program.ts';

const exceptions: Readonly<Record<string, readonly HitException[]>> = {
  a: [
    { index: 3, hit: 0, outcome: 'unknown' },
    { index: 4, hit: 2, outcome: 'rejected', inDoubt: true },
  ],
  'b "quoted"': [{ index: 5, hit: 1, outcome: 'skipped' }],
};

function reportWith(file: string | null): Report {
  return report({
    targets: Object.entries(exceptions).map(([name, { length }]) =>
      targetReport({ name, exceptionsFile: file, exceptionsLeftOut: length }),
    ),
  });
}

const read = (text: string) => {
  const cwd = folder({ 'run.exceptions.ndjson': text });
  return () => savedExceptions(join(cwd, 'run.json'), reportWith('run.exceptions.ndjson'));
};

describe('exceptions that a report has no room for', () => {
  it('are read as the run wrote them', async () => {
    const path = join(folder(), 'run.json');
    const sink = await exceptionsFileBeside(path);
    for (const [target, all] of Object.entries(exceptions)) for (const one of all) sink?.add(target, one);
    const file = (await sink?.close()) ?? null;
    expect(Object.fromEntries(savedExceptions(path, reportWith(file)))).toEqual(exceptions);
  });

  it('are none where the file is gone: then nobody knows what became of some hits', () => {
    expect(savedExceptions(join(folder(), 'run.json'), reportWith('gone.ndjson')).size).toBe(0);
    expect(savedExceptions(join(folder(), 'run.json'), reportWith(null)).size).toBe(0);
  });

  it('are refused where some are missing, or are none', () => {
    expect(read('{"target":"a","index":3,"hit":0,"outcome":"unknown"}\n')).toThrow(
      /run\.exceptions\.ndjson has 1 exceptions of a, and the report speaks of 2/,
    );
    const cut = read('{"target":"a","index":3,"hit":0,"outcome":"unknown"}\n{"target":"a","ind');
    expect(cut).toThrow(/run\.exceptions\.ndjson:2 is no exception of a run/);
    expect(cut).toThrow(Failure);
  });
});
