import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExceptionsFile, exceptionsFileBeside, exceptionsPath } from '../../src/output/exceptions-file.ts';
import { replayPlan } from '../../src/run/plan-walk.ts';
import type { HitException } from '../../src/run/report.ts';
import { expectWholeAccount } from '../support/account.ts';
import { closedPort } from '../support/fault-server.ts';
import { runConfig, start, targetConfig, twoPages } from '../support/run-config.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'exceptions-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

type Line = HitException & { readonly target: string };

async function linesOf(path: string): Promise<Line[]> {
  const text = await readFile(path, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .slice(0, -1)
    .split('\n')
    .map(line => JSON.parse(line));
}

/** Two servers that are not there, each with more exceptions than a report has room for. */
async function deadTargets() {
  const url = `http://127.0.0.1:${await closedPort()}/matomo.php`;
  return runConfig(targetConfig(url), {
    distribution: 'mirror',
    visits: 4000,
    visitsPerSecond: 8000,
    traffic: twoPages,
    targets: ['a "quoted" one', 'b'].map(name => targetConfig(url, { name })),
  });
}

describe('a file of exceptions', () => {
  it.each([
    ['run.json', 'run.exceptions.ndjson'],
    ['/a/b/Run.JSON', '/a/b/Run.exceptions.ndjson'],
    ['report', 'report.exceptions.ndjson'],
    ['a.json.txt', 'a.json.txt.exceptions.ndjson'],
  ])('has the name of the report: %s, %s', (report, file) => {
    expect(exceptionsPath(report)).toBe(file);
  });

  it('has every exception that is not in the report, and no other', async () => {
    const config = await deadTargets();
    const exceptions = new ExceptionsFile(join(folder, 'run.exceptions.ndjson'));
    const report = await start(config, { exceptions, outputs: [exceptions] }).done;
    expectWholeAccount(report);
    expect(await readdir(folder)).toEqual(['run.exceptions.ndjson']);
    const lines = await linesOf(join(folder, 'run.exceptions.ndjson'));
    const plans = replayPlan(config, report).targets;
    for (const [at, target] of report.targets.entries()) {
      expect(target.exceptionsFile).toBe('run.exceptions.ndjson');
      const own = lines.filter(line => line.target === target.name);
      expect([target.exceptions.length, own.length]).toEqual([10_000, target.exceptionsLeftOut]);
      expect(own.length).toBe(2000);
      const named = [...target.exceptions, ...own].map(({ index, hit }) => `${index} ${hit}`).sort();
      const visits = [...(plans[at]?.visits() ?? [])];
      const planned = visits.flatMap(({ index, hits }) => hits.map((_, hit) => `${index} ${hit}`)).sort();
      expect(named).toEqual(planned);
      const skipped = [...target.exceptions, ...own].filter(({ outcome }) => outcome === 'skipped').length;
      expect(skipped).toBe(target.hits.skipped);
    }
  });

  it('is not made where the report has room for all', async () => {
    const exceptions = new ExceptionsFile(join(folder, 'run.exceptions.ndjson'));
    const config = { ...(await deadTargets()), visits: 100 };
    const report = await start(config, { exceptions, outputs: [exceptions] }).done;
    expect(report.targets.map(target => target.exceptionsFile)).toEqual([null, null]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is left out where none is wanted, and the exceptions are counted', async () => {
    const report = await start(await deadTargets()).done;
    expectWholeAccount(report);
    expect(report.targets.map(target => [target.exceptionsFile, target.exceptionsLeftOut])).toEqual([
      [null, 2000],
      [null, 2000],
    ]);
  });

  it('replaces that of an earlier run, and holds doubts', async () => {
    const path = join(folder, 'run.exceptions.ndjson');
    await writeFile(path, 'x'.repeat(100_000));
    const file = new ExceptionsFile(path);
    file.add('a', { index: 7, hit: 2, outcome: 'accepted', inDoubt: true });
    expect(await file.close()).toBe('run.exceptions.ndjson');
    expect(await readFile(path, 'utf8')).toBe(
      '{"target":"a","index":7,"hit":2,"outcome":"accepted","inDoubt":true}\n',
    );
  });

  it('has all lines whole and once, however many come at once', async () => {
    const file = new ExceptionsFile(join(folder, 'run.exceptions.ndjson'));
    const most = 300_000;
    for (let index = 0; index < most; index++) file.add('a', { index, hit: 0, outcome: 'skipped' });
    expect(await file.close()).toBe('run.exceptions.ndjson');
    const indices = (await linesOf(join(folder, 'run.exceptions.ndjson'))).map(({ index }) => index);
    expect(indices.length).toBe(most);
    expect(new Set(indices).size).toBe(most);
  });

  it.each([
    ['its folder is gone', 'gone/run.exceptions.ndjson', /there is no folder/],
    ['its name is that of a folder', 'taken', /it is a folder/],
  ])('that cannot be written is told of after the report, and not hidden: %s', async (_, name, why) => {
    await mkdir(join(folder, 'taken'));
    const exceptions = new ExceptionsFile(join(folder, name));
    let told = false;
    const run = start(await deadTargets(), {
      exceptions,
      outputs: [
        exceptions,
        {
          finish(report) {
            told = report.targets.every(target => target.exceptionsFile === null);
          },
        },
      ],
    });
    await expect(run.done).rejects.toMatchObject({
      code: 'REPORT_NOT_WRITTEN',
      exitCode: 1,
      message: expect.stringMatching(why),
    });
    expect(told).toBe(true);
    expect(await readdir(folder)).toEqual(['taken']);
  });

  it('is not made beside what is no file', async () => {
    const link = join(folder, 'report.json');
    await symlink('/dev/null', link);
    expect(await exceptionsFileBeside(link)).toBeUndefined();
    expect(await exceptionsFileBeside(join(folder, 'run.json'))).toBeInstanceOf(ExceptionsFile);
  });
});
