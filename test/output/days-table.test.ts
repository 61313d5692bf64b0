import { describe, expect, it } from 'vitest';
import { daysTable } from '../../src/output/days-table.ts';
import { dayLines, statusLines } from '../../src/output/live-frame.ts';
import { progressLine } from '../../src/output/progress-lines.ts';
import type { ReportedDay } from '../../src/run/report.ts';
import { plainChalk as chalk, snapshot } from './samples.ts';

const days = (count: number, recorded: (at: number) => number | null = () => 50): ReportedDay[] =>
  Array.from({ length: count }, (_, at) => ({
    date: new Date(Date.UTC(2026, 0, 1 + at)).toISOString().slice(0, 10),
    planned: 50,
    recorded: recorded(at),
  }));

describe('the days of a backfill', () => {
  it('are listed one by one up to a month', () => {
    expect(daysTable(days(2), true, 80, chalk)).toEqual([
      '            planned  recorded',
      '2026-01-01       50        50',
      '2026-01-02       50        50',
      'total           100       100',
    ]);
  });

  it('are listed by month beyond, with those that are short', () => {
    expect(
      daysTable(
        days(59, at => (at === 40 ? 47 : 50)),
        true,
        80,
        chalk,
      ),
    ).toEqual([
      '                   planned  recorded  missing',
      '2026-01 (31 days)    1,550     1,550        –',
      '2026-02 (28 days)    1,400     1,397        3',
      '  2026-02-10            50        47        3',
      'total                2,950     2,947        3',
    ]);
  });

  it('that are to come are not listed as short', () => {
    const table = daysTable(
      days(59, at => (at < 40 ? 50 : at === 40 ? 7 : 0)),
      false,
      80,
      chalk,
    );
    expect(table.filter(line => line.startsWith('  2026'))).toEqual([
      '  2026-02-10            50         7       43',
    ]);
  });

  it('may be unknown, and fit a narrow terminal', () => {
    expect(
      daysTable(
        days(1, () => null),
        true,
        80,
        chalk,
      )[1],
    ).toContain('not known');
    for (const line of daysTable(
      days(59, () => 49),
      true,
      40,
      chalk,
    ))
      expect(line.length).toBeLessThanOrEqual(40);
  });
});

describe('a backfill that goes on', () => {
  const going = {
    ...snapshot(),
    backfill: {
      day: '2026-01-03',
      dayNumber: 3,
      days: 30,
      dayPlannedVisits: 200,
      dayEndedVisits: 50,
      concurrency: 12,
      mostConcurrency: 50,
    },
  };

  it('has a bar for the day, on one line or two', () => {
    const [wide = ''] = dayLines(going, 80, chalk);
    expect(wide).toMatch(/^█{7}░{21} {2}25 % {3}2026-01-03, day 3 of 30 {3}50 of 200 visits$/);
    const narrow = dayLines(going, 40, chalk);
    expect(narrow).toEqual([expect.stringMatching(/25 %$/), '2026-01-03, day 3 of 30']);
  });

  it('says how many requests may be under way', () => {
    expect(statusLines(going, 80, chalk).join()).toContain('up to 12 of 50 requests at once');
    expect(statusLines(going, 40, chalk).join()).toContain('12 of 50 requests');
  });

  it('says in a line where it is and what is left', () => {
    expect(progressLine({ ...going, phase: 'running', leftMs: 65_000 })).toMatch(
      /2026-01-03, day 3 of 30.*up to 12 requests.*1:05 left/,
    );
  });

  it('a run has none of it', () => {
    expect(dayLines(snapshot(), 80, chalk)).toEqual([]);
  });
});
