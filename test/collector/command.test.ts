import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import type { ExitCode } from '../../src/base/exit-codes.ts';
import { define } from '../../src/cli/collector.ts';
import type { Context } from '../../src/cli/context.ts';

/** A command line in this process: what it wrote, and a way to signal it. */
function commandLine() {
  const written = { stdout: '', stderr: '' };
  let signal: (() => void) | undefined;
  let code: ExitCode = 0;
  const context: Context = {
    env: {},
    cwd: mkdtempSync(join(tmpdir(), 'collector-')),
    platform: 'linux',
    stdout: { write: text => (written.stdout += text) },
    stderr: { write: text => (written.stderr += text) },
    onSignal(listener) {
      signal = () => listener('SIGTERM');
      return () => {};
    },
    onSuspend: () => () => {},
    exitWith(given) {
      code = given;
    },
  };
  const command = new Command('collector').exitOverride();
  define(command, context);
  return {
    context,
    written,
    run: (...flags: string[]) => command.parseAsync(flags, { from: 'user' }),
    stop: () => signal?.(),
    exitCode: () => code,
    help: () => {
      let text = '';
      command.configureOutput({ writeOut: part => (text += part) });
      command.outputHelp();
      return text;
    },
    async address() {
      while (!written.stdout.includes('\n')) await new Promise(resolve => setTimeout(resolve, 10));
      return written.stdout.split('\n')[0] ?? '';
    },
  };
}

it('tells its address on the first line, a made token on stderr, and writes its state when told to end', async () => {
  const line = commandLine();
  const running = line.run('--port', '0', '--state', 'state.ndjson');
  const address = await line.address();
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(line.written.stderr).toMatch(/^token_auth: [0-9a-f]{32}\n$/);
  await fetch(`${address}/matomo.php?idsite=1&rec=1&cid=00000000000000a1&url=https://shop.example/`);
  line.stop();
  await running;
  expect(line.exitCode()).toBe(0);
  expect(readFileSync(join(line.context.cwd, 'state.ndjson'), 'utf8')).toContain('00000000000000a1');
});

it('records for the sites of a file, and says nothing of a token it was given', async () => {
  const line = commandLine();
  const site = {
    id: 12,
    name: 'Own',
    mainUrl: 'https://own.example',
    currency: 'SEK',
    timezone: 'Europe/Stockholm',
  };
  writeFileSync(join(line.context.cwd, 'sites.json'), JSON.stringify([site]));
  const running = line.run('--port', '0', '--token', 'abc', '--sites', 'sites.json');
  const address = await line.address();
  await fetch(`${address}/matomo.php?idsite=12&rec=1&cid=00000000000000a1&url=https://own.example/`);
  expect(await (await fetch(`${address}/collector/state`)).json()).toMatchObject({
    totals: { visits: 1 },
    sites: { 12: { visits: 1 } },
  });
  expect(line.written.stderr).toBe('');
  line.stop();
  await running;
});

describe('refuses', () => {
  it.each([
    [['--port', '70000'], 'USAGE', /--port is "70000", but must be a whole number from 0 to 65535/],
    [['--port', 'x'], 'USAGE', /--port/],
    [['--error-rate', '1.5'], 'USAGE', /--error-rate is "1.5", but must be a number from 0 to 1/],
    [['--hang-rate', '-1'], 'USAGE', /--hang-rate/],
    [['--latency', '20-5ms'], 'USAGE', /--latency/],
    [['--fail-after', '1.5'], 'USAGE', /--fail-after/],
    [
      ['--cut-after-recording', '0'],
      'USAGE',
      /--cut-after-recording is "0", but must be a whole number from 1/,
    ],
    [['--lose-quietly', 'x'], 'USAGE', /--lose-quietly/],
    [['--queue', 'soon'], 'USAGE', /--queue is "soon", but must be a time such as 900s or 15m/],
    [['--archive-age', '-1'], 'USAGE', /--archive-age/],
    [['--view-token', ''], 'USAGE', /--view-token is empty/],
    [['--token', ''], 'USAGE', /--token is empty/],
    [['--sites', 'missing.json'], 'FILE_UNREADABLE', /missing\.json/],
  ])('%j', async (flags, code, message) => {
    await expect(commandLine().run(...flags)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it('a file of sites with every problem it has', async () => {
    const line = commandLine();
    writeFileSync(
      join(line.context.cwd, 'sites.json'),
      JSON.stringify([{ id: 0, name: 'X', mainUrl: 'nope', currency: 'EUR', timezone: 'Mars/Base' }]),
    );
    const error = await line.run('--sites', 'sites.json').catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'FILE_INVALID' });
    expect(String(error)).toMatch(/\[0\]\.id[\s\S]*\[0\]\.mainUrl[\s\S]*\[0\]\.timezone/);
  });
});

it('explains itself', () => {
  const help = commandLine().help();
  for (const option of ['--port', '--state', '--null', '--latency', '--fail-after', 'Examples:'])
    expect(help).toContain(option);
});
