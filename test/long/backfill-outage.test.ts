import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { ExitCode } from '../../src/base/exit-codes.ts';
import {
  backfillConfig,
  begin,
  journalPath,
  now,
  recordedByDay,
  token,
} from '../run/backfill/backfilling.ts';
import { expectWholeAccount } from '../support/account.ts';
import { folder } from '../support/program.ts';
import { servers } from '../support/servers.ts';

const { collect, close } = servers();
afterEach(close);

it('is given up when its server stays away, and gone on with when it is back', async () => {
  const stateFile = join(folder(), 'state.ndjson');
  const collector = await collect({ token, now, stateFile });
  const path = journalPath();
  // Slow enough that the server goes in the middle.
  const config = backfillConfig(collector.url, { visitsPerSecond: 50 });
  const broken = begin(config, { journalPath: path });
  await sleep(2000);
  await collector.close();
  const report = await broken.done;
  expect(report.exitCode).toBe(ExitCode.TargetLost);
  expect(report.run.stoppedBy).toBe('lost-targets');
  expect(report.run.remaining).toBeGreaterThan(0);
  expectWholeAccount(report);
  const again = await collect({ token, now, stateFile, port: Number(new URL(collector.origin).port) });
  const resumed = await begin(config, { journalPath: path, resume: true }).done;
  expect(resumed.exitCode).toBe(0);
  expectWholeAccount(resumed);
  expect(Object.values(recordedByDay(again, 'UTC'))).toEqual(new Array(10).fill(20));
  const visits = again.visits();
  expect(new Set(visits.map(visit => `${visit.visitorId} ${visit.firstActionAt}`)).size).toBe(200);
  expect(resumed.days?.every(({ planned, recorded }) => planned === recorded)).toBe(true);
}, 120_000);
