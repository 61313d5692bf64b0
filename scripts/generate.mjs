// Writes what follows from the schemas of configuration and report: the JSON Schemas, the tables of the reference
// pages, the table of metrics and the options of `run`. Reads dist/, so build first (npm run generate does). A test
// checks that they are current.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { funnelJsonSchema } from '../dist/config/funnel-json-schema.js';
import { configJsonSchema } from '../dist/config/json-schema.js';
import { optionTable } from '../dist/config/option-table.js';
import { withTables } from '../dist/config/reference-page.js';
import { withMetrics } from '../dist/output/metrics/metrics-page.js';
import { reportJsonSchema } from '../dist/run/report-json-schema.js';
import { withReportTables } from '../dist/run/report-page.js';
import { withFigures } from '../dist/thresholds/figures-page.js';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

writeFileSync('docs/config.schema.json', `${JSON.stringify(configJsonSchema(), null, 2)}\n`);

writeFileSync('docs/funnel.schema.json', `${JSON.stringify(funnelJsonSchema(), null, 2)}\n`);

writeFileSync('docs/report.schema.json', `${JSON.stringify(reportJsonSchema(), null, 2)}\n`);

const page = 'docs/configuration.md';
writeFileSync(page, withTables(readFileSync(page, 'utf8')));

const thresholds = 'docs/thresholds.md';
writeFileSync(thresholds, withFigures(readFileSync(thresholds, 'utf8')));

const metricsPage = 'docs/metrics.md';
writeFileSync(metricsPage, withMetrics(readFileSync(metricsPage, 'utf8')));

const reportPage = 'docs/report.md';
writeFileSync(reportPage, withReportTables(readFileSync(reportPage, 'utf8')));

const options = 'src/cli/run-options.generated.ts';
writeFileSync(
  options,
  `// Made by npm run generate from the configuration's schema: help on \`run\` is to load no schema.
import type { OptionRow } from '../config/option-table.ts';

export const runOptions: readonly OptionRow[] = ${JSON.stringify(optionTable())};
`,
);
const pages = [page, thresholds, metricsPage, reportPage];
const { status } = spawnSync('npx', ['biome', 'format', '--write', options, ...pages], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
