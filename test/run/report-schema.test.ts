import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { afterAll, describe, expect, it } from 'vitest';
import { ExitCode } from '../../src/base/exit-codes.ts';
import type { Report } from '../../src/run/report.ts';
import { parseReport } from '../../src/run/saved-report.ts';
import { verifiedReport } from '../../src/run/verified-report.ts';
import { gif, status } from '../support/fault-server.ts';
import { runConfig, start, targetConfig, twoPages } from '../support/run-config.ts';
import { servers } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { verify } from '../verification/verifying.ts';
import { backfillConfig, begin, journalPath, now, token, window } from './backfill/backfilling.ts';

const { collect, serve, close } = servers();
afterAll(close);

const ajv = new Ajv({ allErrors: true, strict: true, strictTypes: false });
formats.default(ajv);
const isReport = ajv.compile(
  JSON.parse(readFileSync(new URL('../../docs/report.schema.json', import.meta.url), 'utf8')),
);

function written(report: Report): unknown {
  return JSON.parse(JSON.stringify(report));
}

/** By a validator that is not ours; and what is read back is all that was written, so that no field is undescribed. */
function expectDescribed(report: Report): void {
  const json = written(report);
  isReport(json);
  expect(isReport.errors ?? []).toEqual([]);
  expect(parseReport(JSON.stringify(report), 'report.json').report).toEqual(json);
}

describe.concurrent('the schema of reports describes', () => {
  it('a run, verified or not, also where another was recorded', async () => {
    const [collector, empty] = [await collect({ token }), await collect({ token })];
    const reachedAt = (url: string) =>
      runConfig(targetConfig(url, { transport: 'bulk' }), { traffic: twoPages });
    const config = reachedAt(collector.url);
    const report = await start(config).done;
    expectDescribed(report);
    expectDescribed(verifiedReport(report, await verify(config, report, collector)));
    const different = verifiedReport(report, await verify(reachedAt(empty.url), report, empty));
    expect(different).toMatchObject({ exitCode: ExitCode.VerificationFailed });
    expect(different.verification?.targets[0]?.visits.length).toBeGreaterThan(0);
    expectDescribed(different);
  });

  it('mirrored targets side by side, one of them lost, and what was broken', async () => {
    const [healthy, dead] = [await serve(() => gif), await serve(() => status(502))];
    const targets = [targetConfig(healthy.url, { name: 'a' }), targetConfig(dead.url, { name: 'b' })];
    const report = await start({
      ...runConfig(targetConfig(healthy.url), { visits: 30, traffic: twoPages }),
      targets,
      distribution: 'mirror',
    }).done;
    expect(report).toMatchObject({ exitCode: ExitCode.TargetLost, comparison: { targets: [{}, {}] } });
    expectDescribed({
      ...report,
      thresholds: [
        { expression: 'hits.failed.rate < 1%', value: 0.5, passed: false, abortedAtSeconds: 1.2 },
        { expression: 'verification.difference == 0', value: null, passed: false },
      ],
    });
  });

  it('a run without a schedule that was interrupted', async () => {
    const server = await serve(() => gif);
    const run = start(
      runConfig(targetConfig(server.url), { visits: undefined, visitsPerSecond: 'max', traffic: twoPages }),
    );
    await until(() => server.requests.length > 5);
    run.stop(ExitCode.Interrupted, 1000);
    const report = await run.done;
    expect(report).toMatchObject({ run: { stoppedBy: 'signal', remaining: null }, latenessMs: null });
    expectDescribed(report);
  });

  it('a backfill', async () => {
    const collector = await collect({ token, now });
    const config = backfillConfig(collector.url, { backfill: window({ lastDay: '2026-10-21' }) });
    const report = await begin(config, { journalPath: journalPath() }).done;
    expect(report.days).toHaveLength(2);
    expectDescribed(report);
  });
});

describe('the schema of reports refuses', () => {
  it('a report without any of its parts', async () => {
    const server = await serve(() => gif);
    const report = await start(runConfig(targetConfig(server.url), { visits: 1, traffic: twoPages })).done;
    for (const key of ['schemaVersion', 'run', 'hits', 'targets', 'series', 'exitCode']) {
      const json = { ...report, [key]: undefined };
      expect(isReport(written(json))).toBe(false);
      expect(() => parseReport(JSON.stringify(json), 'report.json')).toThrow(/no (whole )?report/);
    }
  });
});
