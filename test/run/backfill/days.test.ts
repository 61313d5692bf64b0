import { afterEach, describe, expect, it } from 'vitest';
import { expectRecordedAsPlanned, expectWholeAccount } from '../../support/account.ts';
import { servers } from '../../support/servers.ts';
import { backfillConfig, begin, journalPath, now, recordedByDay, token, window } from './backfilling.ts';

const { collect, close } = servers();
afterEach(close);

describe('the days of a backfill', () => {
  for (const timezone of ['UTC', 'Europe/Stockholm', 'America/Santiago', 'Australia/Lord_Howe']) {
    it(`have the visits that are asked for, over a change of clocks, in ${timezone}`, async () => {
      const collector = await collect({ token, timezone, now });
      const config = backfillConfig(collector.url, {
        backfill: window({ firstDay: '2026-10-05', lastDay: '2026-11-03', visitsPerDay: 200 }),
      });
      const report = await begin(config, { journalPath: journalPath() }).done;
      expect(report.exitCode).toBe(0);
      expectWholeAccount(report);
      expect(report.days).toHaveLength(30);
      const recorded = recordedByDay(collector, timezone);
      for (const { date, planned, recorded: told } of report.days ?? []) {
        expect({ date, planned, told, recorded: recorded[date] }).toEqual({
          date,
          planned: 200,
          told: 200,
          recorded: 200,
        });
      }
      expectRecordedAsPlanned(collector.state().totals, report.plan);
    });
  }
});
