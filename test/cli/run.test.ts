import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Collector, startCollector } from '../../src/collector/collector.ts';
import type { CollectorState } from '../../src/collector/state.ts';
import type { Report } from '../../src/run/report.ts';
import { expectRecordedAsPlanned, expectWholeAccount } from '../support/account.ts';
import { cli } from '../support/command-line.ts';
import { hang, startFaultServer } from '../support/fault-server.ts';
import { folder, program, type RunningProgram, startProgram } from '../support/program.ts';
import { until } from '../support/until.ts';

const TOKEN = '0123456789abcdef0123456789abcdef';
const quick = ['--pause', '0-0.01', '--rate', '300/s', '--concurrency', '100'];

interface CollectorProcess {
  readonly program: RunningProgram;
  readonly origin: string;
  /** Until it holds so many visits. */
  holds(visits: number): Promise<void>;
}

/** `trafficinator collector` as its own process. */
async function collectorProcess(...options: readonly string[]): Promise<CollectorProcess> {
  const started = startProgram(['collector', '--port', '0', '--token', TOKEN, ...options]);
  await started.said(/http:\/\/127\.0\.0\.1:\d+\n/);
  const origin = started.stdout.trim();
  const state = async () => (await fetch(`${origin}/collector/state`)).json() as Promise<CollectorState>;
  return {
    program: started,
    origin,
    async holds(visits) {
      while ((await state()).totals.visits < visits) await sleep(20);
    },
  };
}

function reportOf(text: string): Report {
  return JSON.parse(text) as Report;
}

describe('trafficinator run', () => {
  let collector: Collector;
  beforeAll(async () => {
    collector = await startCollector({ token: TOKEN });
  });
  beforeEach(() => collector.reset());
  afterAll(() => collector.close());

  it('plans the same for the same seed, and proves that it was recorded', async () => {
    const smoke = ['run', '--preset', 'smoke', '--collector', '--seed', '7', '--json', '--rate', '120/s'];
    const [first, second] = await Promise.all([program(smoke), cli(smoke)]);
    const reports = [first, second].map(({ stdout }) => reportOf(stdout));
    expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
    expect(reports[0]?.plan).toEqual(reports[1]?.plan);
    for (const report of reports) {
      expectWholeAccount(report);
      expect(report.run).toMatchObject({ seed: 7, stoppedBy: 'visits', remaining: 0, command: 'run' });
      expect(report.plan.visits).toBe(60);
      expect(report.verification).toMatchObject({ passed: true });
    }
    // No terminal: plain lines, and nothing that moves a cursor or colours.
    expect(first.stderr).not.toContain('\u001b');
    expect(first.stderr).toContain('60 visits planned and sent');
  });

  it('prints the same bytes without sending for the same seed, run id and start', async () => {
    const dry = [
      ...['run', '--preset', 'smoke', '--dry-run', '--visits', '50'],
      ...['--seed', '7', '--run-id', 'a', '--start-at', '2026-06-01T12:00:00Z'],
    ];
    const [first, second] = await Promise.all([program(dry), cli(dry)]);
    expect([first.exitCode, first.stdout.trim().split('\n').length]).toEqual([0, 50]);
    expect(first.stdout).toBe(second.stdout);
    expect(JSON.parse(first.stdout.slice(0, first.stdout.indexOf('\n')))).toMatchObject({
      index: 0,
      startMs: 0,
      hits: expect.arrayContaining([
        expect.objectContaining({
          offsetMs: 0,
          type: 'pageview',
          params: expect.objectContaining({ rec: '1', idsite: '1', new_visit: '1' }),
        }),
      ]),
    });
  });

  it('runs a legacy .env unchanged', async () => {
    const cwd = folder({
      '.env': [
        `MATOMO_URL=${collector.origin}/matomo.php`,
        'MATOMO_SITE_ID=1',
        `MATOMO_TOKEN_AUTH=${TOKEN}`,
        'TARGET_VISITS_PER_DAY=1000000',
        'PAGEVIEWS_MIN=1',
        'PAGEVIEWS_MAX=3',
        'CONCURRENCY=50',
        'PAUSE_BETWEEN_PVS_MIN=0.1',
        'PAUSE_BETWEEN_PVS_MAX=0.2',
        'AUTO_STOP_AFTER_HOURS=1',
        'MAX_TOTAL_VISITS=10',
        'SITESEARCH_PROBABILITY=0.15',
        'OUTLINKS_PROBABILITY=0.10',
        'DOWNLOADS_PROBABILITY=0.08',
        'CLICK_EVENTS_PROBABILITY=0.25',
        'RANDOM_EVENTS_PROBABILITY=0.12',
        'DIRECT_TRAFFIC_PROBABILITY=0.30',
        'RANDOMIZE_VISITOR_COUNTRIES=true',
        'VISIT_DURATION_MIN=1.0',
        'VISIT_DURATION_MAX=8.0',
        'ECOMMERCE_PROBABILITY=0.5',
        'ECOMMERCE_ORDER_VALUE_MIN=15.99',
        'ECOMMERCE_ORDER_VALUE_MAX=299.99',
        'ECOMMERCE_ITEMS_MIN=1',
        'ECOMMERCE_ITEMS_MAX=5',
        'ECOMMERCE_TAX_RATE=0.10',
        'ECOMMERCE_SHIPPING_RATES=0,5.99,9.99,15.99',
        'ECOMMERCE_CURRENCY=SEK',
        'TIMEZONE=CET',
        'AUTO_START=true',
        'LOG_LEVEL=INFO',
      ].join('\n'),
    });
    const { exitCode, stdout, stderr } = await cli(['run', '--json'], { cwd });
    expect(stderr).not.toContain('error');
    expect(exitCode).toBe(0);
    const report = reportOf(stdout);
    expectWholeAccount(report);
    expect(report.visits.completed).toBe(10);
    expectRecordedAsPlanned(collector.state().totals, report.plan);
    expect(JSON.stringify([stdout, stderr])).not.toContain(TOKEN);
  });

  it.each([
    { transport: 'single', env: {} },
    { transport: 'bulk', env: {} },
    { transport: 'single', env: { MATOMO_TOKEN_AUTH: TOKEN } },
    { transport: 'bulk', env: { MATOMO_TOKEN_AUTH: TOKEN } },
  ])('sends what a collector records, in every figure: $transport, $env', async ({ transport, env }) => {
    const cwd = folder();
    const { exitCode, stdout, stderr } = await cli(
      [
        ...['run', '--url', collector.origin, '--visits', '300', '--transport', transport, ...quick],
        ...['--report', 'report.json'],
      ],
      { cwd, env: { ...env, TIMEZONE: 'UTC' } },
    );
    expect(exitCode).toBe(0);
    const text = readFileSync(join(cwd, 'report.json'), 'utf8');
    const report = reportOf(text);
    expectWholeAccount(report);
    expect(report.visits.completed).toBe(300);
    const { totals, failedLogins } = collector.state();
    expectRecordedAsPlanned(totals, report.plan);
    expect(failedLogins).toBe(0);
    expect(report.targets[0]?.tokenEnv).toBe('MATOMO_TOKEN_AUTH' in env ? 'MATOMO_TOKEN_AUTH' : null);
    for (const shown of [stdout, stderr, text]) expect(shown).not.toContain(TOKEN);
  });
});

it('trafficinator collector ends with 0 when it is told to', async () => {
  const { program: collector } = await collectorProcess();
  collector.kill('SIGTERM');
  expect((await collector.ended).exitCode).toBe(0);
});

describe('trafficinator run, stopped', () => {
  let slow: Collector;
  beforeAll(async () => {
    slow = await startCollector({ token: TOKEN, latencyMs: { min: 30, max: 30 } });
  });
  afterAll(() => slow.close());

  const endless = (origin: string) => [
    ...['run', '--url', origin, '--rate', '50/s', '--pause', '0.1-0.2', '--visits', '5000', '--json'],
    // A place for each, also where all come late: one that waits for a place is skipped at a stop.
    ...['--concurrency', '1000'],
  ];

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('finishes what is in flight and writes its report at %s', async (signal, code) => {
    const cwd = folder();
    const run = startProgram([...endless(slow.origin), '--report', 'report.json'], { cwd });
    const before = slow.state().totals.visits;
    await until(() => slow.state().totals.visits >= before + 20);
    run.kill(signal);
    const { exitCode, stdout } = await run.ended;
    expect(exitCode).toBe(code);
    const report = reportOf(readFileSync(join(cwd, 'report.json'), 'utf8'));
    expect(reportOf(stdout)).toEqual(report);
    expectWholeAccount(report);
    expect(report).toMatchObject({ exitCode: code, run: { stoppedBy: 'signal' } });
    expect(report.visits.completed).toBe(report.visits.planned);
    expect(report.run.remaining).toBe(5000 - report.visits.planned);
  });

  it('stops at once at the second signal, and still reports', async () => {
    const hanging = await startFaultServer(() => hang);
    const run = startProgram([...endless(hanging.origin), '--skip-validation']);
    await until(() => hanging.requests.length > 5);
    run.kill('SIGINT');
    await run.said('draining');
    const secondMs = performance.now();
    run.kill('SIGINT');
    const { exitCode, stdout } = await run.ended;
    expect(performance.now() - secondMs).toBeLessThan(2000);
    expect(exitCode).toBe(130);
    const report = reportOf(stdout);
    expectWholeAccount(report);
    expect(report.hits.unknown).toBeGreaterThan(0);
    await hanging.close();
  });

  it('names every hit that was lost when the server goes away, and ends with 5', async () => {
    const collector = await collectorProcess();
    const run = startProgram([
      ...['run', '--url', collector.origin, '--visits', '800', ...quick, '--json', '--log-level', 'warn'],
    ]);
    await collector.holds(50);
    collector.program.kill('SIGKILL');
    const { exitCode, stdout } = await run.ended;
    expect(exitCode).toBe(5);
    const report = reportOf(stdout);
    expectWholeAccount(report);
    expect(report.hits.accepted).toBeGreaterThan(0);
    expect(report.targets[0]?.health).toMatchObject({ state: 'down', outages: 1 });
    expect(report.targets[0]?.errors.every(({ code }) => code !== '')).toBe(true);
  });

  it('waits for the start signal where it is told to, and takes it away', async () => {
    const cwd = folder();
    const run = startProgram(['run', '--url', slow.origin, '--visits', '3', ...quick, '--json'], {
      cwd,
      env: { AUTO_START: 'false', START_SIGNAL_FILE: 'go', START_CHECK_INTERVAL: '0.1' },
    });
    await run.said('waiting for');
    writeFileSync(join(cwd, 'go'), '');
    const { exitCode, stdout } = await run.ended;
    expect([exitCode, reportOf(stdout).visits.completed]).toEqual([0, 3]);
    expect(existsSync(join(cwd, 'go'))).toBe(false);
  });

  it('stays until the start it is told, and is interrupted before it', async () => {
    const at = (ms: number) => ['--start-at', new Date(Date.now() + ms).toISOString()];
    const few = ['run', '--url', slow.origin, '--visits', '3', ...quick, '--json'];
    const [begun, interrupted] = [
      startProgram([...few, ...at(2500)]),
      startProgram([...few, ...at(3_600_000)]),
    ];
    const { exitCode, stdout } = await begun.ended;
    expect([exitCode, reportOf(stdout).visits.completed]).toEqual([0, 3]);
    interrupted.kill('SIGINT');
    const { exitCode: code, stdout: told } = await interrupted.ended;
    expect([code, reportOf(told).run.remaining, reportOf(told).visits.planned]).toEqual([130, 3, 0]);
  });

  it('is interrupted also while it waits for the start signal', async () => {
    const run = startProgram(['run', '--url', slow.origin, '--visits', '3'], {
      env: { AUTO_START: 'false', START_SIGNAL_FILE: 'go' },
    });
    await run.said('waiting for');
    run.kill('SIGINT');
    expect((await run.ended).exitCode).toBe(130);
  });
});
