import { afterAll, describe, expect, it } from 'vitest';
import { dryRun } from '../../src/cli/dry-run.ts';
import type { RunConfig } from '../../src/run/run-config.ts';
import { expectWholeAccount } from '../support/account.ts';
import { gif, withToken } from '../support/fault-server.ts';
import { runConfig, start, targetConfig, traffic } from '../support/run-config.ts';
import { servers } from '../support/servers.ts';

const { serve, close } = servers();
afterAll(close);

const token = 'a'.repeat(32);
/** Between two midnights of them are four hours. */
const zones = ['UTC', 'UTC+4', 'UTC+8', 'UTC+12', 'UTC-8', 'UTC-4'];

async function mirrored(minutes: number) {
  const sites = await Promise.all(zones.map(zone => serve(withToken(() => gif, zone))));
  const config: RunConfig = runConfig(targetConfig('http://127.0.0.1:9/'), {
    distribution: 'mirror',
    traffic: { ...traffic, visitMinutes: { min: 1, max: minutes } },
    targets: sites.map(({ url }, at) => targetConfig(url, { name: `t${at}`, token, timezone: undefined })),
  });
  return { sites, config };
}

describe.concurrent('visits that are too long for the days of all targets', () => {
  it('are refused before anything is sent, by what the sites say', async () => {
    const { sites, config } = await mirrored(240);
    await expect(start(config).done).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      exitCode: 2,
      message: expect.stringMatching(/240 minutes .* the longest that has is 239 minutes/),
    });
    expect(sites.flatMap(({ tracking }) => tracking)).toEqual([]);
  });

  it('are refused by --dry-run, by what is configured', async () => {
    const { config } = await mirrored(240);
    const targets = config.targets.map((target, at) => ({ ...target, timezone: zones[at] }));
    const stdout = { write: () => true };
    await expect(dryRun({ ...config, targets }, { summaryOnly: true, stdout })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
  });

  it('are sent where they just fit', async () => {
    const { config } = await mirrored(239);
    const report = await start(config).done;
    expectWholeAccount(report);
    expect(report.exitCode).toBe(0);
  });

  it('are sent where targets have plans of their own', async () => {
    const { config } = await mirrored(240);
    const report = await start({ ...config, distribution: 'split' }).done;
    expect(report.exitCode).toBe(0);
  });
});
