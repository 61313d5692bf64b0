import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Agenda, type Appointment } from '../../src/run/agenda.ts';
import { until } from '../support/until.ts';

describe('an agenda', () => {
  it('never lets anything happen before its time, nor out of turn', async () => {
    const delays = fc.array(fc.double({ min: -5, max: 40, noNaN: true }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(delays, async offsets => {
        const agenda = new Agenda();
        const startMs = performance.now();
        const happened: { dueMs: number; atMs: number }[] = [];
        for (const offset of offsets) {
          const dueMs = startMs + offset;
          agenda.add(dueMs, { onDue: atMs => happened.push({ dueMs, atMs }) });
        }
        await until(() => happened.length === offsets.length);
        for (const { dueMs, atMs } of happened) expect(atMs).toBeGreaterThanOrEqual(dueMs);
        expect(happened.map(({ dueMs }) => dueMs)).toEqual(
          offsets.map(offset => startMs + offset).sort((a, b) => a - b),
        );
      }),
      { numRuns: 15 },
    );
  });

  it('wakes earlier for something earlier', async () => {
    const agenda = new Agenda();
    const happened: string[] = [];
    agenda.add(performance.now() + 60_000, { onDue: () => happened.push('late') });
    agenda.add(performance.now() + 10, { onDue: () => happened.push('early') });
    await until(() => happened.length === 1);
    expect(happened).toEqual(['early']);
    expect(agenda.clear()).toHaveLength(1);
  });

  it('takes what is added while something happens, due or not', async () => {
    const agenda = new Agenda();
    const happened: number[] = [];
    const again: Appointment = {
      onDue(nowMs) {
        happened.push(nowMs);
        if (happened.length < 6) agenda.add(happened.length % 2 === 0 ? nowMs - 1 : nowMs + 15, again);
      },
    };
    agenda.add(performance.now(), again);
    await until(() => happened.length === 6);
    expect(happened[1]).toBeGreaterThanOrEqual((happened[0] ?? 0) + 15);
    expect(happened[2]).toBe(happened[1]);
  });

  it('forgets everything when it is cleared, and can be used again', async () => {
    const agenda = new Agenda();
    const happened: string[] = [];
    const one: Appointment = { onDue: () => happened.push('one') };
    agenda.add(performance.now() + 5, one);
    expect(agenda.clear()).toEqual([one]);
    await sleep(30);
    agenda.add(performance.now() + 5, { onDue: () => happened.push('other') });
    await until(() => happened.length === 1);
    expect(happened).toEqual(['other']);
    expect(agenda.clear()).toEqual([]);
  });
});
