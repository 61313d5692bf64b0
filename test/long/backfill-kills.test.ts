import { existsSync, statSync } from 'node:fs';
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

/** Once a journal grows, or at any moment of the beginning; then at random. */
async function killAtRandom(program: RunningProgram, journal: string, random: Random): Promise<void> {
  const isEarly = random.chance(0.25);
  const waitMs = isEarly ? random.between(0, 2000) : random.between(0, 700);
  const size = sizeOf(journal);
  let hasEnded = false;
  void program.ended.then(() => {
    hasEnded = true;
  });
  while (!isEarly && !hasEnded && sizeOf(journal) === size) await sleep(10);
  await Promise.race([sleep(waitMs), program.ended]);
  program.kill('SIGKILL');
}

function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}

async function backfillThroughBreaks(server: Server, random: Random): Promise<Breaks> {
  const cwd = folder();
  const journal = join(cwd, 'backfill.ndjson');
  const args = [
    ...['--url', server.origin, '--journal', 'backfill.ndjson', '--skip-validation', '--settle-after', '1s'],
    ...['--from', '2026-03-25', '--to', '2026-04-03', '--visits-per-day', String(PER_DAY), '--seed', '3'],
    ...['--rate', '700/s', '--batch-size', '40', '--concurrency', '8'],
  ];
  const breaks = { kills: 0, restarts: 0 };
  for (let killsLeft = random.integer(1, 3); ; killsLeft--) {
    // A kill may come before anything was to be sent.
    const resume = existsSync(journal) ? ['--resume'] : [];
    const program = startProgram(['backfill', ...args, ...resume], {
      env: { MATOMO_TOKEN_AUTH: TOKEN },
      cwd,
    });
    const killed = killsLeft > 0 ? killAtRandom(program, journal, random) : undefined;
    if (random.chance(0.4)) {
      await Promise.race([sleep(random.between(500, 3000)), program.ended]);
      await server.end();
      breaks.restarts++;
      await server.begin();
    }
    const { exitCode, signal, stderr } = await program.ended;
    await killed;
    if (exitCode === 0) return breaks;
    expect([exitCode, signal], stderr).toEqual([null, 'SIGKILL']);
    breaks.kills++;
  }
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
    // So many that it was shown.
    expect(all.kills).toBeGreaterThanOrEqual(RUNS);
    expect(all.restarts).toBeGreaterThanOrEqual(RUNS / 4);
    console.info(`${RUNS} backfills, ${all.kills} kills of the sender, ${all.restarts} of the server`);
  },
  LONGEST_MS,
);
