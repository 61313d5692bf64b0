import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { causes, expectAsServed, expectWholeAccount } from '../support/account.ts';
import {
  allTracked,
  bulkCounts,
  delayed,
  type FaultServer,
  gif,
  hang,
  html,
  isProbe,
  isReporting,
  noneTracked,
  siteAnswer,
  startFaultServer,
  status,
  withToken,
} from '../support/fault-server.ts';
import { runConfig, start, targetConfig, twoPages } from '../support/run-config.ts';

const token = 'a secret token';
const opened: FaultServer[] = [];
afterAll(async () => {
  for (const server of opened) await server.close();
});

async function serve(...args: Parameters<typeof startFaultServer>): Promise<FaultServer> {
  const server = await startFaultServer(...args);
  opened.push(server);
  return server;
}

describe.concurrent('a token that hits need', () => {
  it.each(['single', 'bulk'] as const)('is asked about alone, before the first hit: %s', async transport => {
    const server = await serve(withToken(() => (transport === 'bulk' ? allTracked : gif)));
    const report = await start(runConfig(targetConfig(server.url, { token, transport }))).done;
    expectWholeAccount(report);
    expectAsServed(report, server);
    expect(report.exitCode).toBe(0);
    expect(server.requests.map(isProbe).indexOf(true)).toBe(0);
    expect(server.requests.filter(isProbe)).toHaveLength(1);
    expect(server.requests[1]?.atMs).toBeGreaterThanOrEqual(server.requests[0]?.endedMs ?? Number.NaN);
    for (const request of server.requests) {
      expect(request.method).toBe('POST');
      expect(JSON.stringify([request.path, request.headers])).not.toMatch(/token|secret/);
    }
  });

  it.each([bulkCounts(0, 1), status(401), status(403)])(
    'that is refused stops the run after one request: $name',
    async answer => {
      const server = await serve(() => answer);
      const notices: string[] = [];
      const report = await start(runConfig(targetConfig(server.url, { token }), { visits: 500 }), {
        outputs: [{ notice: (_, message) => notices.push(message) }],
      }).done;
      expectWholeAccount(report);
      expect(server.requests).toHaveLength(1);
      expect(report).toMatchObject({ exitCode: 5, run: { stoppedBy: 'lost-targets' } });
      expect(report.run.remaining).toBe(500 - report.visits.planned);
      expect(report.targets[0]?.health.state).toBe('refused');
      expect(report.hits.skipped).toBe(report.hits.planned);
      expect(Object.keys(causes(report))).toEqual(report.hits.planned === 0 ? [] : ['TOKEN_REFUSED']);
      expect(notices).toEqual([expect.stringContaining('its token was refused')]);
    },
  );

  it('that is refused on one target stops no other', async () => {
    const [good, bad] = [await serve(withToken(() => gif)), await serve(() => bulkCounts(0, 1))];
    const report = await start({
      ...runConfig(targetConfig(good.url, { name: 'good', token }), { distribution: 'mirror' }),
      targets: [
        targetConfig(good.url, { name: 'good', token }),
        targetConfig(bad.url, { name: 'bad', token }),
      ],
    }).done;
    expectWholeAccount(report);
    expect(report.targets.map(({ visits }) => visits.completed)).toEqual([20, 0]);
    expect(report).toMatchObject({ exitCode: 5, run: { stoppedBy: 'visits' } });
    expect(bad.requests).toHaveLength(1);
  });

  it('about which the server says nothing clear is tried', async () => {
    const server = await serve(request => (isProbe(request) ? html : gif));
    const notices: string[] = [];
    const report = await start(runConfig(targetConfig(server.url, { token })), {
      outputs: [{ notice: (_, message) => notices.push(message) }],
    }).done;
    expect(report.exitCode).toBe(0);
    expect(notices).toEqual([expect.stringContaining('could not ask about the token')]);
  });

  it.each(['single', 'bulk'] as const)(
    'that begins to be rejected in mid-run is asked about once more, and then the run stops: %s',
    async transport => {
      const isBulk = transport === 'bulk';
      let hits = 0;
      const server = await serve(request => {
        if (isReporting(request)) return siteAnswer('UTC');
        const isRevoked = hits >= (isBulk ? 4 : 30);
        if (isProbe(request)) return isRevoked ? bulkCounts(0, 1) : bulkCounts(1, 0);
        hits++;
        if (!isRevoked) return isBulk ? allTracked : gif;
        return isBulk ? noneTracked : status(400);
      });
      const target = targetConfig(server.url, { token, transport, batchSize: 6, concurrency: 4 });
      const report = await start(runConfig(target, { visits: 500, visitsPerSecond: 400, traffic: twoPages }))
        .done;
      expectWholeAccount(report);
      expectAsServed(report, server);
      expect(report).toMatchObject({ exitCode: 5, run: { stoppedBy: 'lost-targets' } });
      expect(server.requests.filter(isProbe)).toHaveLength(2);
      // What was in flight when the third was rejected, and no more.
      expect(hits).toBeLessThanOrEqual(30 + 3 + 4);
      expect(server.requests.slice(server.requests.findLastIndex(isProbe) + 1)).toHaveLength(0);
      expect(report.hits.accepted).toBeGreaterThan(0);
    },
  );

  it.each([
    ['refused', bulkCounts(0, 1)],
    ['good after all', bulkCounts(1, 0)],
  ])('keeps a body that is being filled back while it is asked about: %s', async (said, answer) => {
    let bodies = 0;
    const server = await serve(request => {
      if (isReporting(request)) return siteAnswer('UTC');
      if (isProbe(request)) return bodies === 0 ? bulkCounts(1, 0) : delayed(500, answer);
      // The next body has begun to be filled by the time of the answer.
      return ++bodies === 2 ? delayed(100, noneTracked) : allTracked;
    });
    const target = targetConfig(server.url, { token, transport: 'bulk' });
    const report = await start(runConfig(target, { visits: 300, traffic: twoPages })).done;
    expectWholeAccount(report);
    expectAsServed(report, server);
    const probe = server.requests.filter(isProbe)[1];
    const later = server.tracking.filter(({ number }) => number > (probe?.number ?? Number.NaN));
    if (said === 'refused') {
      expect(later).toHaveLength(0);
      expect(report).toMatchObject({ exitCode: 5, run: { stoppedBy: 'lost-targets' } });
      expect(causes(report).TOKEN_REFUSED).toBeGreaterThan(0);
    } else {
      for (const { atMs } of later) expect(atMs).toBeGreaterThanOrEqual(probe?.endedMs ?? Number.NaN);
      expect(report).toMatchObject({ exitCode: 0, run: { stoppedBy: 'visits' } });
      expect(report.hits.rejected + report.hits.accepted + report.hits.skipped).toBe(report.hits.planned);
      expect(causes(report).TOKEN_REFUSED).toBeUndefined();
    }
  });

  it('that is good after all leaves the run to go on, and is not asked about a third time', async () => {
    let hits = 0;
    const server = await serve(withToken(() => (++hits > 10 && hits <= 30 ? status(400) : gif)));
    const report = await start(
      runConfig(targetConfig(server.url, { token, concurrency: 3 }), { visits: 60, visitsPerSecond: 300 }),
    ).done;
    expectWholeAccount(report);
    expectAsServed(report, server);
    expect(report).toMatchObject({ exitCode: 0, hits: { rejected: 20 }, run: { stoppedBy: 'visits' } });
    expect(server.requests.filter(isProbe)).toHaveLength(2);
  });

  it('does not hold the schedule back for long where the server is slow to speak of it', async () => {
    const server = await serve(request =>
      isProbe(request) ? delayed(2500, bulkCounts(1, 0)) : isReporting(request) ? hang : gif,
    );
    const startMs = performance.now();
    const run = start(runConfig(targetConfig(server.url, { token, timeoutSeconds: 2.7 })));
    await sleep(2300);
    expect(server.tracking).toHaveLength(0);
    const report = await run.done;
    expect(performance.now() - startMs).toBeLessThan(6000);
    // Visits that were due waited for the answer, and lateness says so.
    expectWholeAccount(report);
    expect(report.visits.completed).toBe(20);
    expect(report.latenessMs?.max).toBeGreaterThan(300);
  });
});
