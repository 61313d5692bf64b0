import { describe, expect, test } from 'vitest';
import { LiveView } from '../../src/output/live-view.ts';
import type { RunInfo } from '../../src/run/snapshot.ts';
import { colourChalk, info, optimized, plainChalk, report, snapshot, targetSnapshot } from './samples.ts';
import { Screen } from './screen.ts';

function shown(columns: number, rows = 30, from: RunInfo = info) {
  const screen = new Screen(columns, rows);
  let now = 0;
  const view = new LiveView({ stream: screen, chalk: plainChalk, now: () => now });
  view.start(from);
  const pass = (ms: number) => {
    now += ms;
  };
  return { screen, view, pass };
}

describe('the live view', () => {
  test('at 120 columns', () => {
    const { screen, view } = shown(120);
    view.tick(snapshot());
    expect(screen.text).toMatchInlineSnapshot(`
      "trafficinator run · stress · seed 42 · 2 targets, split 3:1                                                   run 8f3a1c
      ████████████████░░░░░░░░░░░░  58 %   0:35 of 1:00   16,856 of 28,896 visits   0:25 left

                 visits/s    hits/s  in flight     p50     p95     p99  errors
      baseline      361.2   1,942.0      1,204   12 ms   31 ms   58 ms       –
      optimized     120.4     647.3        402    9 ms   22 ms   40 ms       3  HTTP_429 × 3
      total         481.6   2,589.3      1,606   11 ms   30 ms   57 ms       3
      offered 481.6/s · lateness p99 1.2 ms · this machine's CPU 38 %"
    `);
  });

  test('at 80 columns the lesser figures make room', () => {
    const { screen, view } = shown(80);
    view.tick(snapshot());
    expect(screen.text).toMatchInlineSnapshot(`
      "trafficinator run · stress · seed 42 · 2 targets, split 3:1           run 8f3a1c
      ████████████░░░░░░░░░  58 %   0:35 of 1:00   16,856 of 28,896 visits   0:25 left

                 visits/s    hits/s  in flight     p95     p99  errors
      baseline      361.2   1,942.0      1,204   31 ms   58 ms       –
      optimized     120.4     647.3        402   22 ms   40 ms       3  HTTP_429 × 3
      total         481.6   2,589.3      1,606   30 ms   57 ms       3
      offered 481.6/s · lateness p99 1.2 ms · this machine's CPU 38 %"
    `);
  });

  test('at 60 columns it folds to a line a target', () => {
    const { screen, view } = shown(60);
    view.tick(snapshot());
    expect(screen.text).toMatchInlineSnapshot(`
      "trafficinator run · stress · seed 42 · 2 target…  run 8f3a1c
      ████████████████████████████████░░░░░░░░░░░░░░░░░░░░░░  58 %
      0:35 of 1:00   16,856 of 28,896 visits   0:25 left

      baseline   361.2 visits/s  p95  31 ms         –
      optimized  120.4 visits/s  p95  22 ms  3 errors  HTTP_429 ×…
      total      481.6 visits/s  p95  30 ms  3 errors
      offered 481.6/s · lateness p99 1.2 ms · CPU 38 %"
    `);
  });

  test('one target has no total, and its address in the title', () => {
    const { screen, view } = shown(80, 30, { ...info, targets: info.targets.slice(0, 1) });
    const target = targetSnapshot();
    view.tick(snapshot({ targets: [target], total: target }));
    expect(screen.text).toContain('seed 42 · a.example site 1');
    expect(screen.text).not.toContain('total');
  });

  test('a run without an end has no bar and no percent', () => {
    const { screen, view } = shown(80, 30, { ...info, visits: null, durationSeconds: null });
    view.tick(snapshot({ plannedVisits: null, fraction: null, leftMs: null }));
    expect(screen.text.split('\n')[1]).toBe('0:35   16,856 visits');
  });

  test('says how each phase stands', () => {
    const { screen, view } = shown(100);
    expect(screen.text.split('\n')).toHaveLength(1);
    view.tick(snapshot({ phase: 'preparing' }));
    expect(screen.text.split('\n').slice(1)).toEqual(['preparing …']);
    view.tick(snapshot({ phase: 'paused' }));
    expect(screen.text).toContain('16,856 of 28,896 visits   paused');
    view.tick(snapshot({ phase: 'finishing' }));
    expect(screen.text).toContain('all visits begun, 1,606 visits to end');
    view.tick(snapshot({ phase: 'draining', drainLeftMs: 22_300 }));
    expect(screen.text).toContain(
      'stopping: up to 23 s for 1,606 visits to end · a second Ctrl-C stops at once',
    );
  });

  test('shows waiting visits and a lost target from when there are some', () => {
    const { screen, view, pass } = shown(120);
    view.tick(snapshot());
    expect(screen.text).not.toContain('waiting');
    pass(200);
    view.tick(snapshot({ targets: [targetSnapshot(), { ...optimized, waiting: 38, health: 'down' }] }));
    expect(screen.text).toMatch(/optimized .* 38 .* down · HTTP_429 × 3/);
    pass(200);
    view.tick(snapshot());
    expect(screen.text).toContain('waiting');
  });

  test('notices stay above it, and what they hold steers no terminal', () => {
    const { screen, view } = shown(80);
    view.tick(snapshot());
    view.notice('warn', 'optimized answers 429\u001B[2J\nand more');
    view.notice('error', 'baseline is lost');
    view.printAbove('a line of the log\n');
    const lines = screen.text.split('\n');
    expect(lines.slice(0, 3)).toEqual([
      '0:35 ! optimized answers 429 and more',
      '0:35 ✗ baseline is lost',
      'a line of the log',
    ]);
    expect(lines[3]).toContain('trafficinator run · stress');
  });

  test('is drawn at most every 100 ms, and at once where the phase turns', () => {
    const { screen, view, pass } = shown(80);
    view.tick(snapshot());
    const writes = screen.writes;
    pass(99);
    view.tick(snapshot());
    expect(screen.writes).toBe(writes);
    view.tick(snapshot({ phase: 'finishing' }));
    expect(screen.writes).toBe(writes + 1);
    pass(100);
    view.tick(snapshot({ phase: 'finishing' }));
    expect(screen.writes).toBe(writes + 2);
  });

  test('follows the terminal to another width and back', () => {
    const { screen, view, pass } = shown(120);
    view.tick(snapshot());
    view.notice('info', 'said before');
    const before = screen.text;
    for (const columns of [60, 43, 97, 120]) {
      screen.resize(columns);
      pass(200);
      view.tick(snapshot());
      expect(screen.text.match(/trafficinator run/g)).toHaveLength(1);
      expect(screen.text.startsWith('0:35 · said before\ntrafficinator run')).toBe(true);
    }
    expect(screen.text).toBe(before);
  });

  test.each([1, 2, 9, 20, 40, 79, 81])('wraps no line at %d columns', columns => {
    const { screen, view } = shown(columns);
    view.tick(snapshot({ targets: [targetSnapshot({ name: '日本'.repeat(30) }), optimized] }));
    view.tick(snapshot({ phase: 'draining', drainLeftMs: 1 }));
    expect(screen.text).not.toBe('');
  });

  test('more targets than the terminal has rows: the first, how many more, and the total', () => {
    const { screen, view } = shown(100, 12);
    const targets = Array.from({ length: 40 }, (_, at) => targetSnapshot({ name: `node-${at}` }));
    view.tick(snapshot({ targets }));
    const lines = screen.text.split('\n');
    expect(lines).toHaveLength(11);
    expect(lines[8]).toBe('… and 36 more targets');
    expect(lines[9]).toMatch(/^total/);
  });

  test('long names leave room for the figures', () => {
    const { screen, view } = shown(80);
    const names = ['a', 'b'].map(node => `matomo-${node}.production.eu-west-1.internal.example.com`);
    view.tick(
      snapshot({ targets: names.map(name => ({ ...optimized, name, health: 'down', waiting: 12 })) }),
    );
    const lines = screen.text.split('\n').filter(line => line.startsWith('matomo-'));
    expect(lines).toMatchInlineSnapshot(`
      [
        "matomo-a.pro…example.com     120.4     647.3   22 ms       3  down · HTTP_429 ×…",
        "matomo-b.pro…example.com     120.4     647.3   22 ms       3  down · HTTP_429 ×…",
      ]
    `);
  });

  test('leaves the terminal to a shell, and is drawn below what that wrote', () => {
    const { screen, view, pass } = shown(80);
    view.tick(snapshot());
    view.suspend();
    expect([screen.text, screen.cursorHidden]).toEqual(['', false]);
    screen.write('[1]+  Stopped\n$ fg\n');
    pass(200);
    view.tick(snapshot());
    expect(screen.text).toMatch(/^\[1\]\+ {2}Stopped\n\$ fg\ntrafficinator run/);
    expect(screen.cursorHidden).toBe(true);
  });

  test('hides the cursor while it runs, and at the end is gone', () => {
    const { screen, view } = shown(80);
    view.tick(snapshot());
    expect(screen.cursorHidden).toBe(true);
    view.notice('info', 'stays');
    view.finish();
    expect(screen.cursorHidden).toBe(false);
    expect(screen.text).toBe('0:35 · stays');
    view.tick(snapshot({ phase: 'ended' }));
    view.notice('info', 'late');
    view.close();
    expect(screen.text).toBe('0:35 · stays\n0:35 · late');
    expect(screen.cursorHidden).toBe(false);
  });

  test('only what is wrong is red', () => {
    let written = '';
    const stream = { columns: 120, isTTY: true, write: (text: string) => (written += text) };
    const view = new LiveView({ stream, chalk: colourChalk });
    view.start(info);
    view.tick(snapshot());
    const red = written
      .split('\u001B[31m')
      .slice(1)
      .map(text => text.split('\u001B')[0]);
    expect(red).toEqual(['3', 'HTTP_429 × 3', '3']);
  });

  test('takes what finish is given by every run', async () => {
    const { screen, view } = shown(80);
    const output: { finish?(of: unknown): unknown } = view;
    await output.finish?.(report());
    expect(screen.text).toBe('');
  });
});
