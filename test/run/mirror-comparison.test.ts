import { afterAll, describe, expect, it } from 'vitest';
import { expectWholeAccount } from '../support/account.ts';
import { gif, status } from '../support/fault-server.ts';
import { runConfig, start, targetConfig, twoPages } from '../support/run-config.ts';
import { servers } from '../support/servers.ts';

const { serve, close } = servers();
afterAll(close);

describe.concurrent('the report of mirrored targets', () => {
  it('has them side by side, and counts no visit for a target that is down', async () => {
    const [healthy, dead] = [await serve(() => gif), await serve(() => status(502))];
    const targets = [targetConfig(healthy.url, { name: 'a' }), targetConfig(dead.url, { name: 'b' })];
    const report = await start({
      ...runConfig(targetConfig(healthy.url), { visits: 60, visitsPerSecond: 60, traffic: twoPages }),
      targets,
      distribution: 'mirror',
    }).done;
    expectWholeAccount(report);
    const [first, second] = report.comparison?.targets ?? [];
    expect(first).toMatchObject({ name: 'a', toFirst: null, values: { errors: 0 } });
    expect(first?.values.visitsPerSecond).toBeGreaterThan(10);
    const tried = report.targets[1]?.visits.failed ?? 0;
    const perVisit = (first?.values.visitsPerSecond ?? 0) / 60;
    expect(second?.values.visitsPerSecond).toBeCloseTo(tried * perVisit, 1);
    expect(tried).toBeLessThan(60);
    expect(second?.values).toMatchObject({ p95Ms: null, errors: report.targets[1]?.hits.unknown });
    // About a second is too short to tell.
    expect(second?.toFirst?.p95Ms).toEqual({ ratio: null, interval: null, isMoreThanNoise: null });
    expect(second?.toFirst?.hitsPerSecond.isMoreThanNoise).toBeNull();
  });

  it('has no comparison under other distributions, or of one target', async () => {
    const server = await serve(() => gif);
    const one = runConfig(targetConfig(server.url), { visits: 2, visitsPerSecond: 100, traffic: twoPages });
    expect((await start({ ...one, distribution: 'mirror' }).done).comparison).toBeNull();
    const targets = ['a', 'b'].map(name => targetConfig(server.url, { name }));
    expect((await start({ ...one, targets, distribution: 'split' }).done).comparison).toBeNull();
  });
});
