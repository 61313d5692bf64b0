import { describe, expect, test } from 'vitest';
import { type ComparedTotals, plannedAndRecorded } from '../../src/output/planned-and-recorded.ts';
import { plainChalk } from './samples.ts';

const totals: ComparedTotals = {
  visits: 60,
  actions: 301,
  bounces: 4,
  visitSeconds: 14_211,
  pageviews: 270,
  events: 20,
  searches: 7,
  outlinks: 3,
  downloads: 1,
  orders: 0,
  revenue: 1234.5,
};

describe('planned beside recorded', () => {
  test('equal in every figure', () => {
    // 1234.5 as a sum of fractions.
    const result = plannedAndRecorded(
      totals,
      { ...totals, revenue: 1234.500000001 },
      { chalk: plainChalk, currency: 'SEK' },
    );
    expect(result.equal).toBe(true);
    expect(result.text).toMatchInlineSnapshot(`
      "                planned  recorded
      visits               60        60  ✓
      actions             301       301  ✓
      bounces               4         4  ✓
      visit seconds    14,211    14,211  ✓
      pageviews           270       270  ✓
      events               20        20  ✓
      searches              7         7  ✓
      outlinks              3         3  ✓
      downloads             1         1  ✓
      orders                –         –  ✓
      revenue SEK    1,234.50  1,234.50  ✓

      ✓ recorded as planned, in every figure
      "
    `);
  });

  test('differences are marked, with their size', () => {
    const result = plannedAndRecorded(
      totals,
      { ...totals, visits: 59, orders: 2, revenue: 1200 },
      { chalk: plainChalk },
    );
    expect(result.equal).toBe(false);
    expect(result.text).toMatchInlineSnapshot(`
      "                planned  recorded
      visits               60        59  ✗ −1
      actions             301       301  ✓
      bounces               4         4  ✓
      visit seconds    14,211    14,211  ✓
      pageviews           270       270  ✓
      events               20        20  ✓
      searches              7         7  ✓
      outlinks              3         3  ✓
      downloads             1         1  ✓
      orders                –         2  ✗ +2
      revenue        1,234.50  1,200.00  ✗ −34.50

      ✗ not recorded as planned: 3 of 11 figures differ
      "
    `);
  });

  test('a figure that is missing equals nothing', () => {
    const result = plannedAndRecorded(totals, { ...totals, events: Number.NaN }, { chalk: plainChalk });
    expect(result.equal).toBe(false);
    expect(result.text).toContain('✗ missing');
  });
});
