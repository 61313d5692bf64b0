import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cli } from '../support/command-line.ts';
import { gif } from '../support/fault-server.ts';
import { folder, program, startProgram } from '../support/program.ts';
import { servers } from '../support/servers.ts';

const { serve, close } = servers();
afterAll(close);

const small = ['--visits', '3', '--rate', '100/s', '--pause', '0', '--skip-validation', '--no-progress'];

describe.concurrent('--metrics', () => {
  it('tells the address, and waits at the end until the last values were read', async () => {
    const matomo = await serve(() => gif);
    const running = startProgram([
      ...['run', '--url', matomo.origin, ...small, '--report', 'run.json'],
      ...['--metrics', '0', '--metrics-linger', '10m'],
    ]);
    await running.said(/metrics are at http:\/\/127\.0\.0\.1:\d+\/metrics/);
    await running.said('waiting up to 10 m');
    // The report is there before that.
    expect(running.stderr).toContain('visits planned and sent');
    const [url = ''] = /http:\/\/127\.0\.0\.1:\d+\/metrics/.exec(running.stderr) ?? [];
    const text = await (await fetch(url)).text();
    const target = new URL(matomo.origin).host;
    expect(text).toContain(`trafficinator_visits_total{target="${target}",outcome="completed"} 3\n`);
    expect((await running.ended).exitCode).toBe(0);
  });

  it('waits no more once it is interrupted', async () => {
    const matomo = await serve(() => gif);
    const args = [
      'run',
      '--url',
      matomo.origin,
      ...small,
      '--metrics',
      '127.0.0.1:0',
      '--metrics-linger',
      '1h',
    ];
    const running = startProgram(args);
    await running.said('waiting up to 1 h');
    running.kill('SIGTERM');
    // The run was over: it ended well.
    expect(await running.ended).toMatchObject({ exitCode: 0, signal: null });
  });

  it('on a port that is taken is refused before anything is sent', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise(ready => other.once('listening', ready));
    const { port } = other.address() as AddressInfo;
    const matomo = await serve(() => gif);
    const { exitCode, stderr } = await cli([
      'run',
      '--url',
      matomo.origin,
      ...small,
      '--metrics',
      String(port),
    ]);
    other.close();
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`cannot listen on 127.0.0.1:${port}`);
    expect(stderr).toContain('Nothing was sent');
    expect(matomo.requests).toEqual([]);
  });

  it('and what belongs to it are refused together, without what may be a secret', async () => {
    const { exitCode, stderr } = await cli([
      ...['run', '--collector', '--metrics', 'nonsense!', '--metrics-linger', 'soon'],
      ...['--otlp', 'http://me:secret-word@collector:4318'],
    ]);
    expect(exitCode).toBe(2);
    const told = stderr.replace(/\s+/g, ' ');
    expect(told).toContain('must be PORT, :PORT or HOST:PORT');
    expect(told).toContain('must be a duration');
    expect(told).toContain('must not hold a user name or password');
    expect(told).not.toContain('secret-word');
  });
});

describe.concurrent('--otlp', () => {
  const key = 'k3y-of-the-receiver';

  it('never shows the headers it sends, nor what a receiver says of them', async () => {
    const matomo = await serve(() => gif);
    const receiver = await serve(request => ({
      name: 'says it back',
      means: 'rejected',
      give: (_, response) =>
        response.writeHead(403, `not ${key}`).end(`${request.headers['x-team']} is unknown`),
    }));
    const cwd = folder();
    const { exitCode, stdout, stderr } = await cli(
      [
        ...[
          'run',
          '--url',
          matomo.origin,
          ...small,
          '--json',
          '--report',
          'run.json',
          '--log-level',
          'debug',
        ],
        ...['--otlp', receiver.origin],
      ],
      { cwd, env: { OTEL_EXPORTER_OTLP_HEADERS: `x-team=${key},authorization=Bearer%20${key}` } },
    );
    expect(exitCode).toBe(0);
    expect(receiver.requests[0]?.headers).toMatchObject({ 'x-team': key, authorization: `Bearer ${key}` });
    expect(stderr.match(/cannot push metrics/g)).toHaveLength(1);
    expect(stdout + stderr).not.toContain(key);
    expect(JSON.parse(stdout).config.metrics).toMatchObject({ otlp: receiver.origin, otlpHeaders: null });
    const shown = await cli(['config', 'show', '--json'], {
      env: { OTEL_EXPORTER_OTLP_HEADERS: `x-team=${key}`, MATOMO_URL: matomo.origin },
    });
    expect(shown.stdout).toContain('OTEL_EXPORTER_OTLP_HEADERS');
    expect(shown.stdout + shown.stderr).not.toContain(key);
    const wrong = await cli(['run', '--collector'], {
      env: { OTEL_EXPORTER_OTLP_HEADERS: `${key} = %zz` },
    });
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toContain('must be NAME=VALUE');
    expect(wrong.stdout + wrong.stderr).not.toContain(key);
  });

  it('needs packages that are not installed otherwise, unless a variable alone asked for it', async () => {
    const matomo = await serve(() => gif);
    const executable = installedWithout('@opentelemetry');
    const args = ['run', '--url', matomo.origin, ...small];
    const flagged = await program([...args, '--otlp', 'http://127.0.0.1:4318'], { executable });
    expect(flagged.exitCode).toBe(2);
    expect(flagged.stderr).toContain('npm install @opentelemetry/');
    expect(matomo.requests).toEqual([]);
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };
    const found = await program(args, { executable, env });
    expect(found.exitCode).toBe(0);
    expect(found.stderr).toContain('no metrics are pushed');
    expect(matomo.tracking.length).toBeGreaterThan(0);
  });
});

/** The program as it is installed where nobody has installed what is optional. */
function installedWithout(scope: string): string {
  const root = resolve(import.meta.dirname, '../..');
  const at = folder();
  for (const part of ['bin', 'dist', 'presets', 'funnels', 'package.json']) {
    cpSync(join(root, part), join(at, part), { recursive: true });
  }
  mkdirSync(join(at, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name === scope || name.startsWith('.')) continue;
    symlinkSync(join(root, 'node_modules', name), join(at, 'node_modules', name));
  }
  return join(at, 'bin/trafficinator.js');
}
