import { afterAll, describe, expect, it } from 'vitest';
import { ExitCode } from '../../src/base/exit-codes.ts';
import type { HitRecord } from '../../src/run/hit-log.ts';
import type { HitCounts, Report } from '../../src/run/report.ts';
import { expectWholeAccount } from '../support/account.ts';
import { allTracked, gif, hitsIn, status, withToken } from '../support/fault-server.ts';
import { keptHits } from '../support/kept-hits.ts';
import { runConfig, start, targetConfig, traffic, twoPages } from '../support/run-config.ts';
import { servers } from '../support/servers.ts';
import { until } from '../support/until.ts';

const { collect, serve, close } = servers();
afterAll(close);

/** Each hit that was planned is told once, with the outcome that it is counted under. */
function expectWhole(records: readonly HitRecord[], report: Report): void {
  expectWholeAccount(report);
  const names = records.map(({ target, index, hit }) => `${target} ${index} ${hit}`);
  expect(new Set(names).size).toBe(records.length);
  expect(records).toHaveLength(report.hits.planned);
  for (const outcome of [
    'accepted',
    'rejected',
    'failed',
    'unknown',
    'skipped',
  ] satisfies (keyof HitCounts)[]) {
    expect(records.filter(record => record.outcome === outcome)).toHaveLength(report.hits[outcome]);
  }
  for (const { count, code } of report.targets.flatMap(target => target.errors)) {
    expect(records.filter(({ error }) => error === code).length).toBeGreaterThanOrEqual(count);
  }
}

describe.concurrent('every hit of a run', () => {
  it.each(['single', 'bulk'] as const)(
    'is told as it was sent, in order of time, without the token: %s',
    async transport => {
      const token = 'a1'.repeat(16);
      const server = await serve(withToken(() => (transport === 'bulk' ? allTracked : gif)));
      const { records, hits } = keptHits();
      const config = runConfig(targetConfig(server.url, { token, transport, method: 'post' }), { traffic });
      const report = await start(config, { hits }).done;
      expect(report.hits.accepted).toBe(report.hits.planned);
      expectWhole(records, report);
      const sent = server.tracking.flatMap(hitsIn).map(hit => {
        hit.delete('token_auth');
        return Object.fromEntries(hit);
      });
      const inOrder = (list: readonly object[]) => list.map(one => JSON.stringify(one)).sort();
      expect(inOrder(records.map(({ params }) => params))).toEqual(inOrder(sent));
      for (const { dueMs, sentMs, answeredMs, latencyMs, error, type, params } of records) {
        expect(sentMs).toBeGreaterThanOrEqual(dueMs ?? Number.POSITIVE_INFINITY);
        expect(answeredMs).toBeCloseTo((sentMs ?? 0) + (latencyMs ?? 0), 2);
        expect(error).toBeNull();
        expect(type === 'ping').toBe(params.ping === '1');
      }
      expect(JSON.stringify(records)).not.toContain(token);
    },
  );

  it('is told where it was lost, refused or never tried, too', async () => {
    let count = 0;
    const server = await serve(() => [gif, status(400), gif, status(502), status(404)][count++ % 5] ?? gif);
    const { records, hits } = keptHits();
    const report = await start(runConfig(targetConfig(server.url), { traffic: twoPages }), { hits }).done;
    expect(
      report.hits.rejected * report.hits.failed * report.hits.unknown * report.hits.skipped,
    ).toBeGreaterThan(0);
    expectWhole(records, report);
    for (const { outcome, sentMs, answeredMs, latencyMs, dueMs } of records) {
      expect(dueMs).not.toBeNull();
      expect(sentMs === null).toBe(outcome === 'skipped');
      expect(answeredMs === null).toBe(outcome === 'skipped');
      expect(latencyMs !== null).toBe(outcome === 'accepted' || outcome === 'rejected');
    }
  });

  it('has no time it was due without a schedule, and is told when the run is cut', async () => {
    const collector = await collect();
    const { records, hits } = keptHits();
    const run = start(
      runConfig(targetConfig(collector.url, { concurrency: 5 }), {
        visits: undefined,
        visitsPerSecond: 'max',
        traffic: twoPages,
        pauseSeconds: { min: 0.05, max: 0.05 },
      }),
      { hits },
    );
    await until(() => records.length > 20);
    run.stop(ExitCode.Interrupted, 0);
    const report = await run.done;
    expectWhole(records, report);
    expect(records.every(({ dueMs }) => dueMs === null)).toBe(true);
    expect(records.some(({ error }) => error === 'INTERRUPTED')).toBe(true);
  });
});
