import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { JsonReportStream } from '../../src/output/json-report.ts';
import { jsonFile, ReportFiles } from '../../src/output/report-files.ts';
import { checkWritable, writeAtomically } from '../../src/output/write-atomically.ts';
import { report } from './samples.ts';
import { Written } from './screen.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the JSON report', () => {
  test('on a stream is the report and nothing else', () => {
    const stream = new Written();
    new JsonReportStream(stream).finish(report());
    expect(JSON.parse(stream.text)).toEqual(report());
    expect(stream.text.endsWith('}\n')).toBe(true);
  });

  test('in a file replaces an older one whole, and leaves nothing beside it', async () => {
    const path = join(folder, 'run.json');
    await writeFile(path, 'x'.repeat(1_000_000));
    await chmod(path, 0o640);
    const rescue = new Written();
    const output = new ReportFiles([jsonFile(path)], { rescue, elsewhere: undefined });
    expect(output.written).toEqual([]);
    await output.finish(report());
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(report());
    expect(output.written).toEqual([path]);
    expect(await readdir(folder)).toEqual(['run.json']);
    expect((await stat(path)).mode & 0o777).toBe(0o640);
    expect(rescue.text).toBe('');
  });

  test('that cannot be written at the end goes to the other stream instead of being lost', async () => {
    const rescue = new Written();
    const output = new ReportFiles([jsonFile(join(folder, 'gone', 'run.json'))], {
      rescue,
      elsewhere: undefined,
    });
    await expect(output.finish(report())).rejects.toMatchObject({
      code: 'REPORT_NOT_WRITTEN',
      exitCode: 1,
      message: `cannot write the report to ${join(folder, 'gone', 'run.json')}: there is no folder ${join(folder, 'gone')}`,
    });
    expect(JSON.parse(rescue.text)).toEqual(report());
    expect(output.written).toEqual([]);
  });

  test('a failed write leaves the old file and no temporary one', async () => {
    await mkdir(join(folder, 'run.json'));
    await expect(writeAtomically(join(folder, 'run.json'), 'new')).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['run.json']);
  });

  test('a link is followed, and stays one', async () => {
    await writeFile(join(folder, 'real.json'), 'old');
    await symlink(join(folder, 'real.json'), join(folder, 'link.json'));
    await writeAtomically(join(folder, 'link.json'), 'new');
    expect(await readFile(join(folder, 'real.json'), 'utf8')).toBe('new');
    expect((await readdir(folder)).sort()).toEqual(['link.json', 'real.json']);
  });

  test('what is no file is written to and not replaced', async () => {
    await writeAtomically('/dev/null', 'new');
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
  });
});

describe('whether a file can be written', () => {
  test('is found before a run, and nothing is changed by asking', async () => {
    await writeFile(join(folder, 'old.json'), 'old');
    await checkWritable(join(folder, 'old.json'));
    await checkWritable(join(folder, 'new.json'));
    await checkWritable('/dev/null');
    expect(await readdir(folder)).toEqual(['old.json']);
    expect(await readFile(join(folder, 'old.json'), 'utf8')).toBe('old');
  });

  test('says what is in the way', async () => {
    await writeFile(join(folder, 'file'), '');
    const refusal = { code: 'FILE_UNWRITABLE', exitCode: 2 };
    await expect(checkWritable(folder)).rejects.toMatchObject({
      ...refusal,
      message: `cannot write ${folder}: it is a folder`,
    });
    await expect(checkWritable(join(folder, 'no', 'a.json'))).rejects.toMatchObject({
      ...refusal,
      message: `cannot write ${join(folder, 'no', 'a.json')}: there is no folder ${join(folder, 'no')}`,
    });
    await expect(checkWritable(join(folder, 'file', 'a.json'))).rejects.toMatchObject({
      ...refusal,
      message: `cannot write ${join(folder, 'file', 'a.json')}: ${join(folder, 'file')} is no folder`,
    });
  });
});
