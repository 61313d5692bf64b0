import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { ExitCode } from '../../../src/base/exit-codes.ts';
import { Purpose, randomStream } from '../../../src/base/random.ts';
import type { Collector } from '../../../src/collector/collector.ts';
import { expectWholeAccount } from '../../support/account.ts';
import { servers } from '../../support/servers.ts';
import {
  backfillConfig,
  begin,
  journalPath,
  notices,
  now,
  recordedByDay,
  token,
  window,
} from './backfilling.ts';

const { collect, close } = servers();
afterEach(close);

const visits = 200;

function expectEachOnce(collector: Collector, perDay = 20): void {
  const recorded = collector.visits();
  // Each visit begins at a moment of its own: one that was sent twice would be there twice.
  expect(new Set(recorded.map(visit => `${visit.visitorId} ${visit.firstActionAt}`)).size).toBe(
    recorded.length,
  );
  expect(Object.values(recordedByDay(collector, 'UTC'))).toEqual(new Array(10).fill(perDay));
}

describe('a broken backfill', () => {
  for (const transport of ['bulk', 'single'] as const) {
    it(`goes on where it was, and records each visit once (${transport})`, async () => {
      const collector = await collect({ token, now, latencyMs: { min: 5, max: 15 } });
      const config = backfillConfig(collector.url, {}, { transport });
      const path = journalPath();
      const random = randomStream(7, Purpose.Comparison, 0);
      const recorded = () => collector.state().totals.visits;
      let sessions = 0;
      for (let exitCode: number = ExitCode.Interrupted; exitCode !== 0; sessions++) {
        const handle = begin(config, { journalPath: path, resume: sessions > 0 });
        // Soon after it goes on, and not after a time in which a fast machine has done it all.
        const enough = recorded() + random.between(1, visits / 8);
        const watch = setInterval(() => recorded() >= enough && handle.stop(ExitCode.Interrupted, 0), 2);
        const report = await handle.done;
        clearInterval(watch);
        expectWholeAccount(report);
        exitCode = report.exitCode;
        expect(sessions).toBeLessThan(50);
      }
      expect(sessions).toBeGreaterThan(1);
      expectEachOnce(collector);
    });
  }

  it('asks for what got no answer, and sends again what was not recorded', async () => {
    const collector = await collect({ token, now, cutAfterRecording: 4, errorRate: 0.1 });
    const report = await begin(backfillConfig(collector.url), { journalPath: journalPath() }).done;
    expect(report.exitCode).toBe(0);
    expect(report.visits).toMatchObject({ planned: visits, completed: visits });
    expectWholeAccount(report);
    expectEachOnce(collector);
  });

  it('tells which visits a lost transaction has left without their beginning', async () => {
    // The first asks about the token.
    const failCommit = () => bodies++ > 0 && bodies < 10;
    let bodies = 0;
    const collector = await collect({ token, now, failCommit });
    const output = notices();
    const config = backfillConfig(collector.url);
    const path = journalPath();
    const report = await begin(config, {
      journalPath: path,
      settleAfterSeconds: 2.5,
      outputs: [output],
    }).done;
    expect(output.said).toContainEqual(
      expect.stringMatching(/^target: \d+ visits may be recorded or not: the server is asked in 3 s,/),
    );
    const whole = collector.visits().filter(({ totalActions }) => totalActions === 2).length;
    expect(report.visits).toMatchObject({ planned: visits, completed: whole, partial: visits - whole });
    expectWholeAccount(report);
    expectEachOnce(collector);
    const again = await begin(config, { journalPath: path, resume: true }).done;
    expect([again.visits, again.hits]).toEqual([report.visits, report.hits]);
  });

  it('is not asked about before the last request can have ended', async () => {
    const collector = await collect({ token, now, hangRate: 1 });
    const path = journalPath();
    // Else it would be asked about its token, and hang.
    const site = { name: 'Shop', timezone: 'UTC', currency: 'SEK' };
    const answers = { token: { result: 'good', detail: '' }, site, serverLagSeconds: 0 } as const;
    const known = new Map([['target', answers]]);
    const handle = begin(backfillConfig(collector.url), { journalPath: path, known });
    setTimeout(() => handle.stop(ExitCode.Interrupted, 0), 600);
    expect((await handle.done).hits.unknown).toBeGreaterThan(0);
    const brokenMs = performance.now();
    const output = notices();
    const again = begin(backfillConfig(collector.url), {
      journalPath: path,
      resume: true,
      settleAfterSeconds: 2,
      outputs: [output],
      known,
    });
    await expect.poll(() => output.said.length, { timeout: 10_000 }).toBeGreaterThan(1);
    again.stop(ExitCode.Interrupted, 0);
    await again.done;
    expect(output.said[1]).toMatch(/of them are recorded, and \d+ are sent again/);
    // The journal's last line is the one before the last request, well under a second before the stop.
    expect(performance.now() - brokenMs).toBeGreaterThan(1000);
  });
});

describe('the journal of a backfill', () => {
  it('says that it is finished, and sends nothing more', async () => {
    const collector = await collect({ token, now });
    const path = journalPath();
    await begin(backfillConfig(collector.url), { journalPath: path }).done;
    const output = notices();
    const report = await begin(backfillConfig(collector.url), {
      journalPath: path,
      resume: true,
      outputs: [output],
    }).done;
    expect(report.exitCode).toBe(0);
    expect(report.backfill?.earlier).toEqual({ visits, hits: 600 });
    expect(report.rate.hitsPerSecond).toBe(0);
    expect(report.days?.every(({ planned, recorded }) => planned === recorded)).toBe(true);
    expect(output.said).toEqual([`${path} is finished: nothing is left to send`]);
    expectEachOnce(collector);
  });

  it('is not begun over, but by force, which keeps it', async () => {
    const collector = await collect({ token, now });
    const path = journalPath();
    const config = backfillConfig(collector.url);
    await begin(config, { journalPath: path }).done;
    const before = readFileSync(path, 'utf8');
    await expect(begin(config, { journalPath: path }).done).rejects.toMatchObject({
      code: 'USAGE',
      exitCode: 2,
    });
    expectEachOnce(collector);
    await begin({ ...config, runId: 'another' }, { journalPath: path, force: true }).done;
    expect(readFileSync(`${path}.1`, 'utf8')).toBe(before);
    expectEachOnce(collector, 40);
  });

  it('is not gone on with by another plan or version', async () => {
    const collector = await collect({ token, now });
    const path = journalPath();
    await begin(backfillConfig(collector.url), { journalPath: path }).done;
    const other = backfillConfig(collector.url, { backfill: window({ visitsPerDay: 21 }) });
    await expect(begin(other, { journalPath: path, resume: true }).done).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('another plan'),
    });
    await expect(
      begin(backfillConfig(collector.url), { journalPath: path, resume: true, version: '9' }).done,
    ).rejects.toMatchObject({ message: expect.stringContaining('this is 9') });
    expectEachOnce(collector);
  });

  it('that was cut off in a line is recovered to the last whole one, and says so', async () => {
    const collector = await collect({ token, now });
    const path = journalPath();
    const config = backfillConfig(collector.url);
    await begin(config, { journalPath: path }).done;
    const text = readFileSync(path, 'utf8');
    // In the middle of some answer: what it told is asked for, and what came after is not known to the journal.
    truncateSync(path, text.indexOf('"done"') + 9);
    const output = notices();
    const cut = readFileSync(path, 'utf8');
    const report = await begin(config, { journalPath: path, resume: true, outputs: [output] }).done;
    expect(output.said[0]).toContain('was cut off in its last line');
    expect(readFileSync(path, 'utf8').startsWith(cut.slice(0, cut.lastIndexOf('\n') + 1))).toBe(true);
    expect(report.exitCode).toBe(0);
  });

  it('that is damaged in its middle, or none at all, is refused', async () => {
    const collector = await collect({ token, now });
    const path = journalPath();
    const config = backfillConfig(collector.url);
    await begin(config, { journalPath: path }).done;
    const lines = readFileSync(path, 'utf8').split('\n');
    writeFileSync(path, [...lines.slice(0, 3), lines[3]?.slice(5), ...lines.slice(4)].join('\n'));
    await expect(begin(config, { journalPath: path, resume: true }).done).rejects.toMatchObject({
      code: 'FILE_INVALID',
      message: expect.stringContaining('line 4'),
    });
    writeFileSync(path, 'dear diary\n');
    await expect(begin(config, { journalPath: path, resume: true }).done).rejects.toMatchObject({
      code: 'FILE_INVALID',
    });
    await expect(begin(config, { journalPath: journalPath(), resume: true }).done).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
    });
  });

  it('is worked on by one process at a time', async () => {
    const collector = await collect({ token, now });
    const path = journalPath();
    const config = backfillConfig(collector.url);
    // A process that is there for as long as this one, and is another.
    writeFileSync(`${path}.lock`, JSON.stringify({ pid: process.ppid, host: hostname(), began: '' }));
    await expect(begin(config, { journalPath: path }).done).rejects.toMatchObject({
      message: expect.stringContaining(`in use by process ${process.ppid}`),
    });
    // One that is gone: numbers end far below.
    writeFileSync(`${path}.lock`, JSON.stringify({ pid: 2 ** 30, host: hostname(), began: '' }));
    expect((await begin(config, { journalPath: path }).done).exitCode).toBe(0);
  });
});
