import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Collector, startCollector } from '../../src/collector/collector.ts';
import type { Report } from '../../src/run/report.ts';
import { cli } from '../support/command-line.ts';
import { folder, startProgram } from '../support/program.ts';

const TOKEN = '0123456789abcdef0123456789abcdef';
const env = { MATOMO_TOKEN_AUTH: TOKEN };

const DAY_MS = 86_400_000;
/** So many days ago, in a zone in which it is the same day as in UTC but for an hour or two. */
const ago = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
const FROM = ago(12);
const TO = ago(3);
const DAYS = 10;
const window = ['--from', FROM, '--to', TO, '--visits-per-day', '20', '--seed', '5'];

let collector: Collector;
let url: string;
beforeAll(async () => {
  collector = await startCollector({ token: TOKEN });
  url = collector.origin;
});
beforeEach(() => collector.reset());
afterAll(() => collector.close());

const state = () => collector.state({ visits: true });

/** Until the collector has so many visits. */
async function holds(visits: number): Promise<void> {
  while (collector.state().totals.visits < visits) await sleep(5);
}

/** How many visits each day of UTC has, oldest first. */
function byDay(): number[] {
  const counts = new Map<string, number>();
  for (const { firstActionAt } of state().visits ?? []) {
    const day = new Date(firstActionAt * 1000).toISOString().slice(0, 10);
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  return [...counts].sort(([one], [other]) => one.localeCompare(other)).map(([, count]) => count);
}

function backfill(cwd: string, ...args: readonly string[]) {
  return cli(['backfill', '--url', url, ...args], { env, cwd });
}

function journalIn(cwd: string): string {
  const [name = ''] = readdirSync(cwd).filter(each => each.endsWith('.ndjson'));
  return join(cwd, name);
}

const everyDay = Array.from({ length: DAYS }, () => 20);

describe('trafficinator backfill', () => {
  it('fills each day with as many visits as were asked for, and says so by day', async () => {
    const cwd = folder();
    const files = ['--verify', '--report', 'r.json'];
    const { exitCode, stdout, stderr } = await backfill(cwd, ...window, '--json', '--invalidate', ...files);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('200 visits planned and sent')]);
    expect(byDay()).toEqual(everyDay);
    const report = JSON.parse(stdout) as Report;
    expect(report.run).toMatchObject({ command: 'backfill', remaining: 0 });
    expect(report.days?.map(({ planned, recorded }) => [planned, recorded])).toEqual(
      everyDay.map(count => [count, count]),
    );
    expect(report.days?.[0]?.date).toBe(FROM);
    expect(report.config.transport).toBe('bulk');
    // A table by day, what to run next, and what --invalidate came to.
    expect(stderr).toMatch(new RegExp(`${FROM} +20 +20\n`));
    expect(stderr).toMatch(/total +200 +200\n/);
    expect(stderr).toContain(`./console core:archive --force-idsites=1 --force-date-range=${FROM},${TO}`);
    expect(stderr).toContain(`the reports of ${DAYS} of ${DAYS} days are marked to be made anew`);
    expect(stderr).not.toContain('\u001b');
    // Asked again later, from the report alone.
    expect(report.verification).toMatchObject({ method: 'visits', passed: true });
    const later = await cli(['verify', 'r.json', '--no-write'], { env, cwd });
    expect([later.exitCode, later.stderr]).toEqual([0, expect.stringContaining('200 visits')]);
    // Nothing secret is kept.
    expect(readFileSync(journalIn(cwd), 'utf8')).not.toContain(TOKEN);
  });

  it('does not fill days again but with --force, and has nothing to go on with', async () => {
    const cwd = folder();
    expect((await backfill(cwd, ...window)).exitCode).toBe(0);
    const again = await backfill(cwd, ...window);
    expect([again.exitCode, again.stderr]).toEqual([
      2,
      expect.stringContaining('these days have been filled already'),
    ]);
    const resumed = await backfill(cwd, '--resume');
    expect([resumed.exitCode, resumed.stderr]).toEqual([0, expect.stringContaining('nothing is left to do')]);
    expect(state().totals.visits).toBe(200);
    expect((await backfill(cwd, ...window, '--force')).exitCode).toBe(0);
    expect(state().totals.visits).toBe(400);
  });

  it('goes on after Ctrl-C with what its journal says, whatever else is said', async () => {
    const cwd = folder();
    const first = startProgram(
      ['backfill', '--url', url, ...window, '--rate', '100/s', '--batch-size', '20'],
      {
        env,
        cwd,
      },
    );
    await holds(20);
    first.kill('SIGINT');
    const { exitCode, stderr } = await first.ended;
    expect([exitCode, stderr]).toEqual([
      130,
      expect.stringContaining('trafficinator backfill --resume --journal backfill-'),
    ]);
    const other = await backfill(cwd, '--resume', '--visits-per-day', '30');
    expect([other.exitCode, other.stderr]).toEqual([2, expect.stringMatching(/plan/)]);
    const preset = await backfill(cwd, '--resume', '--preset', 'heavy');
    expect([preset.exitCode, preset.stderr]).toEqual([2, expect.stringContaining('journal of another plan')]);
    const broken = state().totals.visits;
    expect(broken).toBeLessThan(200);

    const second = await backfill(cwd, '--resume', '--rate', '1000/s');
    expect([second.exitCode, second.stderr]).toEqual([0, expect.stringMatching(/total +200 +200\n/)]);
    expect(byDay()).toEqual(everyDay);
  });

  it('loses and doubles nothing when it is killed, and says what it found cut off', async () => {
    const cwd = folder();
    const first = startProgram(
      ['backfill', '--url', url, ...window, '--rate', '100/s', '--batch-size', '20'],
      {
        env,
        cwd,
      },
    );
    await holds(30);
    first.kill('SIGKILL');
    await first.ended;
    appendFileSync(journalIn(cwd), '{"sent":[12');
    const second = await backfill(cwd, '--resume', '--settle-after', '1s', '--rate', '1000/s');
    expect([second.exitCode, second.stderr]).toEqual([0, expect.stringMatching(/total +200 +200\n/)]);
    expect(second.stderr).toMatch(/cut/);
    expect(byDay()).toEqual(everyDay);
  });

  it('can be validated with its days, and nothing is sent', async () => {
    const of = (...more: string[]) => cli(['validate', '--url', url, ...more], { env, cwd: folder() });
    const old = await of('--from', ago(300), '--to', TO, '--allow-long');
    expect([old.exitCode, old.stdout]).toEqual([0, expect.stringMatching(/! .*300 days ago/)]);
    const future = await of('--from', FROM, '--to', ago(-3));
    expect([future.exitCode, future.stderr]).toEqual([2, expect.stringContaining('is to come')]);
    expect(state().totals.visits).toBe(0);
  });

  it('needs a token, and says so before anything is asked', async () => {
    const { exitCode, stderr } = await cli(['backfill', '--url', 'http://127.0.0.1:1', ...window]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('needs a token with write access')]);
  });

  it('prints what it would send, and sends nothing', async () => {
    const cwd = folder();
    const { exitCode, stdout } = await backfill(cwd, ...window, '--dry-run');
    const lines = stdout.trim().split('\n');
    expect([exitCode, lines.length]).toEqual([0, 200]);
    const dates = lines.map(line => Number(JSON.parse(line).hits[0].params.cdt));
    expect(dates).toEqual(dates.toSorted((one, other) => one - other));
    expect(state().totals.visits).toBe(0);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('tries itself out with a collector of its own, and leaves nothing behind', async () => {
    const cwd = folder();
    const { exitCode, stderr } = await cli(['backfill', ...window, '--collector'], { cwd });
    expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/total +200 +200\n/)]);
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe('a legacy .env with BACKFILL_ENABLED', () => {
  const legacy = (more: string) =>
    folder({
      '.env': `MATOMO_URL=${url}/matomo.php
MATOMO_SITE_ID=1
MATOMO_TOKEN_AUTH=${TOKEN}
BACKFILL_ENABLED=true
BACKFILL_START_DATE=${FROM}
BACKFILL_END_DATE=${TO}
BACKFILL_MAX_VISITS_PER_DAY=20
BACKFILL_SEED=3
${more}`,
    });

  it('makes run a backfill', async () => {
    const { exitCode, stderr } = await cli(['run'], { cwd: legacy('') });
    expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/total +200 +200\n/)]);
    expect(byDay()).toEqual(everyDay);
  });

  it('idles at the end with BACKFILL_RUN_ONCE, and when it is started again', async () => {
    const cwd = legacy('BACKFILL_RUN_ONCE=true');
    for (const said of ['200 visits planned and sent', 'nothing is left to do']) {
      const started = startProgram(['run'], { cwd });
      await started.said('idle until it is stopped');
      started.kill('SIGTERM');
      const { exitCode, stderr } = await started.ended;
      expect([exitCode, stderr]).toEqual([0, expect.stringContaining(said)]);
    }
    expect(state().totals.visits).toBe(200);
  });

  it('goes on by itself with BACKFILL_RUN_ONCE after it was killed', async () => {
    const cwd = legacy('BACKFILL_RUN_ONCE=true\nBACKFILL_RPS_LIMIT=100\nTRAFFICINATOR_BATCH_SIZE=20\n');
    const first = startProgram(['run'], { cwd });
    await holds(20);
    first.kill('SIGKILL');
    await first.ended;
    expect(existsSync(journalIn(cwd))).toBe(true);
    const second = startProgram(['run'], { cwd, env: { TRAFFICINATOR_BACKFILL_SETTLE_AFTER: '1s' } });
    await second.said('idle until it is stopped');
    second.kill('SIGINT');
    expect((await second.ended).exitCode).toBe(0);
    expect(byDay()).toEqual(everyDay);
  });
});
