import { describe, expect, it } from 'vitest';
import { Ledger } from '../../src/run/ledger.ts';
import { Monitor } from '../../src/run/monitor.ts';
import type { SeriesPoint } from '../../src/run/report.ts';
import type { RunningTarget } from '../../src/run/running-target.ts';
import { TargetTimes } from '../../src/run/target-times.ts';
import { targetConfig } from '../support/run-config.ts';

const HOUR_SECONDS = 3600;
const MOST_POINTS = 600;
const names = ['baseline', 'optimized', 'idle'];

function target(name: string): RunningTarget {
  return {
    config: targetConfig('http://127.0.0.1:1/', { name }),
    ledger: new Ledger(text => text),
    times: new TargetTimes(),
    inFlight: 1,
    waiting: 0,
    health: 'up',
    outages: 0,
    wasLost: false,
  };
}

function sumOf(points: readonly SeriesPoint[], figure: 'hits' | 'visits' | 'failed' | 'seconds'): number {
  return points.reduce((sum, point) => sum + point[figure], 0);
}

describe('a run of an hour', () => {
  it('has a series of bounded length at any moment, in all and for each target, and loses nothing', () => {
    const targets = names.map(target);
    const monitor = new Monitor(targets, 0);
    let longest = 0;
    for (let second = 1; second <= HOUR_SECONDS; second++) {
      for (const [at, { times }] of targets.entries()) {
        // The second sends twice as much as the first, and the last nothing.
        for (let hit = 0; hit < (at === 2 ? 0 : at + 1); hit++) {
          times.answered(10 * (at + 1));
          times.late(1);
          times.settled(second % 10 !== 0);
        }
        if (at < 2) times.sliceVisits++;
      }
      monitor.cut(second * 1000);
      if (second % 600 !== 0) continue;
      const lengths = [monitor.series(), ...names.map((_, at) => monitor.targetSeries(at))].map(
        points => points.length,
      );
      longest = Math.max(longest, ...lengths);
    }
    monitor.end(HOUR_SECONDS * 1000);
    expect(longest).toBeLessThanOrEqual(MOST_POINTS);

    const [whole = [], first = [], second = [], idle = []] = [
      monitor.series(),
      ...names.map((_, at) => monitor.targetSeries(at)),
    ];
    for (const points of [whole, first, second, idle]) {
      expect(sumOf(points, 'seconds')).toBe(HOUR_SECONDS);
      expect(points.at(-1)?.at).toBe(HOUR_SECONDS);
      expect(points.map(({ at }) => at)).toEqual(whole.map(({ at }) => at));
    }
    expect([first, second, idle, whole].map(points => sumOf(points, 'hits'))).toEqual([
      3600, 7200, 0, 10_800,
    ]);
    expect([first, second, idle, whole].map(points => sumOf(points, 'failed'))).toEqual([360, 720, 0, 1080]);
    expect([first, second, idle, whole].map(points => sumOf(points, 'visits'))).toEqual([
      3600, 3600, 0, 7200,
    ]);
    for (const [at, point] of whole.entries()) {
      expect(point.hits).toBe((first[at]?.hits ?? 0) + (second[at]?.hits ?? 0));
    }
    // Two hits of three take 20 ms.
    expect(whole[0]?.p50).toBeCloseTo(20, 0);
    expect(first[0]?.p99).toBeCloseTo(10, 0);
    expect(idle[0]).toMatchObject({ hits: 0, p50: null, latenessP99: null });
  });
});
