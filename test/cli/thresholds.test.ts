import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseReport } from '../../src/run/saved-report.ts';
import { cli } from '../support/command-line.ts';
import { gif, hang } from '../support/fault-server.ts';
import { folder, program } from '../support/program.ts';
import { servers } from '../support/servers.ts';

const { collect, serve, close } = servers();
afterAll(close);

const TOKEN = '0123456789abcdef0123456789abcdef';
const quick = ['run', '--collector', '--visits', '4', '--rate', '50/s', '--pause', '0'];

describe.concurrent('the program', () => {
  it('ends with 4 where a threshold is broken, and shows it in every output', async () => {
    const cwd = folder();
    const broken = ['--threshold', 'latency.p95 < 1us', '--threshold', 'hits.failed.rate < 1%'];
    const [text, quiet, log] = await Promise.all([
      cli([...quick, ...broken, '--report', 'r.json'], { cwd }),
      cli([...quick, ...broken, '--quiet']),
      cli([...quick, ...broken, '--log-format', 'json']),
    ]);
    expect([text.exitCode, quiet.exitCode, log.exitCode]).toEqual([4, 4, 4]);
    expect(text.stderr).toMatch(
      /^✗ latency\.p95 < 1us +[\d.]+ m?s\n✓ hits\.failed\.rate < 1% +0 %\n✓ recorded as planned/m,
    );
    expect(quiet.stderr).toMatch(/^✗ exit 4: latency\.p95 < 1us is broken: [\d.]+ m?s\n$/);
    expect(log.stderr).toContain('"thresholds":[{"expression":"latency.p95 < 1us",');
    const { report } = parseReport(readFileSync(join(cwd, 'r.json'), 'utf8'), 'r.json');
    expect(report).toMatchObject({
      exitCode: 4,
      thresholds: [
        { expression: 'latency.p95 < 1us', passed: false },
        { expression: 'hits.failed.rate < 1%', value: 0, passed: true },
      ],
      generator: { cpuShareMean: expect.any(Number), warnings: expect.any(Array) },
    });
  });

  it('ends with 4 where there is no data, and with 0 where all thresholds hold', async () => {
    const one = [...quick, '--visits', '1', '--json'];
    const [none, held] = await Promise.all([
      cli([...one, '--threshold', 'visits.achieved.rate >= 1%']),
      cli([...one, '--threshold', 'targets.collector.latency.p95 < 1m']),
    ]);
    expect(none.exitCode).toBe(4);
    expect(none.stderr).toContain('visits.achieved.rate >= 1% is broken: no data');
    expect(held.exitCode).toBe(0);
  });

  it('refuses one with a mistake, and sends nothing', async () => {
    const { exitCode, stderr } = await cli([...quick, '--threshold', 'latency.p95 < 5%']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('    latency.p95 < 5%\n                   ^\nNothing was sent.');
  });

  it('is over within two seconds of a breach that is to end it, though the server hangs', async () => {
    const server = await serve(() => (server.requests.length > 5 ? hang : gif));
    const cwd = folder();
    const { exitCode } = await program(
      [
        ...[
          'run',
          '--url',
          server.url.href,
          '--skip-validation',
          '--rate',
          '20/s',
          '--pause',
          '0',
          '--quiet',
        ],
        ...['--threshold', 'hits.accepted.count < 3 abort', '--report', 'r.json'],
      ],
      { cwd },
    );
    expect(exitCode).toBe(4);
    const { run, hits, thresholds } = parseReport(readFileSync(join(cwd, 'r.json'), 'utf8'), 'r.json').report;
    expect(run.stoppedBy).toBe('threshold');
    expect(run.durationSeconds - (thresholds[0]?.abortedAtSeconds ?? 0)).toBeLessThan(2);
    expect(hits).toMatchObject({ accepted: 5, unaccounted: 0 });
    expect(hits.unknown).toBeGreaterThan(0);
  });

  it('judges again what was recorded, when it is verified again', async () => {
    const collector = await collect({ token: TOKEN });
    const cwd = folder();
    const env = { MATOMO_TOKEN_AUTH: TOKEN };
    const target = ['--url', collector.url, '--yes', '--verify', '--wait', '0'];
    const run = await cli(
      [
        ...['run', ...target, '--visits', '3', '--rate', '50/s', '--pause', '0', '--report', 'r.json'],
        ...['--threshold', 'verification.difference == 0', '--threshold', 'latency.p95 < 1us'],
      ],
      { cwd, env },
    );
    expect(run.exitCode).toBe(4);
    await fetch(`${collector.origin}/collector/reset`, { method: 'POST' });
    const verify = await cli(['verify', 'r.json', '--wait', '0'], { cwd, env });
    expect(verify.exitCode).toBe(4);
    expect(verify.stderr).toMatch(/^✗ verification\.difference == 0 +\d+$/m);
    // What nobody asked about again is told by the report alone.
    expect(verify.stderr).not.toContain('latency.p95');
    const { report } = parseReport(readFileSync(join(cwd, 'r.json'), 'utf8'), 'r.json');
    expect(report).toMatchObject({
      exitCode: 4,
      thresholds: [
        { expression: 'verification.difference == 0', value: expect.any(Number), passed: false },
        { expression: 'latency.p95 < 1us', passed: false },
      ],
    });
  });
});
