import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Purpose, type Random, randomStream } from '../../src/base/random.ts';
import type { CollectorState } from '../../src/collector/state.ts';
import { folder, type RunningProgram, startProgram } from '../support/program.ts';

const TOKEN = '0123456789abcdef0123456789abcdef';
const RUNS = 20;
const DAYS = 10;
const PER_DAY = 100;
/** Each run takes about so long by itself: the rate is bounded, so that a kill meets it in its middle. */
const LONGEST_MS = 600_000;

/** A collector that is killed and begun again with what it had, on the port it had. */
class Server {
  readonly #stateFile = join(folder(), 'state.ndjson');
  #program: RunningProgram | undefined;
  #port = '0';
  origin = '';

  async begin(): Promise<void> {
    const args = ['--token', TOKEN, '--state', this.#stateFile, '--latency', '5-40ms', '--port', this.#port];
    const program = startProgram(['collector', ...args]);
    this.#program = program;
    await program.said(/http:\/\/127\.0\.0\.1:\d+\n/);
    this.origin = program.stdout.trim();
    this.#port = new URL(this.origin).port;
  }

  async end(): Promise<void> {
    this.#program?.kill('SIGTERM');
    await this.#program?.ended;
  }

  async state(): Promise<CollectorState> {
    return (await fetch(`${this.origin}/collector/state?visits=1`)).json() as Promise<CollectorState>;
  }
}

/** How often both were ended before all was sent. */
interface Breaks {
  kills: number;
  restarts: number;
}

async function backfillThroughBreaks(server: Server, random: Random): Promise<Breaks> {
  const cwd = folder();
  const env = { MATOMO_TOKEN_AUTH: TOKEN };
  const window = ['--from', '2026-03-25', '--to', '2026-04-03', '--visits-per-day', String(PER_DAY)];
  const common = [
    '--url',
    server.origin,
    '--journal',
    'backfill.ndjson',
    '--skip-validation',
    '--settle-after',
    '1s',
  ];
  const breaks = { kills: 0, restarts: 0 };
  for (let session = 0; session < 40; session++) {
    const args = [
      ...common,
      ...window,
      '--rate',
      '700/s',
      '--batch-size',
      '40',
      '--concurrency',
      '8',
      '--seed',
      '3',
    ];
    // A kill may come before anything was to be sent.
    const resume = existsSync(join(cwd, 'backfill.ndjson')) ? ['--resume'] : [];
    const program = startProgram(['backfill', ...args, ...resume], { env, cwd });
    const kill = setTimeout(() => program.kill('SIGKILL'), random.between(900, 3000));
    const restart = random.chance(0.5) ? random.between(500, 2500) : undefined;
    let hasEnded = false;
    const ended = program.ended.then(end => {
      hasEnded = true;
      return end;
    });
    if (restart !== undefined) {
      await Promise.race([sleep(restart), ended]);
      if (!hasEnded) breaks.restarts++;
      await server.end();
      await server.begin();
    }
    const { exitCode, signal, stderr } = await ended;
    clearTimeout(kill);
    if (exitCode === 0) return breaks;
    expect([exitCode, signal], stderr).toEqual([null, 'SIGKILL']);
    breaks.kills++;
  }
  throw new Error('it was never done');
}

it(
  'records each visit once, however often sender and server are killed',
  async () => {
    const random = randomStream(20261122, Purpose.Comparison, 0);
    const all: Breaks = { kills: 0, restarts: 0 };
    for (let run = 0; run < RUNS; run++) {
      const server = new Server();
      await server.begin();
      try {
        const { kills, restarts } = await backfillThroughBreaks(server, random);
        all.kills += kills;
        all.restarts += restarts;
        const { visits = [], totals } = await server.state();
        expect(totals.visits).toBe(DAYS * PER_DAY);
        const beginnings = new Set(visits.map(visit => `${visit.visitorId} ${visit.firstActionAt}`));
        expect(beginnings.size).toBe(DAYS * PER_DAY);
        const days = new Map<string, number>();
        for (const { firstActionAt } of visits) {
          const day = new Date(firstActionAt * 1000).toISOString().slice(0, 10);
          days.set(day, (days.get(day) ?? 0) + 1);
        }
        expect([...days.values()]).toEqual(new Array(DAYS).fill(PER_DAY));
      } finally {
        await server.end();
      }
    }
    // So many that it was shown: a kill for each run on the mean, and the server's, too.
    expect(all.kills).toBeGreaterThanOrEqual(RUNS);
    expect(all.restarts).toBeGreaterThanOrEqual(RUNS / 2);
    console.info(`${RUNS} backfills, ${all.kills} kills of the sender, ${all.restarts} of the server`);
  },
  LONGEST_MS,
);
