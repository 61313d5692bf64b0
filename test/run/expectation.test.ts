import { describe, expect, it } from 'vitest';
import { firstConnections } from '../../src/run/expectation.ts';
import { runConfig, targetConfig } from '../support/run-config.ts';

const url = 'http://127.0.0.1:1/matomo.php';

describe('connections that a target wants at once', () => {
  const target = targetConfig(url, { concurrency: 64 });

  it('are one for each visit of the first tenth of a second', () => {
    expect(firstConnections(runConfig(target, { visitsPerSecond: 200, visits: undefined }), target)).toBe(20);
    expect(firstConnections(runConfig(target, { visitsPerSecond: 0.1, visits: undefined }), target)).toBe(1);
  });

  it('are as many as visits may be in flight where there is no schedule, and no more than there are visits', () => {
    expect(firstConnections(runConfig(target, { visitsPerSecond: 'max', visits: undefined }), target)).toBe(
      64,
    );
    expect(firstConnections(runConfig(target, { visitsPerSecond: 'max', visits: 5 }), target)).toBe(5);
  });

  it('are one for each body in bulk', () => {
    const bulk = targetConfig(url, { transport: 'bulk', batchSize: 10 });
    expect(firstConnections(runConfig(bulk, { visitsPerSecond: 500, visits: undefined }), bulk)).toBe(5);
  });

  it('are those of the first target under failover, as threads have it, too', () => {
    const [first, second] = [targetConfig(url, { name: 'one' }), targetConfig(url, { name: 'two' })];
    const config = runConfig(first, {
      targets: [first, second],
      distribution: 'failover',
      visitsPerSecond: 100,
      visits: undefined,
      shard: { number: 1, count: 1, thread: { number: 0, count: 2 } },
    });
    expect(firstConnections(config, { ...first, connections: 50 })).toBe(5);
    expect(firstConnections(config, second)).toBe(0);
  });
});
