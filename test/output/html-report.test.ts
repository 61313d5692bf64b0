import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { htmlReport } from '../../src/output/html/html-report.ts';
import type { Report } from '../../src/run/report.ts';
import { fullReport } from './any-report.ts';
import { attribute, elements, tableOf, textOf, within } from './html-page.ts';
import { hitCounts, report, targetReport, visitCounts } from './samples.ts';

/** All elements of a page and their attributes' names, in their order. */
function shape(page: string): string[] {
  return elements(page, () => true).map(
    ({ tagName, attrs }) => `${tagName} ${attrs.map(({ name }) => name).join(' ')}`,
  );
}

const chartData = (page: string) =>
  elements(page, element => attribute(element, 'id') === 'chart-data').map(element =>
    JSON.parse(textOf(element)),
  );

const hostile = fc.constantFrom(
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  '<!--',
  ']]>',
  '</title><base href=//evil>',
  '&lt;b&gt; &amp;',
  '\u202eshop\u0000\u001b[31m',
  'متجر 🛒\ud800',
  '`{{y}}%s',
  '__proto__',
);

describe('the HTML report', () => {
  it('takes all that comes from outside as text', () => {
    const expected = shape(htmlReport(fullReport('name')));
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: 'binary', minLength: 1, maxLength: 60 })), text => {
        // Digits sort as keys of an object, white space is lost beside a word.
        const name = `x${text}x`;
        const page = htmlReport(fullReport(name));
        expect(shape(page)).toEqual(expected);
        expect(chartData(page)[0]).toEqual(
          expect.arrayContaining([expect.objectContaining({ id: 'target-visits-chart' })]),
        );
      }),
      { numRuns: 15 },
    );
  });

  it('tells names as they are, each turned round by nothing but itself', () => {
    const page = htmlReport(fullReport('<b>متجر</b> & 🛒'));
    const names = elements(page, ({ tagName }) => tagName === 'bdi').map(textOf);
    expect(names).toContain('<b>متجر</b> & 🛒');
    expect(chartData(page)[0]).toContainEqual(
      expect.objectContaining({
        series: expect.arrayContaining([expect.objectContaining({ label: '<b>متجر</b> & 🛒' })]),
      }),
    );
  });

  it('may ask for nothing, and run nothing but what it was written with', () => {
    const page = htmlReport(fullReport('name'));
    const [policy] = elements(
      page,
      element => attribute(element, 'http-equiv') === 'Content-Security-Policy',
    );
    const content = attribute(policy, 'content') ?? '';
    expect(content).toMatch(/^default-src 'none'; /);
    expect(content).not.toContain('unsafe');
    for (const tagName of ['script', 'style']) {
      const found = elements(
        page,
        element => element.tagName === tagName && attribute(element, 'type') === undefined,
      );
      expect(found).toHaveLength(1);
      for (const element of found) {
        expect(content).toContain(createHash('sha256').update(textOf(element)).digest('base64'));
      }
    }
    const referring = elements(page, ({ attrs }) =>
      attrs.some(
        ({ name, value }) => ['src', 'href', 'srcset', 'action'].includes(name) && !/^(#|data:)/.test(value),
      ),
    );
    expect(referring).toEqual([]);
    expect(page).not.toMatch(/ (style|on\w+)=/);
  });

  it('has the licence of its chart library', () => {
    const page = htmlReport(report());
    expect(page).toContain('uPlot');
    expect(page).toContain('Permission is hereby granted, free of charge');
    expect(page).toContain('Leon Sorokin');
  });

  it('is small for a small run, and bounded for a long one of many targets', () => {
    expect(htmlReport(fullReport('name')).length).toBeLessThan(150_000);
    const { targets, series } = fullReport('name');
    const long = Array.from({ length: 600 }, (_, at) => ({
      ...(series[0] as (typeof series)[0]),
      at: at + 1,
    }));
    const many = Array.from({ length: 12 }, (_, at) => ({
      ...(targets[0] as (typeof targets)[0]),
      name: `t${at}`,
      series: long,
    }));
    expect(htmlReport({ ...fullReport('name'), series: long, targets: many }).length).toBeLessThan(450_000);
  });
});

const number = (text: string | undefined) =>
  text === undefined || text === '–' ? 0 : Number(text.replaceAll(',', ''));

describe('the numbers of the HTML report', () => {
  it('are those of the report, for all and target by target', () => {
    const given = fullReport('name');
    const table = tableOf(htmlReport(given), 'Targets side by side');
    for (const [column, { visits, hits }] of [
      ['all', given],
      ['name', given.targets[0] as Report['targets'][0]],
      ['name 2', given.targets[1] as Report['targets'][0]],
    ] as const) {
      expect(number(table['visits planned']?.[column])).toBe(visits.planned);
      expect(number(table.completed?.[column])).toBe(visits.completed);
      expect(number(table['hits planned']?.[column])).toBe(hits.planned);
      expect(number(table.accepted?.[column])).toBe(hits.accepted);
      expect(number(table.rejected?.[column])).toBe(hits.rejected);
    }
    expect(table['latency p50']).toMatchObject({ all: '1.2 ms' });
  });

  it('stand side by side as planned, sent and recorded, and what differs is told by more than colour', () => {
    const given = fullReport('name');
    const page = htmlReport(given);
    const table = tableOf(page, 'Planned, sent and recorded at name');
    const [target] = given.targets;
    expect(number(table.visits?.planned)).toBe(target?.plan.visits);
    expect(number(table.visits?.sent)).toBe(21_672);
    expect(number(table.visits?.recorded)).toBe(21_670);
    expect(number(table.hits?.sent)).toBe(target?.hits.accepted);
    const differences = tableOf(page, 'Figures that differ at name');
    expect(differences.visits).toEqual({ sent: '21,672', recorded: '21,670', difference: '−2' });
  });

  it('are in the charts what the series says', () => {
    const given = fullReport('name');
    const [charts] = chartData(htmlReport(given));
    const values = (id: string, label: string) =>
      charts
        .find((chart: { id: string }) => chart.id === id)
        .series.find((one: { label: string }) => one.label === label).values;
    expect(values('latency-chart', 'p95')).toEqual(given.series.map(({ p95 }) => p95));
    expect(values('lateness-chart', 'p99')).toEqual(given.series.map(({ latenessP99 }) => latenessP99));
    expect(values('flight-chart', 'in flight')).toEqual(given.series.map(({ inFlight }) => inFlight));
    expect(values('visits-chart', 'offered')).toEqual(given.series.map(({ due }) => due));
    expect(values('visits-chart', 'begun')).toEqual(given.series.map(({ begun }) => begun));
    const shares = values('distribution-chart', 'name') as number[];
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 2);
    expect(values('days-chart', 'recorded')).toEqual([12, 11, null]);
  });

  it('of funnels, visitors and days are the report’s', () => {
    const page = htmlReport(fullReport('name'));
    expect(tableOf(page, 'Steps of name')['2. event name']).toMatchObject({
      planned: '7',
      accepted: '6',
      'came here': '70 %',
    });
    expect(tableOf(page, 'Countries')['United States']).toMatchObject({ visits: '20', share: '66 %' });
    expect(tableOf(page, 'Visits by month or day')['2026-01-02']).toEqual({
      planned: '12',
      recorded: '11',
      missing: '1',
    });
  });
});

describe('the parts of the HTML report', () => {
  const titles = (page: string) => elements(page, ({ tagName }) => tagName === 'h2').map(textOf);

  it('are those there is something to say of', () => {
    expect(titles(htmlReport(fullReport('name')))).toEqual([
      'Planned, sent, recorded',
      'Recorded otherwise',
      'Errors',
      'Targets side by side',
      'Days',
      'Over time',
      'How long answers took',
      'Funnels',
      'Visitors, as planned',
      'What was run',
    ]);
    expect(titles(htmlReport(report()))).toEqual(['Planned, sent, recorded', 'The target', 'What was run']);
  });

  it('of a run that ended before anything was due are a verdict and what was run', () => {
    const none = { visits: visitCounts(0), hits: hitCounts(0), latencyMs: null, latenessMs: null };
    const page = htmlReport(
      report({
        ...none,
        exitCode: 130,
        run: { ...report().run, stoppedBy: 'signal', remaining: null },
        targets: [targetReport(none)],
      }),
    );
    const [title] = elements(page, ({ tagName }) => tagName === 'h1');
    expect(title && textOf(title)).toContain('no hit was due');
    expect(titles(page)).toContain('What was run');
  });

  it('begin with the verdict, and what made it so', () => {
    const page = htmlReport(fullReport('name'));
    const [verdicts] = elements(page, element => attribute(element, 'class') === 'verdicts');
    const told = verdicts === undefined ? [] : within(verdicts, 'li').map(textOf);
    expect(told[0]).toContain('name · no data');
    expect(told.some(line => line.includes('not recorded as planned'))).toBe(true);
    expect(told.at(-1)).toContain('exit 6');
  });

  it('can be read in order: one first heading, no level left out, every region with a name', () => {
    const page = htmlReport(fullReport('name'));
    const levels = elements(page, ({ tagName }) => /^h[1-6]$/.test(tagName)).map(({ tagName }) =>
      Number(tagName[1]),
    );
    expect(levels.filter(level => level === 1)).toHaveLength(1);
    for (const [at, level] of levels.entries()) expect(level - (levels[at - 1] ?? 0)).toBeLessThanOrEqual(1);
    const nameless = elements(
      page,
      element => attribute(element, 'role') === 'region' && !attribute(element, 'aria-label'),
    );
    expect(nameless).toEqual([]);
  });
});
