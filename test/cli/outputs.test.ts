import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/run/report.ts';
import { tableOf } from '../output/html-page.ts';
import { cli } from '../support/command-line.ts';
import { gif, withToken } from '../support/fault-server.ts';
import { folder, startProgram } from '../support/program.ts';
import { servers } from '../support/servers.ts';

const { collect, serve, close } = servers();
afterAll(close);

const TOKEN = 'b7'.repeat(16);
const run = ['run', '--visits', '12', '--rate', '60/s', '--pause', '0', '--seed', '1', '--skip-validation'];

function reportIn(path: string): Report {
  return JSON.parse(readFileSync(path, 'utf8'));
}

describe('a run in a job on GitHub, with all files there are', () => {
  let cwd: string;
  let ended: Awaited<ReturnType<typeof cli>>;
  let report: Report;
  beforeAll(async () => {
    const server = await serve(withToken(() => gif));
    cwd = folder({ 'summary.md': '' });
    ended = await cli(
      [
        ...[...run, '--url', server.url.href, '--report', 'run.json', '--html', 'run.html'],
        ...['--junit', 'run.xml', '--series', 'run.csv', '--hits', 'hits.ndjson', '--json'],
      ],
      {
        cwd,
        env: {
          MATOMO_TOKEN_AUTH: TOKEN,
          GITHUB_ACTIONS: 'true',
          GITHUB_STEP_SUMMARY: join(cwd, 'summary.md'),
        },
      },
    );
    report = reportIn(join(cwd, 'run.json'));
  });

  const written = (name: string) => readFileSync(join(cwd, name), 'utf8');

  it('ends well, with the report alone on stdout, and every file named', () => {
    expect(ended.exitCode).toBe(0);
    expect(JSON.parse(ended.stdout)).toEqual(report);
    expect(ended.stderr).toMatch(
      /^report {2}.*run\.json, .*run\.html, .*run\.xml,\s+.*run\.csv,\s+.*hits\.ndjson$/m,
    );
    expect(readdirSync(cwd).sort()).toEqual([
      ...['hits.ndjson', 'run.csv', 'run.html', 'run.json', 'run.xml', 'summary.md'],
    ]);
  });

  it('writes the same figures everywhere', () => {
    expect(report.hits).toMatchObject({ planned: report.hits.accepted, unaccounted: 0 });
    const hits = written('hits.ndjson').trimEnd().split('\n');
    expect(hits).toHaveLength(report.hits.planned);
    const [header = '', ...rows] = written('run.csv').trimEnd().split('\r\n');
    const column = header.split(',').indexOf('hits');
    const whole = rows.filter(row => row.startsWith(','));
    expect(whole.reduce((sum, row) => sum + Number(row.split(',')[column]), 0)).toBe(report.hits.accepted);
    const account = tableOf(written('run.html'), `Planned, sent and recorded at ${report.targets[0]?.name}`);
    expect(account.visits).toEqual({ planned: '12', sent: '12' });
    expect(account.hits).toEqual({ planned: `${report.hits.planned}`, sent: `${report.hits.accepted}` });
    expect(written('run.xml')).toContain('<property name="seed" value="1"/>');
    expect(written('summary.md')).toContain(`| 12 | ${report.hits.planned} | ${report.hits.accepted} | 0 |`);
  });

  it('shows the token nowhere', () => {
    for (const name of readdirSync(cwd)) expect(written(name)).not.toContain(TOKEN);
    expect(ended.stdout + ended.stderr).not.toContain(TOKEN);
  });

  it('is shown later by its report as it was then, and the same files are made of it', async () => {
    const files = ['--html', 'later.html', '--junit', 'later.xml', '--series', 'later.ndjson'];
    const later = await cli(['report', 'run.json', ...files], { cwd });
    expect(later).toMatchObject({ exitCode: 0, stderr: '' });
    expect(later.stdout).toContain(`all ${report.hits.planned} hits accepted`);
    expect(later.stdout).toMatch(/report {2}.*later\.html, .*later\.xml,\s+.*later\.ndjson/);
    expect(written('later.html')).toBe(written('run.html'));
    expect(written('later.xml')).toBe(written('run.xml'));
    expect(written('later.ndjson').trimEnd().split('\n')).toHaveLength(
      written('run.csv').trimEnd().split('\r\n').length - 1,
    );
    expect(JSON.parse((await cli(['report', 'run.json', '--json'], { cwd })).stdout)).toEqual(report);
    expect((await cli(['report', 'run.json', '--quiet'], { cwd })).stdout).toBe('');
  });

  it.each([
    ['is cut off', (text: string) => text.slice(0, 500), 'run.json is cut off'],
    ['is empty', () => '', 'run.json is empty'],
    ['is no JSON', () => 'no', 'run.json is no JSON'],
    ['is something else', () => '{}', 'run.json is no report of a run'],
    [
      'is of another schema',
      (text: string) => text.replace('"schemaVersion": 1', '"schemaVersion": 7'),
      'run.json is a report of schema version 7, and this trafficinator reads version 1',
    ],
    [
      'was changed',
      (text: string) => text.replace('"durationSeconds"', '"durationMinutes"'),
      'run.json is no whole report: run.durationSeconds',
    ],
  ])('is not shown by a report that %s', async (_, changed, message) => {
    const at = folder({ 'run.json': changed(written('run.json')) });
    const { exitCode, stdout, stderr } = await cli(['report', 'run.json'], { cwd: at });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('keeps its report from being written over', async () => {
    const { exitCode, stderr } = await cli(['report', 'run.json', '--junit', './run.json'], { cwd });
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('the report and --junit are the same file'),
    });
    expect(reportIn(join(cwd, 'run.json'))).toEqual(report);
    expect((await cli(['report', 'run.json', '--series', 'run.txt'], { cwd })).stderr).toContain(
      'must end in .csv or .ndjson',
    );
    expect((await cli(['report', 'none.json'], { cwd })).stderr).toContain('none.json does not exist');
  });
});

describe('JUnit and annotations', () => {
  it('of a verification tell what was recorded otherwise, and leave the report as it is', async () => {
    const [collector, empty] = [await collect({ token: TOKEN }), await collect({ token: TOKEN })];
    const cwd = folder({ 'summary.md': '' });
    const env = { MATOMO_TOKEN_AUTH: TOKEN };
    await cli([...run, '--url', collector.url, '--report', 'run.json', '--quiet'], { cwd, env });
    const before = reportIn(join(cwd, 'run.json'));
    const { exitCode, stderr } = await cli(
      [
        ...['verify', 'run.json', '--no-write', '--wait', '0s', '--no-progress', '--junit', 'verified.xml'],
        ...['--api-url', new URL('index.php', empty.url).href],
      ],
      { cwd, env: { ...env, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(cwd, 'summary.md') } },
    );
    expect(exitCode).toBe(6);
    expect(stderr).toMatch(
      /^::error title=trafficinator%3A not recorded as planned::.*visits 12 planned, 0 recorded/m,
    );
    expect(reportIn(join(cwd, 'run.json'))).toEqual(before);
    const xml = readFileSync(join(cwd, 'verified.xml'), 'utf8');
    expect(xml).toContain('<failure message="planned 12, recorded 0" type="verification">');
    expect(readFileSync(join(cwd, 'summary.md'), 'utf8')).toContain('| visits | 12 | 0 |');
  });

  it('are of a backfill, too', async () => {
    const cwd = folder();
    const { exitCode } = await cli(
      [
        ...['backfill', '--collector', '--days-back', '2', '--days', '1', '--visits-per-day', '5', '--quiet'],
        ...['--junit', 'filled.xml', '--series', 'filled.ndjson', '--report', 'filled.json'],
      ],
      { cwd },
    );
    expect(exitCode).toBe(0);
    expect(readFileSync(join(cwd, 'filled.xml'), 'utf8')).toContain(
      '<property name="command" value="backfill"/>',
    );
    const shown = (await cli(['report', 'filled.json'], { cwd })).stdout;
    expect(shown).toMatch(/^\d{4}-\d\d-\d\d +5 +5/m);
  });
});

describe('before anything is sent', () => {
  it.each(['report', 'html', 'junit', 'series', 'hits'])(
    'a file of --%s that cannot be written is refused',
    async name => {
      const server = await serve(() => gif);
      const file = join('gone', name === 'series' ? 'a.csv' : 'a');
      const { exitCode, stderr } = await cli([...run, '--url', server.url.href, `--${name}`, file]);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('there is no folder');
      expect(server.requests).toEqual([]);
    },
  );

  it('two options with one file are refused, and one that has no file', async () => {
    const server = await serve(() => gif);
    const refused = async (...args: string[]) =>
      (await cli([...run, '--url', server.url.href, ...args])).stderr;
    expect(await refused('--report', 'a', '--hits', 'a')).toContain('--report and --hits are the same file');
    expect(await refused('--report', 'a.json', '--hits', 'a.exceptions.ndjson')).toContain(
      'the exceptions beside --report and --hits are the same file',
    );
    expect(await refused('--junit', '-')).toContain('--junit takes the name of a file');
    expect(await refused('--series', 'a.txt')).toContain('must end in .csv or .ndjson');
    expect(server.requests).toEqual([]);
  });
});

describe('at the end', () => {
  it('a report whose folder has gone is on stderr, with exit code 1', async () => {
    const server = await serve(() => gif);
    const cwd = folder();
    const gone = folder();
    const running = startProgram(
      [...run, '--rate', '6/s', '--url', server.url.href, '--report', join(gone, 'a.json'), '--quiet'],
      { cwd },
    );
    while (server.requests.length === 0) await new Promise(resolve => setTimeout(resolve, 20));
    rmSync(gone, { recursive: true });
    const { exitCode, stderr } = await running.ended;
    expect(exitCode).toBe(1);
    expect(stderr).toContain('there is no folder');
    expect(JSON.parse(stderr.slice(stderr.indexOf('{'), stderr.lastIndexOf('}') + 1))).toMatchObject({
      schemaVersion: 1,
      visits: { planned: 12, completed: 12 },
    });
  });

  it.skipIf(!existsSync('/dev/full'))(
    'hits on a full disk are told of, and the run has gone on',
    async () => {
      const server = await serve(() => gif);
      const cwd = folder();
      const { exitCode, stderr } = await cli(
        [...run, '--url', server.url.href, '--hits', '/dev/full', '--report', 'a.json', '--quiet'],
        { cwd },
      );
      expect(exitCode).toBe(1);
      expect(stderr).toContain('cannot write all hits to /dev/full: the disk is full');
      expect(reportIn(join(cwd, 'a.json')).visits.completed).toBe(12);
    },
  );

  it('is no place for hits of a backfill', async () => {
    const cwd = folder();
    writeFileSync(
      join(cwd, 'trafficinator.yaml'),
      'hits: hits.ndjson\ntarget: { url: "http://127.0.0.1:1/" }\n',
    );
    const { exitCode, stderr } = await cli(['backfill', '--days-back', '2', '--days', '1'], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--hits is for run');
  });
});
