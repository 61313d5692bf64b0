import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/run/report.ts';
import { reportSchema } from '../../src/run/report-schema.ts';
import { causes, expectAsServed, expectOneAfterAnother, expectWholeAccount } from '../support/account.ts';
import {
  type AnswerTo,
  allTracked,
  bulkCounts,
  delayed,
  gif,
  hang,
  hitsIn,
  isProbe,
  reset,
  status,
  withToken,
} from '../support/fault-server.ts';
import { folder, program, startProgram } from '../support/program.ts';
import { servers } from '../support/servers.ts';
import { until } from '../support/until.ts';

const { serve, collect, close } = servers();
afterAll(close);

const two = ['run', '--workers', '2', '--skip-validation', '--json'];
const max = ['--rate', 'max', '--pause', '0'];

function reportOf(text: string): Report {
  const report: Report = JSON.parse(text);
  // What the schema does not know it would leave out.
  expect(reportSchema.parse(report)).toEqual(report);
  return report;
}

function sortedLines(lines: readonly (readonly (readonly [string, string])[])[]): string[] {
  return lines
    .map(pairs => JSON.stringify(pairs.toSorted(([one], [other]) => (one < other ? -1 : 1))))
    .sort();
}

describe('a run on two threads', () => {
  it('sends exactly what is planned, each visitor from one thread and in order', async () => {
    const server = await serve(() => delayed(2, gif));
    const targets = ['one', 'other'].map((name, at) => `name=${name},url=${server.origin},site=${at + 1}`);
    const same = [
      ...targets.flatMap(spec => ['--target', spec]),
      ...['--seed', '7', '--run-id', 'threads', '--start-at', String(Date.now() + 4000)],
      ...['--visits', '120', '--rate', '200/s', '--pause', '0-0.02'],
    ];
    const env = { TRAFFICINATOR_RETURNING_SHARE: '0.4' };
    const cwd = folder();
    const [sent, planned] = await Promise.all([
      program([...two, ...same, '--hits', 'hits.ndjson'], { env, cwd }),
      program(['run', '--dry-run', ...same], { env }),
    ]);
    const report = reportOf(sent.stdout);
    expect([sent.exitCode, report.run.workers, report.visits.completed]).toEqual([0, 2, 120]);
    expectWholeAccount(report);
    const lines = planned.stdout
      .trim()
      .split('\n')
      .flatMap(line => JSON.parse(line).hits);
    const ofPlan = sortedLines(lines.map(({ params }) => Object.entries<string>(params)));
    expect(sortedLines(server.tracking.flatMap(hitsIn).map(hit => [...hit]))).toEqual(ofPlan);
    const logged = readFileSync(join(cwd, 'hits.ndjson'), 'utf8').trim().split('\n');
    expect(sortedLines(logged.map(line => Object.entries<string>(JSON.parse(line).params)))).toEqual(ofPlan);
    // Both threads had visits of both targets, and a visitor's were sent one after the other, oldest first.
    for (const { plannedByThread = [], visits } of report.targets) {
      expect(Math.min(...plannedByThread)).toBeGreaterThan(10);
      expect(plannedByThread.reduce((sum, one) => sum + one, 0)).toBe(visits.planned);
    }
    expectOneAfterAnother(server);
    const latest = new Map<string, number>();
    for (const hit of server.tracking.flatMap(hitsIn)) {
      const [visitor, at] = [`${hit.get('idsite')} ${hit.get('cid')}`, Number(hit.get('cdt'))];
      expect(at).toBeGreaterThanOrEqual(latest.get(visitor) ?? 0);
      latest.set(visitor, at);
    }
    expect(report.plan.returningVisits).toBeGreaterThan(10);
  });

  it.each(['single', 'bulk'])('accounts for every hit of a server that fails: %s', async transport => {
    const answers = transport === 'single' ? [status(400), reset, status(500)] : [reset, bulkCounts(0, 0)];
    const server = await serve(({ number }) => {
      if (number % 9 !== 8) return transport === 'single' ? gif : allTracked;
      return answers[Math.floor(number / 9) % answers.length] ?? gif;
    });
    const { stdout } = await program([
      ...[...two, '--url', server.origin, '--transport', transport, ...max, '--visits', '200'],
    ]);
    const report = reportOf(stdout);
    expectWholeAccount(report);
    expect(report.visits.planned).toBe(200);
    expect(report.hits.accepted).toBeLessThan(report.hits.planned);
    if (transport === 'single') expectAsServed(report, server);
  });

  it('asks about its token once, and once more when hits with it are rejected', async () => {
    let probes = 0;
    const answerTo: AnswerTo = request => {
      if (isProbe(request)) return delayed(50, bulkCounts(++probes === 1 ? 1 : 0, probes === 1 ? 0 : 1));
      return withToken(() => (request.number > 60 ? status(400) : gif))(request);
    };
    const server = await serve(answerTo);
    const { stdout, stderr } = await program(
      [...two, '--url', server.origin, ...max, '--visits', '3000', '--concurrency', '4'],
      { env: { MATOMO_TOKEN_AUTH: 'a secret token' } },
    );
    const report = reportOf(stdout);
    expectWholeAccount(report);
    expect(server.requests.filter(isProbe)).toHaveLength(2);
    expect(server.requests.findIndex(isProbe)).toBe(0);
    expect(report).toMatchObject({ exitCode: 5, run: { stoppedBy: 'lost-targets' } });
    expect(report.targets[0]?.health.state).toBe('refused');
    expect(causes(report).HTTP_400).toBeLessThan(12);
    // Said by both threads, and told once.
    expect(stderr.split(': stopped, because its token was refused').length - 1).toBe(1);
    expect(stdout + stderr).not.toContain('secret token');
  });

  it('stops as one at Ctrl-C, so that what came of the plan is known to the visit', async () => {
    const collector = await collect({ latencyMs: { min: 5, max: 10 } });
    const cwd = folder();
    const run = startProgram(
      [...two, '--url', collector.url, ...max, '--visits', '100000', '--report', 'r.json'],
      // Without a token the site's zone is not known: soon after its midnight visits would be split.
      { cwd, env: { TIMEZONE: 'UTC' } },
    );
    await until(() => collector.state().totals.visits > 150);
    run.kill('SIGINT');
    const { exitCode, stdout } = await run.ended;
    const report = reportOf(stdout);
    expect(exitCode).toBe(130);
    expectWholeAccount(report);
    expect(report.visits.completed).toBe(report.visits.planned);
    expect(report.run).toMatchObject({ stoppedBy: 'signal', remaining: 100_000 - report.visits.planned });
    const verified = await program(['verify', 'r.json'], {
      cwd,
      env: { MATOMO_TOKEN_AUTH: collector.token },
    });
    expect([verified.exitCode, verified.stderr]).toEqual([0, expect.stringContaining('recorded as planned')]);
  });

  it('sends nothing more at a second Ctrl-C, and still reports', async () => {
    const server = await serve(() => hang);
    const run = startProgram([...two, '--url', server.origin, ...max, '--visits', '5000']);
    await until(() => server.requests.length > 5);
    run.kill('SIGINT');
    await run.said('draining');
    run.kill('SIGINT');
    const { exitCode, stdout } = await run.ended;
    const report = reportOf(stdout);
    expect(exitCode).toBe(130);
    expectWholeAccount(report);
    expect(report.hits.unknown).toBeGreaterThan(0);
  });

  it('ends with 1 and a report of what is known when a thread breaks', async () => {
    const server = await serve(() => gif);
    const built = pathToFileURL(join(import.meta.dirname, '../../dist/index.js')).href;
    const cwd = folder({
      'broken.mjs': `
        import { loadConfig, startRun, toRunConfig } from '${built}';
        const flags = { 'target.url': '${server.origin}', rate: '100/s', visits: '50', seed: '1', pause: '0.1' };
        const config = toRunConfig(loadConfig({ flags, env: {}, cwd: '.' }), { command: 'run' });
        const outputs = [{ finish: report => console.log(JSON.stringify(report)) }];
        const workers = { count: 2, secrets: [] };
        // The first visit that clicks on something finds nothing to click on.
        const traffic = { ...config.traffic, clickEvents: [], clickEventProbability: 0.5 };
        const broken = { ...config, traffic };
        await startRun(broken, { version: 'test', mask: text => text, outputs, workers }).done.catch(error =>
          console.error('rejected: ' + error.message));
      `,
    });
    const { stdout, stderr } = await program([], { cwd, executable: join(cwd, 'broken.mjs') });
    const report = reportOf(stdout);
    expect(report).toMatchObject({ exitCode: 1, run: { workers: 2, remaining: null } });
    expect(stderr).toMatch(/^rejected: (?!the account)/);
  });

  it('needs limits that can be shared out, and is none of a backfill', async () => {
    const none = ['--url', 'http://127.0.0.1:9', '--visits', '1'];
    const [shared, backfill, alone] = await Promise.all([
      program(['run', ...none, '--workers', '3', '--concurrency', '2']),
      program(['run', ...none, '--workers', '2'], { env: { BACKFILL_ENABLED: 'true' } }),
      program(['run', ...none, '--workers', 'auto', '--skip-validation', '--rate', '10/s']),
    ]);
    expect([shared.exitCode, shared.stderr]).toEqual([2, expect.stringContaining('concurrency')]);
    expect([backfill.exitCode, backfill.stderr]).toEqual([2, expect.stringContaining('from one thread')]);
    expect(alone.stderr).toContain('--workers auto: one thread');
  });
});
