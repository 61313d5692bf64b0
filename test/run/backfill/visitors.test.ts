import { afterEach, describe, expect, it } from 'vitest';
import { backfillVisits, daysOf } from '../../../src/run/backfill/backfill-plan.ts';
import { expectWholeAccount } from '../../support/account.ts';
import { targetConfig, twoPages } from '../../support/run-config.ts';
import { servers } from '../../support/servers.ts';
import { backfillConfig, begin, journalPath, now, recordedByDay, token, window } from './backfilling.ts';

const { collect, close } = servers();
afterEach(close);

const returning = { share: 0.4, gapDays: 2, daysBack: 30 };

describe('visitors of a backfill', () => {
  it('come again on later days, in the order of their visits', () => {
    const config = backfillConfig('http://nowhere.invalid/matomo.php', {
      traffic: { ...twoPages, returning },
      backfill: window({ visitsPerDay: 200 }),
    });
    const lastDays = new Map<number, number>();
    let [again, count] = [0, 0];
    for (const { recurrence, day, position } of backfillVisits(
      config,
      [{ timezone: 'Europe/Stockholm' }],
      0,
    )) {
      expect(position).toBe(count++);
      const last = lastDays.get(recurrence.firstIndex);
      if (recurrence.visitNumber > 1) {
        again++;
        expect(day).toBeGreaterThan(last as number);
      } else expect(last).toBeUndefined();
      lastDays.set(recurrence.firstIndex, day);
    }
    expect(count).toBe(daysOf(config).visits);
    // Nobody can have come before on the first days.
    expect(again / count).toBeGreaterThan(0.2);
    expect(again / count).toBeLessThan(0.4);
  });

  it('are known again by the server, each visit for itself', async () => {
    const collector = await collect({ token, now });
    const config = backfillConfig(collector.url, { traffic: { ...twoPages, returning } });
    const report = await begin(config, { journalPath: journalPath() }).done;
    expectWholeAccount(report);
    expect(report.plan.returningVisits).toBeGreaterThan(20);
    expect(Object.values(recordedByDay(collector, 'UTC'))).toEqual(new Array(10).fill(20));
    expect(collector.visits().filter(({ visitCount }) => visitCount > 1)).toHaveLength(
      report.plan.returningVisits,
    );
  });

  it('are shared out among targets, each in the days of its own zone', async () => {
    const near = await collect({ token, now, timezone: 'Europe/Stockholm' });
    const far = await collect({ token, now, timezone: 'Pacific/Auckland' });
    const common = { token, transport: 'bulk', timezone: undefined } as const;
    const config = backfillConfig(near.url, {
      targets: [
        targetConfig(near.url, { ...common, name: 'near' }),
        targetConfig(far.url, { ...common, name: 'far' }),
      ],
      traffic: { ...twoPages, returning },
    });
    const split = await begin(config, { journalPath: journalPath() }).done;
    expectWholeAccount(split);
    expect(Object.values(recordedByDay(near, 'Europe/Stockholm'))).toEqual(new Array(10).fill(10));
    expect(Object.values(recordedByDay(far, 'Pacific/Auckland'))).toEqual(new Array(10).fill(10));
    near.reset();
    far.reset();
    const mirrored = await begin({ ...config, distribution: 'mirror' }, { journalPath: journalPath() }).done;
    expect(mirrored.days?.map(({ planned, recorded }) => [planned, recorded])).toEqual(
      new Array(10).fill([40, 40]),
    );
    expect(Object.values(recordedByDay(near, 'Europe/Stockholm'))).toEqual(new Array(10).fill(20));
    expect(Object.values(recordedByDay(far, 'Pacific/Auckland'))).toEqual(new Array(10).fill(20));
  });
});
