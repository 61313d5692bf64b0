import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { GeneratorLoad } from '../../src/run/generator-load.ts';
import {
  type GeneratedRun,
  type GeneratorFigures,
  generatorWarnings,
} from '../../src/run/generator-warnings.ts';

function late(p99: number) {
  return { p50: 1, p90: 1, p95: 1, p99, max: p99, mean: 1, histogram: '' };
}

const scheduled: GeneratedRun = {
  isBackfill: false,
  isBulk: false,
  hasCollector: false,
  isScheduled: true,
  threads: 1,
  durationSeconds: 60,
  latenessMs: late(400),
};
const unscheduled: GeneratedRun = { ...scheduled, isScheduled: false, latenessMs: null };
const idle: GeneratorFigures = {
  cpuShareMean: 0.2,
  cpuShareMax: 0.9,
  eventLoopDelayP99Ms: 2,
  lateSlices: 10,
  lateBusySlices: 0,
};
const busy: GeneratorFigures = { ...idle, cpuShareMean: 0.97, cpuShareMax: 1.02, lateBusySlices: 8 };
const kept: GeneratorFigures = { ...idle, eventLoopDelayP99Ms: 120 };

describe('that this machine was the limit', () => {
  it.each([
    ['hits are late while it is busy', scheduled, busy, 'in 8 of the 10 s'],
    [
      'two seconds are late and busy',
      { ...scheduled, durationSeconds: 2.2 },
      { ...busy, lateSlices: 2, lateBusySlices: 2 },
      'in 2 of the 2 s',
    ],
    ['hits are late, and the process could not run', scheduled, kept, 'event-loop delay p99 120 ms'],
    ['nothing is scheduled, and no more can be sent', unscheduled, busy, '97 % of a core'],
  ])('is told where %s', (_, run, figures, text) => {
    expect(generatorWarnings(run, figures)).toEqual([expect.stringContaining(text)]);
  });

  it.each([
    ['hits are in time, however busy it is', { ...scheduled, latenessMs: late(50) }, busy],
    ['hits of a bulk waited for others', { ...scheduled, isBulk: true, latenessMs: late(240) }, busy],
    ['the server is slow, and it was busy at the beginning alone', scheduled, { ...idle, lateBusySlices: 3 }],
    ['what was late was the beginning', scheduled, { ...busy, lateSlices: 1, lateBusySlices: 1 }],
    [
      'all of a run was its beginning',
      { ...scheduled, durationSeconds: 1.4 },
      { ...busy, lateSlices: 2, lateBusySlices: 2 },
    ],
    ['the process could not run while it began', { ...scheduled, durationSeconds: 1.5 }, kept],
    ['nothing was sent', { ...scheduled, latenessMs: null }, busy],
    ['nothing is scheduled, and it had time left', unscheduled, idle],
    ['a collector in the same process works too', { ...unscheduled, hasCollector: true }, busy],
    ['there was no time to tell', { ...unscheduled, durationSeconds: 2 }, busy],
    ['days are filled, which measures nothing', { ...unscheduled, isBackfill: true }, busy],
  ])('is not told where %s', (_, run, figures) => {
    expect(generatorWarnings(run, figures)).toEqual([]);
  });
});

describe('the load of the generator', () => {
  it('is measured: its CPU time, and by how much it is late for itself', async () => {
    const startMs = performance.now();
    const load = new GeneratorLoad(startMs);
    // The event loop is looked at before and after it is held up.
    await sleep(50);
    const until = performance.now() + 600;
    while (performance.now() < until);
    await sleep(50);
    load.cut(performance.now(), true);
    load.end();
    const figures = load.figures();
    expect(figures.cpuShareMean).toBeGreaterThan(0);
    expect(figures.cpuShareMax).toBe(figures.cpuShareMean);
    expect(figures.eventLoopDelayP99Ms).toBeGreaterThan(300);
    expect(figures).toMatchObject({ lateSlices: 1 });
  });

  it('is a lasting limit after three late and busy seconds in a row', () => {
    const load = new GeneratorLoad(0);
    // So many slices of a nanosecond that any work fills them.
    for (const [at, isLate] of [true, true, false, true, true].entries()) load.cut((at + 1) * 1e-6, isLate);
    expect(load.isLimit).toBe(false);
    load.cut(6e-6, true);
    expect(load.isLimit).toBe(true);
    load.end();
  });

  it('is not known of no time at all', () => {
    const load = new GeneratorLoad(0);
    load.end();
    expect(load.figures()).toMatchObject({ cpuShareMean: null, cpuShareMax: null });
  });
});
