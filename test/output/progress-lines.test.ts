import { describe, expect, test } from 'vitest';
import { ProgressLines } from '../../src/output/progress-lines.ts';
import { plainChalk, snapshot } from './samples.ts';
import { Written } from './screen.ts';

function lines(run: (output: ProgressLines) => void): string[] {
  const stream = new Written();
  run(new ProgressLines({ stream, chalk: plainChalk }));
  return stream.text.split('\n').slice(0, -1);
}

describe('progress as lines', () => {
  test('one after 3 s, then one every 10 s', () => {
    const told = lines(output => {
      for (let elapsedMs = 0; elapsedMs <= 31_000; elapsedMs += 250) output.tick(snapshot({ elapsedMs }));
    });
    expect(told.map(line => line.split(' ')[0])).toEqual(['0:03', '0:10', '0:20', '0:30']);
  });

  test('says what a person wants to know', () => {
    expect(lines(output => output.tick(snapshot()))).toMatchInlineSnapshot(`
      [
        "0:35  16,856 of 28,896 visits (58 %)  481.6 visits/s  2,589.3 hits/s  1,606 in flight  p95 30 ms  3 errors (HTTP_429 × 3)",
      ]
    `);
  });

  test('leaves out what is not there', () => {
    const { total } = snapshot();
    const quiet = { ...total, inFlight: 0, p95Ms: null, hits: { ...total.hits, rejected: 0 } };
    expect(
      lines(output =>
        output.tick(snapshot({ plannedVisits: null, fraction: null, leftMs: null, total: quiet })),
      ),
    ).toEqual(['0:35  16,856 visits  481.6 visits/s  2,589.3 hits/s  0 in flight']);
  });

  test('tells at once when arrivals are over, pause, or a signal came', () => {
    const told = lines(output => {
      output.tick(snapshot({ phase: 'preparing', elapsedMs: 0 }));
      output.tick(snapshot({ phase: 'running', elapsedMs: 100 }));
      output.tick(snapshot({ phase: 'draining', drainLeftMs: 29_100, elapsedMs: 1500 }));
      output.tick(snapshot({ phase: 'draining', drainLeftMs: 28_900, elapsedMs: 1700 }));
      output.tick(snapshot({ phase: 'ended', elapsedMs: 9000 }));
    });
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^0:01 .* {2}draining {2}up to 30 s$/);
  });

  test('notices are lines', () => {
    expect(
      lines(output => {
        output.notice('info', 'before');
        output.tick(snapshot({ elapsedMs: 1200 }));
        output.notice('error', 'lost\nall');
      }),
    ).toEqual(['· before', '0:01 ✗ lost all']);
  });
});
