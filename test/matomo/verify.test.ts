import { describe, expect, it } from 'vitest';
import { openReporting } from '../../src/delivery/reporting-access.ts';
import type { Report, Verification } from '../../src/run/report.ts';
import type { RunConfig } from '../../src/run/run-config.ts';
import { readSiteTotals } from '../../src/verification/site-totals.ts';
import { verifyRun } from '../../src/verification/verify-run.ts';
import { runConfig, start, targetConfig } from '../support/run-config.ts';

/**
 * Runs into a real Matomo, and asks it what it recorded: nothing may differ. Other visits may come meanwhile but for the
 * totals, which are then not comparable.
 */
const { MATOMO_URL: url, MATOMO_TOKEN_AUTH: token } = process.env;
const VISITS = 300;
const LONGEST_MS = 300_000;

if (!url || !token) {
  console.log(
    'Skipped: no run in a real Matomo is verified, because MATOMO_URL or MATOMO_TOKEN_AUTH is not set.',
  );
  describe.skip('a run into a real Matomo', () => it('needs MATOMO_URL and MATOMO_TOKEN_AUTH', () => {}));
} else {
  describe('a run into a real Matomo is verified', () => {
    it.each([
      ['with a token', 'single', true],
      ['with a token', 'bulk', true],
      ['without a token', 'single', false],
      ['without a token', 'bulk', false],
    ] as const)(
      '%s, %s: no difference in any figure',
      async (_, transport, withToken) => {
        const config = runInto(url, 1, VISITS, { transport, token: withToken ? token : undefined });
        const report = await start(config).done;
        expect(report.visits).toMatchObject({ planned: VISITS, completed: VISITS });
        expectAllEqual(await verify(config, report, token));
      },
      LONGEST_MS,
    );

    it(
      'by the change of the totals of a site, where nobody else visits it',
      async () => {
        const config = runInto(url, 3, 40, { transport: 'bulk', token });
        const days = [-1, 0, 1].map(offset =>
          new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10),
        );
        const { client, close } = openReporting(config.targets[0] as RunConfig['targets'][0], { token });
        const before = await readSiteTotals(client, 3, days);
        await close();
        const report = await start(config, { totalsBefore: new Map([['target', before]]) }).done;
        const verification = await verify(config, report, token, 'totals');
        expect(verification.method).toBe('totals');
        const [target] = verification.targets;
        if (target?.result === 'not-comparable') expect(target.reason).toMatch(/visits? of others/);
        else expectAllEqual(verification);
      },
      LONGEST_MS,
    );
  });
}

function runInto(
  trackerUrl: string,
  siteId: number,
  visits: number,
  { transport, token }: { transport: 'single' | 'bulk'; token: string | undefined },
): RunConfig {
  const target = targetConfig(trackerUrl, {
    siteId,
    transport,
    token,
    timeoutSeconds: 30,
    concurrency: 20,
    connections: 20,
    timezone: siteId === 3 ? 'Europe/Stockholm' : 'UTC',
  });
  return runConfig(target, { visits, visitsPerSecond: 15 });
}

function verify(
  config: RunConfig,
  report: Report,
  tokenAuth: string,
  method: 'visits' | 'totals' = 'visits',
): Promise<Verification> {
  return verifyRun({
    config,
    report,
    tokens: new Map([['target', tokenAuth]]),
    method,
    strict: false,
    waitMs: 5000,
    mask: text => text,
  });
}

function expectAllEqual({ passed, targets }: Verification): void {
  for (const target of targets) {
    // What the server's own lists say is told, and fails nothing.
    const names = target.names.filter(({ planned, recorded }) => planned !== recorded);
    if (names.length > 0) console.log(names);
    expect(target).toMatchObject({ result: 'equal', reason: null, differences: [], visits: [], causes: [] });
    expect(target.figures.find(({ name }) => name === 'visits')?.recorded).toBeGreaterThan(0);
  }
  expect(passed).toBe(true);
}
