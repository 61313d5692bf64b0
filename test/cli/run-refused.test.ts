import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from '../support/command-line.ts';
import {
  bulkCounts,
  type FaultServer,
  gif,
  hitsIn,
  startFaultServer,
  withToken,
} from '../support/fault-server.ts';
import { folder } from '../support/program.ts';

let server: FaultServer;
beforeAll(async () => {
  server = await startFaultServer(() => gif);
});
afterAll(() => server.close());

interface BadInput {
  readonly name: string;
  readonly args: readonly string[];
  readonly told: string | RegExp;
  readonly files?: Readonly<Record<string, string>>;
  readonly hasTarget?: false;
}

const bad: readonly BadInput[] = [
  { name: 'no target', args: [], told: '--url or MATOMO_URL', hasTarget: false },
  {
    name: 'a URL that is none',
    args: ['--url', 'matomo.example'],
    told: 'http or https URL',
    hasTarget: false,
  },
  {
    name: 'a minimum above the maximum',
    args: [],
    files: { '.env': 'PAGEVIEWS_MIN=9\nPAGEVIEWS_MAX=3' },
    told: /pageviews\.min = 9 .*must not be above|pageviews/,
  },
  {
    name: 'a probability above 1',
    args: [],
    files: { '.env': 'ECOMMERCE_PROBABILITY=1.5' },
    told: 'ECOMMERCE_PROBABILITY in .env:1',
  },
  { name: 'an unknown zone', args: [], files: { '.env': 'TIMEZONE=Mars/Olympus' }, told: 'Mars/Olympus' },
  {
    name: 'an empty page list',
    args: [],
    files: { '.env': 'URLS_FILE=urls.txt', 'urls.txt': '# nothing\n\n' },
    told: 'must list at least one page',
  },
  {
    name: 'YAML with a mistake, by line and column',
    args: [],
    files: { 'trafficinator.yaml': 'rate: 5/s\nvisits: "3' },
    told: /trafficinator\.yaml:2:\d+/,
  },
  { name: 'a file that is not there', args: ['--config', 'nowhere.yaml'], told: 'nowhere.yaml' },
  {
    name: 'a preset that does not exist, by the nearest',
    args: ['--preset', 'hevy'],
    told: 'did you mean heavy?',
  },
  { name: 'an option that does not exist', args: ['--vists', '3'], told: '--visits' },
  {
    name: 'a report that cannot be written',
    args: ['--report', 'nowhere/report.json'],
    told: 'cannot write',
  },
  { name: 'a report that is a folder', args: ['--report', '.'], told: 'it is a folder' },
  { name: 'a start that is over', args: ['--start-at', '2020-01-01T00:00:00Z'], told: 'which is over' },
];

describe.concurrent('trafficinator run refuses before anything is sent', () => {
  it.each(bad)('$name', async ({ args, told, files = {}, hasTarget = true }) => {
    const cwd = folder(files);
    const target = hasTarget ? ['--url', server.origin, '--visits', '3'] : [];
    const { exitCode, stdout, stderr } = await cli(['run', ...target, ...args], { cwd });
    expect(stderr).toMatch(told);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).not.toContain('    at ');
    expect(server.requests).toHaveLength(0);
    // And leaves nothing behind.
    expect(readdirSync(cwd).sort()).toEqual(Object.keys(files).sort());
  });
});

describe.concurrent('the token', () => {
  const token = 'Se(ret/to ken+1&x="y"';

  it.each(['single', 'bulk'])('goes nowhere but into bodies: %s', async transport => {
    // A server that says the token back, as some error pages do.
    const told = await startFaultServer(
      withToken(request => ({
        ...gif,
        give: (_, response) => {
          const isRefused = request.number % 3 === 0;
          response.writeHead(isRefused ? 400 : 403).end(`you sent ${request.body} ${token}`);
        },
      })),
    );
    const cwd = folder();
    const { exitCode, stdout, stderr } = await cli(
      [
        ...['run', '--url', told.origin, '--visits', '10', '--rate', '100/s', '--pause', '0'],
        ...['--transport', transport, '--json', '--log-level', 'debug', '--report', 'report.json'],
        '--skip-validation',
      ],
      { cwd, env: { MATOMO_TOKEN_AUTH: token } },
    );
    expect(exitCode).toBe(5);
    for (const shown of [stdout, stderr]) {
      for (const spelt of [token, encodeURIComponent(token), JSON.stringify(token).slice(1, -1)])
        expect(shown).not.toContain(spelt);
    }
    expect(told.tracking.length).toBeGreaterThan(0);
    for (const { method, path, headers } of told.requests) {
      expect(method).toBe('POST');
      expect(JSON.stringify([path, headers])).not.toMatch(/token|Se\(ret|Se%28ret/);
    }
    await told.close();
  });

  it('that is refused is sent once, and no hit goes out', async () => {
    const refusing = await startFaultServer(() => bulkCounts(0, 1));
    const { exitCode, stdout, stderr } = await cli(
      ['run', '--url', refusing.origin, '--visits', '50', '--rate', '100/s', '--skip-validation', '--json'],
      { env: { MATOMO_TOKEN_AUTH: token } },
    );
    expect(exitCode).toBe(5);
    expect(stderr).toContain('its token was refused');
    expect(JSON.parse(stdout)).toMatchObject({ run: { stoppedBy: 'lost-targets' }, hits: { accepted: 0 } });
    expect(refusing.requests.map(request => hitsIn(request).length)).toEqual([1]);
    await refusing.close();
  });
});

describe.concurrent('what is shown', () => {
  let taking: FaultServer;
  beforeAll(async () => {
    taking = await startFaultServer(() => gif);
  });
  afterAll(() => taking.close());

  it('is only the report on stdout with --json, and only errors on stderr with --quiet', async () => {
    const { exitCode, stdout, stderr } = await cli([
      ...[
        'run',
        '--url',
        taking.origin,
        '--visits',
        '3',
        '--rate',
        '50/s',
        '--pause',
        '0',
        '--json',
        '--quiet',
      ],
    ]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, visits: { completed: 3 } });
    expect(stderr).toBe('');
  });

  it('is nothing on stdout without it', async () => {
    const { exitCode, stdout, stderr } = await cli([
      ...['run', '--url', taking.origin, '--visits', '3', '--rate', '50/s', '--pause', '0'],
    ]);
    expect([exitCode, stdout]).toEqual([0, '']);
    expect(stderr).toContain('3 visits planned and sent');
  });

  it('is JSON lines where the log is asked for so', async () => {
    const { exitCode, stderr } = await cli([
      ...[
        'run',
        '--url',
        taking.origin,
        '--visits',
        '3',
        '--rate',
        '50/s',
        '--pause',
        '0',
        '--log-format',
        'json',
      ],
    ]);
    expect(exitCode).toBe(0);
    for (const line of stderr.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('level');
  });
});
