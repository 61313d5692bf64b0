import { describe, expect, test } from 'vitest';
import {
  type VerificationOptions,
  verdictLines,
  verificationLines,
} from '../../src/output/verification-lines.ts';
import type { Verification, VerifiedTarget } from '../../src/run/report.ts';
import { colourChalk, plainChalk } from './samples.ts';

const planned = {
  visits: 28_893,
  actions: 140_120,
  bounces: 1234,
  visitSeconds: 4_000_000,
  pageviews: 100_000,
  events: 20_000,
  searches: 10_000,
  outlinks: 6000,
  downloads: 4120,
  contents: 0,
  orders: 1802,
  carts: 0,
  goalConversions: 0,
  revenue: 212_993.1,
  'referrer direct': 8668,
  'referrer search': 10_000,
  'country se': 300,
};

function target(
  recorded: Partial<Record<keyof typeof planned, number>> = {},
  more: Partial<VerifiedTarget> = {},
): VerifiedTarget {
  const figures = Object.entries({ ...planned, ...recorded }).map(([name, value]) => ({
    name,
    planned: planned[name as keyof typeof planned],
    recorded: value,
  }));
  const differences = figures.filter(figure => figure.planned !== figure.recorded);
  return {
    name: 'baseline',
    result: differences.length === 0 ? 'equal' : 'different',
    reason: null,
    figures,
    differences,
    names: [],
    causes: [],
    visits: [],
    visitsLeftOut: 0,
    settled: { recorded: 0, lost: 0, hits: [] },
    ...more,
  };
}

function verification(targets: readonly VerifiedTarget[], more: Partial<Verification> = {}): Verification {
  const passed = targets.every(({ result }) => result === 'equal');
  return { method: 'visits', at: '2026-01-01T00:01:05.000Z', strict: false, passed, targets, ...more };
}

function shown(told: Verification, width = 80): string {
  const options: VerificationOptions = {
    chalk: plainChalk,
    width,
    currencies: new Map(told.targets.map(({ name }) => [name, 'SEK'])),
  };
  return `\n${[...verificationLines(told, options), ...verdictLines(told, options)].join('\n')}\n`;
}

const lostAndSplit = target(
  { visits: 28_893, actions: 140_118, visitSeconds: 3_999_500, revenue: 212_900, 'country se': 299 },
  {
    causes: [
      { cause: 'lost', visits: 6 },
      { cause: 'split-at-midnight', visits: 1 },
    ],
    visits: [
      {
        index: 7,
        visitorId: '8f3a1c0000000007',
        cause: 'lost',
        explanation: 'all its hits were accepted, and the server has no visit of this visitor',
        planned: { actions: 2, visitSeconds: 61 },
        recorded: [],
      },
      {
        index: 12,
        visitorId: '8f3a1c000000000c',
        cause: 'split-at-midnight',
        explanation: "its hits lie on both sides of a midnight of the site's zone, Europe/Stockholm",
        planned: { actions: 3, visitSeconds: 400, firstActionAt: '2026-01-01T22:58:00Z' },
        recorded: [
          { actions: 1, visitSeconds: 0, firstActionAt: '2026-01-01T22:58:00Z' },
          { actions: 2, visitSeconds: 121, firstActionAt: '2026-01-01T23:01:00Z' },
        ],
      },
      ...Array.from({ length: 5 }, (_, at) => ({
        index: 20 + at,
        visitorId: '8f3a1c0000000020',
        cause: 'lost' as const,
        explanation: 'a hit of it is missing',
        planned: { actions: 4, revenue: 35.5 },
        recorded: [{ actions: 3, revenue: 0 }],
      })),
    ],
    visitsLeftOut: 3,
    settled: { recorded: 3, lost: 2, hits: [] },
    names: [
      { name: 'browser Chrome', planned: 300, recorded: 300 },
      { name: 'browser Headless Chrome', planned: 0, recorded: 2 },
      { name: 'device smartphone', planned: 120, recorded: 118 },
    ],
  },
);

describe('what was verified', () => {
  test('equal in every figure: rare kinds of hits that nobody planned take no line', () => {
    expect(shown(verification([target()]))).toMatchInlineSnapshot(`
      "
                        planned    recorded
      visits             28,893      28,893  ✓
      actions           140,120     140,120  ✓
      bounces             1,234       1,234  ✓
      visit seconds   4,000,000   4,000,000  ✓
      pageviews         100,000     100,000  ✓
      events             20,000      20,000  ✓
      searches           10,000      10,000  ✓
      outlinks            6,000       6,000  ✓
      downloads           4,120       4,120  ✓
      orders              1,802       1,802  ✓
      revenue SEK    212,993.10  212,993.10  ✓
      and 3 figures more, equal

      ✓ recorded as planned  28,893 visits · 140,120 actions · 1,802 orders ·
        212,993.10 SEK
      "
    `);
  });

  test('differences are marked, with their size, and told by their causes and the first visits', () => {
    expect(shown(verification([lostAndSplit]))).toMatchInlineSnapshot(`
      "
                        planned    recorded     difference
      visits             28,893      28,893  ✓
      actions           140,120     140,118  ✗          −2
      bounces             1,234       1,234  ✓
      visit seconds   4,000,000   3,999,500  ✗        −500
      pageviews         100,000     100,000  ✓
      events             20,000      20,000  ✓
      searches           10,000      10,000  ✓
      outlinks            6,000       6,000  ✓
      downloads           4,120       4,120  ✓
      orders              1,802       1,802  ✓
      revenue SEK    212,993.10  212,900.00  ✗      −93.10
      country se            300         299  ✗          −1
      and 2 figures more, equal

      5 hits without an answer: 3 were recorded, 2 not

      6 visits: accepted and not recorded
      1 visit: split at a midnight of the site's zone

      visit 7 (8f3a1c0000000007): all its hits were accepted, and the server has no
        visit of this visitor
                      planned
        actions             2
        visitSeconds       61

      visit 12 (8f3a1c000000000c): its hits lie on both sides of a midnight of the
        site's zone, Europe/Stockholm
                         planned  recorded 1  recorded 2
        actions                3           1           2
        visitSeconds         400           0         121
        firstActionAt  22:58:00Z   22:58:00Z   23:01:00Z

      visit 20 (8f3a1c0000000020): a hit of it is missing
                 planned  recorded
        actions        4         3
        revenue    35.50      0.00

      visit 21 (8f3a1c0000000020): a hit of it is missing
                 planned  recorded
        actions        4         3
        revenue    35.50      0.00

      visit 22 (8f3a1c0000000020): a hit of it is missing
                 planned  recorded
        actions        4         3
        revenue    35.50      0.00

      and 5 more differing visits: the report names the first 100

      differs by the server's own lists and goals, counted only with --strict:
                               planned  recorded
      browser Headless Chrome        –         2
      device smartphone            120       118

      ✗ not recorded as planned: 4 of 17 figures differ, 10 visits differ
      "
    `);
  });

  test('folds into 40 columns without losing what was recorded', () => {
    const text = shown(verification([lostAndSplit]), 40);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(40);
    expect(text).toMatchInlineSnapshot(`
      "
                        planned    recorded
      visits             28,893      28,893  ✓
      actions           140,120     140,118  ✗
      bounces             1,234       1,234  ✓
      visit seconds   4,000,000   3,999,500  ✗
      pageviews         100,000     100,000  ✓
      events             20,000      20,000  ✓
      searches           10,000      10,000  ✓
      outlinks            6,000       6,000  ✓
      downloads           4,120       4,120  ✓
      orders              1,802       1,802  ✓
      revenue SEK    212,993.10  212,900.00  ✗
      country se            300         299  ✗
      and 2 figures more, equal

      5 hits without an answer: 3 were
        recorded, 2 not

      6 visits: accepted and not recorded
      1 visit: split at a midnight of the
        site's zone

      visit 7 (8f3a1c0000000007): all its hits
        were accepted, and the server has no
        visit of this visitor
                      planned
        actions             2
        visitSeconds       61

      visit 12 (8f3a1c000000000c): its hits
        lie on both sides of a midnight of the
        site's zone, Europe/Stockholm
        actions: planned 3, recorded 1 and 2
        visitSeconds: planned 400, recorded 0
          and 121
        firstActionAt: planned 22:58:00Z,
          recorded 22:58:00Z and 23:01:00Z

      visit 20 (8f3a1c0000000020): a hit of it
        is missing
                 planned  recorded
        actions        4         3
        revenue    35.50      0.00

      visit 21 (8f3a1c0000000020): a hit of it
        is missing
                 planned  recorded
        actions        4         3
        revenue    35.50      0.00

      visit 22 (8f3a1c0000000020): a hit of it
        is missing
                 planned  recorded
        actions        4         3
        revenue    35.50      0.00

      and 5 more differing visits: the report
        names the first 100

      differs by the server's own lists and
        goals, counted only with --strict:
                          planned  recorded
      browser Headless …        –         2
      device smartphone       120       118

      ✗ not recorded as planned: 4 of 17
        figures differ, 10 visits differ
      "
    `);
  });

  test('several targets: a block and a verdict each', () => {
    const told = verification([
      target({}, { settled: { recorded: 1, lost: 0, hits: [] } }),
      target({ visits: 28_892 }, { name: 'optimized' }),
      target(
        {},
        {
          name: 'third',
          result: 'not-comparable',
          figures: [],
          reason: 'the site got visits of others meanwhile',
        },
      ),
    ]);
    expect(shown(told)).toMatchInlineSnapshot(`
      "
      baseline
                        planned    recorded
      visits             28,893      28,893  ✓
      actions           140,120     140,120  ✓
      bounces             1,234       1,234  ✓
      visit seconds   4,000,000   4,000,000  ✓
      pageviews         100,000     100,000  ✓
      events             20,000      20,000  ✓
      searches           10,000      10,000  ✓
      outlinks            6,000       6,000  ✓
      downloads           4,120       4,120  ✓
      orders              1,802       1,802  ✓
      revenue SEK    212,993.10  212,993.10  ✓
      and 3 figures more, equal

      1 hit without an answer: it was recorded

      optimized
                        planned    recorded     difference
      visits             28,893      28,892  ✗          −1
      actions           140,120     140,120  ✓
      bounces             1,234       1,234  ✓
      visit seconds   4,000,000   4,000,000  ✓
      pageviews         100,000     100,000  ✓
      events             20,000      20,000  ✓
      searches           10,000      10,000  ✓
      outlinks            6,000       6,000  ✓
      downloads           4,120       4,120  ✓
      orders              1,802       1,802  ✓
      revenue SEK    212,993.10  212,993.10  ✓
      and 3 figures more, equal

      ✓ baseline   recorded as planned  28,893 visits · 140,120 actions
      ✗ optimized  not recorded as planned: 1 of 17 figures differ
      ! third      not comparable: the site got visits of others meanwhile
      "
    `);
    for (const line of shown(told, 40).split('\n')) expect(line.length).toBeLessThanOrEqual(40);
  });

  test('of many targets only those with something to say have a block', () => {
    const many = Array.from({ length: 9 }, (_, at) => target({}, { name: `site-${at}` }));
    expect(shown(verification([...many, target({ visits: 1 }, { name: 'site-9' })]))).toMatchInlineSnapshot(`
      "
      site-9
                        planned    recorded     difference
      visits             28,893           1  ✗     −28,892
      actions           140,120     140,120  ✓
      bounces             1,234       1,234  ✓
      visit seconds   4,000,000   4,000,000  ✓
      pageviews         100,000     100,000  ✓
      events             20,000      20,000  ✓
      searches           10,000      10,000  ✓
      outlinks            6,000       6,000  ✓
      downloads           4,120       4,120  ✓
      orders              1,802       1,802  ✓
      revenue SEK    212,993.10  212,993.10  ✓
      and 3 figures more, equal

      ✓ site-0  recorded as planned  28,893 visits · 140,120 actions
      ✓ site-1  recorded as planned  28,893 visits · 140,120 actions
      ✓ site-2  recorded as planned  28,893 visits · 140,120 actions
      ✓ site-3  recorded as planned  28,893 visits · 140,120 actions
      ✓ site-4  recorded as planned  28,893 visits · 140,120 actions
      ✓ site-5  recorded as planned  28,893 visits · 140,120 actions
      ✓ site-6  recorded as planned  28,893 visits · 140,120 actions
      ✓ site-7  recorded as planned  28,893 visits · 140,120 actions
      ✓ site-8  recorded as planned  28,893 visits · 140,120 actions
      ✗ site-9  not recorded as planned: 1 of 17 figures differ
      "
    `);
  });

  test('says what became of hits without an answer', () => {
    const settled = (recorded: number, lost: number) =>
      shown(verification([target({}, { settled: { recorded, lost, hits: [] } })]));
    expect(settled(1, 0)).toContain('1 hit without an answer: it was recorded');
    expect(settled(4, 0)).toContain('4 hits without an answer: all were recorded');
    expect(settled(0, 1)).toContain('1 hit without an answer: it was not recorded');
    expect(settled(0, 4)).toContain('4 hits without an answer: none was recorded');
    expect(settled(1, 2)).toContain('3 hits without an answer: 1 was recorded, 2 not');
    expect(settled(0, 0)).not.toContain('without an answer');
  });

  test('visits can differ where every figure is equal', () => {
    const visits = lostAndSplit.visits.slice(0, 2);
    const told = verification([target({}, { result: 'different', visits })]);
    expect(shown(told)).toContain('✗ not recorded as planned: 2 visits differ');
  });

  test('where nothing was accepted there is nothing to compare, and no table', () => {
    const nothing = [
      { name: 'visits', planned: 0, recorded: 0 },
      { name: 'actions', planned: 0, recorded: 0 },
    ];
    const told = shown(verification([target({}, { figures: nothing })]));
    expect(told.trim()).toBe('✓ nothing to compare: no hit was accepted');
  });

  test('names count with --strict, and it says so', () => {
    const names = [{ name: 'browser Chrome', planned: 3, recorded: 2 }];
    const lax = shown(verification([target({}, { names })]));
    expect(lax).toContain("the server's own lists and goals, counted only with --strict:");
    const strict = shown(verification([target({}, { names, result: 'different' })], { strict: true }));
    expect(strict).toContain('because of --strict');
    expect(strict).toContain('✗ not recorded as planned: 1 name differs');
  });

  test('only what is wrong is red', () => {
    const options = { chalk: colourChalk, width: 80, currencies: new Map() };
    const red = '\u001b[31m';
    const good = verification([target()]);
    expect([...verificationLines(good, options), ...verdictLines(good, options)].join('')).not.toContain(red);
    const bad = verification([target({ visits: 28_892 })]);
    const lines = verificationLines(bad, options).filter(line => line.includes(red));
    expect(lines).toEqual([expect.stringContaining(`${red}28,892`)]);
  });

  test("a server's words neither break a line nor steer the terminal", () => {
    const text = shown(
      verification([
        target({}, { names: [{ name: 'browser \u001b[2J\nx', planned: 1, recorded: 0 }] }),
        target({}, { name: 'b\u001b[31m', result: 'not-comparable', reason: 'no\n\u001b[2J' }),
      ]),
    );
    expect(text).not.toContain('\u001b');
  });
});
