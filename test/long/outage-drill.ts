import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { CollectorState, CollectorTotals } from '../../src/collector/state.ts';
import type { Report, TargetReport } from '../../src/run/report.ts';
import { expectRecordedAsPlanned, expectWholeAccount } from '../support/account.ts';
import { folder, type RunningProgram, startProgram } from '../support/program.ts';

/** When what happens, in seconds from the start of the run. */
export interface Drill {
  readonly seconds: number;
  readonly hangsAt: number;
  readonly diesAt: number;
  readonly comesBackAt: number;
  readonly timeoutSeconds: number;
  /** By how much the healthy target's times may differ from those without trouble, if 20 % is less. */
  readonly toleranceMs: number;
}

export interface DrillResult {
  readonly exitCode: number | null;
  readonly report: Report;
  /** The same run at the same time, over three servers without trouble: what this machine does to both. */
  readonly sound: Report;
  /** What each of the three has recorded in the end. */
  readonly recorded: readonly CollectorTotals[];
}

/** Over all three. */
const VISITS_PER_SECOND = 100;
const names = ['healthy', 'hanging', 'killed'];

interface CollectorProcess {
  readonly program: RunningProgram;
  readonly origin: string;
}

/** Servers and senders are processes of their own, so that none waits for another's work. */
export async function outageDrill(drill: Drill): Promise<DrillResult> {
  const stateFile = join(folder(), 'killed.ndjson');
  const started: CollectorProcess[] = [];
  const begin = async (...options: readonly string[]) => {
    const collector = await collectorProcess(...options);
    started.push(collector);
    return collector;
  };
  try {
    const [healthy, hanging, killed] = await Promise.all([begin(), begin(), begin('--state', stateFile)]);
    // Only the first is compared with another; the others need not take this machine's time.
    const sound = await Promise.all([begin(), begin('--null'), begin('--null')]);
    await warmUp([healthy, hanging, killed, ...sound]);
    const startAt = new Date(Date.now() + 2000);
    const [troubled, untroubled] = [
      sender([healthy, hanging, killed], drill, startAt),
      sender(sound, drill, startAt),
    ];
    const until = (seconds: number) => sleep(startAt.getTime() + seconds * 1000 - Date.now());
    await until(drill.hangsAt);
    // The kernel goes on accepting connections and requests for a process that is stopped.
    hanging.program.kill('SIGSTOP');
    await until(drill.diesAt);
    killed.program.kill('SIGTERM');
    await killed.program.ended;
    await until(drill.comesBackAt);
    const again = await begin('--state', stateFile, '--port', new URL(killed.origin).port);
    const ended = await troubled.program.ended;
    const soundEnded = await untroubled.program.ended;
    expect(soundEnded.exitCode, soundEnded.stderr).toBe(0);
    hanging.program.kill('SIGCONT');
    return {
      exitCode: ended.exitCode,
      report: reportAt(troubled.path),
      sound: reportAt(untroubled.path),
      recorded: await Promise.all([healthy, hanging, again].map(totalsOf)),
    };
  } finally {
    for (const { program } of started) program.kill('SIGKILL');
  }
}

/** What must hold of every drill. */
export function expectIsland({ exitCode, report, sound, recorded }: DrillResult, drill: Drill): void {
  const [healthy, hanging, killed] = report.targets.map(theOne);
  const planned = (drill.seconds * VISITS_PER_SECOND) / names.length;
  expect(exitCode).toBe(5);
  expect(report.exitCode).toBe(5);
  expectWholeAccount(report);
  for (const { visits } of report.targets) expect(visits.planned).toBe(planned);

  // The healthy one loses nothing, and is as quick as without trouble.
  expect(theOne(healthy).visits.completed).toBe(planned);
  expect(theOne(healthy).hits.accepted).toBe(theOne(healthy).plan.hits);
  expect(theOne(healthy).health).toEqual({ state: 'up', outages: 0 });
  expectRecordedAsPlanned(theOne(recorded[0]), theOne(healthy).plan);
  for (const figure of ['latenessMs', 'latencyMs'] as const) {
    const usual = theOne(sound.targets[0])[figure]?.p99 ?? 0;
    expect(theOne(healthy)[figure]?.p99).toBeLessThanOrEqual(
      Math.max(usual * 1.2, usual + drill.toleranceMs),
    );
  }

  // The one that hangs is given up, and the killed one is used again.
  expect(theOne(hanging).health).toEqual({ state: 'down', outages: 1 });
  expect(theOne(killed).health).toEqual({ state: 'up', outages: 1 });
  expect(acceptedAfter(theOne(killed), drill.comesBackAt)).toBeGreaterThan(0);

  // What a server recorded is what it accepted, and of what is unknown at most all.
  for (const at of [1, 2]) {
    const { visits, hits } = theOne(report.targets[at]);
    const recordedVisits = theOne(recorded[at]).visits;
    expect(recordedVisits).toBeGreaterThanOrEqual(visits.completed + visits.partial);
    expect(recordedVisits).toBeLessThanOrEqual(visits.completed + visits.partial + hits.unknown);
    expect(visits.completed + visits.partial + visits.failed + visits.skipped).toBe(planned);
  }
}

/** Hits that were accepted in the slices after a moment of the run. */
export function acceptedAfter({ series }: TargetReport, seconds: number): number {
  return series
    .filter(point => point.at - point.seconds >= seconds)
    .reduce((sum, point) => sum + point.hits - point.failed, 0);
}

function sender(targets: readonly CollectorProcess[], drill: Drill, startAt: Date) {
  const cwd = folder({
    'drill.yaml': [
      `rate: ${VISITS_PER_SECOND}/s`,
      `duration: ${drill.seconds}s`,
      `startAt: ${startAt.toISOString()}`,
      'concurrency: 1000',
      `timeout: ${drill.timeoutSeconds}s`,
      'seed: 1',
      'runId: drill',
      'targets:',
      ...targets.map(({ origin }, at) => `  - { name: ${names[at]}, url: '${origin}/matomo.php' }`),
      '',
    ].join('\n'),
  });
  const args = ['run', '--config', 'drill.yaml', '--pause', '0-0.05', '--report', 'report.json', '--quiet'];
  return { program: startProgram(args, { cwd }), path: join(cwd, 'report.json') };
}

/** A collector is slow with the first browsers it sees; what it got here is forgotten. */
async function warmUp(collectors: readonly CollectorProcess[]): Promise<void> {
  const targets = collectors.map(({ origin }, at) => `  - { name: t${at}, url: '${origin}/matomo.php' }`);
  const cwd = folder({ 'warm-up.yaml': ['distribution: mirror', 'targets:', ...targets, ''].join('\n') });
  const args = ['--config', 'warm-up.yaml', '--rate', 'max', '--visits', '100', '--concurrency', '4'];
  await startProgram(['run', ...args, '--pause', '0', '--quiet'], { cwd }).ended;
  for (const { origin } of collectors) await fetch(`${origin}/collector/reset`, { method: 'POST' });
}

async function collectorProcess(...options: readonly string[]): Promise<CollectorProcess> {
  const port = options.includes('--port') ? [] : ['--port', '0'];
  const program = startProgram(['collector', '--token', 'a'.repeat(32), ...port, ...options]);
  await program.said(/http:\/\/127\.0\.0\.1:\d+\n/);
  return { program, origin: program.stdout.trim() };
}

async function totalsOf({ origin }: CollectorProcess): Promise<CollectorTotals> {
  const answer = await fetch(`${origin}/collector/state`);
  const state: CollectorState = JSON.parse(await answer.text());
  return state.totals;
}

function reportAt(path: string): Report {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function theOne<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('there is no such one');
  return value;
}
