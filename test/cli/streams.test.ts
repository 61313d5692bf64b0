import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/run/report.ts';
import { Screen } from '../output/screen.ts';
import { cli } from '../support/command-line.ts';
import { gif } from '../support/fault-server.ts';
import { folder, startProgram } from '../support/program.ts';
import { servers } from '../support/servers.ts';
import { until } from '../support/until.ts';

const executable = resolve(import.meta.dirname, '../../bin/trafficinator.js');
const short = ['--visits', '15', '--rate', '15/s', '--pause', '0'];

const { serve, close } = servers();
let url = '';
beforeAll(async () => {
  url = (await serve(() => gif)).url.href;
});
afterAll(close);
const run = () => ['run', '--url', url, '--skip-validation'];

function reportIn(path: string): Report {
  return JSON.parse(readFileSync(path, 'utf8'));
}

describe('a run whose reader goes away', () => {
  it.each(['stdout', 'stderr'] as const)('goes on and writes its report: %s closed', async name => {
    const path = join(folder(), 'report.json');
    const child = spawn(process.execPath, [executable, ...run(), ...short, '--json', '--report', path], {
      env: {},
      cwd: folder(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child[name === 'stdout' ? 'stderr' : 'stdout'].resume();
    child[name].destroy();
    const [exitCode] = await once(child, 'exit');
    expect(exitCode).toBe(0);
    expect(reportIn(path).visits).toMatchObject({ planned: 15, completed: 15 });
  });

  it('is terminated as by SIGTERM when its terminal is closed', async () => {
    const path = join(folder(), 'report.json');
    const running = startProgram([...run(), '--rate', '10/s', '--pause', '0', '--report', path]);
    await running.said(/visits\/s/);
    running.kill('SIGHUP');
    expect(await running.ended).toMatchObject({ exitCode: 143 });
    expect(reportIn(path)).toMatchObject({ run: { stoppedBy: 'signal' }, hits: { unaccounted: 0 } });
  });
});

describe('what cannot be written', () => {
  it.skipIf(!existsSync('/dev/full'))('is told where stdout is a full disk, with exit code 1', async () => {
    const child = spawn(process.execPath, [executable, ...run(), ...short, '--json', '--quiet'], {
      env: {},
      cwd: folder(),
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    });
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const [exitCode] = await once(child, 'close');
    expect(stderr).toContain('cannot write to stdout');
    expect(stderr).not.toContain('    at ');
    expect(exitCode).toBe(1);
  });

  it('is refused where --report is no file, with where to get it', async () => {
    const { exitCode, stderr } = await cli([...run(), ...short, '--report', '-']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--json');
  });
});

describe('a run that is put to sleep (Ctrl-Z)', () => {
  it('leaves the terminal to the shell, and takes it back when it goes on', async () => {
    const screen = new Screen(100);
    let suspend = () => {};
    let isListened = false;
    const ended = cli(
      [...run(), '--visits', '8', '--rate', '8/s', '--pause', '0'],
      { env: { TERM: 'xterm' } },
      {
        stderr: screen,
        onSuspend: listener => {
          suspend = listener;
          isListened = true;
          return () => {
            isListened = false;
          };
        },
      },
    );
    const isDrawn = () => screen.text.includes('of 8 visits');
    await until(isDrawn);
    suspend();
    expect([isDrawn(), screen.cursorHidden]).toEqual([false, false]);
    screen.write('[1]+  Stopped\n');
    await until(() => isDrawn() && screen.cursorHidden);
    expect((await ended).exitCode).toBe(0);
    expect([screen.cursorHidden, isListened]).toEqual([false, false]);
    expect(screen.text).toContain('[1]+  Stopped\n');
  });
});

describe('a command line', () => {
  it('with a mistyped option is told its name alone: what stands behind it may be a secret', async () => {
    const { exitCode, stdout, stderr } = await cli(['run', '--token=SUPERSECRETTOKEN']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("unknown option '--token=…'");
    expect(stdout + stderr).not.toContain('SUPERSECRET');
  });

  it('ends a dry run in order when nobody reads on, and plans no further', async () => {
    // To plan them all would take minutes.
    const { child, complaints } = dryRun(2_000_000);
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [exitCode] = await once(child, 'close');
    expect([exitCode, complaints()]).toEqual([0, '']);
  });

  it('writes a dry run as fast as it is read, and nothing else', async () => {
    const { child, complaints } = dryRun(3000);
    const closed = once(child, 'close');
    let lines = 0;
    for await (const text of child.stdout.setEncoding('utf8')) lines += text.split('\n').length - 1;
    const [exitCode] = await closed;
    expect([exitCode, complaints(), lines]).toEqual([0, '', 3000]);
  });

  function dryRun(visits: number) {
    const child = spawn(
      process.execPath,
      [executable, ...run(), '--visits', String(visits), '--rate', '100/s', '--dry-run'],
      { env: {}, cwd: folder(), stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let said = '';
    child.stderr.setEncoding('utf8').on('data', text => {
      said += text;
    });
    return { child, complaints: () => said };
  }
});

describe('why a run failed', () => {
  const dead = [
    ...['run', '--url', 'http://127.0.0.1:1/', '--visits', '3', '--rate', '30/s', '--skip-validation'],
  ];

  it('is the one line on stderr with --quiet', async () => {
    const { exitCode, stderr } = await cli([...dead, '--quiet']);
    expect(exitCode).toBe(5);
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringContaining('exit 5: nothing was accepted by 127.0.0.1:1'),
    ]);
  });

  it('is in the last record of the log', async () => {
    const { stderr } = await cli([...dead, '--log-format', 'json']);
    const last: unknown = JSON.parse(stderr.trim().split('\n').at(-1) ?? '');
    expect(last).toMatchObject({
      message: 'run ended',
      exitCode: 5,
      reason: expect.stringContaining('exit 5'),
      targets: [{ errors: [{ code: 'ECONNREFUSED', count: 3 }, { code: 'VISIT_BROKEN' }] }],
    });
  });
});
