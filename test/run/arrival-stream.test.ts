import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Agenda } from '../../src/run/agenda.ts';
import { ArrivalStream } from '../../src/run/arrival-stream.ts';
import { TargetRun } from '../../src/run/target-run.ts';
import { type Arrivals, constantArrivals } from '../../src/traffic/arrivals/arrivals.ts';
import { bounded } from '../../src/traffic/arrivals/bounded.ts';
import { onlyVisit } from '../../src/traffic/recurrences.ts';
import type { Shard } from '../../src/traffic/shard.ts';
import { plannedVisit } from '../support/deliveries.ts';
import { targetConfig, twoPages } from '../support/run-config.ts';
import { until } from '../support/until.ts';

/** A target that is still held: visits wait in it, so that what came is what waits. */
function target(agenda: Agenda): TargetRun {
  return new TargetRun({
    config: targetConfig('http://nowhere.invalid/matomo.php'),
    plan: index => plannedVisit(index, twoPages),
    transport: {
      hitsTogether: 1,
      heldUntilMs: 0,
      deliver: () => {},
      deliverTogether: () => {},
      hold: () => {},
      release: () => {},
      end: () => {},
    },
    agenda,
    events: { idle: () => {}, outageBegan: () => {}, outageEnded: () => {}, tokenDoubted: () => {} },
    overflow: 'wait',
    hitsNeedToken: false,
    visitorsComeAgain: false,
    mask: text => text,
  });
}

function streamOf(arrivals: Arrivals, shard?: Shard) {
  const agenda = new Agenda();
  const admitted = target(agenda);
  let ends = 0;
  const stream = new ArrivalStream(
    arrivals,
    {
      recurrence: onlyVisit,
      admit: (visit, nowMs) => admitted.admit({ ...visit, isTaken: false }, nowMs),
      recipients: () => 1,
    },
    shard,
    agenda,
    () => ends++,
  );
  return { stream, admitted, agenda, ends: () => ends };
}

const steady = (visits: number, visitsPerSecond = 1000) =>
  bounded(constantArrivals(visitsPerSecond), { visits, durationMs: undefined });

describe('a stream of arrivals', () => {
  it('puts every visit before its target and ends once', async () => {
    const { stream, admitted, ends } = streamOf(steady(50));
    stream.begin(performance.now());
    await until(() => stream.isEnded);
    expect([admitted.waiting, ends(), stream.stop(true)]).toEqual([50, 1, 0]);
  });

  it('begins nothing before its time', async () => {
    const { stream, admitted } = streamOf(steady(3, 10));
    stream.begin(performance.now() + 100);
    await sleep(40);
    expect(admitted.waiting).toBe(0);
    await until(() => stream.isEnded);
    expect(admitted.waiting).toBe(3);
  });

  it('ends at once where nothing is to come', () => {
    const { stream, ends } = streamOf(steady(0));
    stream.begin(performance.now());
    expect([stream.isEnded, ends()]).toEqual([true, 1]);
  });

  it('tells at a stop how many would have come, and lets none of them come', async () => {
    const { stream, admitted, ends } = streamOf(steady(100, 200));
    stream.begin(performance.now());
    await until(() => admitted.waiting >= 5);
    const came = admitted.waiting;
    expect(stream.stop(true)).toBe(100 - came);
    await sleep(50);
    expect([admitted.waiting, ends()]).toEqual([came, 0]);
  });

  it('tells nothing of what is left of a plan without an end', () => {
    const { stream } = streamOf(constantArrivals(1));
    stream.begin(performance.now() + 1000);
    expect(stream.stop(false)).toBeNull();
  });

  it('is shared out among shards so that each visit comes once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 7 }), fc.nat(40), async (count, visits) => {
        const parts = Array.from({ length: count }, (_, at) =>
          streamOf(steady(visits, 1_000_000), { number: at + 1, count }),
        );
        for (const { stream } of parts) stream.begin(performance.now());
        await until(() => parts.every(({ stream }) => stream.isEnded));
        const sizes = parts.map(({ admitted }) => admitted.waiting);
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(visits);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 20 },
    );
  });
});
