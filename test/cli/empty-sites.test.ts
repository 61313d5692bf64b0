import { expect, it } from 'vitest';
import { localDay, zoneOf } from '../../src/base/zone.ts';
import { emptySites } from '../../src/cli/empty-sites.ts';
import { runConfig, targetConfig, traffic } from '../support/run-config.ts';

it.each(['Pacific/Kiritimati', 'UTC', 'Etc/GMT+12'])(
  'a collector that was just started holds nothing today and yesterday in %s',
  zone => {
    for (const time of ['00:00:05', '11:30:00', '23:59:55']) {
      const nowMs = Date.parse(`2026-03-01T${time}Z`);
      const totals = emptySites(runConfig(targetConfig('http://127.0.0.1:9/matomo.php')), nowMs).get(
        'target',
      );
      const today = localDay(zoneOf(zone), nowMs / 1000);
      for (const day of [today - 1, today]) {
        expect(totals?.days).toHaveProperty([new Date(day * 86_400_000).toISOString().slice(0, 10)], {});
      }
    }
  },
);

it('and nothing on the days that visits are dated back to', () => {
  const nowMs = Date.parse('2026-03-01T12:00:00Z');
  const returning = { share: 0.3, gapDays: 3, daysBack: 10 };
  const target = targetConfig('http://127.0.0.1:9/matomo.php', { token: 'a'.repeat(32) });
  const totals = emptySites(runConfig(target, { traffic: { ...traffic, returning } }), nowMs).get('target');
  for (const day of ['2026-02-19', '2026-02-25', '2026-03-01'])
    expect(totals?.days).toHaveProperty([day], {});
});
