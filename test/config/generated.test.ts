import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runOptions } from '../../src/cli/run-options.generated.ts';
import { funnelJsonSchema } from '../../src/config/funnel-json-schema.ts';
import { configJsonSchema } from '../../src/config/json-schema.ts';
import { optionTable } from '../../src/config/option-table.ts';
import { variables } from '../../src/config/option-tree.ts';
import { withTables } from '../../src/config/reference-page.ts';
import { withMetrics } from '../../src/output/metrics/metrics-page.ts';
import { reportJsonSchema } from '../../src/run/report-json-schema.ts';
import { withReportTables } from '../../src/run/report-page.ts';
import { withFigures } from '../../src/thresholds/figures-page.ts';

const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The formatter pads the columns of tables. */
const unpadded = (page: string) =>
  page
    .replace(/ {2,}/g, ' ')
    .replace(/-{3,}/g, '---')
    .replace(/\| ?--- ?(?=\|)/g, '|---');

describe('what npm run generate writes is current:', () => {
  it('the options of run', () => expect(runOptions).toEqual(optionTable()));
  it('the JSON Schema', () =>
    expect(JSON.parse(file('docs/config.schema.json'))).toEqual(configJsonSchema()));
  it('the JSON Schema of funnel files', () =>
    expect(JSON.parse(file('docs/funnel.schema.json'))).toEqual(funnelJsonSchema()));
  it('the JSON Schema of reports', () =>
    expect(JSON.parse(file('docs/report.schema.json'))).toEqual(reportJsonSchema()));
  it.each([
    ['configuration.md', withTables],
    ['metrics.md', withMetrics],
    ['report.md', withReportTables],
    ['thresholds.md', withFigures],
  ] as const)('the tables of %s', (name, made) => {
    const page = file(`docs/${name}`);
    expect(unpadded(page)).toBe(unpadded(made(page)));
  });
});

describe('names', () => {
  it.each(['run', 'backfill'] as const)('of the options of %s are each there once', command => {
    const flags = runOptions.flatMap(({ flag, only = command }) =>
      only === command ? [flag.split(' ')[0]] : [],
    );
    expect(new Set(flags).size).toBe(flags.length);
  });

  it('of variables are legacy ones, those of Matomo, or begin with TRAFFICINATOR_', () => {
    const own = [...variables.values()].filter(({ name }) => name.startsWith('TRAFFICINATOR_'));
    expect(own.map(({ name }) => name)).toEqual(own.map(({ name }) => name.toUpperCase()));
    expect(variables.has('TRAFFICINATOR_PAGEVIEWS_MIN')).toBe(true);
    expect(variables.has('TRAFFICINATOR_TOKEN')).toBe(false);
  });
});
