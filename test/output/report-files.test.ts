import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkFiles } from '../../src/output/check-files.ts';
import { junitFile, junitXml } from '../../src/output/junit-file.ts';
import { jsonFile, ReportFiles } from '../../src/output/report-files.ts';
import { seriesFile } from '../../src/output/series-file.ts';
import { report } from './samples.ts';
import { Written } from './screen.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'files-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const inFolder = (name: string) => join(folder, name);

describe('the files made of a report', () => {
  it('are all written, and named', async () => {
    const rescue = new Written();
    const files = new ReportFiles([jsonFile(inFolder('a.json')), junitFile(inFolder('a.xml'))], {
      rescue,
      elsewhere: undefined,
    });
    await files.finish(report());
    expect(files.written).toEqual([inFolder('a.json'), inFolder('a.xml')]);
    expect(await readFile(inFolder('a.xml'), 'utf8')).toBe(junitXml(report()));
    expect(rescue.text).toBe('');
  });

  it('are written but for one that cannot be, of which is told how it is made again', async () => {
    const rescue = new Written();
    const gone = inFolder('gone/a.xml');
    const files = new ReportFiles(
      [jsonFile(inFolder('a.json')), junitFile(gone), seriesFile(inFolder('a.csv'))],
      { rescue, elsewhere: undefined },
    );
    await expect(files.finish(report())).rejects.toMatchObject({
      code: 'REPORT_NOT_WRITTEN',
      exitCode: 1,
      message: `cannot write the JUnit file to ${gone}: there is no folder ${inFolder('gone')}`,
      hint: `trafficinator report ${inFolder('a.json')} makes it of the report, which is there.`,
    });
    expect((await readdir(folder)).sort()).toEqual(['a.csv', 'a.json']);
    expect(rescue.text).toBe('');
  });

  it('that cannot be written leave the report on the other stream, once, where it is nowhere else', async () => {
    const both = [junitFile(inFolder('gone/a.xml')), seriesFile(inFolder('gone/a.csv'))];
    const rescue = new Written();
    const lost = new ReportFiles(both, { rescue, elsewhere: undefined });
    await expect(lost.finish(report())).rejects.toMatchObject({
      message: expect.stringMatching(/JUnit file.*\n.*the series/),
    });
    expect(JSON.parse(rescue.text)).toEqual(report());

    const silent = new Written();
    const told = new ReportFiles(both, { rescue: silent, elsewhere: 'The report is on stdout.' });
    await expect(told.finish(report())).rejects.toMatchObject({ hint: 'The report is on stdout.' });
    expect(silent.text).toBe('');
  });

  it.skipIf(!existsSync('/dev/full'))('say so where the disk is full', async () => {
    const rescue = new Written();
    const files = new ReportFiles([jsonFile('/dev/full')], { rescue, elsewhere: undefined });
    await expect(files.finish(report())).rejects.toMatchObject({
      exitCode: 1,
      message: 'cannot write the report to /dev/full: the disk is full',
    });
    expect(JSON.parse(rescue.text)).toEqual(report());
  });
});

describe('before a run', () => {
  it('its files are looked at, and nothing is changed by that', async () => {
    await writeFile(inFolder('hits.ndjson'), 'old');
    await checkFiles([
      { name: '--report', path: inFolder('a.json') },
      { name: '--hits', path: inFolder('hits.ndjson'), use: 'in-place' },
      { name: '--series', path: inFolder('new.ndjson'), use: 'in-place' },
      { name: '--junit', path: '/dev/null' },
      { name: '--html', path: '/dev/null' },
    ]);
    expect(await readdir(folder)).toEqual(['hits.ndjson']);
    expect(await readFile(inFolder('hits.ndjson'), 'utf8')).toBe('old');
  });

  it.each(['in-place', undefined] as const)('what cannot be written is refused (%s)', async use => {
    await mkdir(inFolder('folder'));
    const refused = (path: string) => checkFiles([{ name: '--hits', path, ...(use && { use }) }]);
    const refusal = { code: 'FILE_UNWRITABLE', exitCode: 2 };
    await expect(refused(inFolder('folder'))).rejects.toMatchObject({
      ...refusal,
      message: `--hits: cannot write ${inFolder('folder')}: it is a folder`,
    });
    await expect(refused(inFolder('gone/a'))).rejects.toMatchObject({
      ...refusal,
      message: `--hits: cannot write ${inFolder('gone/a')}: there is no folder ${inFolder('gone')}`,
    });
  });

  it('all that cannot be written is told at once', async () => {
    const wrong = checkFiles(
      [
        { name: '--report', path: inFolder('gone/a') },
        { name: '--junit', path: inFolder('good.xml') },
        { name: '--series', path: inFolder('good.xml') },
        { name: '--hits', path: inFolder('gone/b'), use: 'in-place' },
      ],
      'Nothing was written.',
    );
    await expect(wrong).rejects.toMatchObject({
      message: [
        'there are files that cannot be written',
        `  --report: cannot write ${inFolder('gone/a')}: there is no folder ${inFolder('gone')}`,
        `  --junit and --series are the same file: ${inFolder('good.xml')}`,
        `  --hits: cannot write ${inFolder('gone/b')}: there is no folder ${inFolder('gone')}`,
      ].join('\n'),
      hint: expect.stringMatching(/^Nothing was written\. Give each a file of its own/),
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('two outputs in one file are refused, by whatever names', async () => {
    await symlink(folder, inFolder('link'));
    await expect(
      checkFiles([
        { name: '--report', path: inFolder('a.json') },
        { name: '--junit', path: inFolder('link/a.json') },
      ]),
    ).rejects.toMatchObject({
      exitCode: 2,
      message: `--report and --junit are the same file: ${inFolder('link/a.json')}`,
    });
    await expect(
      checkFiles([
        { name: '--journal', path: inFolder('j'), use: 'kept' },
        { name: '--report', path: inFolder('j') },
      ]),
    ).rejects.toMatchObject({ message: `--journal and --report are the same file: ${inFolder('j')}` });
    expect(await readdir(folder)).toEqual(['link']);
  });
});
