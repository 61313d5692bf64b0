import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { ExitCode } from '../../../src/base/exit-codes.ts';
import { parseReport } from '../../../src/run/saved-report.ts';
import { verifiedReport } from '../../../src/run/verified-report.ts';
import { verifyRun } from '../../../src/verification/verify-run.ts';
import { expectWholeAccount } from '../../support/account.ts';
import { twoPages } from '../../support/run-config.ts';
import { servers } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { backfillConfig, begin, journalPath, now, token } from './backfilling.ts';

const { collect, close } = servers();
afterEach(close);

const verification = (config: Parameters<typeof verifyRun>[0]['config']) => ({
  config,
  tokens: new Map([['target', token]]),
  method: 'auto' as const,
  strict: false,
  waitMs: 0,
  mask: (text: string) => text,
});

describe('the account of a backfill of several sessions', () => {
  for (const transport of ['bulk', 'single'] as const) {
    it(`is that of one without a break, and is verified day by day (${transport})`, async () => {
      const [broken, whole] = [
        await collect({ token, now, latencyMs: { min: 2, max: 8 } }),
        await collect({ token, now }),
      ];
      const traffic = { ...twoPages, returning: { share: 0.4, gapDays: 2, daysBack: 30 } };
      const config = backfillConfig(broken.url, { runId: 'same', traffic }, { transport });
      const path = journalPath();
      const handle = begin(config, { journalPath: path });
      await until(() => broken.visits().length >= 20);
      handle.stop(ExitCode.Interrupted, 30_000);
      const first = await handle.done;
      const asked = await verifyRun({ ...verification(config), report: first });
      expect(asked.passed).toBe(true);

      const report = await begin(config, { journalPath: path, resume: true }).done;
      const atOnce = await begin(backfillConfig(whole.url, { runId: 'same', traffic }, { transport }), {
        journalPath: journalPath(),
      }).done;
      expectWholeAccount(report);
      expect(report.visits).toEqual(atOnce.visits);
      expect(report.hits).toEqual(atOnce.hits);
      expect(report.plan.visitSeconds).toBe(atOnce.plan.visitSeconds);
      expect(report.targets[0]?.backfill?.positions).toEqual([[0, 199]]);
      expect(report.backfill?.earlier.visits).toBe(first.visits.planned);
      expect(report.rate.hitsPerSecond * report.run.durationSeconds).toBeCloseTo(
        report.hits.accepted - first.hits.accepted,
        -1,
      );

      const saved = parseReport(JSON.stringify(report), 'report').report;
      const verified = verifiedReport(saved, await verifyRun({ ...verification(config), report: saved }));
      expect(verified.verification?.passed).toBe(true);
      expect(verified.days?.map(({ recorded }) => recorded)).toEqual(new Array(10).fill(20));
    });
  }

  it('tells the days on which the server lost something', async () => {
    const collector = await collect({ token, now });
    const config = backfillConfig(collector.url);
    const report = await begin(config, { journalPath: journalPath() }).done;
    collector.reset();
    const empty = verifiedReport(report, await verifyRun({ ...verification(config), report }));
    expect(empty.exitCode).toBe(ExitCode.VerificationFailed);
    expect(empty.days?.map(({ planned, recorded }) => [planned, recorded])).toEqual(
      new Array(10).fill([20, 0]),
    );
  });

  it('names hits of earlier sessions that are not known to be accepted', async () => {
    // A visit whose answer is lost in its middle ends there.
    const collector = await collect({ token, now, cutAfterRecording: 10, latencyMs: { min: 2, max: 4 } });
    const config = backfillConfig(collector.url, {}, { transport: 'single' });
    const path = journalPath();
    const handle = begin(config, { journalPath: path });
    await until(() => collector.visits().length >= 60);
    handle.stop(ExitCode.Interrupted, 30_000);
    const first = await handle.done;
    const report = await begin(config, { journalPath: path, resume: true }).done;
    expectWholeAccount(report);
    const names = ({ targets }: typeof report) =>
      (targets[0]?.exceptions ?? []).map(({ index, hit, outcome }) => `${index} ${hit} ${outcome}`);
    expect(names(first)).toContainEqual(expect.stringMatching(/unknown/));
    expect(names(report)).toEqual(expect.arrayContaining(names(first)));
    expect(report.visits.partial).toBeGreaterThanOrEqual(first.visits.partial);
    const asked = await verifyRun({ ...verification(config), report });
    expect([asked.passed, asked.targets[0]?.settled.recorded]).toEqual([true, report.hits.unknown]);
  });

  it('takes hits for unknown where a journal does not say which were accepted', async () => {
    const collector = await collect({ token, now });
    const config = backfillConfig(collector.url);
    const path = journalPath();
    await begin(config, { journalPath: path }).done;
    const lines = readFileSync(path, 'utf8').split('\n');
    const asked = { done: [40, 40], to: 'target', at: now(), partial: [40], asked: true };
    const known = { done: [41, 41], to: 'target', at: now(), partial: [41], hits: [[41, 2, 'rejected']] };
    writeFileSync(path, [...lines.slice(0, -2), JSON.stringify(asked), JSON.stringify(known), ''].join('\n'));
    const { hits, visits } = await begin(config, { journalPath: path, resume: true }).done;
    expect(hits).toMatchObject({ planned: 600, accepted: 596, unknown: 3, rejected: 1 });
    expect(visits).toMatchObject({ completed: 198, partial: 2, failed: 0 });
  });
});
