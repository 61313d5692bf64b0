import { resolve } from 'node:path';
import { Chalk } from 'chalk';
import { Failure } from '../base/failure.ts';
import { seriesName } from '../config/value-types.ts';
import { BackfillEnding } from '../output/backfill-ending.ts';
import { ReportFiles } from '../output/report-files.ts';
import { savedCurrencies } from '../output/saved-currencies.ts';
import { Summary } from '../output/summary.ts';
import { colourLevel } from '../output/terminal.ts';
import { VerificationTable } from '../output/verification-table.ts';
import type { Report } from '../run/report.ts';
import type { Context } from './context.ts';
import { outputFilesOf } from './output-files.ts';
import { readReport } from './read-report.ts';

export interface ReportFlags {
  readonly html?: string;
  readonly junit?: string;
  readonly series?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color: boolean;
}

/** `trafficinator report`, once its options are read. */
export async function reportFromCommandLine(
  path: string,
  flags: ReportFlags,
  context: Context,
): Promise<void> {
  const { cwd, stdout, stderr } = context;
  const { report, json } = readReport(path, cwd);
  const { series } = flags;
  if (series !== undefined && !seriesName.safeParse(series).success) {
    throw new Failure('USAGE', `--series ${series}: the name must end in .csv or .ndjson`);
  }
  const kept = [{ name: 'the report', path: resolve(cwd, path), use: 'kept' as const }];
  const { made } = await outputFilesOf(flags, cwd, kept, 'Nothing was written.');
  const files = new ReportFiles(made, { rescue: stderr, elsewhere: 'The report is where it was.' });
  await files.finish(report);
  if (flags.json) stdout.write(`${JSON.stringify(json, null, 2)}\n`);
  else if (!flags.quiet) show(report, files.written, flags, context);
}

/** As after the run, but that it is what was asked for and so goes to stdout. */
function show(
  report: Report,
  written: readonly string[],
  flags: ReportFlags,
  { stdout: stream, env }: Context,
): void {
  const chalk = new Chalk({ level: colourLevel(stream, env, !flags.color) });
  const currencies = savedCurrencies(report);
  new VerificationTable({ stream, chalk, currencies }).finish(report);
  const [currency] = currencies.values();
  new Summary({ stream, chalk, currency, currencies, files: () => written }).finish(report);
  new BackfillEnding({ stream, chalk, resume: undefined, archiving: [] }).finish(report);
}
